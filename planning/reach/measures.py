"""Who is within a limit, counted in people: verdicts on places, shares of everybody and of wards.

All counts are of people. A place where nobody was counted is in none of them, and how many such
places there are is told. Unknown is beside the share, never a part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numba
import numpy as np

from planning.norms import State
from planning.reach.records import NOISE_M

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planning.reach.records import Bools, Bytes, Floats, Ints, Limits, People

#: Wards of fewer people are listed and not ranked. Own choice.
LEAST_PEOPLE: Final = 100.0
NOBODY_LIVES_HERE: Final = "nobody_lives_here"
NOBODY_COUNTED: Final = "nobody_was_counted"
NOTHING_KNOWN: Final = "nothing_known"
DOES_NOT_HOLD: Final = "does_not_hold"


class Verdict(IntEnum):
    """What a norm says of a place."""

    MET = 1
    NOT_MET = 0
    UNKNOWN = -1
    #: The norm does not speak of the place.
    NONE = -2


#: Arithmetic that is compiled knows numbers only.
_MET, _NOT_MET, _UNKNOWN, _NONE = (
    int(one) for one in (Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.NONE)
)


def within(metres: Floats, limit: Floats | float) -> Bools:
    """Return which ways are not longer than a limit; a limit is inclusive, NaN is never within."""
    return np.asarray(metres <= np.asarray(limit) + NOISE_M)


def judge(metres: Floats, limits: Limits, *, possibly: Floats | None = None) -> Bytes:
    """Return the `Verdict` on each place.

    `metres` is the way to the nearest facility that certainly counts, `possibly` to the nearest
    that may count (the same, if not given). `inf` is not met under every limit, NaN not known.
    """
    verdict = np.empty(len(metres), dtype=np.int8)
    possibly = metres if possibly is None else possibly
    _judge(metres, possibly, limits.strictest_m, limits.laxest_m, limits.holds, verdict)
    return verdict


@numba.njit(cache=True, nogil=True)
def _judge(metres, possibly, strictest_m, laxest_m, holds, verdict):  # type: ignore[no-untyped-def]
    for row in range(len(metres)):
        strictest, way = strictest_m[row], possibly[row]
        if not holds[row]:
            verdict[row] = _NONE
        elif np.isnan(strictest):
            verdict[row] = _UNKNOWN
        # Without any way a place is not served, however far the norm would let it be.
        elif np.isposinf(way) or not (np.isnan(way) or way <= laxest_m[row] + NOISE_M):
            verdict[row] = _NOT_MET
        elif metres[row] <= strictest + NOISE_M:
            verdict[row] = _MET
        else:
            verdict[row] = _UNKNOWN


def all_of(verdicts: Iterable[Bytes], places: int) -> Bytes:
    """Return the verdict on each place under several norms together.

    Not met if one is not; else unknown if one is; else met.
    """
    found = np.full(places, Verdict.NONE, dtype=np.int8)
    for one in verdicts:
        worse = (one == Verdict.NOT_MET) | ((one == Verdict.UNKNOWN) & (found != Verdict.NOT_MET))
        found = np.where(worse | (found == Verdict.NONE), one, found).astype(np.int8)
    return found


@dataclass(frozen=True)
class Share:
    """People within a limit, beyond it, and those of whom nobody can say."""

    covered: float
    not_covered: float
    unknown: float
    #: Places with people of which the norm speaks, and places where nobody was counted.
    places: int
    uncounted: int

    @property
    def people(self) -> float:
        """All people of whom the norm speaks."""
        return self.covered + self.not_covered + self.unknown

    @property
    def value(self) -> float | None:
        """Share of those that are within among those of whom it is known."""
        known = self.covered + self.not_covered
        return self.covered / known if known else None

    @property
    def low(self) -> float | None:
        """The share if nobody of whom it is not known is within."""
        return self.covered / self.people if self.people else None

    @property
    def high(self) -> float | None:
        """The share if all of whom it is not known are within."""
        return (self.covered + self.unknown) / self.people if self.people else None

    @property
    def reason(self) -> str:
        """Why there is no value, else nothing."""
        if not self.people:
            if self.places:
                return NOBODY_LIVES_HERE
            return NOBODY_COUNTED if self.uncounted else DOES_NOT_HOLD
        return "" if self.covered + self.not_covered else NOTHING_KNOWN

    @property
    def state(self) -> State:
        """Whether the norm is met for all of them."""
        if self.not_covered:
            return State.NOT_MET
        return State.MET if self.covered and not self.unknown else State.NOT_CHECKED


def shares(verdict: Bytes, people: People) -> tuple[Share, list[Share]]:
    """Return the share of everybody, and that of the people of each unit in the order of `units`.

    Places without a unit count among everybody only.
    """
    row = people.unit + 1
    many = len(people.units) + 1
    is_counted = ~np.isnan(people.people)
    holds = verdict != Verdict.NONE

    def of(kept: Bools) -> Floats:
        weights = np.where(kept & is_counted, people.people, 0.0)
        return np.asarray(np.bincount(row, weights, minlength=many), dtype=float)

    def number(kept: Bools) -> Ints:
        return np.bincount(row[kept], minlength=many).astype(np.int32)

    columns = np.stack(
        [
            of(verdict == Verdict.MET),
            of(verdict == Verdict.NOT_MET),
            of(verdict == Verdict.UNKNOWN),
            number(holds & is_counted),
            number(holds & ~is_counted),
        ]
    )
    return _share(columns.sum(axis=1)), [_share(column) for column in columns.T[1:]]


def _share(column: Floats) -> Share:
    covered, beyond, unknown, places, uncounted = column.tolist()
    return Share(covered, beyond, unknown, int(places), int(uncounted))


def every_service(verdicts: Sequence[Bytes], people: People) -> tuple[Share, list[Share]]:
    """Return the shares of people within reach of every service that could be judged.

    `verdicts` is one array a kind. A place counts among the covered if all that could be judged
    of it is met. What the rest may change is said by `for_certain`.
    """
    places = len(people.people)
    judged = [
        np.where(one == Verdict.UNKNOWN, Verdict.NONE, one).astype(np.int8) for one in verdicts
    ]
    known = all_of(judged, places)
    full = all_of(verdicts, places)
    # Nothing could be judged, though some norm holds.
    found = np.where((known == Verdict.NONE) & (full == Verdict.UNKNOWN), Verdict.UNKNOWN, known)
    return shares(found.astype(np.int8), people)


def for_certain(verdicts: Sequence[Bytes], people: People) -> tuple[Share, list[Share]]:
    """Return the shares of people within reach of every service; in doubt of one is in doubt.

    Their `low` is of those for whom all is met for certain, `high` of those for whom nothing is
    known not to be met.
    """
    return shares(all_of(verdicts, len(people.people)), people)


@dataclass(frozen=True)
class Gap:
    """How far apart the best and the worst served ward are."""

    #: None with fewer than two wards that are ranked.
    value: float | None
    worst: str
    best: str
    #: Wards of too few people to be ranked.
    unranked: tuple[str, ...]


def lowest(
    units: Sequence[str], of_units: Sequence[Share], *, least_people: float = LEAST_PEOPLE
) -> str:
    """Return the ward with the lowest certain share, of equal ones the least possible one.

    Empty where no ward has people enough to be ranked.
    """
    ranked = [
        (share.low, share.high, code)
        for code, share in zip(units, of_units, strict=True)
        if code and share.low is not None and share.people >= least_people
    ]
    return min(ranked)[2] if ranked else ""


def gap(
    units: Sequence[str], of_units: Sequence[Share], *, least_people: float = LEAST_PEOPLE
) -> Gap:
    """Return the gap between wards' shares; of equal ones the smaller code counts."""
    ranked, unranked = [], []
    for code, share in zip(units, of_units, strict=True):
        value = share.value
        if value is None or not code:
            continue
        if share.people < least_people:
            unranked.append(code)
        else:
            ranked.append((value, code))
    if not ranked:
        return Gap(None, "", "", tuple(unranked))
    worst = min(ranked)
    best = min(ranked, key=lambda one: (-one[0], one[1]))
    value = best[0] - worst[0] if len(ranked) > 1 else None
    return Gap(value, worst[1], best[1], tuple(unranked))
