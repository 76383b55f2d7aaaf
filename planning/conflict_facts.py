"""Facts for the check for conflicts: from the record and the draft to arrays.

Rows of the record are read as known at one revision, so that many statements see one state. A
draft's zones and the number of its last edit come in one statement.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.db import connection

from landdata.geometry import to_shapely
from planning import conflict_facts_sql as sql
from planning.conflict_judged import Area, Judged, faults_told
from planning.conflict_rules import conflict_rules
from planning.conflict_tables import Moment, Scope, Tables, objects_of
from planning.conflict_works import corridors_near, works_near
from planning.conflicts.boxes import box_of, cells_over, few, meets, merged, wider
from planning.conflicts.facts import (
    NEAR_M,
    Facts,
    Parcels,
    Plan,
    Roads,
    Zones,
)
from planning.conflicts.grounds import meant_for
from planning.conflicts.outlines import outlines_of
from planning.conflicts.shares import shares_between
from planning.editing.faults import fault_of
from planning.models import PlanLevel
from planning.norm_queries import planning_norms, service_norms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Boxes = NDArray[np.float64]

#: Judges of zones that look at plots reaching into their neighbours.
_BY_PLOTS: Final = frozenset({"plot_cut_too_small", "plot_landlocked"})
#: Judges of what has a place but, it may be, no zone that an edit drew.
_FAULTS: Final = frozenset({"fault"})
_OF_ITEMS: Final = frozenset({"recovery_overdue"})
LEVELS: Final = tuple(PlanLevel.values)
#: The levels above each that has one.
_ABOVE: Final = {
    str(PlanLevel.DETAILED): (str(PlanLevel.ZONING), str(PlanLevel.GENERAL)),
    str(PlanLevel.ZONING): (str(PlanLevel.GENERAL),),
}
#: A change reaches plots and streets that lie so near to it, in metres: how far a plot may lie from
#: the street that it opens to.
REACH_M: Final = 30.0


@dataclass(frozen=True)
class ZoneRow:
    """A zone as it is, or as an edit would leave it."""

    key: str
    code: str
    is_draft: bool
    level: str
    content: tuple[Any, ...]
    shape: Any


@dataclass(frozen=True)
class Touched:
    """What changed since the results were right, or would change."""

    #: Boxes before and after, (n, 4) in metres.
    boxes: Boxes
    #: Those of them where the record changed. All zones there are judged anew; where somebody drew,
    #: the zones drawn alone, since other conflicts of neighbours name them, and of those near the
    #: ones that hold plots by what becomes of these.
    recorded: Boxes = field(default_factory=lambda: np.empty((0, 4)))
    #: Keys ("zone:…") of what was drawn or is no more.
    drawn: frozenset[str] = frozenset()
    #: Draft zones that take the place of those stored, by uid; None: removed.
    instead: Mapping[str, ZoneRow | None] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Gathered:
    """Facts, and what their conflicts take the place of."""

    facts: Facts
    #: Number of the draft's last edit that the facts show; 0 where there is no draft.
    edits: int
    #: None: everything.
    judged: Judged | None
    area: Area


def gather(scope: Scope, moment: Moment, touched: Touched | None = None) -> Gathered:
    """Return the facts of a scope: all of them, or those that what was touched can bear on."""
    with connection.cursor() as cursor:
        reader = _Reader(cursor, scope, moment)
        return reader.whole() if touched is None else reader.part(touched)


@lru_cache(maxsize=4)
def _codes(judges: frozenset[str]) -> tuple[str, ...]:
    """Return the codes of the rules of some judges."""
    return tuple(rule.code for rule in conflict_rules() if rule.judge in judges)


@lru_cache(maxsize=1)
def _lots() -> tuple[str, ...]:
    """Return the functions of zones that are judged by what becomes of plots."""
    rules = [rule for rule in conflict_rules() if rule.judge in _BY_PLOTS]
    return tuple(sorted({word for rule in rules for word in rule.parameters["functions"]}))


class _Reader(Tables):
    """One reading of the record; every method is a statement or two."""

    def __init__(self, cursor: Any, scope: Scope, moment: Moment) -> None:
        super().__init__(cursor, scope, moment)
        self.edits = 0

    def whole(self) -> Gathered:
        """Read everything that the scope can touch."""
        area = Area()
        if self.scope.version is not None:
            box = wider(np.array([self.scope.version.extent.extent]), NEAR_M)
            area = Area(zones=box, plots=box, lines=box, works=box)
        zones = self._zones(area.zones)
        if self.scope.version is not None:
            zones |= self._zones_above(zones)
        plans, numbers = self._plans(zones.values(), with_balance=True)
        table = _zone_table(zones.values(), numbers, self._is_of_scope)
        return Gathered(self._facts(plans, table, area), self.edits, None, area)

    def part(self, touched: Touched) -> Gathered:
        """Read what changes in some places can bear on."""
        places = merged(touched.boxes)
        near = wider(places, REACH_M)
        recorded = merged(touched.recorded)
        around = {k: row for k, row in self._zones(near, touched).items() if self._is_of_scope(row)}
        judged = {
            key: row
            for key, row in around.items()
            if f"zone:{key}" in touched.drawn or meets(row.shape, recorded)
        }
        judged = self._with_groups(judged, touched)
        beside = {
            key: row
            for key, row in self._lots_on(self.parcels(near), around).items()
            if key not in judged
        }
        roads = self.roads(near)
        drawn, lots = ([row.shape for row in rows.values()] for rows in (judged, beside))
        own = np.vstack([places, *map(cells_over, drawn)])
        streets = np.vstack([places, *map(box_of, drawn), *map(box_of, roads.shape)])
        area = Area(
            zones=few(wider(np.vstack([streets, *map(box_of, lots)]), NEAR_M)),
            plots=few(np.vstack([own, *map(cells_over, lots)])),
            lines=few(wider(streets, NEAR_M)),
            works=few(wider(own, NEAR_M)),
        )
        zones = self._zones(area.zones, touched)
        zones |= self._zones_above(zones, touched)
        plans, numbers = self._plans(zones.values(), with_balance=True)
        table = _zone_table(zones.values(), numbers, lambda row: row.key in judged)
        keys = {f"zone:{key}" for key in judged} | {f"road:{key}" for key in roads.key}
        keys |= {f"plan:{plan.code}" for plan in plans if plan.is_judged}
        # Faults of plans in force are found where all their zones are there.
        faults = _codes(_FAULTS) if self.scope.draft else ()
        anew = Judged(
            keys=frozenset(keys | touched.drawn),
            but=() if self.scope.draft else _codes(_FAULTS),
            beside=frozenset(f"zone:{key}" for key in beside),
            by_plots=_codes(_BY_PLOTS),
            places=places,
            by_place=(*faults, *_codes(_OF_ITEMS)),
        )
        is_beside = np.isin(table.key, list(beside))
        facts = self._facts(plans, table, area, roads=roads, beside=is_beside)
        if facts.faults is not None:
            facts = replace(facts, faults=faults_told(facts.faults, anew))
        return Gathered(facts, self.edits, anew, area)

    def _lots_on(self, plots: Parcels, around: Mapping[str, ZoneRow]) -> dict[str, ZoneRow]:
        """Return the zones of lots on plots: what becomes of these follows from what is near."""
        rows = list(around.values())
        is_lot = meant_for(objects_of([row.content[1] for row in rows]), _lots())
        lots = [row for row, of in zip(rows, is_lot, strict=True) if of]
        held = plots.tree.query(objects_of([row.shape for row in lots]), predicate="intersects")[0]
        return {lots[k].key: lots[k] for k in np.unique(held).tolist()}

    def _is_of_scope(self, row: ZoneRow) -> bool:
        if self.scope.draft is not None:
            return row.is_draft
        return self.scope.version is None or row.code == self.scope.code

    def _facts(
        self,
        plans: list[Plan],
        zones: Zones,
        area: Area,
        *,
        roads: Roads | None = None,
        beside: NDArray[np.bool_] | None = None,
    ) -> Facts:
        """Return all facts; of streets those given are the judged ones."""
        works = works_near(self.cursor, self.moment.on, self.moment.revision, area.works)
        judged = zones.shape[zones.is_judged]
        # Corridors are drawn while the database sends the plots.
        with ThreadPoolExecutor(1) as beside_us:
            drawing = beside_us.submit(corridors_near, works, judged, is_whole=area.works is None)
            shares = None
            if area.plots is None:
                parcels, outlines = self.all_parcels()
                shares = shares_between(outlines, outlines_of(zones.shape))
            else:
                parcels = self.parcels(area.plots)
            buildings, streets = (
                self.buildings(area.works),
                self.roads(area.zones),
            )
            corridors = drawing.result()
        return Facts(
            on=self.moment.on,
            plans=plans,
            zones=zones,
            parcels=parcels,
            beside=beside,
            known_shares=shares,
            buildings=buildings,
            roads=_marked(streets, roads),
            items=self.items(area.works),
            control_lines=self.control_lines(area.lines),
            objects=works.objects,
            corridors=corridors,
            corridor_rules=works.rules,
            grids=self.grids(zones, is_whole=area.works is None),
            precedence=self._precedence(),
            norms=planning_norms(),
            service_norms=service_norms(),
            faults=self._faults(),
            is_whole=roads is None,
        )

    def _zones(
        self,
        boxes: Boxes | None,
        touched: Touched | None = None,
        *,
        levels: Sequence[str] = LEVELS,
    ) -> dict[str, ZoneRow]:
        """Return the zones of plans of these levels whose boxes meet the boxes, by key."""
        found: dict[str, ZoneRow] = {}
        draft = self.scope.draft
        if draft is not None and draft.plan.level in levels:
            self.cursor.execute(sql.draft_zones(is_everywhere=boxes is None), self.values(boxes))
            for edits, key, wkb, *content in self.cursor.fetchall():
                self.edits = edits
                if key is not None:
                    shape = shapely.from_wkb(bytes(wkb))
                    found[key] = ZoneRow(
                        key, self.scope.code, True, draft.plan.level, tuple(content), shape
                    )
        for key, row in (touched.instead if touched else {}).items():
            found.pop(key, None)
            if (
                row is not None
                and row.level in levels
                and (boxes is None or meets(row.shape, boxes))
            ):
                found[key] = row
        self.cursor.execute(
            sql.zones(is_everywhere=boxes is None), {**self.values(boxes), "levels": list(levels)}
        )
        rows = self.cursor.fetchall()
        shapes = shapely.from_wkb([bytes(row[3]) for row in rows])
        for (key, code, level, _, *content), shape in zip(rows, shapes, strict=True):
            found[key] = ZoneRow(key, code, False, level, tuple(content), shape)
        return found

    def _zones_above(
        self, zones: Mapping[str, ZoneRow], touched: Touched | None = None
    ) -> dict[str, ZoneRow]:
        """Return the zones of higher levels that meet the boxes of lower ones."""
        found: dict[str, ZoneRow] = {}
        for level, above in _ABOVE.items():
            lower = [row.shape for row in zones.values() if row.level == level]
            if lower:
                # One box around them: what lies above is few and large.
                box = np.array([shapely.total_bounds(lower)])
                found |= self._zones(box, touched, levels=above)
        return found

    def _with_groups(self, judged: dict[str, ZoneRow], touched: Touched) -> dict[str, ZoneRow]:
        """Add zones that are measured in one group with a judged one: all that hang together."""
        reach, known = dict(judged), len(judged)
        while True:
            grouped = [row for row in reach.values() if row.content[1] in sql.GROUPED]
            if not grouped:
                return reach
            boxes = wider(np.vstack([box_of(row.shape) for row in grouped]), 1.0)
            functions = {row.content[1] for row in grouped}
            for key, row in self._zones(boxes, touched).items():
                if self._is_of_scope(row) and row.content[1] in functions:
                    reach[key] = row
            if len(reach) == known:
                return reach
            known = len(reach)

    def _plans(
        self, zones: Iterable[ZoneRow], *, with_balance: bool
    ) -> tuple[list[Plan], dict[tuple[str, bool], int]]:
        """Return the plans in force and the draft's, and the row of each by code and whether so."""
        values = self.values()
        self.cursor.execute(sql.PLANS, values)
        plans = [
            Plan(
                **dict(zip(sql.PLAN_COLUMNS, row[:-1], strict=True)),
                ground=shapely.from_wkb(bytes(row[-1])),
                is_judged=self.scope.draft is None and self.scope.code in ("", row[0]),
            )
            for row in self.cursor.fetchall()
        ]
        draft = self.scope.draft
        if draft is not None:
            plans.append(
                Plan(
                    code=draft.plan.code,
                    level=draft.plan.level,
                    parent=draft.plan.parent.code if draft.plan.parent else "",
                    ground=to_shapely(draft.extent),
                    on=draft.valid_from,
                    authority=draft.authority,
                    name_vi=draft.name_vi,
                    name_en=draft.name_en,
                    scale=draft.scale,
                    is_draft=True,
                )
            )
        if with_balance:
            plans = self._balanced(plans, values)
        return plans, {(plan.code, plan.is_draft): k for k, plan in enumerate(plans)}

    def _balanced(self, plans: Sequence[Plan], values: dict[str, Any]) -> list[Plan]:
        """Say of each judged plan how much ground each function has, and its people."""
        if self.scope.draft is None:
            self.cursor.execute(sql.BALANCE, values)
        else:
            self.cursor.execute(sql.DRAFT_BALANCE, values)
        functions: dict[str, dict[str, float]] = {}
        people: dict[str, float | None] = {}
        for code, function, area_m2, many in self.cursor.fetchall():
            functions.setdefault(code, {})[function] = area_m2
            if many is not None:
                people[code] = (people.get(code) or 0.0) + many
        return [
            replace(plan, balance=functions.get(plan.code, {}), people=people.get(plan.code))
            if plan.is_judged
            else plan
            for plan in plans
        ]

    def _precedence(self) -> list[tuple[str, str, Any]]:
        self.cursor.execute(sql.PRECEDENCE)
        return [(a, b, shapely.from_wkb(bytes(wkb))) for a, b, wkb in self.cursor.fetchall()]

    def _faults(self) -> Any:
        """Return the faults of a draft's zones, which every edit keeps true; None elsewhere."""
        draft = self.scope.draft
        if draft is None:
            return None
        return [(self.scope.code, fault_of(row)) for row in draft.faults.order_by("key")]


def _zone_table(
    rows: Iterable[ZoneRow], plans: Mapping[tuple[str, bool], int], is_judged: Any
) -> Zones:
    # A territory may have ended before its zones: such zones are of no plan, and nobody asks.
    held = sorted((r for r in rows if (r.code, r.is_draft) in plans), key=lambda row: row.key)
    columns = list(zip(*(row.content for row in held), strict=True)) if held else []
    named = dict(zip(sql.CONTENT, columns or [()] * len(sql.CONTENT), strict=True))
    words: dict[str, Any] = {name: objects_of(named[name]) for name in sql.WORDS}
    numbers: dict[str, Any] = {name: np.array(named[name], dtype=float) for name in sql.NUMBERS}
    return Zones(
        key=objects_of([row.key for row in held]),
        shape=objects_of([row.shape for row in held]),
        is_judged=np.array([is_judged(row) for row in held], dtype=bool),
        plan=np.array([plans[row.code, row.is_draft] for row in held], dtype=np.int64),
        **words,
        **numbers,
    )


def _marked(table: Any, judged: Any) -> Any:
    """Mark the rows that are judged; None: all of them are."""
    if judged is None:
        return table
    return replace(table, is_judged=np.isin(table.key, judged.key))
