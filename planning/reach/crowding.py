"""How many share what there is: figures of supply, of choice, and of room.

Distances are metres on foot, and the limit is that of the norm. Capacity is in the unit in which
most facilities of the norm tell theirs: places, beds, square metres. Supply is in that unit a
person; `each` is what the norm asks for one person, in the same unit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from planning.reach.catchment import reachable, supply, with_room
from planning.reach.distributions import quantile
from planning.reach.figures import figures_of_supply, spreads, without_value
from planning.reach.measures import NOBODY_COUNTED, NOBODY_LIVES_HERE, NOTHING_KNOWN
from planning.reach.records import Figure, Measure, Metric, Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planning.reach.catchment import Pairs, Weight
    from planning.reach.records import Bools, Floats, People

CAPACITY_UNKNOWN: Final = "capacity_unknown"


class Crowd(NamedTuple):
    """Facilities of a norm and the ways of places to them."""

    kind: str
    norm: str
    limit_m: float
    #: `facility` is a row of `capacity`.
    pairs: Pairs
    #: NaN where nobody knows, or where it is told in another unit.
    capacity: Floats
    unit: str
    #: What one person needs, in `unit`; None where that is not known, and then there is a reason.
    each: float | None
    reason: str
    #: Places of which nobody knows where they meet the streets.
    is_unknown: Bools


def figures_of_crowd(of: Crowd, people: People, weight: Weight) -> list[Figure]:
    """Return how many facilities people have within the limit, what each has, and who has room."""
    return [*_choice(of, people), *_supply(of, people, weight), *_room(of, people)]


def _choice(of: Crowd, people: People) -> Iterator[Figure]:
    number = reachable(of.pairs, len(of.is_unknown), of.limit_m).astype(np.float64)
    number[of.is_unknown] = np.nan
    for unit, spread in spreads(number, people):
        many = np.diff(spread.upto, prepend=0.0)
        mean = float((spread.value * many).sum()) / spread.people if spread.people else None
        none = int(np.searchsorted(spread.value, 0.5))
        yield Figure(
            *(of.kind, of.norm, Mode.WALK, Metric.METRES, Measure.REACHABLE, unit, mean),
            people=spread.people,
            reason=without_value(mean, spread),
            values={
                "q10": quantile(spread, 0.1),
                "q50": quantile(spread, 0.5),
                "q90": quantile(spread, 0.9),
                "none_people": float(spread.upto[none - 1]) if none else 0.0,
                "unknown_people": spread.unknown_people,
                "uncounted_places": spread.uncounted,
                "limit_m": of.limit_m,
            },
        )


def _supply(of: Crowd, people: People, weight: Weight) -> list[Figure]:
    found = supply(of.pairs, people.people, of.capacity, of.limit_m, weight)
    a_person = found.per_person.copy()
    a_person[of.is_unknown] = np.nan
    nothing_known = bool(found.capacity_unknown.all())
    if nothing_known:
        # What nobody knows is not nothing.
        a_person[:] = np.nan
    more = {
        "unit": of.unit,
        "limit_m": of.limit_m,
        "facilities": len(of.capacity),
        "idle": int(found.idle.sum()),
        "capacity_unknown": int(found.capacity_unknown.sum()),
        # There may be more for them: they reach one whose capacity nobody knows.
        "least_people": float(np.nansum(people.people[found.is_least])),
    }
    figures = figures_of_supply(of.kind, of.norm, a_person, people)
    if nothing_known:
        figures = [replace(one, reason=CAPACITY_UNKNOWN) for one in figures]
    return [one if one.unit else replace(one, values={**one.values, **more}) for one in figures]


def _room(of: Crowd, people: People) -> Iterator[Figure]:
    """Yield the share of people that find room, if each goes to the nearest that has some left."""
    about = Figure(of.kind, of.norm, Mode.WALK, Metric.METRES, Measure.WITH_ROOM, "", None)
    if of.each is None:
        yield replace(about, reason=of.reason, values={"unit": of.unit})
        return
    found = with_room(of.pairs, people.people, of.capacity, of.limit_m, each=of.each)
    here = np.nan_to_num(people.people)
    unknown = np.where(of.is_unknown, here - found.served, found.unknown)
    columns = np.stack([found.served, here - found.served - unknown, unknown, found.metres])
    # Dust of sums is nobody.
    columns[1] = np.where(columns[1] < 1e-9, 0.0, columns[1])
    uncounted = np.isnan(people.people)
    full = np.isfinite(of.capacity) & (found.left <= 1e-9 * np.nan_to_num(of.capacity))
    whole = {"full": int(full.sum()), "left": float(np.nansum(found.left))}
    for unit, rows in _by_unit(people):
        yield replace(
            about,
            unit=unit,
            **_share(columns[:, rows].sum(axis=1), int(uncounted[rows].sum())),
            values={
                **_told(columns[:, rows].sum(axis=1)),
                **({} if unit else whole),
                "each": of.each,
                "unit": of.unit,
                "limit_m": of.limit_m,
                "uncounted_places": int(uncounted[rows].sum()),
            },
        )


def _by_unit(people: People) -> Iterator[tuple[str, Any]]:
    yield "", slice(None)
    order = np.argsort(people.unit, kind="stable")
    ends = np.searchsorted(people.unit[order], np.arange(len(people.units) + 1))
    for row, code in enumerate(people.units):
        if code:
            yield code, order[ends[row] : ends[row + 1]]


def _share(column: Floats, uncounted: int) -> dict[str, Any]:
    served, left_over, unknown, _ = column.tolist()
    many, known = served + left_over + unknown, served + left_over
    reason = ""
    if not many:
        reason = NOBODY_COUNTED if uncounted else NOBODY_LIVES_HERE
    elif not known:
        reason = NOTHING_KNOWN
    return {
        "value": served / known if known else None,
        "low": served / many if many else None,
        "high": (served + unknown) / many if many else None,
        "people": many,
        "reason": reason,
    }


def _told(column: Floats) -> dict[str, Any]:
    served, left_over, unknown, metres = column.tolist()
    return {
        "served": served,
        "without_room": left_over,
        "unknown_people": unknown,
        "mean_m": metres / served if served else None,
    }
