"""Ground from which something is reached: outlines along streets, and the streets themselves.

The reach of a cell is that of its own place on its own street, so an outline never leaps over a
river or a wall to ground that is near only as the crow flies. Outlines are drawn between the
centres of cells and are true to one cell; the streets are cut exactly where a limit is used up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import contourpy
import numba
import numpy as np
import shapely
from shapely import MultiPolygon

from planning.reach.nearest import Where, nearest, shares_of_edges
from planning.reach.records import NOISE_M, Direction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from planning.reach.cells import Cells
    from planning.reach.nearest import Standing
    from planning.reach.records import Bools, Costs, Floats, Ints, Labels, Network, Objects

HOLE_M2: Final = 1000.0
SIMPLIFIED_M: Final = 1.0
#: Cells that are looked at together for whether one of them lies in a piece of ground.
LOOK: Final = 2000


def reach_of_cells(
    labels: Labels,
    network: Network,
    costs: Costs,
    facilities: Standing,
    cells: Cells,
    direction: Direction,
    beside_cost: float,
) -> Floats:
    """Return what the way of each cell costs; `beside_cost` is that of a metre beside streets."""
    at = Where(
        np.arange(len(cells) + 1, dtype=np.int32),
        cells.edge,
        shares_of_edges(network, cells.edge, cells.at_m),
        cells.offset_m * beside_cost,
    )
    return nearest(labels, network, costs, facilities, at, direction).cost


def areas(
    reach: Floats,
    cells: Cells,
    bands: Sequence[float],
    *,
    beside_cost: float = 1.0,
    water: Sequence[BaseGeometry] | Objects = (),
    hole_m2: float = HOLE_M2,
    simplified_m: float = SIMPLIFIED_M,
) -> list[tuple[float, MultiPolygon]]:
    """Return the ground within each of some limits of what is reached, the narrowest first.

    `reach` is that of the cells, in the unit of `bands`; a metre beside a street costs
    `beside_cost` of it. Each area holds the ones before it. Holes smaller than `hole_m2` are
    filled. Water is no part of it.
    """
    tree = shapely.STRtree(np.array(water, dtype=object)) if len(water) else None
    place = np.divmod(cells.number, np.int32(cells.columns))
    xy = cells.xy
    found: list[tuple[float, MultiPolygon]] = []
    for band in sorted(bands):
        level = np.maximum((reach - band) / beside_cost, cells.offset_m - cells.beside_m)
        outlined = _outlined(level, cells, place, hole_m2)
        # Ten times as fast as keeping the topology; what crosses itself then is rare, and mended.
        simple = shapely.simplify(outlined, simplified_m, preserve_topology=False)
        ground: BaseGeometry = _multi(shapely.GeometryCollection(list(simple)))
        if not ground.is_valid:
            ground = shapely.make_valid(ground, method="structure", keep_collapsed=False)
        if tree is not None:
            within = (reach <= band + NOISE_M) & (cells.offset_m <= cells.beside_m)
            ground = _dry(ground, tree, xy[within])
        if found:
            ground = ground.union(found[-1][1])
        found.append((band, _multi(ground)))
    return found


def rings(found: Sequence[tuple[float, MultiPolygon]]) -> list[tuple[float, float, MultiPolygon]]:
    """Return (from, to, ground) of nested areas: what each limit adds to the one before it."""
    told, inner, before = [], MultiPolygon(), 0.0
    for band, ground in found:
        told.append((before, band, _multi(ground.difference(inner))))
        inner, before = ground, band
    return told


def _multi(ground: BaseGeometry) -> MultiPolygon:
    """Return the areas of a geometry, without the lines and points that overlays leave."""
    parts = shapely.get_parts(ground)
    if len(parts) and (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():
        parts = shapely.get_parts(parts)
    return MultiPolygon(list(parts[shapely.area(parts) > 0]))


def _outlined(level: Floats, cells: Cells, place: tuple[Ints, Ints], hole_m2: float) -> Objects:
    """Return polygons of the ground where the level of cells, in metres, is below zero.

    `place` is the row and the column of each cell.
    """
    # Where streets of different reach lie side by side the outline runs in the middle between them.
    most = 2 * cells.cell_m
    inside = np.flatnonzero(level <= 0)
    if len(inside) == 0:
        return np.empty(0, dtype=object)
    row, column = place
    south, north = row[inside].min() - 1, row[inside].max() + 1
    west, east = column[inside].min() - 1, column[inside].max() + 1
    first, last = np.searchsorted(row, [south, north + 1])
    here = first + np.flatnonzero((column[first:last] >= west) & (column[first:last] <= east))
    z = np.full((north - south + 1, east - west + 1), most)
    z[row[here] - south, column[here] - west] = np.clip(level[here], -most, most)
    lines = contourpy.contour_generator(
        z=z, fill_type=contourpy.FillType.ChunkCombinedOffsetOffset
    ).filled(-2 * most, 0.0)
    points, ring_start, polygon_start = (np.asarray(part[0]) for part in lines)
    xy = np.asarray(cells.origin) + (points + np.array([west, south])) * cells.cell_m
    return _polygons(xy, ring_start.astype(np.int64), polygon_start.astype(np.int64), hole_m2)


def _polygons(xy: Floats, ring_start: Ints, polygon_start: Ints, hole_m2: float) -> Objects:
    """Return polygons of closed rings, the outer ring of each first, without small holes."""
    x, y = (xy - xy.mean(axis=0)).T
    # The last point of a ring is its first, so no product runs over to the next one.
    product = np.append(x[:-1] * y[1:] - x[1:] * y[:-1], 0.0)
    product[ring_start[1:] - 1] = 0.0
    area = np.abs(np.add.reduceat(product, ring_start[:-1])) / 2
    kept = area >= hole_m2
    kept[polygon_start[:-1]] = True
    sizes = np.diff(ring_start)
    polygon_start = np.concatenate([[0], np.cumsum(kept)])[polygon_start]
    starts = np.concatenate([[0], np.cumsum(sizes[kept])])
    return np.asarray(
        shapely.from_ragged_array(
            shapely.GeometryType.POLYGON, xy[np.repeat(kept, sizes)], (starts, polygon_start)
        )
    )


def _dry(ground: BaseGeometry, water: shapely.STRtree, reached: Floats) -> MultiPolygon:
    """Cut water out of ground, and what lies beyond it without a reached cell of its own."""
    polygons = shapely.get_parts(ground)
    of, wet = water.query(polygons, predicate="intersects")
    cut = np.unique(of)
    kept = [polygons[np.setdiff1d(np.arange(len(polygons)), cut)]]
    for number in cut.tolist():
        over = shapely.union_all(water.geometries[wet[of == number]])
        parts = shapely.get_parts(shapely.difference(polygons[number], over))
        kept.append(parts[[_holds_one(part, reached) for part in parts]])
    return MultiPolygon(list(np.concatenate(kept)))


def _holds_one(ground: BaseGeometry, points: Floats) -> bool:
    """Return whether one of the points, which come from south to north, lies on the ground."""
    west, south, east, north = ground.bounds
    shapely.prepare(ground)
    first, last = np.searchsorted(points[:, 1], [south, north + 1e-9])
    x = points[first:last, 0]
    near = first + np.flatnonzero((x >= west) & (x <= east))
    return any(
        shapely.intersects_xy(ground, points[near[first : first + LOOK]]).any()
        for first in range(0, len(near), LOOK)
    )


class Reached(NamedTuple):
    """Stretches of streets, by edge and from tail to head; those of an edge do not touch."""

    edge: Ints
    from_m: Floats
    to_m: Floats


def reached_lines(
    labels: Labels,
    network: Network,
    costs: Costs,
    facilities: Standing,
    direction: Direction,
    limit: float,
) -> Reached:
    """Return the streets from which something is reached within a limit, cut where it is used up.

    In the unit of `costs`. Streets at every level are told, bridges and tunnels too.
    """
    seen = (costs.ahead, costs.back) if direction is Direction.TO else (costs.back, costs.ahead)
    barred = (network.barred & costs.mode.bit) != 0
    edge = np.arange(network.edges, dtype=np.int32)
    ahead, back = seen
    over_tail = np.where(barred[network.tail], np.inf, labels.dist[network.tail])
    over_head = np.where(barred[network.head], np.inf, labels.dist[network.head])
    stretches = [
        _stretch(edge, np.zeros(len(edge)), _share(limit - over_tail, back)),
        _stretch(edge, 1.0 - _share(limit - over_head, ahead), np.ones(len(edge))),
    ]
    on, left = facilities.edge, limit - facilities.beside
    reached = left >= -NOISE_M
    stretches.append(
        _stretch(
            on[reached],
            np.maximum(facilities.share - _share(left, ahead[on]), 0.0)[reached],
            np.minimum(facilities.share + _share(left, back[on]), 1.0)[reached],
        )
    )
    which, begin, end = (np.concatenate(part) for part in zip(*stretches, strict=True))
    order = np.lexsort((begin, which))
    which, begin, end = which[order], begin[order], end[order]
    first = _joined(which, end, begin)
    length = network.length_m[which]
    return Reached(which[first], (begin * length)[first], (end * length)[first])


def _share(left: Floats, cost: Floats) -> Floats:
    """Return the share of an edge that what is left of a limit suffices for: 0 to 1."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(cost > 0, left / cost, np.where(left >= 0, 1.0, 0.0))
    bounded = np.nan_to_num(share, nan=0.0, posinf=1.0, neginf=0.0)
    return np.asarray(np.clip(bounded, 0.0, 1.0))


