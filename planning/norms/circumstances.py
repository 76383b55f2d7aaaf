"""Under which circumstances a norm's distance counts, and what follows where nobody knows them.

Circumstances come from four sides: is the area new or existing, what is the terrain, is it urban or
rural, is it the centre. Where a side is not known, every possibility is looked at: up to the
strictest figure a place is within whichever it is, beyond the laxest it is not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planning.norms.radii import Radius, Service

#: Sides with what each may be; "" is not known.
SIDES: Final[dict[str, tuple[str, ...]]] = {
    "development": ("", "new", "existing"),
    "terrain": ("", "plain", "complex", "mountain"),
    "setting": ("", "urban", "rural"),
    "place": ("", "centre", "elsewhere"),
}
#: Words of service_measures.csv: side, and what of it each means. Mountains are complex terrain,
#: and what is not a mountain is lowland: own reading.
WORDS: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "new": ("development", frozenset(["new"])),
    "existing": ("development", frozenset(["existing"])),
    "complex": ("terrain", frozenset(["complex", "mountain"])),
    "lowland": ("terrain", frozenset(["plain", "complex"])),
    "mountain": ("terrain", frozenset(["mountain"])),
    "urban": ("setting", frozenset(["urban"])),
    "rural": ("setting", frozenset(["rural"])),
    "centre": ("place", frozenset(["centre"])),
    "elsewhere": ("place", frozenset(["elsewhere"])),
}
DOES_NOT_HOLD: Final = "does_not_hold"
NO_FIGURE: Final = "no_figure"
#: What is said where a side is not known and matters; the first that matters is said.
_UNKNOWN: Final = {
    "setting": "setting_unknown",
    "development": "circumstance_unknown",
    "place": "circumstance_unknown",
    "terrain": "terrain_unknown",
}
REASONS: Final = (DOES_NOT_HOLD, NO_FIGURE, *dict.fromkeys(_UNKNOWN.values()))


@dataclass(frozen=True)
class Circumstance:
    """What is known of an area: a word of each side, "" for not known."""

    development: str = ""
    terrain: str = ""
    setting: str = ""
    place: str = ""

    @property
    def possible(self) -> tuple[Circumstance, ...]:
        """Every way in which it may be, all sides known."""
        sides = ((said,) if said else SIDES[name][1:] for name, said in self._sides())
        return tuple(Circumstance(*one) for one in product(*sides))

    def _sides(self) -> list[tuple[str, str]]:
        return [(side.name, getattr(self, side.name)) for side in fields(self)]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Sides of which nothing is known."""
        return tuple(name for name, said in self._sides() if not said)

    def without(self, side: str) -> tuple[str, ...]:
        """Return what is known of the other sides."""
        return tuple(said for name, said in self._sides() if name != side)


@dataclass(frozen=True)
class Span:
    """What a norm says of the distance under a circumstance."""

    #: Both None where the norm does not speak of the place, or nobody knows whether it does.
    strictest_m: float | None
    #: `inf`: more is allowed, and how much is not said.
    laxest_m: float | None
    holds: bool
    #: "" where the limit is one figure.
    reason: str


def span(service: Service, circumstance: Circumstance) -> Span:
    """Return what a norm with distances says under a circumstance that may be known in part."""
    outcome = {one: _outcome(service.distances, one) for one in circumstance.possible}
    found = set(outcome.values())
    if found == {None}:
        return Span(None, None, holds=False, reason=DOES_NOT_HOLD)
    known = [one for one in found if one is not None]
    reason = next(
        (_UNKNOWN[side] for side in _UNKNOWN if _matters(side, circumstance, outcome)), ""
    )
    if len(known) < len(found):
        return Span(None, None, holds=True, reason=reason)
    strictest, laxest = min(low for low, _ in known), max(high for _, high in known)
    if not reason and math.isinf(laxest):
        reason = NO_FIGURE
    return Span(strictest, laxest, holds=True, reason=reason)


def speaks_of(service: Service, circumstance: Circumstance) -> bool | None:
    """Say whether a norm speaks of an area, None where that depends on what is not known."""
    found = {
        any(all(_fits(word, one) for word in radius.circumstance) for radius in service.radii)
        for one in circumstance.possible
    }
    return found.pop() if len(found) == 1 else None


def _outcome(radii: Sequence[Radius], known: Circumstance) -> tuple[float, float] | None:
    """Return the strictest and laxest figure where all sides are known, None if none is given.

    Of several rows that speak of a circumstance the one with more words counts.
    """
    fitting = [one for one in radii if all(_fits(word, known) for word in one.circumstance)]
    if not fitting:
        return None
    most = max(len(one.circumstance) for one in fitting)
    best = [one for one in fitting if len(one.circumstance) == most]
    if len(best) != 1 or best[0].limit_m is None:
        raise ValueError(f"service_measures.csv gives {len(best)} figures for {known}")
    limit = best[0].limit_m
    return limit, math.inf if best[0].is_at_least else limit


def _fits(word: str, known: Circumstance) -> bool:
    side, meant = WORDS[word]
    return getattr(known, side) in meant


def _matters(side: str, circumstance: Circumstance, outcome: dict[Circumstance, Any]) -> bool:
    """Say whether a side that is not known changes what the norm says."""
    if side not in circumstance.unknown:
        return False
    by_rest: dict[tuple[str, ...], set[Any]] = {}
    for one, said in outcome.items():
        by_rest.setdefault(one.without(side), set()).add(said)
    return any(len(said) > 1 for said in by_rest.values())


@dataclass(frozen=True, eq=False)
class Circumstances:
    """The circumstance of each of many places, as numbers: rows of SIDES."""

    code: NDArray[np.int16]

    @classmethod
    def of(cls, known: Sequence[Circumstance], row: NDArray[np.int32]) -> Circumstances:
        """Return the circumstances of places: `row` is the number in `known`, -1 for none."""
        codes = np.array([code_of(one) for one in known] + [0], dtype=np.int16)
        return cls(codes[row])


#: Every circumstance, in the order of its code; the first is the one of which nothing is known.
EVERY: Final = tuple(Circumstance(*one) for one in product(*SIDES.values()))
_CODES: Final = {one: code for code, one in enumerate(EVERY)}


def code_of(circumstance: Circumstance) -> int:
    """Return the number of a circumstance in EVERY."""
    return _CODES[circumstance]
