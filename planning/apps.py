"""Configuration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanningConfig(AppConfig):
    """What shall be: plans, drafts, zones, and what they say of a plot."""

    name = "planning"
    verbose_name = _("planning.app")
