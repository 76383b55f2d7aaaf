"""Configuration of the app."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """What shall be: plans, drafts, zones, and what they say of a plot."""

    name = "planning"