def _stretch(edge: Ints, begin: Floats, end: Floats) -> tuple[Ints, Floats, Floats]:
    kept = end > begin
    return edge[kept], begin[kept], end[kept]


@numba.njit(cache=True, nogil=True)
def _joined(edge, end, begin):  # type: ignore[no-untyped-def]
    """Join stretches of an edge that touch, given by edge and beginning; return which are left."""
    left = np.ones(len(edge), dtype=np.bool_)
    last = 0
    for k in range(1, len(edge)):
        if edge[k] == edge[last] and begin[k] <= end[last]:
            end[last] = max(end[last], end[k])
            left[k] = False
        else:
            last = k
    return left


def lines_of(network: Network, reached: Reached) -> Objects:
    """Return the stretches as lines."""
    number = np.arange(len(reached.edge))
    first = np.searchsorted(network.piece_edge, reached.edge)
    last = np.searchsorted(network.piece_edge, reached.edge, side="right")
    of = np.repeat(number, last - first)
    piece = np.repeat(first - np.cumsum(last - first) + last - first, last - first)
    piece += np.arange(len(of))
    at = network.piece_at_m[piece]
    bends: Bools = (at > reached.from_m[of]) & (at < reached.to_m[of])
    of, at, piece = of[bends], at[bends], piece[bends]
    ends = [_piece_at(network, reached.edge, metres) for metres in (reached.from_m, reached.to_m)]
    of = np.concatenate([number, of, number])
    at = np.concatenate([reached.from_m, at, reached.to_m])
    piece = np.concatenate([ends[0], piece, ends[1]])
    order = np.argsort(of, kind="stable")
    of, at, piece = of[order], at[order], piece[order]
    line = network.piece[piece]
    along = line[:, 2:] - line[:, :2]
    length = np.hypot(*along.T)
    share = np.divide(
        at - network.piece_at_m[piece], length, out=np.zeros(len(at)), where=length > 0
    )
    return np.asarray(shapely.linestrings(line[:, :2] + along * share[:, None], indices=of))


def _piece_at(network: Network, edge: Ints, metres: Floats) -> Ints:
    """Return the piece of each edge on which a number of metres from its tail lies."""
    begins = np.cumsum(network.length_m) - network.length_m
    piece = np.searchsorted(
        begins[network.piece_edge] + network.piece_at_m, begins[edge] + metres, side="right"
    )
    first = np.searchsorted(network.piece_edge, edge)
    last = np.searchsorted(network.piece_edge, edge, side="right")
    return np.clip(piece - 1, first, last - 1)
