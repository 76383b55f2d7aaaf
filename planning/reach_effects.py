"""What the changes of a scenario do to each norm: who is within it now, and who was before."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from planning.reach.figures import Asked
from planning.reach.measures import Verdict
from planning.reach.straight import after_changes_in_a_line
from planning.reach_changed import outcome_of
from planning.reach_town import everything_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planning.reach.records import Bytes, Change, Floats, Ints, People
    from planning.reach.scenario import Group, Outcome
    from planning.reach_town import Everything, Held, Town


@dataclass(frozen=True, eq=False)
class Effect:
    """A norm before and after."""

    held: Held
    #: Metres as the norm measures them; NaN not known, `inf` no way.
    before_m: Floats
    after_m: Floats
    after: Bytes
    is_changed: bool

    @property
    def before(self) -> Bytes:
        """The verdicts before."""
        return self.held.verdict


@dataclass(frozen=True, eq=False)
class Effects:
    """All norms before and after the changes of a scenario."""

    effects: tuple[Effect, ...]
    people_before: People
    people_after: People
    #: Number of a change among those given, and why nothing came of it.
    left_out: Sequence[tuple[int, str]]
    seconds: float


def effects_of(town: Town, changes: Sequence[Change]) -> Effects:
    """Return what changes do, made one after the other."""
    begun = time.perf_counter()
    outcome = outcome_of(town, changes)
    after = _After(town, outcome)
    people = town.city.plots.people
    return Effects(
        tuple(after.effect(held) for held in (*town.held, *town.unnormed)),
        people,
        people if outcome.people is None else outcome.people,
        outcome.left_out,
        time.perf_counter() - begun,
    )


class _After:
    """The city with changes, as norms look at it."""

    def __init__(self, town: Town, outcome: Outcome) -> None:
        self.town, self.outcome = town, outcome

    def effect(self, held: Held) -> Effect:
        """Return a norm before and after."""
        before = _metres(held.asked, len(self.town.city.plots))
        if not self.outcome.changed.keys() & set(held.sized or held.kinds):
            return Effect(held, before, before, held.verdict, is_changed=False)
        asked = self._asked(held)
        verdict = asked.verdict()
        if held.asked is None:
            # Nobody knows what there is beside what the scenario adds.
            verdict = np.where(verdict == Verdict.NOT_MET, Verdict.UNKNOWN, verdict)
        after = _metres(asked, len(before))
        return Effect(held, before, after, verdict.astype(np.int8), is_changed=True)

    def _asked(self, held: Held) -> Asked:
        """Return a norm held against the facilities that there are then."""
        if held.sized is None:
            metres, straight_m = self._ways(held.kinds)
            return Asked(held.kind, held.limits, metres, straight_m)
        certain, possible = held.sized
        served = self.outcome.served
        metres, straight_m = self._ways([certain])
        if len(served[certain].facilities) == len(served[possible].facilities):
            return Asked(held.kind, held.limits, metres, straight_m)
        return Asked(held.kind, held.limits, metres, straight_m, *self._ways([possible]))

    def _ways(self, groups: Sequence[Group]) -> tuple[Floats, Floats]:
        """Return the metres to the nearest of some groups, along the streets and straight."""
        there = [group for group in groups if len(self.outcome.served[group].facilities)]
        if not there:
            nowhere = np.where(self.town.ways.unknown, np.nan, np.inf)
            return nowhere, np.full(len(nowhere), np.inf)
        metres = [self.outcome.served[group].nearest.cost for group in there]
        return reduce(np.minimum, metres), reduce(np.minimum, map(self._line, there))

    def _line(self, group: Group) -> Floats:
        before, is_ = self.town.line(group), self.outcome.served[group]
        touched = self._touched(self.town.base.served[group].facilities, is_.facilities)
        if not len(touched):
            return before.cost
        found = after_changes_in_a_line(
            before, self.town.city.inside, self.outcome.stock.xy, is_.facilities, touched
        )
        return found.cost

    def _touched(self, before: Ints, after: Ints) -> Ints:
        """Return the facilities that came, went or stand somewhere else."""
        both = np.intersect1d(before, after)
        was, is_ = self.town.base.stock.xy[both], self.outcome.stock.xy[both]
        moved = both[(was != is_).any(axis=1)]
        return np.concatenate([np.setxor1d(before, after), moved]).astype(np.int32)


def _metres(asked: Asked | None, places: int) -> Floats:
    if asked is None:
        return np.full(places, np.nan)
    return asked.straight_m if asked.limits.measured == "straight" else asked.metres


def all_services(town: Town, effects: Effects) -> tuple[Everything, Everything]:
    """Return the share of people within every norm, before and after."""
    before = town.everything
    if effects.people_after is effects.people_before and not any(
        one.is_changed for one in effects.effects
    ):
        return before, before
    known = [one for one in effects.effects if one.held.service and one.held.asked]
    verdicts = [(one.held.kind, one.after) for one in known]
    return before, everything_of(verdicts, effects.people_after)
