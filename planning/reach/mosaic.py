"""How far people have to go, square by square: where those live who have it farthest."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planning.reach.distributions import spread, tenth_of, tenths
from planning.reach.gains import SQUARE_M

if TYPE_CHECKING:
    from planning.reach.records import Bytes, Floats


class Mosaic(NamedTuple):
    """Squares of 100 m with people, from the southwest on."""

    #: The nine values that part the people of the city in tenths; fewer where nobody has a way.
    breaks: list[float]
    #: (squares, 2): southwest corners.
    corner: Floats
    people: Floats
    #: Of the people who have a way, on the average; NaN where nobody has.
    metres: Floats
    #: Tenth of the city that the average lies in, 0 to 9; `NO_WAY` where more people than not have
    #: none, `NOT_KNOWN` where nothing is known of more people than it is known of.
    tenth: Bytes


def mosaic(xy: Floats, metres: Floats, people: Floats) -> Mosaic:
    """Return the squares that people live in.

    `xy` (places, 2) says which square a place counts in, `metres` is `inf` without a way and NaN
    where it is not known. Uncounted people are nobody.
    """
    breaks = tenths(spread(metres, people))
    lived_in = np.flatnonzero(np.nan_to_num(people) > 0)
    corner, square = np.unique(np.floor(xy[lived_in] / SQUARE_M), axis=0, return_inverse=True)
    square, many, far = square.ravel(), people[lived_in], metres[lived_in]

    def total(weights: Floats) -> Floats:
        return np.asarray(np.bincount(square, weights, len(corner)), dtype=float)

    has_way, is_known = np.isfinite(far), ~np.isnan(far)
    reached, known, everybody = total(many * has_way), total(many * is_known), total(many)
    mean = np.full(len(corner), np.nan)
    np.divide(total(many * np.where(has_way, far, 0.0)), reached, out=mean, where=reached > 0)
    told = np.where(reached * 2 >= known, mean, np.inf)
    told = np.where(known * 2 >= everybody, told, np.nan)
    return Mosaic(breaks, corner * SQUARE_M, everybody, mean, tenth_of(told, breaks))
