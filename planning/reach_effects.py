"""What the changes of a scenario do to each norm: who is within it now, and who was before."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from planning.reach.figures import Asked, Reached
from planning.reach.measures import Verdict
from planning.reach.straight import after_changes_in_a_line
from planning.reach_changed import changed_city, outcome_of
from planning.reach_town import everything_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planning.reach.records import Bytes, Change, Floats, Ints, People
    from planning.reach.scenario import Outcome
    from planning.reach_town import Everything, Held, Town
    from planning.reach_ways import Ways


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
    after = _After(town, outcome, changes)
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

    def __init__(self, town: Town, outcome: Outcome, changes: Sequence[Change]) -> None:
        self.town, self.outcome = town, outcome
        resized = [change.key for change in changes if change.action == "enlarge"]
        is_resized = np.isin(outcome.stock.key.astype(str), resized)
        self.resized = set(outcome.stock.kind[is_resized].tolist())
        self._ways: Ways | None = None

    def effect(self, held: Held) -> Effect:
        """Return a norm before and after."""
        before = _metres(held.asked, len(self.town.city.plots))
        moved = set(self.outcome.changed) & set(held.kinds)
        is_resized = held.least_m2 is not None and self.resized & set(held.kinds)
        if not moved and not is_resized:
            return Effect(held, before, before, held.verdict, is_changed=False)
        asked = self._asked(held)
        verdict = held.verdict if asked is None else asked.verdict()
        if held.asked is None:
            # Nobody knows what there is beside what the scenario adds.
            verdict = np.where(verdict == Verdict.NOT_MET, Verdict.UNKNOWN, verdict)
        return Effect(
            held,
            before,
            _metres(asked, len(before)),
            verdict.astype(np.int8),
            is_changed=not np.array_equal(verdict, held.verdict) or bool(moved),
        )

    def _asked(self, held: Held) -> Asked | None:
        served = self.outcome.served
        if held.service is not None and held.least_m2 is not None:
            ways = self._changed()
            reached = {kind: Reached(one.nearest.cost) for kind, one in served.items()}
            found = ways.asked(held.service, reached)
            return found[0] if found else None
        kinds = [kind for kind in held.kinds if len(served[kind].facilities)]
        if not kinds:
            nowhere = np.where(self.town.ways.unknown, np.nan, np.inf)
            far = np.full(len(nowhere), np.inf)
            return Asked(held.kind, held.limits, nowhere, far)
        metres = reduce(np.minimum, [served[kind].nearest.cost for kind in kinds])
        straight = reduce(np.minimum, [self._line(kind) for kind in kinds])
        return Asked(held.kind, held.limits, metres, straight)

    def _line(self, kind: str) -> Floats:
        before, is_ = self.town.line(kind), self.outcome.served[kind]
        if kind not in self.outcome.changed:
            return before.cost
        touched = self._touched(self.town.base.served[kind].facilities, is_.facilities)
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

    def _changed(self) -> Ways:
        """Return ways to all facilities there are then, for norms that not all of a kind meet."""
        if self._ways is None:
            city = changed_city(self.town.city, self.outcome)
            self._ways = self.town.ways.with_city(city)
        return self._ways


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
