"""All faults of a plan, from its zones and its extent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from planning.topology.boundaries import as_surface, mend, plain_surfaces, splinters
from planning.topology.edges import open_lines
from planning.topology.faults import OVERLAP_M2, Fault, Kind, faults_on, worst_first
from planning.topology.shapes import AROUND_M, ROUNDING_M, as_array, points_in, surfaces, together

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from planning.topology.shapes import Surface

#: How far from the core of a gap a zone may lie that is around the gap, in m. Corners of the core
#: lie further in than its sides, those of 12° ten times as far.
CORE_REACH_M: Final = 10 * AROUND_M
#: Interiors meet, whatever else does (DE-9IM).
_SHARE_GROUND: Final = "T********"


def check(zones: Mapping[str, BaseGeometry | None], extent: BaseGeometry) -> list[Fault]:
    """Return all faults of a plan, the largest first.

    >>> from shapely import box
    >>> zones = {"A": box(0, 0, 50, 100), "B": box(40, 0, 90, 100)}
    >>> [(f.kind.value, f.zones, f.area_m2) for f in check(zones, box(0, 0, 100, 100))]
    [('gap', ('B',), 1000.0), ('overlap', ('A', 'B'), 1000.0)]
    """
    return check_arrays(as_array(zones.values()), list(zones), extent)


def check_arrays(
    shapes: NDArray[np.object_], names: Sequence[str], extent: BaseGeometry
) -> list[Fault]:
    """Return all faults of a plan whose zones stand in two arrays, the largest first."""
    extent = as_surface(extent)
    grounds, lines, faults = _read(shapes, names, extent)
    if not len(lines):
        return worst_first(faults)
    tree = shapely.STRtree(grounds)
    faces = faces_between(lines)
    inside = points_in(faces)
    face, _ = zones_under(inside, tree)
    zones_on = np.bincount(face, minlength=len(faces))
    shapely.prepare(extent)
    in_plan = shapely.intersects(extent, inside)

    faults += _gaps(tree, names, connected(faces[in_plan & (zones_on == 0)]))
    # Ground where two surfaces lie, of which one may be the world beyond. A face of it may lie on
    # both sides of the rim, if a zone's edge follows the rim there and another zone leads across.
    crowded = faces[zones_on + ~in_plan > 1]
    one, other = _pairs(tree, crowded)
    shared = shared_ground(grounds, one, grounds, other)
    faults += faults_on(Kind.OVERLAP, [((names[a], names[b]), ground) for a, b, ground in shared])
    _, loose = tree.query(crowded[~shapely.covers(extent, crowded)], predicate="intersects")
    left = beyond(grounds, np.unique(loose), extent)
    faults += faults_on(Kind.OUTSIDE, [([names[k]], ground) for k, ground in left])
    return worst_first(faults)


def _read(
    shapes: NDArray[np.object_], names: Sequence[str], extent: BaseGeometry
) -> tuple[NDArray[np.object_], NDArray[np.object_], list[Fault]]:
    """Return the ground of each zone, the open edges, and what is wrong with each zone alone."""
    grounds = plain_surfaces(shapes)
    # As long as the comparison of edges takes, which it leaves to another core.
    with ThreadPoolExecutor(max_workers=1) as other_core:
        valid = other_core.submit(shapely.is_valid, grounds)
        lines = open_lines(grounds, extent)
        unsound = np.flatnonzero(~valid.result())
    faults: list[Fault] = []
    if len(unsound):
        grounds[unsound], faults = mend(shapes, unsound, names, extent)
        lines = open_lines(grounds, extent)
    return grounds, lines, faults + splinters(grounds, names)


def _gaps(tree: shapely.STRtree, names: Sequence[str], bare: NDArray[np.object_]) -> list[Fault]:
    bare = bare[shapely.area(bare) > OVERLAP_M2]
    gap, zone = tree.query(core(bare), predicate="dwithin", distance=CORE_REACH_M)
    around = np.split(zone, np.searchsorted(gap, np.arange(1, len(bare))))
    found = [
        ([names[k] for k in numbers], ground) for ground, numbers in zip(bare, around, strict=False)
    ]
    return faults_on(Kind.GAP, found)


def faces_between(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the surfaces into which lines divide the world, without the endless one."""
    return surfaces(shapely.polygonize(shapely.get_parts(shapely.union_all(lines))))


def zones_under(inside: NDArray[np.object_], tree: shapely.STRtree) -> NDArray[np.intp]:
    """Return which points inside faces lie in which zones, as two rows of numbers.

    An edge that two zones share, one with a corner more, may run through a face, and a point
    between its two courses would lie in neither zone. Points inside a face are off its outline by
    more than rounding, so any zone as near as that is on the face or on both sides of such an edge.
    """
    pairs: NDArray[np.intp] = tree.query(inside, predicate="dwithin", distance=ROUNDING_M)
    return pairs


def connected(faces: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the surfaces that faces form where they are joined along their edges."""
    if not len(faces):
        return faces
    # They have their corners in common, so that nothing has to be computed anew.
    found = surfaces(shapely.coverage_union_all(faces))
    cores = core(found)
    whole = shapely.get_num_geometries(cores) == 1
    pieces = [found[whole]]
    for k in np.flatnonzero(~whole):
        # Cracks of rounding are no connection. What shrinking took away is given back.
        parts = shapely.buffer(shapely.get_parts(cores[k]), AROUND_M, join_style="mitre")
        pieces.append(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
    return np.concatenate(pieces)


def core(grounds: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return grounds without cracks of rounding, and hardly smaller for that."""
    inner = shapely.buffer(grounds, -AROUND_M, join_style="mitre")
    return np.where(shapely.is_empty(inner), grounds, inner)


def _pairs(
    tree: shapely.STRtree, faces: NDArray[np.object_]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs of zones that may share ground of the faces, each once."""
    face, zone = tree.query(faces, predicate="intersects")
    meet = shapely.relate_pattern(faces[face], tree.geometries[zone], _SHARE_GROUND)
    face, zone = face[meet], zone[meet]
    found = [np.empty((0, 2), dtype=np.intp)]
    for members in np.split(zone, np.flatnonzero(np.diff(face)) + 1) if len(face) else []:
        if len(members) == 2:
            found.append(members[None, :])
            continue
        one, other = shapely.STRtree(tree.geometries[members]).query(
            tree.geometries[members], predicate="intersects"
        )
        found.append(members[np.stack([one, other], axis=1)[one < other]])
    pairs = np.unique(np.sort(np.concatenate(found), axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1]


def shared_ground(
    some: NDArray[np.object_],
    one: NDArray[np.intp],
    others: NDArray[np.object_],
    other: NDArray[np.intp],
) -> list[tuple[int, int, Surface]]:
    """Return which of the pairs share ground beyond the tolerance, and that ground."""
    common = shapely.intersection(some[one], others[other])
    large = np.flatnonzero(shapely.area(common) > OVERLAP_M2)
    return [
        (int(one[k]), int(other[k]), together(parts))
        for k in large
        if len(parts := surfaces(common[k]))
    ]


def beyond(
    grounds: NDArray[np.object_], numbers: NDArray[np.intp], extent: BaseGeometry
) -> list[tuple[int, Surface]]:
    """Return which of the numbered surfaces leave the extent beyond the tolerance, and where."""
    rest = shapely.difference(grounds[numbers], extent)
    large = np.flatnonzero(shapely.area(rest) > OVERLAP_M2)
    return [(int(numbers[k]), together(parts)) for k in large if len(parts := surfaces(rest[k]))]
