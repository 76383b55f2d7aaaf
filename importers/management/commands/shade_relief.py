"""`manage.py shade_relief`: shade the terrain models that have no shaded copy yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from importers.relief import shade_missing


class Command(BaseCommand):
    """Imports do it by themselves; this makes up for a folder that was deleted."""

    help = "Shade the terrain models of the record that have no shaded copy below var/relief."

    def handle(self, *args: Any, **options: Any) -> None:
        """Shade them and say how many."""
        self.stdout.write(f"{shade_missing()}")
