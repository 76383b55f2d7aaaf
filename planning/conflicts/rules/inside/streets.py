"""Ground of streets, measured across their axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from planning.conflicts.engine import judges
from planning.conflicts.overlay import grounds
from planning.conflicts.records import Finding, Party, PartyKind
from planning.conflicts.told import named, zone
from planning.conflicts.unchecked import unchecked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from numpy.typing import NDArray

    from planning.conflicts.facts import Facts
    from planning.conflicts.records import Rule

    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

#: How far apart two zones may lie that touch, in m.
_TOUCH_M = 1e-3
#: Over what length of the axis its direction is taken, to either side, in m.
_AHEAD_M = 0.5


@judges("street_too_narrow")
def street_too_narrow(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell of street zones narrower than between the red lines of the street in them.

    Where the red lines are not known, the width is the least that any street must have, and it is
    told that the street's own was not checked.
    """
    known, zones = rule.parameters, facts.zones
    level = np.array([plan.level in known["levels"] for plan in facts.plans], dtype=bool)
    rows = np.flatnonzero(np.isin(zones.function, known["functions"]) & level[zones.plan])
    if facts.roads is None or not len(rows):
        plans = zones.plan[rows][zones.is_judged[rows]]
        yield from unchecked(facts, rule, ((int(plan), "no_streets") for plan in plans))
        return
    across = _across(facts, rows, known)
    red_line = facts.roads.red_line_m[across.road]
    least = np.where(np.isnan(red_line), known["least_m"], red_line)
    told = zones.is_judged[across.zone] | facts.roads.is_judged[across.road]
    told &= np.array([plan.is_judged for plan in facts.plans])[zones.plan[across.zone]]
    narrow = np.flatnonzero(told & (across.width_m + known["tolerance_m"] < least))
    narrow = narrow[~_at_rim(facts, across, narrow, known["tolerance_m"])]
    # The narrowest place of each zone and street, the first along the axis if there are several.
    order = narrow[
        np.lexsort((narrow, across.width_m[narrow], across.road[narrow], across.zone[narrow]))
    ]
    pairs = np.stack([across.zone[order], across.road[order]], axis=1)
    _, first = np.unique(pairs, axis=0, return_index=True)
    for k in order[first].tolist():
        road = int(across.road[k])
        yield Finding(
            rule=rule.code,
            severity=rule.severity,
            parties=(
                zone(facts, int(across.zone[k])),
                Party(PartyKind.ROAD, str(facts.roads.key[road])),
            ),
            ground=None,
            place=(float(across.place[k, 0]), float(across.place[k, 1])),
            area_m2=0.0,
            values={
                **named(facts, int(across.zone[k])),
                "street": str(facts.roads.name[road] or facts.roads.key[road]),
                "width_m": float(across.width_m[k]),
                "least_m": float(least[k]),
            },
        )
    yield from unchecked(facts, rule, _doubts(facts, rows, across, np.isnan(red_line)))


class _Across(NamedTuple):
    """Places on axes: the zone there, the street, and the ground of streets to either side."""

    zone: Numbers
    road: Numbers
    place: Floats
    normal: Floats
    left_m: Floats
    right_m: Floats
    #: Rows of zones whose ground was measured, from whatever axis.
    measured: Numbers

    @property
    def width_m(self) -> Floats:
        return self.left_m + self.right_m


