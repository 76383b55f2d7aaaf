"""`manage.py refresh_corridors`: draw beforehand the corridors that maps show."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from planning.operations.safety_corridors import refresh_corridors

#: Seconds between two lines of progress.
TELL_EVERY_S = 2.0


class Command(BaseCommand):
    """What a plot is told does not rest on it; the map does. A second run has nothing to do."""

    help = "Vẽ trước các hành lang cho bản đồ. / Draw beforehand the corridors that maps show."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, telling how far it is."""
        told = time.monotonic()

        def progress(done: int, total: int) -> None:
            nonlocal told
            if time.monotonic() - told >= TELL_EVERY_S:
                told = time.monotonic()
                self.stderr.write(f"{done} / {total}")

        found = refresh_corridors(progress=progress)
        self.stdout.write(
            f"corridors: new {found.opened}, gone {found.closed}, unchanged {found.kept}"
        )
