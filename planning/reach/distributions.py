"""How something is spread over people: quantiles, histograms, the worst tenth, inequality.

Values are one a place, `inf` where there is no way and NaN where nobody knows; people are how many
share the place's value, NaN where nobody was counted. Splitting a place in two of the same value
changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from planning.reach.records import NOISE_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planning.reach.records import Bytes, Floats

#: Share of the people that the worst served are.
WORST: Final = 0.1
#: What a sum of people may be off by.
_ROUNDING: Final = 1e-12
#: Classes of the map of inequality: tenths of the people are 0 to 9.
NO_WAY: Final = 10
NOT_KNOWN: Final = 11


@dataclass(frozen=True, eq=False)
class Spread:
    """Values with their people from small to large, those without a way at the end."""

    value: Floats
    #: People up to and with each value.
    upto: Floats
    unknown_people: float
    uncounted: int

    @property
    def people(self) -> float:
        """People whose value is known, those without a way among them."""
        return float(self.upto[-1]) if len(self.upto) else 0.0

    @property
    def reached(self) -> int:
        """How many values have a way."""
        return int(np.searchsorted(self.value, np.inf, side="left"))

    @property
    def unreached_people(self) -> float:
        """People without a way."""
        return self.people - (float(self.upto[self.reached - 1]) if self.reached else 0.0)


def spread(values: Floats, people: Floats, *, order: NDArray[np.int64] | None = None) -> Spread:
    """Return values in order with their people; `order`, if given, sorts `values` with NaN last."""
    by = np.argsort(values) if order is None else order
    value, many = values[by], people[by]
    is_counted, is_known = ~np.isnan(many), ~np.isnan(value)
    lives = is_counted & (many > 0)
    return Spread(
        value=value[is_known & lives],
        upto=np.cumsum(many[is_known & lives]),
        unknown_people=float(many[~is_known & lives].sum()),
        uncounted=int((~is_counted).sum()),
    )


def quantile(of: Spread, share: float) -> float | None:
    """Return the smallest value that a share of the people do not exceed.

    None where nobody lives; `inf` where it falls among those without a way.
    """
    if not of.people:
        return None
    row = int(np.searchsorted(of.upto, share * of.people * (1 - _ROUNDING)))
    return float(of.value[min(row, len(of.value) - 1)])


class Histogram(NamedTuple):
    """People by value: bin k holds values above k to k + 1 steps, the first one 0 too."""

    step: float
    bins: tuple[float, ...]
    beyond: float
    unreached: float
    unknown: float


def histogram(of: Spread, step: float, *, most_bins: int = 120) -> Histogram:
    """Return people by value. A value on the upper edge of a bin is in it, as limits are."""
    reached = of.reached
    many = np.diff(of.upto[:reached], prepend=0.0)
    row = np.maximum(np.ceil((of.value[:reached] - NOISE_M) / step).astype(np.int64) - 1, 0)
    bins = np.bincount(np.minimum(row, most_bins), many)
    return Histogram(
        step=step,
        bins=tuple(bins[:most_bins].tolist()),
        beyond=float(bins[most_bins:].sum()),
        unreached=of.unreached_people,
        unknown=of.unknown_people,
    )


@dataclass(frozen=True)
class Worst:
    """The tenth of the people that is farthest."""

    #: Mean of all of them: `inf` if one has no way, None if nobody lives there.
    mean: float | None
    people: float
    unreached: float
    #: Mean of those that have a way, None if none has.
    reached_mean: float | None


def worst(of: Spread, share: float = WORST) -> Worst:
    """Return how far the farthest share of the people is; the place on the edge counts in part."""
    if not of.people:
        return Worst(None, 0.0, 0.0, None)
    begin = (1.0 - share) * of.people
    many = np.diff(np.maximum(of.upto, begin), prepend=begin)
    reached = of.reached
    with_way = float(many[:reached].sum())
    total = float((of.value[:reached] * many[:reached]).sum())
    unreached = float(many[reached:].sum())
    reached_mean = total / with_way if with_way > 0 else None
    mean = reached_mean if unreached == 0 else float(np.inf)
    return Worst(mean, share * of.people, unreached, reached_mean)


@dataclass(frozen=True, eq=False)
class Lorenz:
    """Which share of the people, those with least first, has which share of the whole."""

    people: Floats
    whole: Floats

    @property
    def gini(self) -> float:
        """Twice the area between the curve and equality, by trapezoids."""
        width = np.diff(self.people)
        return float(1.0 - (width * (self.whole[1:] + self.whole[:-1])).sum())

    def thinned(self, points: int = 101) -> list[tuple[float, float]]:
        """Return points of the curve at even shares of the people, for drawing."""
        at = np.linspace(0.0, 1.0, points)
        return list(zip(at.tolist(), np.interp(at, self.people, self.whole).tolist(), strict=True))


def lorenz(of: Spread) -> Lorenz | None:
    """Return the curve of those that have a way; None where nobody is or nobody has anything."""
    reached = of.reached
    upto, value = of.upto[:reached], of.value[:reached]
    whole = np.cumsum(value * np.diff(upto, prepend=0.0))
    if not reached or not whole[-1]:
        return None
    return Lorenz(
        np.concatenate([[0.0], upto / upto[-1]]), np.concatenate([[0.0], whole / whole[-1]])
    )


def tenths(of: Spread) -> list[float]:
    """Return the nine values that part the people in tenths."""
    return [value for k in range(1, 10) if (value := quantile(of, k / 10)) is not None]


def tenth_of(values: Floats, breaks: Sequence[float]) -> Bytes:
    """Return the class of each value: 0 to 9, `NO_WAY` or `NOT_KNOWN`."""
    found = np.searchsorted(np.asarray(breaks, dtype=float), values, side="left").astype(np.int8)
    found[np.isposinf(values)] = NO_WAY
    found[np.isnan(values)] = NOT_KNOWN
    return found
