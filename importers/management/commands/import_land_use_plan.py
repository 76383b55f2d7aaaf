"""`manage.py import_land_use_plan FILE`: bring a land-use plan and its annual plans in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from importers import reporting
from importers.land_use.run import import_land_use_plan
from importers.models import Outcome
from importers.plans.report import Options
from landdata.errors import Refusal

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Exit status 0: every row came in. 3: some were refused. 2: nothing came in."""

    help = "Bring a land-use plan in as a draft, and its annual plans into the record."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the options."""
        parser.add_argument("file", type=Path, help="the .gpkg")
        parser.add_argument("--by", default="", help="user whose draft the plan becomes")
        parser.add_argument(
            "--accept-gone", action="store_true", help="also when more than 1 %% is gone"
        )
        parser.add_argument("--dry-run", action="store_true", help="compare and write nothing")
        parser.add_argument("--report", type=Path, help="write the report here as JSON")

    def handle(self, *args: Any, **given: Any) -> None:
        """Turn the options into one call and the answer into an exit status."""
        try:
            report = import_land_use_plan(
                given["file"],
                Options(
                    as_of=timezone.localdate(),
                    accept_gone=given["accept_gone"],
                    dry_run=given["dry_run"],
                ),
                by=reporting.acting_user(given["by"]),
                progress=reporting.Progress(self.stderr),
            )
        except Refusal as refusal:
            reporting.write_report(given["report"], reporting.refusal_report(refusal))
            for language in ("vi", "en"):
                self.stderr.write(reporting.refusal_text(refusal, language))
            sys.exit(reporting.EXIT_STATUS[Outcome.NOTHING])
        reporting.write_report(given["report"], report.as_json())
        reporting.say_summary(self.stdout, report.as_json())
        if status := reporting.EXIT_STATUS[report.outcome]:
            sys.exit(status)
