"""Joining two redrawings of one boundary, corner by corner, as texts are joined line by line."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry import MultiPolygon

    from planning.topology.shapes import Surface

    Corner = tuple[float, float]
    Corners = tuple[Corner, ...]

#: A ring is the same ring redrawn if it kept so many corners; a triangle can lose one.
_KEPT_CORNERS = 2


class _Ring(NamedTuple):
    """A ring without its last corner, which is its first. Shells run counterclockwise."""

    is_shell: bool
    corners: Corners


class _Redrawn(NamedTuple):
    """Corners number `begin` up to `end` of a ring gave way to others."""

    begin: int
    end: int
    corners: Corners


class _Clash(Exception):
    """Both redrew the same stretch."""


def merge_drawings(base: Surface, mine: Surface, theirs: Surface) -> MultiPolygon | None:
    """Return a boundary with what both redrew of `base`, or None where they are at odds.

    They are at odds where both redrew the same corner or corners that follow each other, unless
    in the same way, where one took away a part that the other redrew, and where what comes out is
    no valid surface. A ring may begin at another corner than before.
    """
    drawings = [_rings(shape) for shape in (base, mine, theirs)]
    try:
        rings = _merge(*drawings)
    except _Clash:
        return None
    return _surface(rings)


def _rings(shape: Surface) -> list[_Ring]:
    rings = []
    for part in shapely.get_parts(shapely.orient_polygons(shapely.force_2d(shape))):
        for number, ring in enumerate(shapely.get_rings(part)):
            corners = tuple((float(x), float(y)) for x, y in shapely.get_coordinates(ring)[:-1])
            rings.append(_Ring(number == 0, corners))
    return rings


def _merge(base: list[_Ring], mine: list[_Ring], theirs: list[_Ring]) -> list[_Ring]:
    my_number, their_number = _matches(base, mine), _matches(base, theirs)
    merged = []
    for number, ring in enumerate(base):
        my = mine[my_number[number]] if number in my_number else None
        their = theirs[their_number[number]] if number in their_number else None
        if my is not None and their is not None:
            corners = _merge_corners(ring.corners, my.corners, their.corners)
            merged.append(_Ring(ring.is_shell, corners))
            continue
        # Taken away by one or both. What the other left as it was may go.
        if any(one is not None and not _is_alike(one, ring) for one in (my, their)):
            raise _Clash
    added = [ring for k, ring in enumerate(mine) if k not in my_number.values()]
    for k, ring in enumerate(theirs):
        if k not in their_number.values() and not any(_is_alike(ring, one) for one in added):
            added.append(ring)
    return merged + added


def _matches(base: list[_Ring], other: list[_Ring]) -> dict[int, int]:
    """Return which ring of the base has become which other, those with most corners kept first."""
    at: dict[tuple[bool, Corner], list[int]] = {}
    for k, ring in enumerate(other):
        for corner in set(ring.corners):
            at.setdefault((ring.is_shell, corner), []).append(k)
    common = Counter(
        (number, k)
        for number, ring in enumerate(base)
        for corner in set(ring.corners)
        for k in at.get((ring.is_shell, corner), [])
    )
    matches: dict[int, int] = {}
    for (number, k), many in sorted(common.items(), key=lambda item: (-item[1], item[0])):
        if many >= _KEPT_CORNERS and number not in matches and k not in matches.values():
            matches[number] = k
    return matches


def _is_alike(one: _Ring, other: _Ring) -> bool:
    """Say whether two rings are the same but for where they begin."""
    if one.is_shell != other.is_shell or len(one.corners) != len(other.corners):
        return False
    return any(
        _from(one.corners, k) == other.corners
        for k, corner in enumerate(one.corners)
        if corner == other.corners[0]
    )


def _from(corners: Corners, begin: int) -> Corners:
    return corners[begin:] + corners[:begin]


def _merge_corners(base: Corners, mine: Corners, theirs: Corners) -> Corners:
    """Return a ring with what both redrew. Raises _Clash."""
    count = [Counter(ring) for ring in (base, mine, theirs)]
    anchor = next((c for c in base if all(once[c] == 1 for once in count)), None)
    if anchor is None:
        raise _Clash
    base, mine, theirs = (_from(ring, ring.index(anchor)) for ring in (base, mine, theirs))
    redrawn = _redrawn(base, mine)
    for one in _redrawn(base, theirs):
        if one in redrawn:
            continue
        # An edge belongs to the corners at both its ends, so one must lie untouched between.
        if any(one.begin <= other.end and other.begin <= one.end for other in redrawn):
            raise _Clash
        redrawn.append(one)
    merged = list(base)
    for one in sorted(redrawn, reverse=True):
        merged[one.begin : one.end] = one.corners
    return tuple(merged)


def _redrawn(base: Corners, other: Corners) -> list[_Redrawn]:
    codes = SequenceMatcher(None, base, other, autojunk=False).get_opcodes()
    return [
        _Redrawn(begin, end, other[first:last])
        for tag, begin, end, first, last in codes
        if tag != "equal"
    ]


def _surface(rings: Sequence[_Ring]) -> MultiPolygon | None:
    """Return the surface with these rings, or None if there is none."""
    if any(len(ring.corners) < 3 for ring in rings):
        return None
    shells = np.array([shapely.Polygon(r.corners) for r in rings if r.is_shell], dtype=object)
    if not len(shells) or not shapely.is_valid(shells).all():
        return None
    holes: list[list[Corners]] = [[] for _ in shells]
    for ring in rings:
        if not ring.is_shell:
            around = np.flatnonzero(shapely.covers(shells, shapely.LinearRing(ring.corners)))
            if not len(around):
                return None
            # A part may lie in the hole of another.
            holes[around[np.argmin(shapely.area(shells[around]))]].append(ring.corners)
    parts = [
        shapely.Polygon(shapely.get_coordinates(shell), inner)
        for shell, inner in zip(shells, holes, strict=True)
    ]
    merged = shapely.multipolygons(parts)
    return merged if merged.is_valid else None
