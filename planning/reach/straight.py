"""The nearest facility in a straight line, which is how norms that speak of a radius measure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numba
import numpy as np
from scipy.spatial import cKDTree

from planning.reach.records import Nearest

if TYPE_CHECKING:
    from planning.reach.records import Floats, Ints

#: How far apart, as a share, two equal distances may come out of different sums.
_ROUNDING: Final = 1e-12
#: By how much a square may be too large for the distance that it is of.
_ABOUT: Final = 1 + 1e-9


def nearest_in_a_line(xy: Floats, facilities_xy: Floats, facilities: Ints) -> Nearest:
    """Return how far each place is from the nearest of some facilities, as the crow flies.

    `xy` is (places, 2), NaN where the place is not known; `facilities` are the numbers of those
    meant, rows of `facilities_xy`. Of facilities that are equally far the smaller number counts.
    A facility whose position is not known is nobody's; without any, cost is `inf`.
    """
    many = len(xy)
    found = Nearest(
        cost=np.full(many, np.inf),
        facility=np.full(many, -1, dtype=np.int32),
        entrance=np.full(many, -1, dtype=np.int32),
        beside=np.zeros(many),
    )
    is_known = np.isfinite(xy).all(axis=1)
    found.cost[~is_known] = np.nan
    number = np.sort(facilities)
    number = number[np.isfinite(facilities_xy[number]).all(axis=1)]
    if not len(number) or not is_known.any():
        return found
    at, start = facilities_xy[number], xy[is_known]
    tree = cKDTree(at)
    distance, nearest = tree.query(start, k=min(2, len(number)), workers=2)
    if len(number) == 1:
        distance, nearest = distance[:, None], nearest[:, None]
    best = nearest[:, 0].copy()
    if len(number) > 1:
        ties = np.flatnonzero(distance[:, 1] <= distance[:, 0] * (1 + _ROUNDING))
        near = tree.query_ball_point(start[ties], distance[ties, 0] * (1 + _ROUNDING))
        best[ties] = [
            min(rows, default=first) for rows, first in zip(near, best[ties], strict=True)
        ]
    # The tree may add squares in another order than the rest of the code.
    found.cost[is_known] = np.hypot(*(start - at[best]).T)
    found.facility[is_known] = number[best]
    return found


@numba.njit(cache=True, nogil=True)
def _not_farther(xy, east, north, metres, rows):  # type: ignore[no-untyped-def]
    """Fill in the places that may lie within their own distance of a point; return how many."""
    many = 0
    for row in range(len(metres)):
        to_east, to_north, far = xy[row, 0] - east, xy[row, 1] - north, metres[row]
        if to_east * to_east + to_north * to_north <= far * far * _ABOUT:
            rows[many] = row
            many += 1
    return many


def after_changes_in_a_line(
    before: Nearest, xy: Floats, facilities_xy: Floats, facilities: Ints, touched: Ints
) -> Nearest:
    """Return the same as `nearest_in_a_line` where the answer before some changes is known.

    `touched` are the numbers of facilities that came, went or moved; `facilities` are all that are
    there now.
    """
    # No way in a line has an entrance, or anything beside it.
    found = replace(before, cost=before.cost.copy(), facility=before.facility.copy())
    rows = np.empty(len(xy), dtype=np.intp)
    lost = np.flatnonzero(np.isin(before.facility, touched))
    if len(lost):
        others = np.setdiff1d(facilities, touched).astype(np.int32)
        again = nearest_in_a_line(xy[lost], facilities_xy, others)
        found.cost[lost], found.facility[lost] = again.cost, again.facility
    for number in np.intersect1d(facilities, touched).tolist():
        east, north = facilities_xy[number].tolist()
        near = rows[: _not_farther(xy, east, north, found.cost, rows)]
        cost = np.hypot(*(xy[near] - facilities_xy[number]).T)
        was = found.cost[near]
        nearer = (cost < was) | ((cost == was) & (number < found.facility[near]))
        found.cost[near[nearer]], found.facility[near[nearer]] = cost[nearer], number
    return found
