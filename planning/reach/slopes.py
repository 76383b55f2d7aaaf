"""Heights along streets: what is climbed and dropped from one end of an edge to the other.

Heights are read at bends and at equal steps between, then averaged over a stretch: a terrain model
has decimetres of noise, which would make hills of flat streets. Bridges and tunnels are straight
between their ends, whatever the ground does. Where a height is not known the street counts as level
and says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numba
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planning.reach.parameters import SlopeParameters
    from planning.reach.records import Floats, Ints, Network, Singles


class Heights(Protocol):
    """Heights in metres in cells, the first row in the north; NaN where they are not known.

    `west` and `north` are the outer corner of the first cell.
    """

    @property
    def cells(self) -> NDArray[np.float32]: ...
    @property
    def west(self) -> float: ...
    @property
    def north(self) -> float: ...
    @property
    def cell_width(self) -> float: ...
    @property
    def cell_height(self) -> float: ...


class Stations(NamedTuple):
    """Points along edges, those of an edge behind each other, both its ends among them."""

    edge: Ints
    at_m: Floats
    #: (stations, 2)
    xy: Floats


def with_slopes(
    network: Network,
    grids: Sequence[Heights],
    parameters: SlopeParameters,
    edges: Sequence[int] | None = None,
) -> Network:
    """Return a network with heights of its nodes and climbs of its edges, or of some of them."""
    if edges is not None:
        part = with_slopes(_only(network, np.array(edges)), grids, parameters)
        columns = {}
        for name in ("climb_m", "drop_m", "slope_known"):
            columns[name] = getattr(network, name).copy()
            columns[name][list(edges)] = getattr(part, name)
        return replace(network, height_m=part.height_m, **columns)
    height_m = heights_at(network.xy, grids)
    rise = (height_m[network.head] - height_m[network.tail]).astype(np.float64)
    climb, drop = np.maximum(rise, 0.0), np.maximum(-rise, 0.0)
    stations = stations_of(network, parameters.step_m)
    heights = heights_at(stations.xy, grids).astype(np.float64)
    smooth = _smoothed(stations, heights, parameters.smooth_m)
    step = np.diff(smooth)
    inner = stations.edge[1:] == stations.edge[:-1]
    of = stations.edge[1:][inner]
    on_ground = network.level == 0
    for total, sign in ((climb, 1.0), (drop, -1.0)):
        steps = np.bincount(of, np.maximum(sign * step[inner], 0.0), minlength=network.edges)
        total[on_ground] = steps[on_ground]
    most = parameters.steepest * network.length_m
    both = climb + drop
    factor = np.divide(most, both, out=np.ones(network.edges), where=both > most)
    known = np.isfinite(both)
    return replace(
        network,
        height_m=height_m,
        climb_m=np.where(known, climb * factor, 0.0).astype(np.float32),
        drop_m=np.where(known, drop * factor, 0.0).astype(np.float32),
        slope_known=known,
    )


def _only(network: Network, edges: NDArray[np.int64]) -> Network:
    """Return a network with some of its edges, as far as slopes read it."""
    rows = np.flatnonzero(np.isin(network.piece_edge, edges))
    return replace(
        network,
        tail=network.tail[edges],
        head=network.head[edges],
        length_m=network.length_m[edges],
        level=network.level[edges],
        piece=network.piece[rows],
        piece_edge=np.searchsorted(edges, network.piece_edge[rows]).astype(np.int32),
        piece_at_m=network.piece_at_m[rows],
    )


def heights_at(xy: Floats, grids: Sequence[Heights]) -> Singles:
    """Return heights between the centres of cells, of the finest grid that knows; NaN for none."""
    found = np.full(len(xy), np.nan)
    for grid in sorted(grids, key=lambda one: one.cell_width * one.cell_height):
        open_rows = np.flatnonzero(np.isnan(found))
        if not len(open_rows):
            break
        found[open_rows] = _between_cells(xy[open_rows], grid)
    return found.astype(np.float32)


def stations_of(network: Network, step_m: float) -> Stations:
    """Return points of all edges: where they bend, and so often that none is a step apart."""
    piece = network.piece
    long = np.hypot(piece[:, 2] - piece[:, 0], piece[:, 3] - piece[:, 1])
    many = np.maximum(1, np.ceil(long / step_m).astype(np.int64))
    is_last = np.append(network.piece_edge[1:] != network.piece_edge[:-1], True)
    points = many + is_last
    row = np.repeat(np.arange(len(piece)), points)
    share = (np.arange(points.sum()) - np.repeat(np.cumsum(points) - points, points)) / many[row]
    return Stations(
        network.piece_edge[row],
        network.piece_at_m[row] + share * long[row],
        piece[row, :2] + share[:, None] * (piece[row, 2:] - piece[row, :2]),
    )


def _between_cells(xy: Floats, grid: Heights) -> Floats:
    rows, columns = grid.cells.shape
    across = (xy[:, 0] - grid.west) / grid.cell_width - 0.5
    down = (grid.north - xy[:, 1]) / grid.cell_height - 0.5
    inside = (across >= -0.5) & (across <= columns - 0.5) & (down >= -0.5) & (down <= rows - 0.5)
    # In the outer half of the outermost cells there is nothing to go between.
    across, down = np.clip(across, 0, columns - 1), np.clip(down, 0, rows - 1)
    left = np.clip(across.astype(np.int64), 0, max(columns - 2, 0))
    top = np.clip(down.astype(np.int64), 0, max(rows - 2, 0))
    right, bottom = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
    x, y = across - left, down - top
    total = np.zeros(len(xy))
    for r, c, weight in (
        *((top, left, (1 - x) * (1 - y)), (top, right, x * (1 - y))),
        *((bottom, left, (1 - x) * y), (bottom, right, x * y)),
    ):
        # An unknown cell that has no part in a point does not make it unknown.
        total += np.where(weight > 0, grid.cells[r, c] * weight, 0.0)
    return np.where(inside, total, np.nan)


def _smoothed(stations: Stations, heights: Floats, smooth_m: float) -> Floats:
    """Return heights averaged along their edge over `smooth_m`, less towards its ends.

    At an end nothing is averaged, so that streets which meet there meet at one height. Edges do not
    know of each other: what one gets is the same in any network. One with an unknown height is
    unknown all along.
    """
    first = np.flatnonzero(np.diff(stations.edge, prepend=-1)).astype(np.int64)
    smooth = np.empty(len(heights))
    bounds = np.append(first, len(heights))
    _smooth(bounds, stations.at_m, heights, smooth_m / 2, smooth)
    return smooth


@numba.njit(cache=True, nogil=True)
def _smooth(bounds, at_m, heights, most, out):  # type: ignore[no-untyped-def]
    """Average the heights of each edge from half a stretch before a station to half behind."""
    for k in range(len(bounds) - 1):
        first, last = bounds[k], bounds[k + 1] - 1
        area = np.zeros(last - first + 1)
        is_known = not np.isnan(heights[first])
        for n in range(first + 1, last + 1):
            wide = at_m[n] - at_m[n - 1]
            area[n - first] = area[n - first - 1] + wide * (heights[n] + heights[n - 1]) / 2
            is_known = is_known and not np.isnan(heights[n])
        low, high = first, first
        for n in range(first, last + 1):
            half = max(0.0, min(most, at_m[n], at_m[last] - at_m[n]))
            if not is_known or half == 0.0:
                out[n] = heights[n] if is_known else np.nan
                continue
            while low < last - 1 and at_m[low + 1] <= at_m[n] - half:
                low += 1
            while high < last - 1 and at_m[high + 1] <= at_m[n] + half:
                high += 1
            before = _area_to(area, at_m, heights, first, low, at_m[n] - half)
            behind = _area_to(area, at_m, heights, first, high, at_m[n] + half)
            out[n] = (behind - before) / (2 * half)


@numba.njit(cache=True, nogil=True)
def _area_to(area, at_m, heights, first, n, asked):  # type: ignore[no-untyped-def]
    """Return the area beneath the heights of an edge up to a place behind station n."""
    wide, along = at_m[n + 1] - at_m[n], asked - at_m[n]
    rise = (heights[n + 1] - heights[n]) / wide if wide > 0 else 0.0
    return area[n - first] + along * (heights[n] + rise * along / 2)
