"""How far buildings stand back from the red line, by the width of the street."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from planning.conflicts.engine import judges
from planning.conflicts.overlay import grounds
from planning.conflicts.records import Finding, Party, PartyKind
from planning.conflicts.told import named, zone
from planning.conflicts.unchecked import unchecked
from planning.topology.shapes import place_in, surfaces, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from planning.conflicts.facts import Facts
    from planning.conflicts.records import Rule
    from planning.norms import Norm

_STREET: Final = re.compile(r"road (?:(<) (\d+)|(\d+)-<(\d+)|(>=) (\d+)) m")
_STEP: Final = re.compile(r"(?:(\d+)<=)?h(?:<(\d+)|>=(\d+)):(\d+)")


@judges("setback")
def setback(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell of zones whose tallest buildings must stand farther back than the building line lets.

    Plans state storeys; the norm goes by metres. What the lowest storeys that are built would
    need is found; what only higher ones would need is told as not checked.
    """
    known, zones, doubts = rule.parameters, facts.zones, []
    level = np.array(
        [plan.level in known["levels"] and plan.is_judged for plan in facts.plans], dtype=bool
    )
    tall = zones.storeys_max * known["storey_m"][1] >= known["from_height_m"]
    rows = np.flatnonzero(level[zones.plan] & tall)
    if facts.roads is None or not len(rows):
        yield from unchecked(facts, rule, ((int(zones.plan[k]), "no_streets") for k in rows))
        return
    for row, road in _beside(facts, rows, known["near_m"]):
        if not (zones.is_judged[row] or facts.roads.is_judged[road]):
            continue
        plan = int(zones.plan[row])
        steps = _steps(facts, plan, known["topic"], float(facts.roads.red_line_m[road]))
        if steps is None:
            unknown = np.isnan(facts.roads.red_line_m[road])
            doubts.append((plan, "red_line_unknown" if unknown else "norm_ended"))
            continue
        low, high = (_needed(steps, float(zones.storeys_max[row]) * h) for h in known["storey_m"])
        if high == 0:
            continue
        has = _kept_free(facts, row, road)
        if has is None:
            doubts.append((plan, "building_line_unknown"))
        elif has + known["tolerance_m"] < low:
            yield _finding(facts, rule, (row, road), (low, has))
        elif has + known["tolerance_m"] < high:
            doubts.append((plan, "height_unknown"))
    yield from unchecked(facts, rule, doubts)


def _finding(
    facts: Facts, rule: Rule, pair: tuple[int, int], setbacks_m: tuple[float, float]
) -> Finding:
    """Tell of ground of a zone on which the norm lets nothing stand, and the plan does."""
    row, road = pair
    least, has = setbacks_m
    assert facts.roads is not None  # noqa: S101 # the caller looked
    half_m = float(facts.roads.red_line_m[road]) / 2
    axis, own = facts.roads.shape[road], grounds(facts)[row]
    strip = shapely.difference(
        shapely.intersection(own, shapely.buffer(axis, half_m + least)),
        shapely.buffer(axis, half_m + has),
    )
    parts = surfaces(strip)
    ground = together(parts) if len(parts) else None
    return Finding(
        rule=rule.code,
        severity=rule.severity,
        parties=(zone(facts, row), Party(PartyKind.ROAD, str(facts.roads.key[road]))),
        ground=ground,
        place=place_in(own if ground is None else ground),
        area_m2=float(ground.area) if ground is not None else 0.0,
        values={
            **named(facts, row),
            "street": str(facts.roads.name[road] or facts.roads.key[road]),
            "red_line_m": 2 * half_m,
            "storeys": float(facts.zones.storeys_max[row]),
            "setback_m": has,
            "least_m": least,
        },
    )


def _beside(facts: Facts, rows: NDArray[np.int64], near_m: float) -> list[tuple[int, int]]:
    """Return the zones with the streets whose red lines run along them."""
    assert facts.roads is not None  # noqa: S101 # the caller looked
    half = np.nan_to_num(facts.roads.red_line_m / 2, nan=0.0)
    ground = grounds(facts)[rows]
    reach = half + near_m
    road, at = shapely.STRtree(ground).query(facts.roads.shape, predicate="dwithin", distance=reach)
    # A zone that the axis runs through is the street itself, or not yet divided.
    away = ~shapely.intersects(facts.roads.shape[road], ground[at])
    pairs = np.stack([rows[at[away]], road[away]], axis=1)
    keys = facts.zones.key[pairs[:, 0]].astype(str), facts.roads.key[pairs[:, 1]].astype(str)
    return [(int(a), int(b)) for a, b in pairs[np.lexsort(keys[::-1])].tolist()]


def _kept_free(facts: Facts, row: int, road: int) -> float | None:
    """Return how far the zone's ground for building is from the red line, in m.

    None where no building line is drawn on the zone.
    """
    lines = facts.control_lines
    own = grounds(facts)[row]
    assert facts.roads is not None  # noqa: S101 # the caller looked
    if lines is None:
        return None
    at = lines.tree.query(own, predicate="intersects")
    at = at[lines.kind[at] == "building_line"]
    free = shapely.union_all(lines.shape[at]) if len(at) else shapely.Polygon()
    if not shapely.area(shapely.intersection(own, free)) > 0:
        return None
    left = shapely.difference(own, free)
    if left.is_empty:
        return float("inf")
    half_m = float(facts.roads.red_line_m[road]) / 2
    return max(0.0, float(shapely.distance(left, facts.roads.shape[road])) - half_m)


def _steps(
    facts: Facts, plan: int, topic: str, street_m: float
) -> list[tuple[float, float, float]] | None:
    """Return (from height, below height, setback) in m for a street; None if no norm holds."""
    if np.isnan(street_m):
        return None
    for norm in facts.norms:
        if norm.topic == topic and norm.holds_on(facts.plans[plan].on):
            low, high = _street(norm)
            if low <= street_m < high:
                return [_step(text) for text in norm.value.split(";")]
    return None


def _street(norm: Norm) -> tuple[float, float]:
    found = _STREET.fullmatch(norm.key)
    if found is None:
        raise ValueError(f"a norm is not written as expected: {norm.key!r}")
    if found[1]:
        return 0.0, float(found[2])
    return (float(found[6]), float("inf")) if found[5] else (float(found[3]), float(found[4]))


def _step(text: str) -> tuple[float, float, float]:
    found = _STEP.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"a norm is not written as expected: {text!r}")
    low = float(found[1] or found[3] or 0)
    return low, float(found[2]) if found[2] else float("inf"), float(found[4])


def _needed(steps: list[tuple[float, float, float]], height_m: float) -> float:
    return max((back for low, high, back in steps if low <= height_m < high), default=0.0)
