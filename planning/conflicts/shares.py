"""How much ground each of many surfaces shares with each of many others, without building any.

The area that two surfaces share is the sum, over all pairs of an edge of the one and an edge of
the other, of the area below both, counted positive where the surface lies below its edge and
negative where it lies above: with f the signed sum of steps "below the edge" a surface is, point by
point, 1 inside and 0 outside, and the product of two such functions is 1 on common ground only.
(The idea is Green's theorem; W. R. Franklin, "Calculating map overlay polygons' areas without
explicitly calculating the polygons", 1990, gives another form of it.)

Surfaces must be valid. Coordinates are taken from the corner of each box, so that areas keep their
digits: against GEOS they differ by less than 1e-8 m² on plots of a city.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numba
import numpy as np

from planning.conflicts.outlines import Outlines, in_threads, outlines_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.int64]
    Objects = NDArray[np.object_]

#: Size of a cell of the index, in m: about that of a plot with its neighbours.
CELL_M: Final = 50.0
#: Not more cells than this in one direction, whatever lies where.
MOST_CELLS: Final = 2_000
#: What arithmetic leaves of nothing, in m².
NOISE_M2: Final = 1e-6


class Shares(NamedTuple):
    """Pairs that share ground, in the order of `one`, then `other`, and how much, in m²."""

    one: Numbers
    other: Numbers
    area_m2: Floats

    @classmethod
    def none(cls) -> Shares:
        """Return no pairs."""
        numbers = np.empty(0, dtype=np.int64)
        return cls(numbers, numbers, np.empty(0))


def shares_of(ones: Objects, others: Objects) -> Shares:
    """Return what each of `ones` shares with each of `others`, as row numbers and m².

    Meant for many small surfaces over fewer, larger ones; None and empty ones share nothing. Ground
    below a millionth of a square metre is none.
    """
    if not len(ones) or not len(others):
        return Shares.none()
    return shares_between(outlines_of(ones), outlines_of(others))


@dataclass(frozen=True)
class _Cells:
    """Which boxes meet which cell of a square grid: `row[start[c] : start[c + 1]]` of cell c."""

    west: float
    south: float
    size: float
    columns: int
    rows: int
    start: Numbers
    row: Numbers


def _cells(boxes: Floats) -> _Cells:
    there = np.flatnonzero(np.isfinite(boxes[:, 0]))
    if not len(there):
        return _Cells(0.0, 0.0, 1.0, 1, 1, np.zeros(2, np.int64), np.empty(0, np.int64))
    known = boxes[there]
    west, south = known[:, :2].min(axis=0)
    size = max(CELL_M, float((known[:, 2:].max(axis=0) - (west, south)).max()) / MOST_CELLS)
    low = ((known[:, :2] - (west, south)) / size).astype(np.int64)
    high = ((known[:, 2:] - (west, south)) / size).astype(np.int64)
    columns, rows = (high.max(axis=0) + 1).tolist()
    wide, tall = (high - low + 1).T
    many = wide * tall
    box = np.repeat(np.arange(len(there)), many)
    within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    cell = (low[box, 1] + within // wide[box]) * columns + low[box, 0] + within % wide[box]
    order = np.argsort(cell, kind="stable")
    start = np.searchsorted(cell[order], np.arange(columns * rows + 1))
    return _Cells(
        *(float(west), float(south), size, columns, rows), start.astype(np.int64), there[box[order]]
    )


def shares_between(ones: Outlines, others: Outlines) -> Shares:
    """Return what each of `ones` shares with each of `others`, of surfaces by their edges."""
    cells = _cells(others.box)
    found = in_threads(lambda first, last: _swept(ones, others, cells, first, last), len(ones.box))
    return Shares(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _swept(
    ones: Outlines, others: Outlines, cells: _Cells, first: int, last: int
) -> tuple[Numbers, Numbers, Floats]:
    """Return the pairs of the surfaces from `first` up to `last`, and their areas."""
    room = 4 * (last - first) + 64
    while True:
        one, other = np.empty(room, np.int64), np.empty(room, np.int64)
        area = np.empty(room)
        many = _sweep(
            (ones.edge, ones.sign, ones.start, ones.box),
            (others.edge, others.sign, others.start, others.box),
            (cells.west, cells.south, cells.size, cells.columns, cells.rows),
            (cells.start, cells.row),
            (first, last),
            (one, other, area),
        )
        if many <= room:
            return one[:many], other[:many], area[:many]
        room = many


@numba.njit(cache=True)
def _below_both(ex0, ey0, ex1, ey1, fx0, fy0, fx1, fy1):  # type: ignore[no-untyped-def]
    """Area below two edges, each from west to east, over their common x, above y = 0."""
    low, high = max(ex0, fx0), min(ex1, fx1)
    if high <= low:
        return 0.0
    e_slope, f_slope = (ey1 - ey0) / (ex1 - ex0), (fy1 - fy0) / (fx1 - fx0)
    e_low, e_high = ey0 + (low - ex0) * e_slope, ey1 - (ex1 - high) * e_slope
    f_low, f_high = fy0 + (low - fx0) * f_slope, fy1 - (fx1 - high) * f_slope
    over_low, over_high, wide = e_low - f_low, e_high - f_high, high - low
    if over_low <= 0 and over_high <= 0:
        return wide * (e_low + e_high) / 2
    if over_low >= 0 and over_high >= 0:
        return wide * (f_low + f_high) / 2
    share = over_low / (over_low - over_high)
    crossing, left = e_low + (e_high - e_low) * share, wide * share
    if over_low < 0:
        return left * (e_low + crossing) / 2 + (wide - left) * (crossing + f_high) / 2
    return left * (f_low + crossing) / 2 + (wide - left) * (crossing + e_high) / 2


@numba.njit(cache=True, nogil=True)
def _sweep(ones, others, grid, cells, of, out):  # type: ignore[no-untyped-def]
    """Write pairs with their areas into `out`; return how many there are, even beyond its room."""
    o_edge, o_sign, o_start, o_box = ones
    z_edge, z_sign, z_start, z_box = others
    west0, south0, size, columns, rows = grid
    c_start, c_row = cells
    seen = np.full(len(z_box), -1, np.int64)
    most = 0
    for z in range(len(z_box)):
        most = max(most, z_start[z + 1] - z_start[z])
    near, near_sign = np.empty((most, 4)), np.empty(most)
    found = 0
    for p in range(of[0], of[1]):
        west, south, east, north = o_box[p]
        if not west <= east:
            continue
        whole, begun = -1.0, found
        first_column = max(0, int(np.floor((west - west0) / size)))
        last_column = min(columns - 1, int(np.floor((east - west0) / size)))
        first_row = max(0, int(np.floor((south - south0) / size)))
        last_row = min(rows - 1, int(np.floor((north - south0) / size)))
        for row in range(first_row, last_row + 1):
            for column in range(first_column, last_column + 1):
                cell = row * columns + column
                for k in range(c_start[cell], c_start[cell + 1]):
                    z = c_row[k]
                    if seen[z] == p:
                        continue
                    seen[z] = p
                    if (
                        z_box[z, 0] >= east
                        or z_box[z, 2] <= west
                        or z_box[z, 1] >= north
                        or z_box[z, 3] <= south
                    ):
                        continue
                    many, is_cut, winding = 0, False, 0.0
                    middle = (west + east) / 2
                    for f in range(z_start[z], z_start[z + 1]):
                        x0, y0, x1, y1 = z_edge[f]
                        if x1 <= west or x0 >= east or (y0 <= south and y1 <= south):
                            continue
                        if y0 >= north and y1 >= north:
                            if x0 <= middle < x1:
                                winding += z_sign[f]
                        else:
                            is_cut = True
                        x0, y0, x1, y1 = x0 - west, y0 - south, x1 - west, y1 - south
                        # Below the floor of the box nothing counts.
                        if y0 < 0:
                            x0, y0 = x0 + (x1 - x0) * -y0 / (y1 - y0), 0.0
                        elif y1 < 0:
                            x1, y1 = x0 + (x1 - x0) * y0 / (y0 - y1), 0.0
                        if x1 > x0:
                            near[many, 0], near[many, 1] = x0, y0
                            near[many, 2], near[many, 3] = x1, y1
                            near_sign[many] = z_sign[f]
                            many += 1
                    if not is_cut:
                        # No outline runs through the box: all of it is inside, or none.
                        if winding == 0:
                            continue
                        if whole < 0:
                            whole = 0.0
                            for q in range(o_start[p], o_start[p + 1]):
                                x0, y0, x1, y1 = o_edge[q]
                                whole += o_sign[q] * (x1 - x0) * (y0 - south + y1 - south) / 2
                        area = whole
                    else:
                        area = 0.0
                        for q in range(o_start[p], o_start[p + 1]):
                            x0, y0, x1, y1 = o_edge[q]
                            below = 0.0
                            for f in range(many):
                                below += near_sign[f] * _below_both(
                                    x0 - west,
                                    y0 - south,
                                    x1 - west,
                                    y1 - south,
                                    near[f, 0],
                                    near[f, 1],
                                    near[f, 2],
                                    near[f, 3],
                                )
                            area += o_sign[q] * below
                    if area > NOISE_M2:
                        if found < len(out[0]):
                            # They come in the order of the cells and stay in that of `other`.
                            at = found
                            while at > begun and out[1][at - 1] > z:
                                out[1][at], out[2][at] = out[1][at - 1], out[2][at - 1]
                                at -= 1
                            out[0][found], out[1][at], out[2][at] = p, z, area
                        found += 1
    return found
