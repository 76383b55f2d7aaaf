"""Registers the importers with Django."""

from __future__ import annotations

from django.apps import AppConfig


class ImportersConfig(AppConfig):
    """Ways in."""

    name = "importers"
