"""Figures of reach: from the ways of places and the people there to what is told of everybody.

What a norm measures decides its `state`; the other way of measuring stands beside it. No figure is
`inf` or NaN: where there is none, the value is None and the reason says why.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from planning.reach.distributions import histogram, lorenz, quantile, spread, tenths, worst
from planning.reach.measures import (
    NOBODY_COUNTED,
    NOBODY_LIVES_HERE,
    NOTHING_KNOWN,
    Verdict,
    all_of,
    every_service,
    for_certain,
    gap,
    judge,
    lowest,
    shares,
)
from planning.reach.records import Figure, Measure, Metric, Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planning.norms import State
    from planning.reach.distributions import Spread
    from planning.reach.measures import Share
    from planning.reach.records import Bytes, Floats, Limits, People

#: Bins of the distributions: metres, and a minute.
STEP_M: Final = 100.0
MINUTE_S: Final = 60.0
UNREACHED: Final = "unreached"
NO_SUPPLY: Final = "no_supply"
FEW_WARDS: Final = "fewer_than_two_wards"
NOTHING: Final[Mapping[Mode, Any]] = {}


class Reached(NamedTuple):
    """How far each place is from the nearest facility of a kind."""

    #: On foot, by the street.
    metres: Floats
    #: The fastest way of each mode.
    seconds: Mapping[Mode, Floats] = NOTHING


class Asked(NamedTuple):
    """A norm held against the ways to the facilities that meet it.

    `possibly_…` are the ways to facilities that may meet it, where nobody knows: their size is not
    told. None: all are known.
    """

    kind: str
    limits: Limits
    metres: Floats
    straight_m: Floats
    possibly_m: Floats | None = None
    possibly_straight_m: Floats | None = None

    def by_street(self) -> Bytes:
        """Return the verdict on each place by the way along streets."""
        return judge(self.metres, self.limits, possibly=self.possibly_m)

    def by_line(self) -> Bytes:
        """Return the verdict on each place by the straight line."""
        return judge(self.straight_m, self.limits, possibly=self.possibly_straight_m)

    def verdict(self) -> Bytes:
        """Return the verdict as the norm measures it."""
        return self.by_line() if self.limits.measured == "straight" else self.by_street()


class Limit(NamedTuple):
    """How far a kind of service may be for most, and the norm that says so."""

    norm: str
    metres: float


def limit_of(kind: str, asked: Sequence[Asked]) -> Limit | None:
    """Return the limit that a norm sets for most plots, of several norms the strictest."""
    found = []
    for one in asked:
        known = one.limits.strictest_m[one.limits.holds & np.isfinite(one.limits.strictest_m)]
        if one.kind == kind and len(known):
            metres, many = np.unique(known, return_counts=True)
            found.append((float(metres[many.argmax()]), one.limits.norm))
    return None if not found else Limit(min(found)[1], min(found)[0])


def figures(
    reached: Mapping[str, Reached], people: People, asked: Sequence[Asked] = ()
) -> list[Figure]:
    """Return the figures of all kinds and norms, for everybody and for every unit."""
    found: list[Figure] = []
    for kind, one in reached.items():
        found += figures_of_kind(kind, one, people)
    for norm in asked:
        found += figures_of_norm(norm, people)
    if asked:
        found += figures_of_all(verdicts_by_kind(asked), people)
    return found


def verdicts_by_kind(asked: Iterable[Asked]) -> dict[str, Bytes]:
    """Return the verdict of each kind under all its norms together."""
    by_kind: dict[str, list[Bytes]] = {}
    for norm in asked:
        by_kind.setdefault(norm.kind, []).append(norm.verdict())
    return {kind: all_of(many, len(many[0])) for kind, many in by_kind.items()}


def figures_of_norm(asked: Asked, people: People) -> list[Figure]:
    """Return the shares within the limit, by the street and in a straight line, and the gap."""
    street, line = asked.by_street(), asked.by_line()
    by_street, by_line = shares(street, people), shares(line, people)
    is_line = asked.limits.measured == "straight"
    apart = _apart(street, line, people)
    found = _shares(asked, Measure.SHARE_WITHIN, by_street, people, decides=not is_line)
    found += _shares(asked, Measure.STRAIGHT, by_line, people, decides=is_line, more=apart)
    return [
        *found,
        _gap(asked.kind, asked.limits.norm, (by_line if is_line else by_street)[1], people),
    ]


def _shares(
    asked: Asked,
    measure: Measure,
    found: tuple[Share, list[Share]],
    people: People,
    *,
    decides: bool,
    more: Mapping[str, Any] | None = None,
) -> list[Figure]:
    total, of_units = found
    key = (asked.kind, asked.limits.norm, measure)
    return [
        _share(*key, unit, share, state=share.state if decides else None, more=extra)
        for unit, share, extra in [
            ("", total, more or {}),
            *((unit, share, {}) for unit, share in _named(people, of_units)),
        ]
    ]


def _named(people: People, of_units: Sequence[Share]) -> list[tuple[str, Share]]:
    return [(unit, share) for unit, share in zip(people.units, of_units, strict=True) if unit]


def _share(
    kind: str,
    norm: str,
    measure: Measure,
    unit: str,
    share: Share,
    *,
    state: State | None,
    more: Mapping[str, Any],
) -> Figure:
    return Figure(
        kind,
        norm,
        Mode.WALK,
        Metric.METRES,
        measure,
        unit,
        share.value,
        low=share.low,
        high=share.high,
        people=share.people,
        state=state,
        reason=share.reason,
        values={
            "covered": share.covered,
            "not_covered": share.not_covered,
            "unknown_people": share.unknown,
            "places": share.places,
            "uncounted_places": share.uncounted,
            **more,
        },
    )


def _apart(street: Bytes, line: Bytes, people: People) -> dict[str, float]:
    """Return where the straight line says yes and the street no, and the reverse."""
    found: dict[str, float] = {}
    for name, yes, no in (("only_straight", line, street), ("only_street", street, line)):
        differ = (yes == Verdict.MET) & (no == Verdict.NOT_MET)
        found[f"{name}_places"] = int(differ.sum())
        found[f"{name}_people"] = float(np.nansum(people.people[differ]))
    return found


def _gap(kind: str, norm: str, of_units: Sequence[Share], people: People) -> Figure:
    found = gap(people.units, of_units)
    return Figure(
        kind,
        norm,
        Mode.WALK,
        Metric.METRES,
        Measure.GAP,
        "",
        found.value,
        reason="" if found.value is not None else FEW_WARDS,
        values={"worst": found.worst, "best": found.best, "unranked": list(found.unranked)},
    )


def figures_of_all(verdicts: Mapping[str, Bytes], people: People) -> list[Figure]:
    """Return the share of people within reach of all services, and the ward served worst.

    The value asks only for what could be judged; `low` and `high` are what is certain and what is
    possible, and the ward served worst is the one where the least is certain.
    """
    total, of_units = every_service(list(verdicts.values()), people)
    certain, certain_of_units = for_certain(list(verdicts.values()), people)
    more = {
        "worst": lowest(people.units, certain_of_units),
        "kinds": sorted(verdicts),
        "unranked": list(gap(people.units, of_units).unranked),
    }
    rows = [("", total, certain, more)]
    rows += [
        (unit, share, sure, {})
        for unit, share, sure in zip(people.units, of_units, certain_of_units, strict=True)
        if unit
    ]
    found = [
        replace(
            _share("", "", Measure.ALL_SERVICES, unit, share, state=None, more=extra),
            low=sure.low,
            high=sure.high,
        )
        for unit, share, sure, extra in rows
    ]
    return [*found, _gap("", "", of_units, people)]


def figures_of_kind(kind: str, reached: Reached, people: People) -> list[Figure]:
    """Return how metres and minutes are spread over the people, and who is farthest."""
    found: list[Figure] = []
    for unit, of in spreads(reached.metres, people):
        found.append(_spread(kind, Mode.WALK, Metric.METRES, unit, of))
        found.append(_worst(kind, unit, of))
        if not unit:
            found.append(_inequality_of_metres(kind, of))
    for mode, seconds in reached.seconds.items():
        for unit, of in spreads(seconds, people):
            found.append(_spread(kind, mode, Metric.SECONDS, unit, of))
    return found


def spreads(values: Floats, people: People) -> list[tuple[str, Spread]]:
    """Return how values are spread over everybody ("") and over the people of each unit."""
    order = np.argsort(values)
    found = [("", spread(values, people.people, order=order))]
    unit = people.unit[order].astype(np.int16)
    by_unit = order[np.argsort(unit, kind="stable")]
    ends = np.searchsorted(people.unit[by_unit], np.arange(len(people.units) + 1))
    for row, code in enumerate(people.units):
        if code:
            rows = by_unit[ends[row] : ends[row + 1]]
            found.append((code, spread(values, people.people, order=rows)))
    return found


def _spread(kind: str, mode: Mode, metric: Metric, unit: str, of: Spread) -> Figure:
    """Return the median, in metres or minutes, with the tenths and the distribution."""
    is_metres = metric is Metric.METRES
    part = 1.0 if is_metres else MINUTE_S
    low, middle, high = (_finite(quantile(of, share), part) for share in (0.1, 0.5, 0.9))
    values: dict[str, Any] = {
        "q10": low,
        "q50": middle,
        "q90": high,
        "unreached_people": of.unreached_people,
        "unknown_people": of.unknown_people,
        "uncounted_places": of.uncounted,
    }
    if not unit:
        bins = histogram(of, STEP_M if is_metres else MINUTE_S)
        values["histogram"] = {**bins._asdict(), "bins": list(bins.bins), "step": bins.step / part}
        values["tenths"] = [_finite(value, part) for value in tenths(of)]
    return Figure(
        kind,
        "",
        mode,
        metric,
        Measure.METRES if is_metres else Measure.MINUTES,
        unit,
        middle,
        people=of.people,
        reason=without_value(middle, of),
        values=values,
    )


def _worst(kind: str, unit: str, of: Spread) -> Figure:
    found = worst(of)
    mean = _finite(found.mean)
    return Figure(
        kind,
        "",
        Mode.WALK,
        Metric.METRES,
        Measure.WORST_DECILE,
        unit,
        mean,
        people=found.people,
        reason=without_value(mean, of),
        values={"unreached_people": found.unreached, "reached_mean_m": found.reached_mean},
    )


def _inequality_of_metres(kind: str, of: Spread) -> Figure:
    """Return the Gini of metres among those who have a way; all at the door are equal."""
    curve = lorenz(of)
    is_anybody = of.reached > 0
    return Figure(
        kind,
        "",
        Mode.WALK,
        Metric.METRES,
        Measure.GINI,
        "",
        curve.gini if curve else 0.0 if is_anybody else None,
        people=of.people - of.unreached_people,
        reason="" if is_anybody else without_value(None, of),
        values={
            "of": "metres",
            "lorenz": curve.thinned() if curve else [],
            "unreached_people": of.unreached_people,
        },
    )


def figures_of_supply(kind: str, norm: str, supply: Floats, people: People) -> list[Figure]:
    """Return the supply per person and its inequality, for everybody and for each unit.

    Who reaches nothing has a supply of 0; NaN is not known.
    """
    found: list[Figure] = []
    for unit, of in spreads(supply, people):
        many = np.diff(of.upto, prepend=0.0)
        mean = float((of.value * many).sum()) / of.people if of.people else None
        curve = lorenz(of)
        values = {"q10": quantile(of, 0.1), "q50": quantile(of, 0.5), "q90": quantile(of, 0.9)}
        why = "" if of.people else without_value(None, of)
        about = Figure(kind, norm, Mode.WALK, Metric.METRES, Measure.SUPPLY, unit, mean)
        found.append(replace(about, people=of.people, reason=why, values=values))
        found.append(
            replace(
                about,
                measure=Measure.GINI,
                value=curve.gini if curve else None,
                people=of.people,
                reason=why or ("" if curve else NO_SUPPLY),
                values={"of": "supply", "lorenz": curve.thinned() if curve else []},
            )
        )
    return found


def _finite(value: float | None, part: float = 1.0) -> float | None:
    return None if value is None or np.isinf(value) else value / part


def without_value(value: float | None, of: Spread) -> str:
    """Return why there is no value, "" where there is one."""
    if value is not None:
        return ""
    if of.people:
        return UNREACHED
    if of.unknown_people:
        return NOTHING_KNOWN
    return NOBODY_COUNTED if of.uncounted else NOBODY_LIVES_HERE
