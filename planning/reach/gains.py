"""Who comes within a limit and who does not any more, by unit and on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from planning.reach.measures import Verdict

if TYPE_CHECKING:
    from planning.reach.records import Bools, Bytes, Floats, People

#: Side of the squares that gains and losses are added up in.
SQUARE_M: Final = 100.0


class Moved(NamedTuple):
    """Places that come within a limit, and places that do not lie within it any more.

    Within is only what is known to be within.
    """

    gain: Bools
    lose: Bools


class Gained(NamedTuple):
    """People of a unit who gain, and who lose."""

    unit: str
    gain: float
    lose: float


def moved(before: Bytes, after: Bytes) -> Moved:
    """Return which places gain and which lose, from two verdicts on each."""
    was, is_ = before == Verdict.MET, after == Verdict.MET
    return Moved(is_ & ~was, was & ~is_)


def by_unit(found: Moved, people: People) -> list[Gained]:
    """Return who gains and loses, all together as "" and then in each unit of `units`.

    Uncounted people are nobody; who lives in no unit is among all.
    """
    many, units = np.nan_to_num(people.people), len(people.units)
    unit = np.where(people.unit < 0, units, people.unit)
    gain = np.bincount(unit, many * found.gain, units + 1)
    lose = np.bincount(unit, many * found.lose, units + 1)
    return [
        Gained("", float(gain.sum()), float(lose.sum())),
        *(Gained(name, float(gain[n]), float(lose[n])) for n, name in enumerate(people.units)),
    ]


def squares(xy: Floats, found: Moved, people: Floats) -> Floats:
    """Return squares where people gain or lose: (n, 4) of west, south, gain, lose.

    `xy` (places, 2) says which square a place counts in.
    """
    rows = np.flatnonzero((found.gain | found.lose) & (np.nan_to_num(people) > 0))
    corner, square = np.unique(np.floor(xy[rows] / SQUARE_M), axis=0, return_inverse=True)
    square, many = square.ravel(), people[rows]
    gain = np.bincount(square, many * found.gain[rows], len(corner))
    lose = np.bincount(square, many * found.lose[rows], len(corner))
    return np.column_stack([corner * SQUARE_M, gain, lose])
