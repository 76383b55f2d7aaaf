"""`manage.py refresh_shares`: work out beforehand what zones share of plots."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from planning.operations.shares import refresh_shares

#: Seconds between two lines of progress.
TELL_EVERY_S = 2.0


class Command(BaseCommand):
    """Answers are right without it; with it they are quick. A second run has nothing to do."""

    help = "Tính trước phần chung của thửa và ô quy hoạch. / Work out the shares of zones in plots."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, telling how far it is."""
        told = time.monotonic()

        def progress(done: int, total: int) -> None:
            nonlocal told
            if time.monotonic() - told >= TELL_EVERY_S:
                told = time.monotonic()
                self.stderr.write(f"{done} / {total}")

        found = refresh_shares(progress=progress)
        self.stdout.write(
            f"plots {found.plots}, shares {found.shares}, through revision {found.through_revision}"
        )
