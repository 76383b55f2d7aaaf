"""Cells of grids of heights and the zones they lie in, for all zones at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from rasterio.features import rasterize
from rasterio.features import shapes as shapes_of_cells
from rasterio.transform import from_origin

from planning.conflicts.grounds import common, merged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from rasterio import Affine

    from planning.conflicts.facts import Facts, Grid
    from planning.topology.shapes import Surface

    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Heights = NDArray[np.float32]

#: Ground of cells is put together in squares of so many cells a side, so that a wide flood is not
#: one surface with all its corners.
TILE: Final = 16


@dataclass(frozen=True, eq=False)
class Sampled:
    """Pairs of a zone and a cell whose middle lies in it; a zone without one has its own place's.

    Numbers of cells count row by row. Zones of several plans may hold the same cell.
    """

    zone: Ints
    cell: Ints

    def mean(self, values: NDArray[np.floating], zones: int) -> NDArray[np.float64]:
        """Return the mean of known values in each zone, NaN where none is known."""
        known = ~np.isnan(values)
        sums = np.bincount(self.zone[known], values[known], zones)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(sums / np.bincount(self.zone[known], minlength=zones))

    def largest(self, values: NDArray[np.floating], zones: int) -> NDArray[np.float64]:
        """Return the largest known value in each zone, NaN where none is known."""
        found = np.full(zones, -np.inf)
        known = ~np.isnan(values)
        np.maximum.at(found, self.zone[known], values[known])
        return np.where(np.isinf(found), np.nan, found)

    def known_share(self, values: NDArray[np.floating], zones: int) -> NDArray[np.float64]:
        """Return the share of each zone's cells whose value is known; 0 off the grid."""
        known = np.bincount(self.zone, ~np.isnan(values), zones)
        return np.asarray(known / np.maximum(np.bincount(self.zone, minlength=zones), 1))


def place_of(grid: Grid) -> Affine:
    """Return the map from column and row to east and north."""
    return from_origin(grid.west, grid.north, grid.cell_width, grid.cell_height)


def middles(grid: Grid) -> NDArray[np.float64]:
    """Return the middle of each cell, row by row, in metres."""
    rows, columns = grid.cells.shape
    east = grid.west + (np.arange(columns) + 0.5) * grid.cell_width
    north = grid.north - (np.arange(rows) + 0.5) * grid.cell_height
    return np.column_stack([np.tile(east, rows), np.repeat(north, columns)])


def sampled(facts: Facts, grid: Grid) -> Sampled:
    """Return the cells of each judged zone; worked out once for all rules."""
    return facts.once(f"cells {grid.kind} {grid.key}", lambda facts: _sampled(facts, grid))


def _sampled(facts: Facts, grid: Grid) -> Sampled:
    zones = facts.zones
    found_zone, found_cell = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    rows, columns = grid.cells.shape
    for plan in np.unique(zones.plan[zones.is_judged]).tolist():
        # Zones of one plan share no ground, so one layer of numbers holds them all.
        mine = np.flatnonzero((zones.plan == plan) & zones.is_judged)
        west, south, east, north = shapely.total_bounds(zones.shape[mine])
        left = max(0, int((west - grid.west) // grid.cell_width))
        top = max(0, int((grid.north - north) // grid.cell_height))
        right = min(columns, int((east - grid.west) // grid.cell_width) + 1)
        bottom = min(rows, int((grid.north - south) // grid.cell_height) + 1)
        if left >= right or top >= bottom:
            continue
        layer = rasterize(
            zip(zones.shape[mine], range(1, len(mine) + 1), strict=True),
            (bottom - top, right - left),
            transform=from_origin(
                grid.west + left * grid.cell_width,
                grid.north - top * grid.cell_height,
                grid.cell_width,
                grid.cell_height,
            ),
            dtype=np.int32,
        )
        row, column = np.nonzero(layer)
        found_zone.append(mine[layer[row, column] - 1])
        found_cell.append((row + top) * columns + column + left)
    zone, cell = np.concatenate(found_zone), np.concatenate(found_cell)
    without = np.setdiff1d(np.flatnonzero(zones.is_judged), zone)
    points = shapely.get_coordinates(shapely.point_on_surface(zones.shape[without]))
    column = ((points[:, 0] - grid.west) // grid.cell_width).astype(np.int64)
    row = ((grid.north - points[:, 1]) // grid.cell_height).astype(np.int64)
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    return Sampled(
        np.concatenate([zone, without[inside]]),
        np.concatenate([cell, (row * columns + column)[inside]]),
    )


def ground_of(
    facts: Facts, grid: Grid, cells: Bools, zones: Bools
) -> Iterator[tuple[int, Surface]]:
    """Yield for each of these zones its ground on marked cells, exact along the zone's outline."""
    if not cells.any() or not zones.any():
        return
    rows, columns = cells.shape
    across = -(-columns // TILE)
    row, column = np.arange(rows) // TILE, np.arange(columns) // TILE
    tile = (row[:, None] * across + column[None, :] + 1).astype(np.int32)
    found = shapes_of_cells(tile, mask=cells, transform=place_of(grid))
    pieces = np.array(
        [shapely.Polygon(c[0], c[1:]) for c in (shape["coordinates"] for shape, _ in found)],
        dtype=object,
    )
    asked = np.flatnonzero(zones)
    piece, at = shapely.STRtree(facts.zones.shape[asked]).query(pieces, predicate="intersects")
    zone = asked[at]
    ground = common(pieces[piece], facts.zones.shape[zone])
    yield from merged(zone, ground)


def slopes(grid: Grid) -> Heights:
    """Return the slope of each cell, rise over run, by Horn's method; NaN where unknown.

    A neighbour without a height counts as high as the cell itself (as in landdata.relief).
    """
    heights = grid.cells
    padded = np.pad(heights, 1, constant_values=np.nan)
    rows, columns = heights.shape

    def beside(down: int, right: int) -> Heights:
        near = padded[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        return np.where(np.isnan(near), heights, near)

    east = beside(-1, 1) + 2 * beside(0, 1) + beside(1, 1)
    west = beside(-1, -1) + 2 * beside(0, -1) + beside(1, -1)
    north = beside(-1, -1) + 2 * beside(-1, 0) + beside(-1, 1)
    south = beside(1, -1) + 2 * beside(1, 0) + beside(1, 1)
    to_east = (east - west) / (8 * grid.cell_width)
    to_north = (north - south) / (8 * grid.cell_height)
    return np.asarray(np.hypot(to_east, to_north), dtype=np.float32)


def at_cells_of(grid: Grid, other: Grid) -> Heights:
    """Return the values of another grid at the middles of a grid's cells; NaN off it."""
    if grid.cells.shape == other.cells.shape and (grid.west, grid.north) == (
        other.west,
        other.north,
    ):
        return other.cells
    points = middles(grid)
    column = np.floor((points[:, 0] - other.west) / other.cell_width).astype(np.int64)
    row = np.floor((other.north - points[:, 1]) / other.cell_height).astype(np.int64)
    rows, columns = other.cells.shape
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    found = np.full(len(points), np.nan, dtype=np.float32)
    found[inside] = other.cells[row[inside], column[inside]]
    return found.reshape(grid.cells.shape)
