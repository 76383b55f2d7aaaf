"""Who shares what with whom in a scenario: choice, supply and room, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from planning.reach.catchment import weight_of
from planning.reach.crowding import figures_of_crowd
from planning.reach.figures import Asked
from planning.reach.records import Measure
from planning.reach_changed import changed_city, outcome_of
from planning.reach_crowds import crowds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planning.reach.records import Change, Figure, People
    from planning.reach_town import Town
    from planning.reach_ways import Ways

#: What is told, of everybody.
TOLD: Final = (Measure.REACHABLE, Measure.SUPPLY, Measure.WITH_ROOM)


def room(town: Town, changes: Sequence[Change], kind: str) -> dict[str, Any]:
    """Return by measure what a kind of service offers to everybody, before and after changes.

    None where nothing can be said: no norm of a distance holds, or nobody knows any capacity.
    """
    asked = _asked(town, kind)
    before = _figures(town.ways, asked, town.city.plots.people)
    outcome = outcome_of(town, changes)
    city = changed_city(town.city, outcome)
    after = _figures(town.ways.with_city(city), asked, city.plots.people)
    return {
        str(measure): {"before": _told(before.get(measure)), "after": _told(after.get(measure))}
        for measure in TOLD
    }


def _asked(town: Town, kind: str) -> list[Asked]:
    """Return the norms of a kind; of ways to facilities only their limits count here."""
    nothing = np.full(len(town.city.plots), np.nan)
    return [
        Asked(held.kind, held.limits, nothing, nothing) for held in town.held if held.kind == kind
    ]


def _figures(ways: Ways, asked: Sequence[Asked], people: People) -> dict[Measure, Figure]:
    found = [
        figure
        for crowd in crowds(ways, asked)
        for figure in figures_of_crowd(crowd, people, weight_of(ways.known))
    ]
    return {figure.measure: figure for figure in found if not figure.unit}


def _told(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {
        "norm": figure.norm,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "people": figure.people,
        "reason": figure.reason,
        "values": dict(figure.values),
    }
