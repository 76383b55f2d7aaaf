"""Rows of layers `plan` and `zone` to drafts: whole plans or none."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from django.db import transaction

from importers.models import ImportRun
from importers.plans import content
from importers.plans.rows import Unreadable
from landdata.errors import Refusal
from planning.functions import functions_of
from planning.models import PlanLevel, PlanVersion
from planning.operations import create_draft

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from accounts.models import User
    from importers.plans.report import Report
    from importers.plans.rows import Row
    from landdata.models import SourceFile
    from planning.content import PlanContent, ZoneSketch

PLAN: Final = "plan"
ZONE: Final = "zone"


def draft_plans(
    plan_rows: Sequence[Row],
    zone_rows: Sequence[Row],
    report: Report,
    *,
    by: User,
    source: SourceFile,
    progress: Callable[[str], None],
    levels: Collection[PlanLevel] = tuple(PlanLevel),
) -> None:
    """Make a draft of each plan that can be read with all its zones; count and note the others.

    Plans of other levels than `levels` are not for this way in.
    """
    for dossier in _dossiers(plan_rows, zone_rows, report, levels):
        progress(f"draft {dossier.plan.code}")
        _draft(dossier, report, by, source)


def _dossiers(
    plan_rows: Sequence[Row],
    zone_rows: Sequence[Row],
    report: Report,
    levels: Collection[PlanLevel],
) -> list[content.Dossier]:
    zones_of: dict[str, list[Row]] = {}
    for row in zone_rows:
        zones_of.setdefault(row.values.get("plan_code", ""), []).append(row)
    plans: dict[str, tuple[PlanContent, list[ZoneSketch]]] = {}
    for row in plan_rows:
        mine = zones_of.pop(row.values.get("code", ""), [])
        found = _read(row, mine, report)
        if found is None:
            _count(report, "refused", zones=len(mine))
        elif found[0].level not in levels:
            report.refuse(PLAN, "plan_of_other_level", "level", [row])
            report.count(ZONE, "refused", len(mine))
        elif found[0].code in plans:
            report.refuse(PLAN, "plan_twice", "code", [row])
            report.refuse(ZONE, "plan_twice", "code", mine)
        else:
            plans[found[0].code] = found
    for code, strays in zones_of.items():
        report.refuse(ZONE, "zone_without_plan", "plan_code", strays, value=code)
    return [
        content.Dossier(plan, plans[plan.code][1], content.fingerprint(plan, plans[plan.code][1]))
        for plan in content.parents_first([plan for plan, _ in plans.values()])
    ]


def _read(
    row: Row, zone_rows: Sequence[Row], report: Report
) -> tuple[PlanContent, list[ZoneSketch]] | None:
    zones: list[ZoneSketch] = []
    plan: PlanContent | None = None
    with contextlib.suppress(Unreadable):
        plan = content.read_plan(row, report.log)
    functions = functions_of(plan) if plan is not None else None
    unknown = "plan_function_unknown"
    if plan is not None and plan.level == PlanLevel.LAND_USE:
        unknown = "land_use_code_unknown"
    for zone_row in zone_rows:
        with contextlib.suppress(Unreadable):
            zones.append(content.read_zone(zone_row, functions, report.log, unknown=unknown))
    if plan is None:
        return None
    if len(zones) < len(zone_rows):
        report.note("plan_incomplete", "code", [row], value=plan.code)
        return None
    return plan, zones


def _draft(dossier: content.Dossier, report: Report, by: User, source: SourceFile) -> None:
    code, zones = dossier.plan.code, len(dossier.zones)
    known = _known_fingerprint(code)
    if known == dossier.fingerprint:
        _count(report, "unchanged", zones=zones)
        return
    try:
        # A refused plan must leave nothing behind, and the next one goes on.
        with transaction.atomic():
            version = create_draft(
                plan=dossier.plan,
                zones=dossier.zones,
                by=by,
                on=report.options.as_of,
                source_file=source,
            )
    except Refusal as refusal:
        _count(report, "refused", zones=zones)
        report.log.add_file_note(refusal.code, column="code", value=code)
        return
    _count(report, "changed" if known else "new", zones=zones)
    report.fingerprints[code] = dossier.fingerprint
    report.drafts.append({"plan": code, "sequence": version.sequence, "zones": zones})


def _count(report: Report, fate: str, *, zones: int) -> None:
    report.count(PLAN, fate)
    report.count(ZONE, fate, zones)


def _known_fingerprint(code: str) -> str | None:
    """Return the fingerprint of the newest draft that an import made of a plan."""
    if not PlanVersion.objects.filter(plan__code=code).exists():
        return None
    run = ImportRun.objects.filter(fingerprints__has_key=code).order_by("-pk").first()
    return run.fingerprints[code] if run else None
