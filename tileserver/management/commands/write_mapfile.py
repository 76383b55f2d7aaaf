"""`manage.py write_mapfile`: write MapServer's mapfile below the folder for running state."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from tileserver.freshness import ALIAS
from tileserver.layer import Audience
from tileserver.mapserver import mapfile


class Command(BaseCommand):
    """Write the mapfile that the pool of MapServer processes serves."""

    help = "Write MapServer's mapfile from the list of layers."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it; a running pool reads it again with the next request."""
        try:
            path = mapfile.write(
                settings.VAR / "mapserver",
                settings.DATABASES[ALIAS],
                team=settings.DATABASES[Audience.TEAM.value],
            )
        except ImproperlyConfigured as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write(f"{path}")
