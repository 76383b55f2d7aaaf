"""Reading what a report on reach says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext

from landdata.errors import Invalid, Missing
from planning.models import CoverageFigure
from planning.norm_queries import services
from planning.operations.coverage_runs import is_current, last_coverage
from planning.reach_queries import facility_kinds, ward_names
from planning.reach_reports.records import Report, ReportFigure
from planning.reach_review import review_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planning.models import CoverageRun
    from planning.norms.radii import Service


def build_report(version_id: int | None, *, kind: str = "", by: str = "") -> Report:
    """Return the figures of a scope's last run, of one kind of service or of all.

    Raises Missing for a kind that is none, Invalid where no run is done.
    """
    run = last_run_of(version_id, kind)
    version = run.version
    return Report(
        scope="" if version is None else version.plan.code,
        name_vi=gettext("reach_report.city") if version is None else version.name_vi,
        name_en=gettext("reach_report.city") if version is None else version.name_en,
        run=run.number or 0,
        on=run.on,
        revision=run.revision,
        edits=run.edits,
        finished_at=run.finished_at,
        is_current=is_current(run),
        made_at=timezone.now(),
        by=by,
        counts=run.counts,
        parameters=run.parameters,
        figures=_figures(run, kind),
        review=None if version is None or kind else review_of(version.pk),
    )


def last_run_of(version_id: int | None, kind: str = "") -> CoverageRun:
    """Return the run that a report is about. Raises Missing and Invalid."""
    if kind and kind not in {row["code"] for row in facility_kinds()}:
        raise Missing("service_kind", kind=kind)
    run = last_coverage(version_id)
    if run is None:
        raise Invalid("coverage_never_run")
    return run


def _figures(run: CoverageRun, kind: str) -> list[ReportFigure]:
    found = CoverageFigure.objects.filter(run=run, **({"kind": kind} if kind else {}))
    rows = list(found.order_by("kind", "norm", "measure", "mode", "metric", "unit_code", "pk"))
    kinds = {row["code"]: row for row in facility_kinds()}
    norms = {service.id: service for service in services()}
    wards = ward_names({row.unit_code for row in rows if row.unit_code})
    return [_figure(row, kinds, norms, wards) for row in rows]


def _figure(
    row: CoverageFigure,
    kinds: Mapping[str, Mapping[str, str]],
    norms: Mapping[str, Service],
    wards: Mapping[str, str],
) -> ReportFigure:
    kind, norm = kinds.get(row.kind), norms.get(row.norm)
    return ReportFigure(
        kind=row.kind,
        kind_vi=kind["name_vi"] if kind else row.kind,
        kind_en=kind["name_en"] if kind else row.kind,
        norm=row.norm,
        source=norm.source if norm else "",
        confidence=norm.confidence if norm else "",
        mode=row.mode,
        metric=row.metric,
        measure=row.measure,
        unit=row.unit_code,
        unit_name=wards.get(row.unit_code, row.unit_code),
        value=row.value,
        low=row.low,
        high=row.high,
        people=row.people,
        state=row.state,
        reason=row.reason,
        values=row.values,
    )
