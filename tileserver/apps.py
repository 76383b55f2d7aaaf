"""Configuration of the app."""

from django.apps import AppConfig


class TileserverConfig(AppConfig):
    """Ways out as maps."""

    name = "tileserver"
