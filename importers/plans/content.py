"""Rows of a GeoPackage to what a dossier says, with a note for each that cannot be read.

Columns: docs/city-files.md. A zone that cannot be read keeps its whole plan out: a plan without it
would claim to be silent where it is not.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from importers.plans.rows import Taker, day, yes_or_no
from landdata.models import Theme
from landdata.operations.coverage import Declaration
from planning.content import PlanContent, ZoneSketch
from planning.models import Adjustment, PlanLevel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from importers.issues import IssueLog
    from importers.plans.rows import Row


@dataclass(frozen=True)
class Dossier:
    """A plan with all its zones; `fingerprint` is the same whenever the content is."""

    plan: PlanContent
    zones: list[ZoneSketch]
    fingerprint: str


def read_plan(row: Row, log: IssueLog) -> PlanContent:
    """Return what a row of layer `plan` says. Raises Unreadable."""
    take = Taker(row, log)
    plan = PlanContent(
        code=take.text("code", required=True, most=40),
        level=take.one_of("level", PlanLevel),
        adjustment=take.one_of("adjustment", Adjustment),
        name_vi=take.text("name_vi", required=True, most=300),
        name_en=take.text("name_en", most=300),
        scale=take.converted("scale", int),
        information_code=take.text("information_code", most=12),
        authority=take.text("authority_vi", most=200),
        decision_number=take.text("decision_number", required=True, most=60),
        decision_date=take.converted("decision_date", day),
        extent=take.boundary(),
        valid_from=take.converted("valid_from", day),
        valid_to=take.optional("valid_to", day),
        data_date=take.converted("data_date", day),
        accuracy_m=take.optional("accuracy_m", float),
        parent_code=take.text("parent_code", most=40),
    )
    if plan.valid_from and plan.valid_to and plan.valid_to <= plan.valid_from:
        take.refuse("validity_empty", "valid_to")
    take.finish()
    return plan


def read_zone(
    row: Row, functions: Collection[str] | None, log: IssueLog, *, unknown: str
) -> ZoneSketch:
    """Return what a row of layer `zone` says, indicators as they are written.

    `functions` are the words that its plan may use, None where the plan itself cannot be read;
    `unknown` is the note on another word. Raises Unreadable.
    """
    take = Taker(row, log)
    zone = ZoneSketch(
        uid=take.converted("zone_uid", uuid.UUID),
        label=take.text("label", most=60),
        function=take.text("function", required=True, most=60),
        boundary=take.boundary(),
        land_use_code=take.text("land_use_code", most=10),
        density=take.text("density", most=60),
        storeys=take.text("storeys", most=60),
        floor_area_ratio=take.text("floor_area_ratio", most=60),
        population=take.optional("population", int),
        note=take.text("note"),
        source_row=row.number,
    )
    if functions is not None and zone.function and zone.function not in functions:
        take.refuse(unknown, "function")
    take.finish()
    return zone


def read_coverage(row: Row, log: IssueLog) -> Declaration:
    """Return what a row of layer `theme_coverage` says. Raises Unreadable."""
    take = Taker(row, log)
    coverage = Declaration(
        theme=take.one_of("theme", Theme),
        boundary=take.boundary(),
        is_complete=take.converted("is_complete", yes_or_no),
        data_date=take.converted("data_date", day),
        valid_from=take.converted("valid_from", day),
    )
    take.finish()
    return coverage


def parents_first(plans: list[PlanContent]) -> Iterator[PlanContent]:
    """Yield plans so that a parent in the same file comes before its children."""
    waiting = {plan.code: plan for plan in plans}
    while waiting:
        ready = [plan for plan in waiting.values() if plan.parent_code not in waiting]
        # Plans that name each other as parents: the operation says which is missing.
        for plan in ready or list(waiting.values()):
            del waiting[plan.code]
            yield plan


def fingerprint(plan: PlanContent, zones: list[ZoneSketch]) -> str:
    """Return the SHA-256 of everything that a dossier says."""
    said = hashlib.sha256()
    for thing in (plan, *sorted(zones, key=lambda zone: zone.uid)):
        values = {
            name: bytes(value.wkb).hex() if hasattr(value, "wkb") else str(value)
            for name, value in vars(thing).items()
            if name != "source_row"
        }
        said.update(json.dumps(values, sort_keys=True, ensure_ascii=False).encode())
    return said.hexdigest()
