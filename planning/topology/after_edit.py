"""What an edit does to the faults of a plan, from the zones around it alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from planning.topology.boundaries import as_surface, mend, plain_surfaces, splinters
from planning.topology.edges import open_lines
from planning.topology.faults import OVERLAP_M2, Fault, Kind, faults_on, worst_first
from planning.topology.shapes import as_array, points_in, surfaces
from planning.topology.whole import (
    CORE_REACH_M,
    beyond,
    connected,
    core,
    faces_between,
    shared_ground,
    zones_under,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from planning.topology.shapes import Surface

    Zones = Mapping[str, BaseGeometry | None]

#: Two computations of the same ground may differ by this much, in m².
SAME_M2: Final = 1e-6
#: How far over the rim of what we know we glimpse, in m, to see whether a crack leads on.
GLIMPSE_M: Final = 1e-5
#: How far we look at first where a crack leads on, in m, each time twice as far, and how often.
LOOK_M: Final = 50.0
LOOKS: Final = 6


@dataclass(frozen=True)
class Recheck:
    """Which faults an edit solves or alters, which it brings or leaves altered, and the others."""

    gone: list[Fault]
    come: list[Fault]
    kept: list[Fault]


@dataclass
class _Place:
    """The zones around an edit as they are after it: those changed, then those near."""

    changed: frozenset[str]
    names: list[str]
    grounds: NDArray[np.object_]
    #: How many of them the edit drew.
    drawn: int
    #: What the boxes of the changed zones were before and are after it. A gap they only touch from
    #: outside the plan keeps its ground, and yet the zones around it change.
    boxes: BaseGeometry
    #: The ground of the plan that we look at: in the boxes, and where a crack leads on.
    region: BaseGeometry
    extent: BaseGeometry
    zones_at: Callable[[BaseGeometry], Zones] | None
    own: list[Fault] = field(default_factory=list)


def recheck(
    known: Sequence[Fault],
    *,
    before: Zones,
    after: Zones,
    near: Zones,
    extent: BaseGeometry,
    zones_at: Callable[[BaseGeometry], Zones] | None = None,
) -> Recheck:
    """Return how the faults change, as `check` before and after the edit would show it.

    `before` and `after` hold the changed zones only; one that is in `before` alone was removed,
    one in `after` alone is new. `near` must hold every unchanged zone whose box meets the box of
    one of them; `known` every fault that names a changed zone, and every gap whose box meets one
    of these boxes. It may hold more.

    A gap may reach far from the edit, where we know which zones are around it but not where. If
    the edit cuts such a gap in pieces, `zones_at` is asked which zones meet the box of a piece;
    without it the largest piece keeps their names. It is asked too where ground that the edit
    freed meets a crack too small to be a fault that leads away; without it the crack counts as
    far as the box of the edit.
    """
    place = _place(before, after, near, as_surface(extent), zones_at)
    touched = {id(f) for f in known if f.kind != Kind.GAP and not place.changed.isdisjoint(f.zones)}
    gaps = _gaps_at(place, [f for f in known if f.kind == Kind.GAP])
    touched |= {id(gap) for gap in gaps}

    new = [*place.own, *_overlaps(place), *_outside(place), *_gaps(place, gaps)]
    old = [f for f in known if id(f) in touched]
    kept = [f for f in known if id(f) not in touched]
    come = []
    for found in new:
        same = next((f for f in old if _is_same(f, found)), None)
        if same is None:
            come.append(found)
        else:
            old.remove(same)
            kept.append(same)
    return Recheck(gone=worst_first(old), come=worst_first(come), kept=worst_first(kept))


def _place(
    before: Zones,
    after: Zones,
    near: Zones,
    extent: BaseGeometry,
    zones_at: Callable[[BaseGeometry], Zones] | None,
) -> _Place:
    changed = frozenset(before) | frozenset(after)
    around = {name: shape for name, shape in near.items() if name not in changed}
    shapes, names = as_array(after.values()), list(after)
    drawn = plain_surfaces(shapes)
    unsound = np.flatnonzero(~shapely.is_valid(drawn))
    drawn[unsound], own = mend(shapes, unsound, names, extent)
    own += splinters(drawn, names)
    grounds = np.concatenate([drawn, as_array(as_surface(s) for s in around.values())])
    was = as_array(as_surface(shape) for shape in before.values())
    boxes = shapely.union_all(shapely.envelope(np.concatenate([was, drawn])))
    region = _ground(shapely.intersection(boxes, extent))
    names = [*after, *around]
    return _Place(changed, names, grounds, len(drawn), boxes, region, extent, zones_at, own)


def _overlaps(place: _Place) -> list[Fault]:
    one, other = shapely.STRtree(place.grounds).query(
        place.grounds[: place.drawn], predicate="intersects"
    )
    once = one < other
    one, other = one[once], other[once]
    shared = shared_ground(place.grounds, one, place.grounds, other)
    return faults_on(
        Kind.OVERLAP, [((place.names[a], place.names[b]), ground) for a, b, ground in shared]
    )


def _outside(place: _Place) -> list[Fault]:
    shapely.prepare(place.extent)
    loose = np.flatnonzero(~shapely.covers(place.extent, place.grounds[: place.drawn]))
    left = beyond(place.grounds, loose, place.extent)
    return faults_on(Kind.OUTSIDE, [([place.names[k]], ground) for k, ground in left])


def _gaps_at(place: _Place, gaps: list[Fault]) -> list[Fault]:
    """Return the gaps whose ground an edit may change, or the zones around them."""
    grounds = as_array(gap.surface for gap in gaps)
    near = shapely.dwithin(grounds, place.boxes, CORE_REACH_M)
    return [gap for gap, is_near in zip(gaps, near, strict=True) if is_near]


def _gaps(place: _Place, gaps: list[Fault]) -> list[Fault]:
    """Return the gaps that there are now where those given were, and where ground was freed."""
    old = as_array(gap.surface for gap in gaps)
    bare, inside = _bare(place, old)
    pieces = connected(bare)
    # How much ground each piece has of each old gap.
    share = np.zeros((len(gaps), len(pieces)))
    face, piece = shapely.STRtree(pieces).query(inside, predicate="intersects")
    piece_of = np.full(len(bare), -1)
    piece_of[face] = piece
    face, gap = shapely.STRtree(old).query(inside, predicate="intersects")
    np.add.at(share, (gap, piece_of[face]), shapely.area(bare[face]))
    return _pieces(place, gaps, pieces, share)


def _bare(
    place: _Place, old: NDArray[np.object_]
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return the ground without a zone in the region of the edit and in the old gaps, in faces.

    With what was freed it may hang together with a crack too small to be a fault, of which we
    know nothing where it leads away. Then we look further. Also returned is a point in each face.
    """
    edited = place.region
    for look in range(LOOKS):
        tree = shapely.STRtree(place.grounds)
        # As in a whole check; here only zones can be on the other side of an edge.
        outlines = shapely.boundary(np.append(old, as_array([place.region])))
        lines = np.concatenate([open_lines(place.grounds, shapely.Polygon()), outlines])
        bare = faces_between(lines)
        inside = points_in(bare)
        in_old = np.zeros(len(bare), dtype=bool)
        in_old[shapely.STRtree(old).query(inside, predicate="intersects")[0]] = True
        is_bare = shapely.intersects(place.region, inside) | in_old
        is_bare[zones_under(inside, tree)[0]] = False
        bare, inside, in_old = bare[is_bare], inside[is_bare], in_old[is_bare]
        if place.zones_at is None:
            break
        leads_on = _leads_on(place, bare, tree, old) & ~in_old
        if not leads_on.any():
            break
        for part in bare[leads_on]:
            box = shapely.envelope(shapely.buffer(part, LOOK_M * 2**look))
            _take_in(place, box, place.zones_at(box))
    # Further away may be other gaps, which the edit has nothing to do with.
    at_edit = in_old | shapely.intersects(edited, bare)
    return bare[at_edit], inside[at_edit]


