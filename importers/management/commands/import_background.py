"""`manage.py import_background FILE`: bring streets and water in."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from importers import reporting
from importers.background import import_background
from importers.models import Outcome
from landdata.errors import Refusal

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Exit status 0: every row came in. 3: some were refused. 2: nothing came in."""

    help = "Bring the background map in: a GeoPackage with the layers street and water."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the options."""
        parser.add_argument("file", type=Path, help="the .gpkg")
        parser.add_argument(
            "--data-date", type=dt.date.fromisoformat, help="day the data hold from (today)"
        )
        parser.add_argument(
            "--accept-gone", action="store_true", help="also when more than 1 %% is gone"
        )
        parser.add_argument("--by", default="", help="user on whose behalf; none: the operator")
        parser.add_argument("--report", type=Path, help="write the report here as JSON")

    def handle(self, *args: Any, **given: Any) -> None:
        """Turn the options into one call and the answer into an exit status."""
        try:
            report = import_background(
                given["file"],
                data_date=given["data_date"] or timezone.localdate(),
                by=reporting.acting_user(given["by"]),
                accept_gone=given["accept_gone"],
            )
        except Refusal as refusal:
            reporting.write_report(given["report"], reporting.refusal_report(refusal))
            for language in ("vi", "en"):
                self.stderr.write(reporting.refusal_text(refusal, language))
            sys.exit(reporting.EXIT_STATUS[Outcome.NOTHING])
        reporting.write_report(
            given["report"],
            {
                "file": report.file,
                "sha256": report.sha256,
                "revision": report.intake.revision,
                "counts": report.counts(),
                "refused": [asdict(row) for row in report.refused],
            },
        )
        for layer, counts in report.counts().items():
            told = ", ".join(f"{name} {count}" for name, count in counts.items())
            self.stdout.write(f"{layer}: {told}")
        if report.refused:
            sys.exit(reporting.EXIT_STATUS[Outcome.SOME_REFUSED])
