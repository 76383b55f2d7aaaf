"""A town with plans of two levels and a draft, edited at random, and what a whole check finds."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from django.utils import timezone

from landdata.errors import Invalid
from landdata.geometry import to_shapely
from planning.conflict_facts import gather
from planning.conflict_rules import conflict_rules
from planning.conflict_tables import Moment, Scope, parcels_near
from planning.conflict_touch import boxes_of, newest_revision, touched_by
from planning.conflicts.engine import judge
from planning.editing.records import Change, Edit
from planning.models import ConflictFinding, PlanLevel, PlanVersion
from planning.operations.conflict_store import values_text
from planning.operations.draft_edits import edit_draft
from planning.operations.reference import load_corridor_rules, load_plan_functions
from tests.edited_town import SIDE_M, Town
from tests.planning.city import EAST, NORTH, TODAY, Office, box, stored

if TYPE_CHECKING:
    from random import Random

    from accounts.models import User
    from planning.models import DraftZone

REFERENCE = Path(__file__).parents[2] / "fixtures" / "reference"
HOUSES, GREEN, SERVICES = "DAT_O_Nhomnhao", "DAT_HTXH_CayxanhCC", "DAT_Dichvu"
ROAD, SCHOOL, LAKE = "DAT_HTKT_DuongGT", "DAT_HTXH_Truonghoc", "DAT_KHAC_Honuoc"
#: What no general plan lets into a park.
WORKS = "DAT_SX_Congnghiep"
FUNCTIONS = (HOUSES, HOUSES, GREEN, SERVICES, ROAD, SCHOOL, LAKE)
CELL_M = 30.0
CELLS = int(SIDE_M / CELL_M)


@dataclass
class PlannedTown:
    """The town, a general plan over it, and a zoning draft of squares below that."""

    random: Random
    town: Town = field(init=False)
    planner: User = field(init=False)
    draft: PlanVersion = field(init=False)

    def found(self) -> None:
        """Lay out town and plans."""
        load_plan_functions(REFERENCE / "plan_functions_tt16.csv", by=None)
        load_corridor_rules(REFERENCE, by=None)
        self.town = Town(self.random)
        self.town.found()
        office = Office.at_work()
        self.planner = office.planner
        half = SIDE_M / 2
        office.in_force(
            "QHC",
            box(0, 0, SIDE_M, SIDE_M),
            {
                "C1": (HOUSES, box(0, 0, half, SIDE_M)),
                "C2": (GREEN, box(half, 0, SIDE_M, half)),
                "C3": (SERVICES, box(half, half, SIDE_M, SIDE_M)),
            },
            level=PlanLevel.GENERAL,
        )
        cells = {
            f"{column}.{row}": (
                self.random.choice(FUNCTIONS),
                box(*(k * CELL_M for k in (column, row, column + 1, row + 1))),
            )
            for column in range(CELLS)
            for row in range(CELLS)
        }
        self.draft = office.draft("QHPK", box(0, 0, SIDE_M, SIDE_M), cells)

    def step(self) -> str:
        """Change something at random, in the draft or in the record; return what it was."""
        if self.random.random() < 0.25:
            return f"record: {self.town.edit()}"
        what = self.random.choice(("function", "indicators", "corner", "split", "remove", "grow"))
        try:
            getattr(self, f"_{what}")()
        except Invalid:
            return f"{what}: refused"
        return what

    def _zone(self) -> DraftZone:
        zones = list(self.draft.drafts.order_by("label", "uid"))
        return self.random.choice(zones)

    def save(self, *changes: Change) -> None:
        """Save an edit of the draft; what it opens shall be left."""
        edit = Edit(action="redraw", changes=changes, accept="thử", key=uuid.uuid4())
        edit_draft(version_id=self.draft.pk, edit=edit, by=self.planner, on=TODAY)

    def _function(self) -> None:
        zone = self._zone()
        content = {"function": self.random.choice(FUNCTIONS)}
        self.save(Change(uid=zone.uid, based_on=zone.version, content=content))

    def _indicators(self) -> None:
        zone = self._zone()
        content = {
            "density": self.random.choice(("", "40", "90", "từ 40 đến 60", "?")),
            "storeys": self.random.choice(("", "3", "<= 25")),
            "floor_area_ratio": self.random.choice(("", "1,5", "9")),
            "population": self.random.choice((None, 40, 400)),
        }
        self.save(Change(uid=zone.uid, based_on=zone.version, content=content))

    def _corner(self) -> None:
        """Move a corner of the squares, in all zones that share it."""
        column, row = self.random.randrange(1, CELLS), self.random.randrange(1, CELLS)
        old = (EAST + column * CELL_M, NORTH + row * CELL_M)
        new = np.array([place + self.random.uniform(-8, 8) for place in old])
        changes = []
        for zone in self.draft.drafts.order_by("uid"):
            shape = to_shapely(zone.boundary)
            moved = shapely.transform(
                shape,
                lambda points: np.where((points == old).all(axis=1)[:, None], new, points),
            )
            if not moved.equals_exact(shape, 0) and moved.is_valid:
                changes.append(Change(uid=zone.uid, based_on=zone.version, boundary=stored(moved)))
        if changes:
            self.save(*changes)

    def _split(self) -> None:
        zone = self._zone()
        west, south, east, north = to_shapely(zone.boundary).bounds
        at = self.random.uniform(west, east)
        parts = [
            to_shapely(zone.boundary).intersection(shapely.box(*sides))
            for sides in ((west, south, at, north), (at, south, east, north))
        ]
        if any(part.geom_type not in ("Polygon", "MultiPolygon") for part in parts):
            return
        same = {"function": zone.function, "label": zone.label, "density": zone.density}
        self.save(
            Change(uid=zone.uid, based_on=zone.version, boundary=stored(parts[0])),
            Change(uid=uuid.uuid4(), based_on=None, boundary=stored(parts[1]), content=same),
        )

    def _remove(self) -> None:
        zone = self._zone()
        self.save(Change(uid=zone.uid, based_on=zone.version, is_removed=True))

    def _grow(self) -> None:
        """Draw a zone over its neighbours, and out of the plan where it is at its rim."""
        zone = self._zone()
        grown = to_shapely(zone.boundary).buffer(self.random.uniform(0.05, 6), join_style="mitre")
        self.save(Change(uid=zone.uid, based_on=zone.version, boundary=stored(grown)))


Told = dict[str, tuple[Any, ...]]


def checked_whole(version: PlanVersion | None) -> Told:
    """What a check of everything finds now, by identity; nothing is kept of it.

    Without the counts of what could not be checked, which are those of the last whole run.
    """
    if version is not None:
        version = PlanVersion.objects.select_related("plan__parent").get(pk=version.pk)
    scope, moment = Scope(version), Moment(timezone.localdate(), newest_revision())
    facts = gather(scope, moment).facts
    findings = judge(facts, conflict_rules())
    parcels = parcels_near(scope, moment, boxes_of(findings))
    found = touched_by(findings, parcels, on=moment.on, revision=moment.revision)
    return {
        f"{f.finding.rule} {f.finding.identity}": (
            str(f.finding.severity),
            _rounded(f.finding.area_m2),
            json.loads(values_text(f.finding)),
            f.parcels,
            None if f.people is None else _rounded(f.people),
            f.wards,
            _box(None if f.finding.ground is None else f.finding.ground.bounds),
            f.finding.keys,
        )
        for f in found
        if "reason" not in f.finding.values
    }


def kept(version: PlanVersion | None) -> Told:
    """What is kept as the results of a scope, by identity."""
    rows = ConflictFinding.objects.filter(version=version, to_run=None).select_related("conflict")
    return {
        f"{row.conflict.rule} {row.conflict.identity}": (
            row.severity,
            _rounded(row.area_m2),
            row.values,
            row.parcels,
            None if row.people is None else _rounded(row.people),
            tuple(row.wards),
            _box(None if row.ground is None else row.ground.extent),
            tuple(row.conflict.keys),
        )
        for row in rows
        if "reason" not in row.values
    }


def difference(kept_now: Told, whole: Told) -> list[str]:
    """Say where two results differ; results of arithmetic may by a millimetre, or a dm²."""
    said = [f"missing: {name} {whole[name]}" for name in whole.keys() - kept_now.keys()]
    said += [f"too many: {name} {kept_now[name]}" for name in kept_now.keys() - whole.keys()]
    for name in kept_now.keys() & whole.keys():
        one, other = kept_now[name], whole[name]
        if not all(_alike(a, b) for a, b in zip(one, other, strict=True)):
            said.append(f"differs: {name}\n  kept  {one}\n  whole {other}")
    return sorted(said)


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 2e-3 + 1e-6 * abs(other)
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return all(_alike(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return all(_alike(one[name], other[name]) for name in one)
    return bool(one == other)


def _rounded(value: float) -> float:
    return round(value, 4)


def _box(bounds: Any) -> Any:
    return None if bounds is None else tuple(_rounded(side) for side in bounds)
