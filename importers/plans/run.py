"""Bring a dossier of plans in as drafts, and what it says of how far registers reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from importers import sandbox
from importers.plans.declaring import declare_rows
from importers.plans.drafting import draft_plans
from importers.plans.report import Options, Report, keep_refusal
from importers.plans.rows import rows_of
from importers.plans.source import source_file_of
from importers.received import received
from landdata import crs
from landdata.errors import Invalid, Missing, Refusal
from landdata.models import Dataset

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from accounts.models import User

__all__ = ["Options", "import_plans"]

DATASET: Final = "plans"
_KIND: Final = "plans"
_PLAN, _ZONE, _COVERAGE = "plan", "zone", "theme_coverage"


def import_plans(
    path: Path, options: Options, *, by: User | None, progress: Callable[[str], None]
) -> Report:
    """Bring a GeoPackage with layers plan, zone and theme_coverage in; it publishes nothing.

    Raises Refusal when the file as a whole stays out; that is noted as a run. A plan that cannot
    be drafted stays out with all its zones, and the others come in.
    """
    started = timezone.now()
    try:
        if by is None:
            raise Missing("drafting_person")
        progress("receive")
        with received(path, keep=not options.dry_run) as file:
            progress("read")
            layers = sandbox.read_geopackage(file.path, (_PLAN, _ZONE, _COVERAGE))
        return _take_in(layers, Report(_KIND, file, options), by, started, progress)
    except Refusal as refusal:
        keep_refusal(_KIND, path.name, options, by=by, started=started, why=refusal.code)
        raise


@transaction.atomic
def _take_in(
    layers: Sequence[sandbox.Layer],
    report: Report,
    by: User,
    started: dt.datetime,
    progress: Callable[[str], None],
) -> Report:
    progress("check")
    plan_rows, zone_rows, coverage_rows = (rows_of(layer, crs.OFFICIAL_DATUM) for layer in layers)
    only = report.options.plan
    if only:
        plan_rows = [row for row in plan_rows if row.values.get("code") == only]
        zone_rows = [row for row in zone_rows if row.values.get("plan_code") == only]
        coverage_rows = []
        if not plan_rows:
            raise Missing("plan_in_file", plan=only)
    if not plan_rows and not coverage_rows:
        raise Invalid("file_empty")
    dataset, _ = Dataset.objects.get_or_create(
        code=DATASET,
        defaults={
            "title_vi": "Hồ sơ quy hoạch đô thị",
            "title_en": "Urban planning dossiers",
            "kind": _KIND,
        },
    )
    source = source_file_of(report, dataset, epsg=layers[0].header["epsg"], layers=layers[:1])
    draft_plans(plan_rows, zone_rows, report, by=by, source=source, progress=progress)
    declare_rows(coverage_rows, report, by=by, source=source)
    if report.options.dry_run:
        transaction.set_rollback(True)
    else:
        report.keep(by, started, source)
    return report
