"""Configuration of the app."""

from django.apps import AppConfig


class LanddataConfig(AppConfig):
    """What is there: units, sheets, parcels, and how far each register reaches."""

    name = "landdata"
