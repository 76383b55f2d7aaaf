"""Small surfaces against large ones: all streets of a plan are often one zone with 50,000 corners.

What is cut with such a zone costs all its corners each time. It is parted once into squares of few
corners, and only the parts near the small surface are cut with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from planning.conflicts.shares import Shares, shares_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Objects = NDArray[np.object_]
    Ints = NDArray[np.int64]

#: Surfaces of more corners are parted.
MOST_CORNERS: Final = 64
#: Halving ends after so many steps, however the corners lie.
_MOST_STEPS: Final = 24


def parted(shapes: Objects) -> tuple[Objects, Ints]:
    """Return surfaces in parts of few corners, and the number of the surface of each part."""
    done, owners = [], []
    left, owner = shapes, np.arange(len(shapes))
    for step in range(_MOST_STEPS + 1):
        is_small = (shapely.get_num_coordinates(left) <= MOST_CORNERS) | (step == _MOST_STEPS)
        done.append(left[is_small])
        owners.append(owner[is_small])
        left, owner = left[~is_small], owner[~is_small]
        if not len(left):
            break
        west, south, east, north = shapely.bounds(left).T
        is_wide = east - west > north - south
        middle_east = np.where(is_wide, (west + east) / 2, east)
        middle_north = np.where(is_wide, north, (south + north) / 2)
        halves = [
            shapely.box(west, south, middle_east, middle_north),
            shapely.box(
                np.where(is_wide, middle_east, west),
                np.where(is_wide, south, middle_north),
                east,
                north,
            ),
        ]
        cut = np.concatenate([shapely.intersection(left, half) for half in halves])
        left, at = shapely.get_parts(cut, return_index=True)
        owner = np.concatenate([owner, owner])[at]
        is_surface = shapely.get_type_id(left) == shapely.GeometryType.POLYGON
        left, owner = left[is_surface], owner[is_surface]
    return np.concatenate(done), np.concatenate(owners)


def intersections(ones: Objects, others: Objects) -> Objects:
    """Return the ground that shapes have in common, pair by pair, whichever is the large one."""
    counts = shapely.get_num_coordinates(np.vstack([ones, others]))
    large = counts.max(axis=0) > MOST_CORNERS
    found: Objects = np.empty(len(ones), dtype=object)
    found[~large] = shapely.intersection(ones[~large], others[~large])
    if large.any():
        is_first = (counts[0] > counts[1])[large]
        small = np.where(is_first, others[large], ones[large])
        found[large] = _with_large(small, np.where(is_first, ones[large], others[large]))
    return found


def shares_with_large(ones: Objects, others: Objects) -> Shares:
    """Return what shares_of does, fast where some of the others have many corners."""
    if not len(ones) or not len(others):
        return Shares.none()
    parts, owner = parted(others)
    shares = shares_of(ones, parts)
    pair = shares.one * len(others) + owner[shares.other]
    pairs, at = np.unique(pair, return_inverse=True)
    area_m2 = np.asarray(np.bincount(at, shares.area_m2, len(pairs)), dtype=np.float64)
    one, other = divmod(pairs, len(others))
    return Shares(one.astype(np.int64), other.astype(np.int64), area_m2)


def _with_large(small: Objects, large: Objects) -> Objects:
    numbers = np.fromiter((id(shape) for shape in large), dtype=np.int64, count=len(large))
    _, first, of = np.unique(numbers, return_index=True, return_inverse=True)
    parts, owner = parted(large[first])
    # Parts in the order of their owners, so that each owner is asked for its own only.
    found: Objects = np.full(len(small), shapely.Polygon(), dtype=object)
    order = np.argsort(of, kind="stable")
    starts = np.searchsorted(of[order], np.arange(len(first) + 1))
    for number in range(len(first)):
        rows = order[starts[number] : starts[number + 1]]
        mine = parts[owner == number]
        row, part = shapely.STRtree(mine).query(small[rows])
        pieces = shapely.intersection(small[rows[row]], mine[part])
        kept = ~shapely.is_empty(pieces)
        row, pieces = row[kept], pieces[kept]
        begin = np.flatnonzero(np.diff(row, prepend=-1))
        end = np.append(begin, len(row))[1:]
        is_one = end - begin == 1
        found[rows[row[begin[is_one]]]] = pieces[begin[is_one]]
        for low, high in zip(begin[~is_one].tolist(), end[~is_one].tolist(), strict=True):
            found[rows[row[low]]] = shapely.union_all(pieces[low:high])
    return found
