"""Made-up levels of plans: the same edges drawn twice, some centimetres apart."""

from __future__ import annotations

import datetime as dt

import numpy as np
import shapely

from benchmarks._zones import _rings
from planning.conflicts.facts import Facts, Plan, Zones
from planning.topology.shapes import as_array

DAY = dt.date(2026, 6, 30)
FUNCTIONS = np.array(
    ["DAT_O_Nhomnhao", "DAT_HTXH_CayxanhCC", "DAT_SX_Congnghiep", "DAT_NN_Nongnghiep"],
    dtype=object,
)


def cells(side, seed):
    """Rings of side × side zones about 100 m wide that share their corners, by column and row."""
    rings, _ = _rings(side, np.random.default_rng(seed))
    return rings


def blocks(rings, by):
    """Zones of by × by cells each, and of each cell the number of its zone."""
    side = round(len(rings) ** 0.5)
    across = -(-side // by)
    number = {cell: cell[0] // by * across + cell[1] // by for cell in rings}
    zones = [
        shapely.coverage_union_all([shapely.Polygon(rings[c]) for c in rings if number[c] == k])
        for k in sorted(set(number.values()))
    ]
    return as_array(zones), number


def apart(rings, low_m, high_m, seed):
    """The same zones drawn anew: each corner off by so many metres, in a direction that turns.

    Both change along an edge, but slowly enough that no two corners pass each other.
    """
    chance = np.random.default_rng(seed)
    phase = chance.uniform(0, 2 * np.pi, 4)

    def drawn(ring):
        east, north = ring.T
        far = low_m + (high_m - low_m) * (1 + np.sin(east / 5 + north / 7 + phase[0])) / 2
        turn = np.pi * (np.sin(east / 8 + phase[1]) + np.sin(north / 8 + phase[2])) + phase[3]
        return np.round(ring + (far * [np.cos(turn), np.sin(turn)]).T, 3)

    return {cell: drawn(ring) for cell, ring in rings.items()}


def zones_of(layers, *, judged=True):
    """A table of zones of several plans: (row of the plan, shapes, functions, keys)."""
    shapes = np.concatenate([shapes for _, shapes, _, _ in layers])
    many = len(shapes)
    nothing = np.full(many, "", dtype=object)
    unknown = np.full(many, np.nan)
    return Zones(
        key=np.concatenate([np.array(keys, dtype=object) for *_, keys in layers]),
        shape=shapes,
        is_judged=np.full(many, judged),
        plan=np.concatenate([np.full(len(s), row) for row, s, _, _ in layers]),
        label=nothing,
        function=np.concatenate([np.array(f, dtype=object) for _, _, f, _ in layers]),
        land_use_code=nothing,
        density=nothing,
        storeys=nothing,
        floor_area_ratio=nothing,
        density_max=unknown,
        storeys_max=unknown,
        floor_area_ratio_max=unknown,
        population=unknown,
        note=nothing,
    )


def levels_apart(side, *, by=2, seed=1, low_m=0.01, high_m=0.30, other_share=0.05):
    """Two levels of the same ground: a zoning plan, and a detailed plan that follows it.

    One zone in twenty of the detailed plan has another function than the zone above.
    """
    chance = np.random.default_rng(seed)
    rings = cells(side, seed)
    upper, number = blocks(rings, by)
    above = FUNCTIONS[chance.integers(0, len(FUNCTIONS), len(upper))]
    below = np.array([above[number[cell]] for cell in rings], dtype=object)
    other = chance.random(len(below)) < other_share
    below[other] = FUNCTIONS[chance.integers(0, len(FUNCTIONS), int(other.sum()))]
    drawn = apart(rings, low_m, high_m, seed)
    lower = as_array(shapely.Polygon(ring) for ring in drawn.values())
    plans = [
        Plan("QHPK", "zoning", "", shapely.union_all(upper), DAY),
        Plan("QHCT", "detailed", "QHPK", shapely.union_all(lower), DAY),
    ]
    zones = zones_of(
        [
            (0, upper, above, [f"u{k}" for k in range(len(upper))]),
            (1, lower, below, [f"l{column}-{row}" for column, row in rings]),
        ]
    )
    return Facts(on=DAY, plans=plans, zones=zones)
