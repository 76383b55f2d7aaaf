"""`manage.py run_coverage [--draft ID | --plan CODE | --city]`: work out reach, here, now."""

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
from planning.models import CoverageFigure, PlanVersion, RunState
from planning.norms import State
from planning.operations.coverage_here import cover_here
from planning.plan_queries import versions_in_force
from planning.reach_reports import as_csv
from planning.reach_reports.build import build_report

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from planning.models import CoverageRun

#: Seconds between two lines of progress.
TELL_EVERY_S: Final = 1.0
#: Every norm that could be checked is met; one is not; refused; ended without results.
MET, NOT_MET, REFUSED, WITHOUT_RESULTS = 0, 1, 2, 3


class Command(BaseCommand):
    """Exit status 0: every checked norm is met. 1: one is not. 2: refused. 3: no results."""

    help = (
        "Tính khả năng tiếp cận dịch vụ của một dự thảo, một quy hoạch đang có hiệu lực hoặc toàn"
        " thành phố. / Work out who reaches which service: of a draft, a plan in force or the city."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the options."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--draft", type=int, metavar="ID", help="a version of a plan")
        what.add_argument("--plan", metavar="CODE", help="the version in force of a plan")
        what.add_argument("--city", action="store_true", help="the city as it is (the default)")
        parser.add_argument("--out", type=Path, metavar="FILE.csv", help="write the figures there")
        parser.add_argument("--by", default="", help="who asks")
        parser.add_argument("--language", choices=("vi", "en"), default=settings.LANGUAGE_CODE)

    def handle(self, *args: Any, **given: Any) -> None:
        """Turn the options into one call and the answer into an exit status."""
        with translation.override(given["language"]):
            try:
                run = self._worked_out(given)
            except Refusal as refusal:
                for language in ("vi", "en"):
                    self.stderr.write(reporting.refusal_text(refusal, language))
                sys.exit(REFUSED)
            if run.state != RunState.DONE:
                self.stderr.write(gettext("run_coverage.ended") % {"state": run.state})
                sys.exit(WITHOUT_RESULTS)
            not_met = self._told(run)
            if given["out"] is not None:
                self._write(run, given["out"])
        sys.exit(NOT_MET if not_met else MET)

    def _worked_out(self, given: dict[str, Any]) -> CoverageRun:
        began = told = time.monotonic()

        def progress(run: CoverageRun) -> None:
            nonlocal told
            if time.monotonic() - told >= TELL_EVERY_S:
                told = time.monotonic()
                self.stderr.write(f"{told - began:6.1f} s  {run.done} / {run.total}  {run.step}")

        return cover_here(
            version_id=_version(given),
            by=reporting.acting_user(given["by"]),
            on=timezone.localdate(),
            progress=progress,
        )

    def _told(self, run: CoverageRun) -> int:
        """Print the answer to each norm; return how many are not met."""
        found = CoverageFigure.objects.filter(run=run, unit_code="").exclude(state="")
        rows = list(found.order_by("kind", "norm", "pk"))
        many = {state: sum(row.state == state for row in rows) for state in State}
        counts = {str(state): number for state, number in many.items()}
        self.stdout.write(gettext("run_coverage.found") % {"run": run.number, **counts})
        for row in rows:
            self.stdout.write(f"{row.kind:24} {row.norm:8} {row.state:12} {_share(row)}")
        return many[State.NOT_MET]

    def _write(self, run: CoverageRun, out: Path) -> None:
        with out.open("wb") as file:
            file.writelines(as_csv.lines(build_report(run.version_id)))
        self.stdout.write(gettext("run_coverage.written") % {"file": out})


def _share(row: CoverageFigure) -> str:
    """Write the share of people; never one that nobody knows."""
    if row.value is None:
        return row.reason
    # Away from the whole: 99.97 % of people are not all of them.
    tenths = int(row.value * 1000 + 1e-9)
    return f"{tenths / 10:.1f} %"


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
