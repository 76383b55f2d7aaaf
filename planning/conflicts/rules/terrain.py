"""Built-up zones against the ground: how steep, how deep under water, how high it has to be.

And against the surfaces above a runway. Heights and depths are facts; where no grid reaches, or too
little of a zone is known, that is said and nothing is taken for level, dry or low.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planning.conflicts.airports import Runway, limit_height_m, reach_m
from planning.conflicts.cells import at_cells_of, ground_of, middles, sampled, slopes
from planning.conflicts.engine import judges
from planning.conflicts.ground_levels import UnreadableLevel, read_ground_level
from planning.conflicts.grounds import (
    cannot_be_checked,
    finding,
    judged_zones,
    meant_for,
    named,
    zone_party,
)
from planning.conflicts.records import Party, PartyKind, Severity
from planning.conflicts.unchecked import unchecked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from planning.conflicts.facts import Facts, Grid
    from planning.conflicts.records import Finding, Rule
    from planning.topology.shapes import Surface

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

TERRAIN, DEPTH = "terrain", "flood_depth"


@judges("ground_too_steep")
def ground_too_steep(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell built-up zones on ground that is too steep."""
    told, asked = rule.parameters, _asked(facts, rule)
    grids, dark = _by_grid(facts, rule, TERRAIN, asked)
    yield from cannot_be_checked(facts, rule, "no_grid", dark)
    for grid, mine in grids:
        slope = 100 * slopes(grid)
        pairs = sampled(facts, grid)
        values = slope.ravel()[pairs.cell]
        steepest = pairs.largest(values, len(facts.zones))
        mean = pairs.mean(values, len(facts.zones))
        for row, ground in ground_of(facts, grid, slope > told["percent"], mine):
            if ground.area > told["tolerance_m2"]:
                values_of = {
                    **named(facts, row),
                    "m2": ground.area,
                    "steepest_percent": _known(steepest[row], told["percent"]),
                    "mean_percent": _known(mean[row], told["percent"]),
                }
                yield _found(facts, rule, row, grid, ground, values_of)


