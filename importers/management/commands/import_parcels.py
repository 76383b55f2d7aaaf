"""`manage.py import_parcels FILE`: bring an ELIS-style shapefile in."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from importers import reporting
from importers.models import Outcome
from importers.parcels.run import DEFAULT_DATASET, Options, import_parcels
from landdata.errors import Refusal

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Exit status 0: every row came in. 3: some were refused. 2: nothing came in."""

    help = "Bring a delivery of parcels in: an ELIS-style shapefile with its .shx, .dbf and .prj."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the options."""
        parser.add_argument("file", type=Path, help="the .shp")
        parser.add_argument("--crs", default="", help="system if the .prj does not say, EPSG:5897")
        parser.add_argument(
            "--encoding",
            default="auto",
            help="auto, or tcvn3|vni|viscii|cp1258|utf-8 for all columns, or COLUMN=encoding,…",
        )
        parser.add_argument(
            "--datum",
            default="EPSG:6960",
            help="operation that made the data: EPSG:6960 (official) or EPSG:5194",
        )
        parser.add_argument("--profile", default="elis", help="whose column names these are")
        parser.add_argument(
            "--data-date", type=dt.date.fromisoformat, help="day the data hold from (today)"
        )
        parser.add_argument(
            "--complete-sheets",
            choices=("all", "none"),
            default="none",
            help="all: every sheet in the delivery is whole, so what it lacks is gone",
        )
        parser.add_argument("--retire-gone", action="store_true", help="close what is gone")
        parser.add_argument(
            "--accept-gone", action="store_true", help="also when more than 1 %% is gone"
        )
        parser.add_argument(
            "--swap-axes", action="store_true", help="the file has north before east"
        )
        parser.add_argument("--dataset", default=DEFAULT_DATASET, help="code of the data set")
        parser.add_argument("--by", default="", help="user on whose behalf; none: the operator")
        parser.add_argument("--dry-run", action="store_true", help="compare and write nothing")
        parser.add_argument("--report", type=Path, help="write the report here as JSON")

    def handle(self, *args: Any, **given: Any) -> None:
        """Turn the options into one call and the answer into an exit status."""
        today = timezone.localdate()
        try:
            report = import_parcels(
                given["file"],
                Options(
                    as_of=today,
                    data_date=given["data_date"] or today,
                    crs=given["crs"],
                    encoding=given["encoding"],
                    datum=given["datum"],
                    profile=given["profile"],
                    dataset=given["dataset"],
                    complete_sheets=given["complete_sheets"] == "all",
                    retire_gone=given["retire_gone"],
                    accept_gone=given["accept_gone"],
                    swap_axes=given["swap_axes"],
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
