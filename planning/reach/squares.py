"""Surfaces as their sides, and squares that say what lies where, as numba reads both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numba
import numpy as np
import shapely

if TYPE_CHECKING:
    from planning.reach.records import Floats, Ints, Objects

#: Side of a square, unless that makes too many of them.
SQUARE_M: Final = 25.0
_MOST_SQUARES: Final = 4_000_000


class Outlines(NamedTuple):
    """Sides of surfaces: those of surface s are `side[start[s] : start[s + 1]]`, x0 y0 x1 y1."""

    side: Floats
    start: Ints
    #: (surfaces, 4): west, south, east, north; NaN where there is no ground.
    box: Floats


class Grid(NamedTuple):
    """Squares and the numbers of what lies in them: `held[start[q] : start[q + 1]]` of square q."""

    west: float
    south: float
    side_m: float
    columns: int
    rows: int
    start: Ints
    held: Ints


def outlines_of(surfaces: Objects) -> Outlines:
    """Return the sides of surfaces, holes too; a point has one side without length."""
    parts, owner = shapely.get_parts(surfaces, return_index=True)
    is_point = shapely.get_type_id(parts) == shapely.GeometryType.POINT
    rings, of = shapely.get_rings(parts[~is_point], return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    follows = ring[1:] == ring[:-1]
    dots = shapely.get_coordinates(parts[is_point])
    side = np.vstack([np.hstack([points[:-1], points[1:]])[follows], np.hstack([dots, dots])])
    belongs = np.concatenate([owner[~is_point][of][ring[:-1][follows]], owner[is_point]])
    order = np.argsort(belongs, kind="stable")
    start = np.searchsorted(belongs[order], np.arange(len(surfaces) + 1))
    return Outlines(
        np.ascontiguousarray(side[order]),
        start.astype(np.int32),
        np.ascontiguousarray(shapely.bounds(surfaces), dtype=np.float64).reshape(-1, 4),
    )


def grid_of(box: Floats) -> Grid:
    """Return squares with the numbers of the boxes that lie in them; boxes of NaN lie in none."""
    known = np.isfinite(box).all(axis=1)
    if not known.any():
        return Grid(0.0, 0.0, 1.0, 0, 0, np.zeros(1, np.int32), np.zeros(0, np.int32))
    west, south = box[known, :2].min(axis=0)
    wide, tall = box[known, 2:].max(axis=0) - (west, south)
    side = max(SQUARE_M, float(np.sqrt(wide * tall / _MOST_SQUARES)))
    side = max(side, float(max(wide, tall)) / _MOST_SQUARES)
    columns, rows = int(wide / side) + 1, int(tall / side) + 1
    reached = np.zeros((len(box), 4), dtype=np.int64)
    reached[known] = ((box[known] - (west, south, west, south)) / side).astype(np.int64)
    reached[~known, 2:] = -1
    start, held = _fill(reached, columns, columns * rows)
    return Grid(float(west), float(south), side, columns, rows, start, held)


def boxes_of(piece: Floats) -> Floats:
    """Return the boxes round straight pieces."""
    one, other = piece[:, :2], piece[:, 2:]
    return np.hstack([np.minimum(one, other), np.maximum(one, other)])


@numba.njit(cache=True, nogil=True)
def _fill(reached, columns, squares):  # type: ignore[no-untyped-def]
    """Sort boxes, given by the squares of their corners, into squares."""
    start = np.zeros(squares + 1, np.int32)
    for k in range(len(reached)):
        for row in range(reached[k, 1], reached[k, 3] + 1):
            for column in range(reached[k, 0], reached[k, 2] + 1):
                start[row * columns + column + 1] += 1
    for q in range(squares):
        start[q + 1] += start[q]
    held, at = np.empty(start[squares], np.int32), start[:-1].copy()
    for k in range(len(reached)):
        for row in range(reached[k, 1], reached[k, 3] + 1):
            for column in range(reached[k, 0], reached[k, 2] + 1):
                held[at[row * columns + column]] = k
                at[row * columns + column] += 1
    return start, held


@numba.njit(cache=True, nogil=True)
def squares_of(grid, west, south, east, north):  # type: ignore[no-untyped-def]
    """Return the first and last columns and rows of a grid that a box touches."""
    x, y, side, columns, rows = grid[0], grid[1], grid[2], grid[3], grid[4]
    return (
        max(0, int(np.floor((west - x) / side))),
        min(columns - 1, int(np.floor((east - x) / side))),
        max(0, int(np.floor((south - y) / side))),
        min(rows - 1, int(np.floor((north - y) / side))),
    )
