"""Cells of ground beside streets: each belongs to one place on one street, over dry ground.

A grid of squares covers the streets of a network; what counts is a square's centre. It belongs to
the nearest street at the level of the ground that the mode may use and to which a straight line
leads without water between. So ground on the other bank of a river belongs to a street there, or to
none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numba
import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from planning.reach.records import Bools, Costs, Floats, Ints, Network, Objects

CELL_M: Final = 10.0
BESIDE_M: Final = 40.0
#: Rows of cells that are worked out at once, which bounds the memory.
STRIP: Final = 1024
#: Side of the blocks that are looked at for water, in widths of the ground beside a street.
BLOCK_SIDES: Final = 4


@dataclass(frozen=True, eq=False)
class Cells:
    """Squares of ground in the order of their numbers, `row * columns + column` from the southwest.

    Besides those within `beside_m` of a street there is a rim one cell wide, so that an outline
    can be drawn where exactly `beside_m` is reached.
    """

    #: Centre of the cell at row 0, column 0.
    origin: tuple[float, float]
    rows: int
    columns: int
    cell_m: float
    beside_m: float
    number: Ints
    edge: Ints
    #: Metres from the tail of the edge.
    at_m: Floats
    #: Metres from the centre to the street.
    offset_m: Floats

    def __len__(self) -> int:
        return len(self.number)

    @property
    def xy(self) -> Floats:
        """(cells, 2): the centres."""
        return _centres(self.number, self.columns, self.cell_m, self.origin)


def cells_of(
    network: Network,
    costs: Costs,
    *,
    water: Sequence[BaseGeometry] | Objects = (),
    cell_m: float = CELL_M,
    beside_m: float = BESIDE_M,
) -> Cells:
    """Return the cells beside the streets that a mode may use; bridges and tunnels have none."""
    usable = (network.level == 0) & (np.isfinite(costs.ahead) | np.isfinite(costs.back))
    pieces = np.flatnonzero(usable[network.piece_edge])
    widest = beside_m + cell_m
    if len(pieces) == 0:
        none = np.empty(0, dtype=np.int32)
        return Cells((0.0, 0.0), 0, 0, cell_m, beside_m, none, none, np.empty(0), np.empty(0))
    piece = network.piece[pieces]
    low = np.floor((piece.reshape(-1, 2).min(axis=0) - widest) / cell_m)
    high = np.ceil((piece.reshape(-1, 2).max(axis=0) + widest) / cell_m)
    columns, rows = (high - low).astype(int).tolist()
    origin = (float((low[0] + 0.5) * cell_m), float((low[1] + 0.5) * cell_m))
    number, nearest = _nearest_pieces(piece, origin, rows, columns, cell_m, widest)
    if len(water):
        xy = _centres(number, columns, cell_m, origin)
        nearest = _dry_pieces(piece, xy, nearest, np.array(water, dtype=object), widest)
        number, nearest = number[nearest >= 0], nearest[nearest >= 0]
    xy = _centres(number, columns, cell_m, origin)
    on, offset = _feet(piece[nearest], xy)
    edge = network.piece_edge[pieces[nearest]]
    at = network.piece_at_m[pieces[nearest]] + np.hypot(*(on - piece[nearest, :2]).T)
    at = np.minimum(at, network.length_m[edge])
    return Cells(origin, rows, columns, cell_m, beside_m, number, edge, at, offset)


def _centres(number: Ints, columns: int, cell_m: float, origin: tuple[float, float]) -> Floats:
    row, column = np.divmod(number, np.int32(max(columns, 1)))
    return np.column_stack([origin[0] + column * cell_m, origin[1] + row * cell_m])


def _feet(piece: Floats, xy: Floats) -> tuple[Floats, Floats]:
    """Return the nearest points of pieces, one for each point, and how far they are."""
    along = piece[:, 2:] - piece[:, :2]
    square = (along**2).sum(axis=1)
    there = ((xy - piece[:, :2]) * along).sum(axis=1)
    share = np.clip(np.divide(there, square, out=np.zeros(len(xy)), where=square > 0), 0.0, 1.0)
    on = piece[:, :2] + along * share[:, None]
    return on, np.hypot(*(xy - on).T)


def _nearest_pieces(
    piece: Floats,
    origin: tuple[float, float],
    rows: int,
    columns: int,
    cell_m: float,
    widest: float,
) -> tuple[Ints, Ints]:
    """Return the numbers of the cells within `widest` of a piece, and the nearest piece of each."""
    south = np.minimum(piece[:, 1], piece[:, 3]) - widest
    north = np.maximum(piece[:, 1], piece[:, 3]) + widest
    numbers, found = [], []
    for first in range(0, rows, STRIP):
        last = min(first + STRIP, rows)
        below, above = origin[1] + first * cell_m, origin[1] + (last - 1) * cell_m
        here = np.flatnonzero((north >= below) & (south <= above))
        square = np.full((last - first, columns), widest**2)
        which = np.full(square.shape, -1, dtype=np.int32)
        _tie(piece, here, (origin[0], below), cell_m, widest, square, which)
        flat = which.ravel()
        kept = np.flatnonzero(flat >= 0)
        numbers.append(kept + first * columns)
        found.append(flat[kept])
    return np.concatenate(numbers).astype(np.int32), np.concatenate(found)


@numba.njit(cache=True, nogil=True)
def _tie(piece, here, origin, cell_m, widest, square, which):  # type: ignore[no-untyped-def]
    """Give each cell of a strip the nearest of some pieces, of equally near ones the first."""
    rows, columns = square.shape
    for p in here:
        x0, y0, x1, y1 = piece[p]
        dx, dy = x1 - x0, y1 - y0
        length = dx * dx + dy * dy
        low = max(0, int(np.ceil((min(y0, y1) - widest - origin[1]) / cell_m)))
        high = min(rows - 1, int(np.floor((max(y0, y1) + widest - origin[1]) / cell_m)))
        left = max(0, int(np.ceil((min(x0, x1) - widest - origin[0]) / cell_m)))
        right = min(columns - 1, int(np.floor((max(x0, x1) + widest - origin[0]) / cell_m)))
        for r in range(low, high + 1):
            y = origin[1] + r * cell_m
            for c in range(left, right + 1):
                x = origin[0] + c * cell_m
                t = 0.0
                if length > 0:
                    t = min(1.0, max(0.0, ((x - x0) * dx + (y - y0) * dy) / length))
                off_x, off_y = x - x0 - t * dx, y - y0 - t * dy
                d = off_x * off_x + off_y * off_y
                if d < square[r, c]:
                    square[r, c], which[r, c] = d, p


def _dry_pieces(piece: Floats, xy: Floats, nearest: Ints, water: Objects, widest: float) -> Ints:
    """Return the nearest piece of each cell that no water lies before, -1 where there is none."""
    tree = shapely.STRtree(water)
    beside = np.flatnonzero(_near_water(xy, tree, widest))
    on, _ = _feet(piece[nearest[beside]], xy[beside])
    wet = beside[_crosses(tree, xy[beside], on)]
    dry = nearest.copy()
    dry[wet] = -1
    # The nearest street lies beyond the water: some other one may not.
    lines = np.asarray(shapely.linestrings(piece.reshape(-1, 2, 2)))
    row, other = shapely.STRtree(lines).query(
        shapely.points(xy[wet]), predicate="dwithin", distance=widest
    )
    on, offset = _feet(piece[other], xy[wet[row]])
    open_ = ~_crosses(tree, xy[wet[row]], on)
    row, other, offset = row[open_], other[open_], offset[open_]
    order = np.lexsort((other, offset, row))
    cell, first = np.unique(row[order], return_index=True)
    dry[wet[cell]] = other[order][first]
    return dry


def _near_water(xy: Floats, tree: shapely.STRtree, widest: float) -> Bools:
    """Return which points lie in a block of cells that water may come near."""
    side = widest * BLOCK_SIDES
    place = np.floor((xy - xy.min(axis=0)) / side).astype(np.int64)
    across = place[:, 0].max() + 1
    number, block_of = np.unique(place[:, 1] * across + place[:, 0], return_inverse=True)
    blocks = np.column_stack([number % across, number // across])
    low = xy.min(axis=0) + blocks * side - widest
    high = low + side + 2 * widest
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    wet = np.zeros(len(number), dtype=np.bool_)
    wet[np.unique(tree.query(boxes, predicate="intersects")[0])] = True
    return np.asarray(wet[block_of])


def _crosses(tree: shapely.STRtree, ends: Floats, others: Floats) -> Bools:
    """Return which of the straight lines between points meet water."""
    found = np.zeros(len(ends), dtype=np.bool_)
    lines = shapely.linestrings(np.stack([ends, others], axis=1))
    found[np.unique(tree.query(lines, predicate="intersects")[0])] = True
    return found