def _across(facts: Facts, rows: Numbers, known: Mapping[str, Any]) -> _Across:
    """Measure the ground of streets, given as rows of zones, at places along axes.

    Axes are those that somebody asked about, and those through zones that somebody asked about.

    Only zones beside the one that the axis lies in are looked at.
    """
    assert facts.roads is not None  # noqa: S101 # the caller looked
    ground, plan = grounds(facts)[rows], facts.zones.plan[rows]
    through = facts.roads.tree.query(ground[facts.zones.is_judged[rows]])[1]
    roads = np.union1d(np.flatnonzero(facts.roads.is_judged), through)
    place, normal, road = _places(facts.roads.shape[roads], known["step_m"])
    road = roads[road]
    own, at = shapely.STRtree(shapely.points(place)).query(ground, predicate="contains")  # type: ignore[arg-type] # points make an array
    place, normal, road = place[at], normal[at], road[at]
    reach = known["reach_m"]
    ends = np.stack([place - reach * normal, place + reach * normal], axis=1)
    lines = np.asarray(shapely.linestrings(ends), dtype=object)
    line, met = shapely.STRtree(ground).query(lines, predicate="intersects")
    box = shapely.bounds(ground)
    beside = (box[met, :2] <= box[own[line], 2:]).all(axis=1)
    beside &= (box[met, 2:] >= box[own[line], :2]).all(axis=1) & (plan[met] == plan[own[line]])
    line, met = line[beside], met[beside]
    parts, of = shapely.get_parts(shapely.intersection(lines[line], ground[met]), return_index=True)
    is_line = shapely.length(parts) > 0
    parts, line = parts[is_line], line[of[is_line]]
    one = shapely.get_coordinates(shapely.get_point(parts, 0)) - place[line]
    two = shapely.get_coordinates(shapely.get_point(parts, -1)) - place[line]
    along = np.sort(
        np.stack([(one * normal[line]).sum(axis=1), (two * normal[line]).sum(axis=1)], axis=1),
        axis=1,
    )
    left, right, joined = _around_zero(line, along, len(place))
    measured = np.unique(rows[met[of[is_line]][joined]])
    return _Across(rows[own], road, place, normal, left, right, measured)


def _places(axes: NDArray[np.object_], step_m: float) -> tuple[Floats, Floats, Numbers]:
    """Return places in the middle of steps along axes, unit vectors across, and whose they are."""
    parts, owner = shapely.get_parts(axes, return_index=True)
    length = shapely.length(parts)
    owner, parts, length = owner[length > 0], parts[length > 0], length[length > 0]
    many = np.ceil(length / step_m).astype(np.int64)
    part = np.repeat(np.arange(len(parts)), many)
    number = np.arange(len(part)) - np.repeat(np.cumsum(many) - many, many)
    far = (number + 0.5) / many[part] * length[part]
    place = shapely.get_coordinates(shapely.line_interpolate_point(parts[part], far))
    ahead, behind = (
        shapely.get_coordinates(shapely.line_interpolate_point(parts[part], np.maximum(far + d, 0)))
        for d in (_AHEAD_M, -_AHEAD_M)
    )
    along = ahead - behind
    size = np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    return place, np.stack([-along[:, 1], along[:, 0]], axis=1) / size, owner[part]


def _around_zero(line: Numbers, along: Floats, many: int) -> tuple[Floats, Floats, Bools]:
    """Return how far the joined intervals of each line reach to either side, and which they are."""
    low, high = np.zeros(many), np.zeros(many)
    while True:
        joined = (along[:, 0] <= high[line] + _TOUCH_M) & (along[:, 1] >= low[line] - _TOUCH_M)
        before = low.sum(), high.sum()
        np.minimum.at(low, line[joined], along[joined, 0])
        np.maximum.at(high, line[joined], along[joined, 1])
        if (low.sum(), high.sum()) == before:
            return -low, high, joined


def _at_rim(facts: Facts, across: _Across, narrow: Numbers, tolerance_m: float) -> Bools:
    """Return which places are only narrow because the plan ends within the street."""
    found = np.zeros(len(narrow), dtype=bool)
    plan = facts.zones.plan[across.zone[narrow]]
    for row in np.unique(plan).tolist():
        here = np.flatnonzero(plan == row)
        k = narrow[here]
        rim = shapely.boundary(facts.plans[row].ground)
        shapely.prepare(rim)
        for side in (-across.left_m[k], across.right_m[k]):
            ends = shapely.points(across.place[k] + side[:, None] * across.normal[k])
            found[here] |= shapely.dwithin(rim, ends, tolerance_m)
    return found


def _doubts(
    facts: Facts, rows: Numbers, across: _Across, no_red_line: Bools
) -> Iterator[tuple[int, str]]:
    plan = facts.zones.plan
    for row in np.setdiff1d(rows, across.measured).tolist():
        yield int(plan[row]), "no_axis"
    pairs = np.stack([across.zone[no_red_line], across.road[no_red_line]], axis=1)
    for row, _ in np.unique(pairs, axis=0).tolist():
        yield int(plan[row]), "red_line_unknown"