def _leads_on(
    place: _Place, faces: NDArray[np.object_], tree: shapely.STRtree, old: NDArray[np.object_]
) -> NDArray[np.bool_]:
    """Return which faces go on beyond the region, as far as points beside their edges tell."""
    rings, face = shapely.get_rings(faces, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    edge = np.flatnonzero(ring[1:] == ring[:-1])
    along = corners[edge + 1] - corners[edge]
    aside = along[:, ::-1] * (1, -1) * (GLIMPSE_M / np.hypot(*along.T))[:, None]
    middle = corners[edge] + along / 2
    beside = shapely.points(np.concatenate([middle + aside, middle - aside]))
    within, seen = (shapely.intersects(ground, beside) for ground in (place.extent, place.region))
    unknown = np.asarray(within & ~seen)
    unknown[tree.query(beside, predicate="intersects")[0]] = False
    unknown[shapely.STRtree(old).query(beside, predicate="intersects")[0]] = False
    leads_on = np.zeros(len(faces), dtype=bool)
    leads_on[np.tile(face[ring[edge]], 2)[unknown]] = True
    return leads_on


def _take_in(place: _Place, box: BaseGeometry, there: Zones) -> None:
    """Take into account all zones that meet a box."""
    new = [name for name in there if name not in place.changed and name not in place.names]
    place.names += new
    grounds = as_array(as_surface(there[name]) for name in new)
    place.grounds = np.concatenate([place.grounds, grounds])
    place.region = _ground(shapely.union(place.region, shapely.intersection(box, place.extent)))


def _ground(shape: BaseGeometry) -> Surface:
    """Return the surfaces of a shape, without the lines along which it only touches."""
    return shapely.MultiPolygon(list(surfaces(shape)))


def _pieces(
    place: _Place,
    gaps: list[Fault],
    pieces: NDArray[np.object_],
    share: NDArray[np.float64],
) -> list[Fault]:
    """Return the gaps that have come of old ones, with the zones around them."""
    found = []
    for number, piece in enumerate(pieces):
        if piece.area <= OVERLAP_M2:
            continue
        far: set[str] = set()
        for gap, shares in zip(gaps, share, strict=True):
            if shares[number] <= SAME_M2:
                continue
            names = _far(place, gap)
            if (shares > SAME_M2).sum() > 1 and names:
                names = _far_at(place, names, piece, is_largest=shares.argmax() == number)
            far |= names
        found.append(_gap(piece, far, place))
    return found


def _far(place: _Place, gap: Fault) -> set[str]:
    """Return the zones around a gap that are neither changed nor near."""
    return set(gap.zones).difference(place.changed, place.names)


def _far_at(place: _Place, names: set[str], piece: Surface, *, is_largest: bool) -> set[str]:
    if place.zones_at is None:
        return names if is_largest else set()
    there = place.zones_at(piece)
    return {
        name
        for name in names & set(there)
        if shapely.dwithin(as_surface(there[name]), core(as_array([piece]))[0], CORE_REACH_M)
    }


def _gap(ground: Surface, far: Iterable[str], place: _Place) -> Fault:
    around = np.flatnonzero(shapely.dwithin(place.grounds, core(as_array([ground])), CORE_REACH_M))
    (gap,) = faults_on(Kind.GAP, [({*far, *(place.names[k] for k in around)}, ground)])
    return gap


def _is_same(one: Fault, other: Fault) -> bool:
    if one.kind != other.kind or one.zones != other.zones:
        return False
    if one.ground is None or other.ground is None:
        return one.ground is other.ground
    if abs(one.area_m2 - other.area_m2) > SAME_M2:
        return False
    # Either in the other, but for a rim that rounding needs.
    pair = as_array([one.ground, other.ground])
    wider = shapely.buffer(pair, GLIMPSE_M, join_style="mitre")
    return bool(shapely.covers(wider, pair[::-1]).all())
