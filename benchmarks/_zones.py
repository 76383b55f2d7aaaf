"""A plan of zones that meet edge to edge, and faults put into it whose areas are known.

The zones are the cells of a bent grid, about 100 m wide. Neighbours share every corner of their
common edge exactly; some edges are long rivers of corners, as along water. All lies on a grid of
1 mm, as dossiers do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry import Polygon

ORIGIN: Final = (575_000.0, 2_310_000.0)
CELL_M: Final = 100.0
#: Corners between two crossings: most edges, and one in two hundred.
CORNERS, MANY_CORNERS = (4, 9), (100, 480)
ONE_IN: Final = 200
#: Faults lie so many cells apart that no two of them touch the same zone.
APART: Final = 5


@dataclass
class FaultyPlan:
    """Zones by name, the extent, and what was put in: (kind, zones or none for gaps) → m²."""

    zones: dict[str, Polygon]
    extent: Polygon
    overlaps: dict[tuple[str, str], float] = field(default_factory=dict)
    gaps: list[float] = field(default_factory=list)
    outside: dict[str, float] = field(default_factory=dict)


def faulty_plan(zones: int, faults: int, seed: int) -> FaultyPlan:
    """Return a plan of about so many zones with so many faults, the same for the same seed."""
    chance = np.random.default_rng(seed)
    side = max(2 * APART, round(zones**0.5))
    rings, rim = _rings(side, chance)
    plan = FaultyPlan(
        {_name(*cell): shapely.Polygon(ring) for cell, ring in rings.items()}, shapely.Polygon(rim)
    )
    inner = [
        (column, row)
        for column in range(APART // 2, side - 1, APART)
        for row in range(APART // 2, side - 1, APART)
    ]
    chosen = chance.permutation(len(inner))[:faults]
    for number, k in enumerate(chosen):
        _spoil(plan, inner[k], rings[inner[k]], ("push", "pull", "twice", "none")[number % 4])
    for row in range(APART, side - APART, 2 * APART):
        _leave(plan, (0, row), rings[0, row])
    return plan


def _name(column: int, row: int) -> str:
    return f"Z{column:03}-{row:03}"


def _rings(
    side: int, chance: np.random.Generator
) -> tuple[dict[tuple[int, int], NDArray[np.float64]], NDArray[np.float64]]:
    """Return the ring of each cell counterclockwise, not closed, and that of all of them."""
    number = np.arange(side + 1)
    nodes = np.stack(np.meshgrid(number, number, indexing="ij"), axis=-1) * CELL_M
    nodes = nodes + ORIGIN + chance.uniform(-15, 15, nodes.shape)
    nodes = np.round(nodes, 3)

    def edge(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the corners from one crossing up to but without the other."""
        low, high = MANY_CORNERS if chance.integers(ONE_IN) == 0 else CORNERS
        share = np.linspace(0, 1, int(chance.integers(low, high)) + 2)[1:-1, None]
        across = (other - one)[::-1] * (-1, 1)
        # Less towards the crossings, where edges would cross each other.
        bend = chance.uniform(-0.16, 0.16, (len(share), 1)) * share * (1 - share) * across
        return np.vstack([one[None], np.round(one + share * (other - one) + bend, 3)])

    east = {
        (c, r): edge(nodes[c, r], nodes[c + 1, r]) for c in range(side) for r in range(side + 1)
    }
    north = {
        (c, r): edge(nodes[c, r], nodes[c, r + 1]) for c in range(side + 1) for r in range(side)
    }

    def back(points: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.vstack([end[None], points[:0:-1]])

    rings = {
        (c, r): np.vstack(
            [
                east[c, r],
                north[c + 1, r],
                back(east[c, r + 1], nodes[c + 1, r + 1]),
                back(north[c, r], nodes[c, r + 1]),
            ]
        )
        for c in range(side)
        for r in range(side)
    }
    rim = np.vstack(
        [east[c, 0] for c in range(side)]
        + [north[side, r] for r in range(side)]
        + [back(east[c, side], nodes[c + 1, side]) for c in reversed(range(side))]
        + [back(north[0, r], nodes[0, r + 1]) for r in reversed(range(side))]
    )
    return rings, rim


def _spoil(plan: FaultyPlan, cell: tuple[int, int], ring: NDArray[np.float64], what: str) -> None:
    """Put a fault into the plan: a corner off its neighbour's, a zone twice, no zone."""
    name = _name(*cell)
    if what == "none":
        plan.gaps.append(plan.zones.pop(name).area)
    elif what == "twice" or np.hypot(*(ring[2] - ring[0])) < 10:
        plan.zones[f"{name}b"] = plan.zones[name]
        plan.overlaps[name, f"{name}b"] = plan.zones[name].area
    else:
        # The second corner of the ring lies on the edge that it has with the cell to the south.
        moved, area = _moved(ring, 1, 2.0 if what == "push" else -2.0)
        plan.zones[name] = shapely.Polygon(moved)
        if what == "push":
            plan.overlaps[_name(cell[0], cell[1] - 1), name] = area
        else:
            plan.gaps.append(area)


def _leave(plan: FaultyPlan, cell: tuple[int, int], ring: NDArray[np.float64]) -> None:
    """Let a zone on the western rim leave the plan."""
    moved, area = _moved(ring, len(ring) - 1, 3.0)
    plan.zones[_name(*cell)] = shapely.Polygon(moved)
    plan.outside[_name(*cell)] = area


def _moved(
    ring: NDArray[np.float64], number: int, out_m: float
) -> tuple[NDArray[np.float64], float]:
    """Return a ring with a corner moved square to the line between those beside it, and the m²."""
    before, after = ring[number - 1], ring[(number + 1) % len(ring)]
    along = after - before
    length_m = np.hypot(*along)
    moved = ring.copy()
    moved[number] = np.round(ring[number] + out_m * np.array([along[1], -along[0]]) / length_m, 3)
    shift = moved[number] - ring[number]
    return moved, abs(float(along[0] * shift[1] - along[1] * shift[0])) / 2
