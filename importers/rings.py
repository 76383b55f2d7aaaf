"""Put rings together to polygons and say, row by row, what cannot be measured.

A ring that breaks a rule is not mended: the received record stays the record, and the row says
why its boundary cannot be used. Coordinates are (east, north) in metres of the file's system.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_SHAPE: Final = "geometry_missing"
#: In the order in which they are looked for; the first that holds is reported.
_PROBLEMS: Final = (
    "ring_parts_broken",
    "ring_not_finite",
    "ring_too_short",
    "ring_open",
    "ring_order",
)


@dataclass(frozen=True)
class RingTable:
    """Rings of many shapes: counts per shape, first point of each ring within its shape."""

    part_counts: NDArray[np.int64]
    point_counts: NDArray[np.int64]
    first_points: NDArray[np.int64]
    coordinates: NDArray[np.float64]


def assemble(table: RingTable) -> dict[str, pa.Array]:
    """Return columns `shape` (WKB of a multipolygon), `problem`, `where`, `area_m2` and the box.

    `shape` is null where no polygon can be built. `problem` is a code or null; `where` is the
    place GEOS names. The box of all points is there whenever they are finite.
    """
    count = len(table.part_counts)
    problems = np.full(count, None, object)
    problems[(table.part_counts == 0) | (table.point_counts == 0)] = NO_SHAPE
    shapes = np.full(count, None, object)
    boxes = np.full((count, 4), np.nan)
    good = np.flatnonzero(problems == None)  # noqa: E711  (compares element by element)
    if len(good):
        _build(table, good, problems, shapes, boxes)
    return findings(shapes, problems, boxes)


def findings(
    shapes: NDArray[Any], problems: NDArray[Any], boxes: NDArray[np.float64]
) -> dict[str, pa.Array]:
    """Return the columns of `assemble` for shapes that are built; sets `ring_invalid` by GEOS."""
    there = ~shapely.is_missing(shapes)
    broken = there & ~shapely.is_valid(shapes)
    where = np.full(len(shapes), None, object)
    if broken.any():
        where[broken] = shapely.is_valid_reason(shapes[broken])
        problems[broken] = "ring_invalid"
    areas = np.where(there & ~broken, shapely.area(shapes), np.nan)
    measured = areas > 0
    flat = there & ~broken & ~measured
    problems[flat] = "ring_without_area"
    return {
        **described(shapes, problems, boxes),
        "where": pa.array(where, pa.string()),
        "area_m2": pa.array(areas, pa.float64(), mask=~measured),
    }


def described(
    shapes: NDArray[Any], problems: NDArray[Any], boxes: NDArray[np.float64]
) -> dict[str, pa.Array]:
    """Return the columns `shape`, `problem` and the box, for shapes of any kind."""
    return {
        "shape": pa.array(shapely.to_wkb(shapes, output_dimension=2), pa.binary()),
        "problem": pa.array(problems, pa.string()),
        **{
            side: pa.array(boxes[:, at], pa.float64(), from_pandas=True)
            for at, side in enumerate(("west", "south", "east", "north"))
        },
    }


def _build(
    table: RingTable,
    good: NDArray[np.int64],
    problems: NDArray[Any],
    shapes: NDArray[Any],
    boxes: NDArray[np.float64],
) -> None:
    shape_of_ring = np.repeat(np.arange(len(problems)), table.part_counts)
    shape_starts = np.cumsum(table.point_counts) - table.point_counts
    starts = table.first_points + shape_starts[shape_of_ring]
    ends = _ring_ends(table, shape_of_ring, starts, shape_starts)
    in_order = (
        (table.first_points >= 0)
        & (table.first_points < table.point_counts[shape_of_ring])
        & (ends > starts)
    )
    in_order[_first_rings(shape_of_ring)] &= table.first_points[_first_rings(shape_of_ring)] == 0
    _mark(problems, shape_of_ring[~in_order], _PROBLEMS[0])

    finite = np.isfinite(table.coordinates).all(axis=1)
    shape_of_point = np.repeat(np.arange(len(problems)), table.point_counts)
    _mark(problems, shape_of_point[~finite], _PROBLEMS[1])
    _note_boxes(boxes, table.coordinates, good, shape_starts[good], problems)

    usable = in_order & (problems[shape_of_ring] == None)  # noqa: E711
    _mark(problems, shape_of_ring[usable & (ends - starts < 4)], _PROBLEMS[2])
    usable &= ends - starts >= 4
    closed = np.zeros(len(starts), bool)
    closed[usable] = (table.coordinates[starts[usable]] == table.coordinates[ends[usable] - 1]).all(
        axis=1
    )
    _mark(problems, shape_of_ring[usable & ~closed], _PROBLEMS[3])

    ring_is_good = problems[shape_of_ring] == None  # noqa: E711
    ring_shapes = shape_of_ring[ring_is_good]
    if not len(ring_shapes):
        return
    ring_starts, ring_ends = starts[ring_is_good], ends[ring_is_good]
    lengths = ring_ends - ring_starts
    offsets = np.cumsum(lengths) - lengths
    places = np.repeat(ring_starts - offsets, lengths) + np.arange(int(lengths.sum()))
    coordinates = table.coordinates[places]
    made: NDArray[Any] = shapely.linearrings(  # type: ignore[assignment]  # an array, given indices
        coordinates, indices=np.repeat(np.arange(len(lengths)), lengths)
    )
    _polygons(made, _is_outer(coordinates, offsets, ring_shapes), ring_shapes, problems, shapes)


def _ring_ends(
    table: RingTable,
    shape_of_ring: NDArray[np.int64],
    starts: NDArray[np.int64],
    shape_starts: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return where each ring ends: where the next begins, or its shape ends."""
    ends = (shape_starts + table.point_counts)[shape_of_ring]
    followed = np.flatnonzero(shape_of_ring[1:] == shape_of_ring[:-1])
    ends[followed] = np.minimum(starts[followed + 1], ends[followed])
    return ends


