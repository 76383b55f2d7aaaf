"""Bring a land-use plan in: its zones as a draft, its annual plans and projects into the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from importers import guard, sandbox
from importers.geopackage import Wanted
from importers.land_use.annual import check_annual
from importers.land_use.layers import ANNUAL_PLAN, ITEM, ITEM_PLOT
from importers.plans.declaring import COVERAGE, declare_rows
from importers.plans.drafting import PLAN, ZONE, draft_plans
from importers.plans.report import Options, Report, keep_refusal
from importers.plans.rows import rows_of
from importers.plans.source import source_file_of
from importers.received import received
from landdata import crs
from landdata.errors import Invalid, Missing, Refusal
from landdata.models import Dataset, Theme
from planning.models import PlanLevel
from planning.operations import take_in_annual_plans

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from accounts.models import User
    from landdata.models import SourceFile

KIND: Final = "land_use_plan"
_LAYERS: Final = (
    Wanted(PLAN, required=False),
    Wanted(ZONE, required=False),
    ANNUAL_PLAN.wanted(required=True),
    ITEM.wanted(required=True),
    ITEM_PLOT.wanted(),
    Wanted(COVERAGE, required=False),
)


def import_land_use_plan(
    path: Path, options: Options, *, by: User | None, progress: Callable[[str], None]
) -> Report:
    """Bring a GeoPackage of a land-use plan in; nothing of the plan itself is published.

    Raises Refusal when the file as a whole stays out; that is noted as a run.
    """
    started = timezone.now()
    try:
        progress("receive")
        with received(path, keep=not options.dry_run, formats=(guard.GEOPACKAGE,)) as file:
            progress("read")
            layers = sandbox.read_layers(file.path, _LAYERS)
        return _take_in(layers, Report(KIND, file, options), by, started, progress)
    except Refusal as refusal:
        keep_refusal(KIND, path.name, options, by=by, started=started, why=refusal.code)
        raise


@transaction.atomic
def _take_in(
    layers: Mapping[str, sandbox.Layer],
    report: Report,
    by: User | None,
    started: dt.datetime,
    progress: Callable[[str], None],
) -> Report:
    progress("check")
    plans, zones, coverage = (
        rows_of(layers[name], crs.OFFICIAL_DATUM) if name in layers else []
        for name in (PLAN, ZONE, COVERAGE)
    )
    annual = layers[ANNUAL_PLAN.name]
    if not (plans or coverage or annual.table.num_rows):
        raise Invalid("file_empty")
    dated = [layers[name] for name in (PLAN, ANNUAL_PLAN.name) if name in layers]
    dataset, _ = Dataset.objects.get_or_create(
        code=KIND,
        defaults={
            "title_vi": "Quy hoạch, kế hoạch sử dụng đất",
            "title_en": "Land-use plans",
            "kind": KIND,
        },
    )
    source = source_file_of(report, dataset, epsg=annual.header["epsg"], layers=dated)
    if plans or zones:
        if by is None:
            raise Missing("drafting_person")
        draft_plans(
            plans,
            zones,
            report,
            by=by,
            source=source,
            progress=progress,
            levels=(PlanLevel.LAND_USE,),
        )
    progress("compare")
    is_whole = _take_in_annual(layers, report, by, source)
    declare_rows(
        coverage,
        report,
        by=by,
        source=source,
        read_in_part=() if is_whole else (Theme.ANNUAL_PLAN,),
    )
    if report.options.dry_run:
        transaction.set_rollback(True)
    else:
        report.keep(by, started, source)
    return report


def _take_in_annual(
    layers: Mapping[str, sandbox.Layer], report: Report, by: User | None, source: SourceFile
) -> bool:
    """Take in the annual plans; return whether every row of them came in."""
    found = check_annual(layers, source.data_date, report.log)
    intake = take_in_annual_plans(
        plans=found.plans,
        items=found.items,
        source_file=source,
        by=by,
        on=report.options.as_of,
        why=f"{KIND}: {report.file.name}",
        read_in_part=found.read_in_part,
        accept_gone=report.options.accept_gone,
        dry_run=report.options.dry_run,
    )
    report.revision = intake.revision
    for spec, counts in (
        (ANNUAL_PLAN, intake.plans),
        (ITEM, intake.items),
        (ITEM_PLOT, intake.plots),
    ):
        report.take(spec.name, counts)
        report.count(spec.name, "refused", found.refused[spec.name])
    for code in sorted({finding.code for finding in intake.findings}):
        rows = [finding for finding in intake.findings if finding.code == code]
        report.log.add(
            code,
            [finding.row for finding in rows],
            column=f"{ITEM_PLOT.name}.number",
            values=[finding.value for finding in rows],
        )
    report.gone_items += [{"annual_plan_code": plan, "item_key": key} for plan, key in intake.gone]
    return found.is_whole
