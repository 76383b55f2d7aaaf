"""Boxes around places in which facts are read, (n, 4) in metres: west, south, east, north."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Boxes = NDArray[np.float64]

#: So many boxes are asked for one by one; more of them are put together first.
MANY_BOXES: Final = 1_000
#: Side of a cell in which plots and works are asked for, in metres, and how many cover a side.
CELL_M: Final = 80.0
MOST_CELLS: Final = 32
ROUNDING_M: Final = 0.1


def box_of(shape: Any) -> Boxes:
    """Return the box around a shape, (1, 4)."""
    return np.asarray(shapely.bounds(shape)).reshape(1, 4)


def cells_over(shape: Any) -> Boxes:
    """Return boxes that cover a shape: of a street with bends much less than the one around it."""
    west, south, east, north = shapely.bounds(shape)
    size = max(CELL_M, max(east - west, north - south) / MOST_CELLS)
    columns, rows = max(1, ceil((east - west) / size)), max(1, ceil((north - south) / size))
    if columns * rows == 1:
        return box_of(shape)
    column, row = (place.ravel() for place in np.meshgrid(np.arange(columns), np.arange(rows)))
    low = np.stack([west + column * size, south + row * size], axis=1)
    # What rounding takes out of one cell is in the next.
    cells = wider(np.hstack([low, low + size]), ROUNDING_M)
    shapely.prepare(shape)
    return np.asarray(cells[shapely.intersects(shape, shapely.box(*cells.T))])


def few(boxes: Boxes) -> Boxes:
    """Return the boxes that no other one covers, put together where there are many."""
    once: Boxes = np.unique(boxes, axis=0)
    if len(once) > MANY_BOXES:
        return merged(once)
    low, high = once[:, :2], once[:, 2:]
    covers = (low[:, None] <= low[None]).all(axis=2) & (high[:, None] >= high[None]).all(axis=2)
    return np.asarray(once[covers.sum(axis=0) == 1])


def merged(boxes: Boxes) -> Boxes:
    """Return the boxes around what hangs together of boxes: fewer, and they cover no less."""
    joined = boxes
    while len(joined):
        parts = shapely.get_parts(shapely.union_all(shapely.box(*joined.T)))
        found = np.asarray(shapely.bounds(parts)).reshape(-1, 4)
        if len(found) == len(joined):
            break
        joined = found
    return joined


def wider(boxes: Boxes, by_m: float) -> Boxes:
    """Return boxes that reach farther on every side."""
    larger: Boxes = boxes + np.array([-by_m, -by_m, by_m, by_m])
    return larger


def meets(shape: Any, boxes: Boxes) -> bool:
    """Whether the box around a shape meets one of the boxes."""
    west, south, east, north = shapely.bounds(shape)
    apart = (boxes[:, 0] > east) | (boxes[:, 2] < west)
    apart |= (boxes[:, 1] > north) | (boxes[:, 3] < south)
    return bool((~apart).any())