def _first_rings(shape_of_ring: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.flatnonzero(np.r_[True, shape_of_ring[1:] != shape_of_ring[:-1]])


def _mark(problems: NDArray[Any], shapes: NDArray[np.int64], problem: str) -> None:
    shapes = np.unique(shapes)
    problems[shapes[problems[shapes] == None]] = problem  # noqa: E711


def _note_boxes(
    boxes: NDArray[np.float64],
    coordinates: NDArray[np.float64],
    shapes: NDArray[np.int64],
    starts: NDArray[np.int64],
    problems: NDArray[Any],
) -> None:
    # reduceat takes runs between starts, so only shapes that have points may be given.
    boxes[shapes, :2] = np.minimum.reduceat(coordinates, starts)
    boxes[shapes, 2:] = np.maximum.reduceat(coordinates, starts)
    boxes[problems == _PROBLEMS[1]] = np.nan


def _is_outer(
    coordinates: NDArray[np.float64], offsets: NDArray[np.int64], ring_shapes: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which rings run clockwise; the only ring of a shape is its outer one either way."""
    lengths = np.diff(np.r_[offsets, len(coordinates)])
    # Around the first point: eight digits before the point would cost the small ones after it.
    x, y = (coordinates - np.repeat(coordinates[offsets], lengths, axis=0)).T
    cross = np.r_[x[:-1] * y[1:] - x[1:] * y[:-1], 0.0]
    cross[offsets[1:] - 1] = 0.0
    clockwise = np.add.reduceat(cross, offsets) < 0
    alone = np.bincount(ring_shapes)[ring_shapes] == 1
    outer: NDArray[np.bool_] = clockwise | alone
    return outer


def _polygons(
    made: NDArray[Any],
    outer: NDArray[np.bool_],
    ring_shapes: NDArray[np.int64],
    problems: NDArray[Any],
    shapes: NDArray[Any],
) -> None:
    outers = np.bincount(ring_shapes, outer, len(shapes)).astype(np.int64)
    inners = np.bincount(ring_shapes, ~outer, len(shapes)).astype(np.int64)
    _mark(problems, np.flatnonzero((outers == 0) & (inners > 0)), _PROBLEMS[4])
    # Which polygon a ring belongs to: its own if outer, the only one of its shape, or the one
    # around it.
    polygon = np.cumsum(outer) - 1
    for ring in np.flatnonzero(~outer & (outers[ring_shapes] > 1)):
        around = _around(
            made, int(ring), np.flatnonzero(outer & (ring_shapes == ring_shapes[ring]))
        )
        if around is None:
            _mark(problems, ring_shapes[ring : ring + 1], _PROBLEMS[4])
        else:
            polygon[ring] = polygon[around]
    only = ~outer & (outers[ring_shapes] == 1)
    first_polygon = np.zeros(len(shapes), np.int64)
    first_polygon[ring_shapes[outer][::-1]] = polygon[outer][::-1]
    polygon[only] = first_polygon[ring_shapes[only]]

    good = problems[ring_shapes] == None  # noqa: E711
    if not good.any():
        return
    # A stable sort by polygon, outer rings first, is the order that shapely takes.
    chosen = np.flatnonzero(good)
    chosen = chosen[np.lexsort((~outer[chosen], polygon[chosen]))]
    numbers, dense = np.unique(polygon[chosen], return_inverse=True)
    polygons = np.asarray(shapely.polygons(made[chosen], indices=dense))
    shape_of_polygon = ring_shapes[outer][numbers]
    kept, dense_shapes = np.unique(shape_of_polygon, return_inverse=True)
    order = np.argsort(dense_shapes, kind="stable")
    shapes[kept] = shapely.multipolygons(polygons[order], indices=dense_shapes[order])


def _around(made: NDArray[Any], hole: int, candidates: NDArray[np.int64]) -> int | None:
    """Return the smallest outer ring that holds the hole, or None."""
    polygons = shapely.polygons(made[candidates])
    holding = shapely.covers(polygons, shapely.polygons(made[hole]))
    if not holding.any():
        return None
    areas = np.where(holding, shapely.area(polygons), np.inf)
    return int(candidates[areas.argmin()])
