"""`manage.py keep_grids`: copy the heights and depths that have no copy yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from importers.grids import keep_missing


class Command(BaseCommand):
    """Imports do it by themselves; this makes up for a folder that was deleted."""

    help = "Copy the heights and depths of the record that have no copy below var/grids."

    def handle(self, *args: Any, **options: Any) -> None:
        """Copy them and say how many."""
        self.stdout.write(f"{keep_missing()}")
