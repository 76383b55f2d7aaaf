"""The Django application of the pages."""

from __future__ import annotations

from django.apps import AppConfig


class WebmapConfig(AppConfig):
    """The pages and the client."""

    name = "webmap"
    verbose_name = "Webmap"
