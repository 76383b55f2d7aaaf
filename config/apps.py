"""Configuration of the wiring."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Settings, addresses, checks at start-up and the commands that join several packages."""

    name = "config"

    def ready(self) -> None:
        """Register the start-up checks."""
        from config import selfcheck  # noqa: F401
