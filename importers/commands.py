"""What the commands that bring objects in have in common: options, answers, exit status."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from importers import reporting
from importers.features.run import Options, bring_in
from importers.models import Outcome
from landdata.errors import Refusal

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from importers.features.run import WayIn


class ImportCommand(BaseCommand):
    """Exit status 0: every row came in. 3: some were refused. 2: nothing came in."""

    #: What this command brings in; a command with choices of its own overrides `chosen_way`.
    way: WayIn
    usual_dataset: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the options."""
        parser.add_argument("file", type=Path, help="the file to bring in")
        parser.add_argument(
            "--data-date", type=dt.date.fromisoformat, help="day the data hold from"
        )
        parser.add_argument(
            "--dataset", default="", help=f"code of the data set ({self.usual_dataset})"
        )
        parser.add_argument("--licence", default="", help="licence of the data set, when it is new")
        parser.add_argument(
            "--accept-gone", action="store_true", help="also when more than 1 %% is gone"
        )
        parser.add_argument("--by", default="", help="user on whose behalf; none: the operator")
        parser.add_argument("--dry-run", action="store_true", help="compare and write nothing")
        parser.add_argument("--report", type=Path, help="write the report here as JSON")

    def chosen_way(self, given: dict[str, Any]) -> WayIn:
        """Return what is brought in, by the options."""
        return self.way

    def handle(self, *args: Any, **given: Any) -> None:
        """Turn the options into one call and the answer into an exit status."""
        try:
            report = bring_in(
                self.chosen_way(given),
                given["file"],
                Options(
                    today=timezone.localdate(),
                    data_date=given["data_date"],
                    dataset=given["dataset"],
                    licence=given["licence"],
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
