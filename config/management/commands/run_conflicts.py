"""`manage.py run_conflicts [--draft ID | --plan CODE | --city]`: check for conflicts, here, now."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone, translation
from django.utils.translation import gettext

from importers import reporting
from landdata.errors import Missing, Refusal
from planning.conflict_queries import Filters
from planning.conflict_reports import as_csv
from planning.conflict_reports.build import build_report
from planning.models import PlanVersion, RunState
from planning.operations.conflict_checks import check_here
from planning.operations.conflict_runs import WORKERS
from planning.plan_queries import versions_in_force

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from planning.models import ConflictRun

#: Seconds between two lines of progress.
TELL_EVERY_S: Final = 1.0
#: Nothing open blocks; something does; refused; ended without results.
CLEAN, BLOCKED, REFUSED, WITHOUT_RESULTS = 0, 1, 2, 3


class Command(BaseCommand):
    """Exit status 0: nothing blocks. 1: something open does. 2: refused. 3: no results."""

    help = (
        "Kiểm tra xung đột của một dự thảo, một quy hoạch đang có hiệu lực hoặc toàn thành phố. /"
        " Check a draft, a plan in force or the whole city for conflicts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the options."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--draft", type=int, metavar="ID", help="a version of a plan")
        what.add_argument("--plan", metavar="CODE", help="the version in force of a plan")
        what.add_argument("--city", action="store_true", help="all plans in force (the default)")
        parser.add_argument("--workers", type=int, default=WORKERS, help="threads that judge")
        parser.add_argument("--out", type=Path, metavar="FILE.csv", help="write the list there")
        parser.add_argument("--by", default="", help="who checks")
        parser.add_argument("--language", choices=("vi", "en"), default=settings.LANGUAGE_CODE)

    def handle(self, *args: Any, **given: Any) -> None:
        """Turn the options into one call and the answer into an exit status."""
        with translation.override(given["language"]):
            try:
                run = self._checked(given)
            except Refusal as refusal:
                for language in ("vi", "en"):
                    self.stderr.write(reporting.refusal_text(refusal, language))
                sys.exit(REFUSED)
            if run.state != RunState.DONE:
                self.stderr.write(gettext("run_conflicts.ended") % {"state": run.state})
                sys.exit(WITHOUT_RESULTS)
            many = self._told(run, given["out"])
        sys.exit(BLOCKED if many else CLEAN)

    def _checked(self, given: dict[str, Any]) -> ConflictRun:
        began = told = time.monotonic()

        def progress(run: ConflictRun) -> None:
            nonlocal told
            if time.monotonic() - told >= TELL_EVERY_S:
                told = time.monotonic()
                self.stderr.write(f"{told - began:6.1f} s  {run.done} / {run.total}  {run.step}")

        return check_here(
            version_id=_version(given),
            by=reporting.acting_user(given["by"]),
            on=timezone.localdate(),
            workers=max(1, given["workers"]),
            progress=progress,
        )

    def _told(self, run: ConflictRun, out: Path | None) -> int:
        """Print the counts, write the list; return how many open ones block."""
        blocking = build_report(
            run.version_id, Filters(severity="blocks", state="open"), by="", drawn=(), most=0
        ).total
        report = build_report(run.version_id, Filters(), by="", drawn=())
        counts = {name: report.by_severity.get(name, 0) for name in ("blocks", "warns", "notes")}
        said = gettext("run_conflicts.found") % {"run": run.number, **counts, "open": blocking}
        self.stdout.write(said)
        if report.unchecked:
            self.stdout.write(
                gettext("conflict_report.also_unchecked") % {"many": report.unchecked}
            )
        if out is not None:
            with out.open("wb") as file:
                file.writelines(as_csv.lines(report.rows, report.epsg))
            self.stdout.write(gettext("run_conflicts.written") % {"file": out})
        return blocking


def _version(given: dict[str, Any]) -> int | None:
    if given["draft"] is not None:
        return int(given["draft"])
    if given["plan"] is None:
        return None
    keys = versions_in_force(on=timezone.localdate())
    version = PlanVersion.objects.filter(pk__in=keys, plan__code=given["plan"]).first()
    if version is None:
        raise Missing("plan", plan=given["plan"])
    return version.pk