@judges("ground_floods")
def ground_floods(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell built-up zones on which water stands."""
    told, asked = rule.parameters, _asked(facts, rule)
    grids, dark = _by_grid(facts, rule, DEPTH, asked)
    yield from cannot_be_checked(facts, rule, "no_grid", dark)
    for grid, mine in grids:
        pairs = sampled(facts, grid)
        depth = grid.cells.ravel()[pairs.cell]
        wet = np.where(depth >= told["from_m"], depth, np.nan)
        mean, deepest = (
            pairs.mean(wet, len(facts.zones)),
            pairs.largest(wet, len(facts.zones)),
        )
        for row, ground in ground_of(facts, grid, grid.cells >= told["from_m"], mine):
            if ground.area <= told["tolerance_m2"]:
                continue
            worst = _known(deepest[row], told["from_m"])
            values = {
                **named(facts, row),
                "m2": ground.area,
                "percent": 100 * ground.area / float(facts.zones.area_m2[row]),
                "mean_m": _known(mean[row], told["from_m"]),
                "deepest_m": worst,
            }
            is_deep = worst >= told["warns_from_m"]
            severity = rule.severity if is_deep else Severity.NOTES
            yield _found(facts, rule, row, grid, ground, values, severity=severity)


@judges("ground_level_too_low")
def ground_level_too_low(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell built-up zones whose ground, as planned or as it is, lies too low for the flood.

    The flood's level is terrain plus depth; the norm asks for so much above it. One rule holds the
    ground level that a plan states against that, another says what has to be filled where it states
    none.
    """
    told, asked = rule.parameters, _asked(facts, rule)
    margin, ended = _margins(facts, rule)
    yield from unchecked(facts, rule, ((int(facts.zones.plan[k]), "norm_ended") for k in ended))
    planned, unreadable = _levels(facts, asked)
    reason = "ground_level_unreadable"
    yield from cannot_be_checked(facts, rule, reason, unreadable & ~np.isnan(margin))
    asked = asked & ~np.isnan(margin) & ~unreadable
    grids, dark = _by_grid(facts, rule, TERRAIN, asked)
    yield from cannot_be_checked(facts, rule, "no_grid", dark)
    for grid, mine in grids:
        depth = np.full(grid.cells.shape, np.nan, dtype=np.float32)
        for other in reversed(_grids(facts, DEPTH)):
            there = at_cells_of(grid, other)
            depth = np.where(np.isnan(there), depth, there)
        pairs = sampled(facts, grid)
        share = pairs.known_share(depth.ravel()[pairs.cell], len(facts.zones))
        dark = mine & (share < told["known_percent"] / 100)
        yield from cannot_be_checked(facts, rule, "no_depths", dark)
        yield from _too_low(facts, rule, grid, depth, mine & ~dark, planned, margin)


def _too_low(
    facts: Facts,
    rule: Rule,
    grid: Grid,
    depth: NDArray[np.floating],
    asked: Bools,
    planned: Floats,
    margin: Floats,
) -> Iterator[Finding]:
    told, pairs = rule.parameters, sampled(facts, grid)
    wet = depth >= told["from_m"]
    flood = np.where(wet, grid.cells + depth, np.nan)
    many = len(facts.zones)
    highest = pairs.largest(flood.ravel()[pairs.cell], many)
    terrain = pairs.mean(np.where(wet, grid.cells, np.nan).ravel()[pairs.cell], many)
    required = highest + margin
    stated = ~np.isnan(planned)
    is_low = planned < required - told["tolerance_m"] if told["is_stated"] else ~stated
    for row, ground in ground_of(facts, grid, wet, asked & is_low & ~np.isnan(required)):
        if ground.area <= told["tolerance_m2"]:
            continue
        values: dict[str, Any] = {
            **named(facts, row),
            "m2": ground.area,
            "flood_level_m": float(highest[row]),
            "required_m": float(required[row]),
            "margin_m": float(margin[row]),
            "fill_m": float(required[row] - terrain[row]),
            "fill_m3": float(required[row] - terrain[row]) * ground.area,
        }
        if stated[row]:
            values |= {
                "planned_m": float(planned[row]),
                "short_m": float(required[row] - planned[row]),
            }
        yield _found(facts, rule, row, grid, ground, values)


@judges("above_airport_surface")
def above_airport_surface(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell zones whose highest houses would break through the surfaces above a runway."""
    told, asked = rule.parameters, _asked(facts, rule)
    runways = [
        source
        for source in facts.objects
        if source.kind == "protected_site" and source.text("kind") == "runway"
    ]
    for source in runways:
        near = np.zeros(len(facts.zones), dtype=bool)
        reach = reach_m(told)
        near[facts.zones.tree.query(source.shape, predicate="dwithin", distance=reach)] = True
        near &= asked
        height = facts.zones.storeys_max * told["storey_m"]
        elevation = source.number("elevation_m")
        if elevation is None:
            yield from cannot_be_checked(facts, rule, "runway_height_unknown", near)
            continue
        runway = Runway.of(source.shape, elevation)
        grids, dark = _by_grid(facts, rule, TERRAIN, near)
        yield from cannot_be_checked(facts, rule, "no_grid", dark)
        for grid, mine in grids:
            limit = limit_height_m(runway, middles(grid), told).reshape(grid.cells.shape)
            room = limit - grid.cells
            pairs = sampled(facts, grid)
            least = -pairs.largest(-room.ravel()[pairs.cell], len(facts.zones))
            tight = mine & np.isnan(height) & (least < told["asked_below_m"])
            yield from cannot_be_checked(facts, rule, "storeys_unknown", tight)
            for planned in np.unique(height[mine & ~np.isnan(height)]).tolist():
                so_high = mine & (height == planned)
                for row, ground in ground_of(facts, grid, room < planned, so_high):
                    if ground.area <= told["tolerance_m2"]:
                        continue
                    allowed = _known(least[row], planned)
                    values = {
                        **named(facts, row),
                        "object": source.name or source.key,
                        "m2": ground.area,
                        "planned_m": planned,
                        "allowed_m": allowed,
                        "storeys": float(facts.zones.storeys_max[row]),
                        "storeys_allowed": max(0, int(allowed // told["storey_m"])),
                    }
                    party = Party(PartyKind.OBJECT, source.key)
                    yield finding(rule, (zone_party(facts, row), party), ground, values)


def _asked(facts: Facts, rule: Rule) -> Bools:
    told = rule.parameters
    return judged_zones(facts, told["levels"]) & meant_for(facts.zones.function, told["functions"])


def _grids(facts: Facts, kind: str) -> list[Grid]:
    """Return the grids of a kind, the finest first."""
    found = [grid for grid in facts.grids if grid.kind == kind and grid.cells.size]
    return sorted(found, key=lambda grid: (grid.cell_width, grid.key))


def _by_grid(
    facts: Facts, rule: Rule, kind: str, asked: Bools
) -> tuple[list[tuple[Grid, Bools]], Bools]:
    """Return grids with the zones to be judged on each, and the zones of which too little is known.

    A zone is judged on the finest grid that knows enough of it.
    """
    left, found = asked.copy(), []
    for grid in _grids(facts, kind):
        pairs = sampled(facts, grid)
        share = pairs.known_share(grid.cells.ravel()[pairs.cell], len(facts.zones))
        mine = left & (share >= rule.parameters["known_percent"] / 100)
        left &= ~mine
        if mine.any():
            found.append((grid, mine))
    return found, left


def _margins(facts: Facts, rule: Rule) -> tuple[Floats, list[int]]:
    """Return how far above the flood the norm wants each zone, and zones whose norm has ended."""
    told = rule.parameters
    topic, _, key = told["row"].partition("/")
    industrial = meant_for(facts.zones.function, told["industrial"])
    asked = _asked(facts, rule)
    margin = np.full(len(facts.zones), np.nan)
    ended: list[int] = []
    for number, plan in enumerate(facts.plans):
        mine = asked & (facts.zones.plan == number)
        held = [
            norm
            for norm in facts.norms
            if norm.topic == topic and norm.key == key and norm.holds_on(plan.on)
        ]
        if not held:
            ended += np.flatnonzero(mine).tolist()
            continue
        civil_m, industrial_m = (float(figure) for figure in held[0].value.split("/"))
        margin[mine] = np.where(industrial, industrial_m, civil_m)[mine]
    return margin, ended


def _levels(facts: Facts, asked: Bools) -> tuple[Floats, Bools]:
    """Return the ground level that each zone's note states, and where it cannot be read."""
    planned = np.full(len(facts.zones), np.nan)
    unreadable = np.zeros(len(facts.zones), dtype=bool)
    for row in np.flatnonzero(asked & (facts.zones.note.astype(bool))).tolist():
        try:
            level = read_ground_level(str(facts.zones.note[row]))
        except UnreadableLevel:
            unreadable[row] = True
            continue
        if level is not None:
            planned[row] = level
    return planned, unreadable


def _found(
    facts: Facts,
    rule: Rule,
    row: int,
    grid: Grid,
    ground: Surface,
    values: Mapping[str, Any],
    **more: Any,
) -> Finding:
    parties = (zone_party(facts, row), Party(PartyKind.RASTER, grid.key))
    return finding(rule, parties, ground, values, **more)


def _known(value: float, otherwise: float) -> float:
    """Return a number of a zone's cells; of ground at whose cells nobody looked, the bound."""
    return float(otherwise if np.isnan(value) else value)
