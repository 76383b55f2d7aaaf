"""Searches for sites over all plots of a city, and what a choice is worth to their people."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from planning.reach.measures import within
from planning.reach.siting.alternatives import alternatives
from planning.reach.siting.exact import NO_GAP, best_of, made_ready, served, solve
from planning.reach.siting.groups import Near, bound_of_places, clusters
from planning.reach.siting.records import Answer, Existing, nothing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planning.reach.records import Floats, Ints
    from planning.reach.siting.exact import Progress
    from planning.reach.siting.records import Candidates, Cover, Problem
    from planning.reach_sites import Homes, Sites


@dataclass(frozen=True, eq=False)
class Choice:
    """Sites chosen, by their rows among all that were found, and what they are worth."""

    chosen: Ints
    #: People newly served, cost, or metres of all people together.
    objective: float
    newly_people: float
    #: How much worse than the best, as a share of that.
    behind: float = 0.0


class _Put(NamedTuple):
    """What the solver is asked about: candidates, and places taken together."""

    candidates: Candidates
    cover: Cover
    people: Floats
    existing: Existing


class Search(Protocol):
    """A search made ready."""

    #: By how many metres a person the bound is looser since plots were taken together.
    loosened_m: float
    #: People not served today whom no candidate serves either.
    out_of_reach: float

    def solved(self, progress: Progress) -> Answer:
        """Return the best choice, or the best found in time."""

    def others(self, best: Answer, progress: Progress, *, of: Problem) -> Sequence[Answer]:
        """Return choices nearly as good."""

    def told(self, found: Answer) -> tuple[Choice, float, float]:
        """Return what a choice is worth to the people of all plots, its bound and its gap."""

    def newly(self, chosen: Ints) -> Floats:
        """Return the people of each plot who are served newly."""

    def alone(self) -> Floats:
        """Return how many people each candidate would serve newly as the only one."""


def search_for(sites: Sites, homes: Homes) -> Search:
    """Return the search that the question of some sites asks for."""
    if sites.question.model == "p_median":
        return _Nearer(sites, homes)
    return _Within(sites, homes)


class _Within:
    """Who is within the limit: most people, most for whom there is room, or all for least cost.

    Plots with the same candidates within the limit are one; nothing is lost by that.
    """

    loosened_m = 0.0

    def __init__(self, sites: Sites, homes: Homes) -> None:
        self._sites, self._left = sites, homes.left
        self._problem = sites.question.problem
        self._near = Near(len(self._left), len(sites))
        for one in range(len(sites)):
            metres = sites.metres_to(np.array([one], dtype=np.int32))
            self._near.add(one, within(metres, sites.question.limit_m))
        every = np.arange(len(sites), dtype=np.int32)
        self.out_of_reach = float(self._left[~self._near.of_any(every)].sum())
        self._groups = self._near.groups(self._left)

    @property
    def _put(self) -> _Put:
        groups = self._groups
        nobody = Existing(np.full(len(groups.people), np.inf))
        return _Put(self._sites.candidates, groups.cover, groups.people, nobody)

    def solved(self, progress: Progress) -> Answer:
        if not len(self._sites):
            return nothing()
        if not len(self._groups.people):
            return Answer("optimal", np.zeros(0, np.int32), 0.0, 0.0, 0.0)
        return solve(self._problem, *self._put, progress)

    def others(self, best: Answer, progress: Progress, *, of: Problem) -> Sequence[Answer]:
        if not len(best.chosen):
            return ()
        return alternatives(best, of, *self._put, progress).alternatives

    def told(self, found: Answer) -> tuple[Choice, float, float]:
        newly = float(self.newly(found.chosen).sum())
        choice = Choice(self._sites.rows[found.chosen], found.objective, newly)
        return choice, found.bound, found.gap

    def newly(self, chosen: Ints) -> Floats:
        if self._problem.model != "capacitated":
            return self._left * self._near.of_any(chosen)
        if not len(self._groups.people):
            return np.zeros(len(self._left))
        given = served(made_ready(self._problem, *self._put), chosen)
        member = self._groups.member
        share = np.append(given / self._groups.people, 0.0)
        return np.asarray(self._left * share[member])

    def alone(self) -> Floats:
        people = [float(self._left[self._near.of(one)].sum()) for one in range(len(self._sites))]
        if self._problem.model != "capacitated":
            return np.array(people, dtype=np.float64)
        return np.minimum(people, self._sites.candidates.capacity)


class _Nearer:
    """The fewest metres of all people together; of very many plots those near each other are one.

    A choice is judged by the ways of all plots, and the bound is loosened by what the taking
    together may have hidden. Whom nothing reaches yet walks as far as the longest way of all.
    """

    def __init__(self, sites: Sites, homes: Homes) -> None:
        self._sites, self._homes = sites, homes
        self._problem = sites.question.problem
        self._near = Near(len(homes.people), len(sites))
        self._found = clusters(
            self._metres_to, len(sites), homes.existing_m, homes.people, sites.city.inside
        )
        self._weight = np.where(self._found.groups.member >= 0, homes.people, 0.0)
        #: Metres of all people together that no choice is below, by prices of plots.
        self._bound = -np.inf
        self.loosened_m = 0.0
        self.out_of_reach = self._found.out_of_reach

    def _metres_to(self, candidate: int) -> Floats:
        metres = self._sites.metres_to(np.array([candidate], dtype=np.int32))
        self._near.add(candidate, within(metres, self._problem.limit_m))
        return metres

    @property
    def _put(self) -> _Put:
        groups = self._found.groups
        today = Existing(self._found.existing_m)
        return _Put(self._sites.candidates, groups.cover, groups.people, today)

    def solved(self, progress: Progress) -> Answer:
        if not len(self._sites):
            return nothing()
        if not len(self._found.groups.cover.candidate):
            return Answer("optimal", np.zeros(0, np.int32), 0.0, self._walked(), 0.0)
        begun = time.perf_counter()
        sought = made_ready(self._problem, *self._put, progress)
        found = best_of(sought, progress)
        if sought.known is not None and self._found.loosened > 0:
            asked = sought.asked
            each = np.append(sought.known.price / asked.people, 0.0)[asked.member]
            self._bound = bound_of_places(
                *(self._problem, self._sites.candidates.cost, self._metres_to),
                *(self._found, self._homes.existing_m, self._weight),
                *(self._sites.metres_to(found.chosen), each),
            )
        everybody = float(self._weight.sum())
        loosened = found.bound - max(found.bound - self._found.loosened, self._bound)
        self.loosened_m = max(loosened, 0.0) / everybody if everybody else 0.0
        return replace(found, seconds=time.perf_counter() - begun)

    def others(self, best: Answer, progress: Progress, *, of: Problem) -> Sequence[Answer]:
        if not len(best.chosen):
            return ()
        return alternatives(best, of, *self._put, progress).alternatives

    def told(self, found: Answer) -> tuple[Choice, float, float]:
        newly = float(self.newly(found.chosen).sum())
        walked = self._walked(found.chosen)
        choice = Choice(self._sites.rows[found.chosen], walked, newly)
        if found.status == "none":
            return choice, found.bound, found.gap
        bound = min(max(found.bound - self._found.loosened, self._bound, 0.0), walked)
        apart = walked - bound
        gap = apart / walked if walked else 0.0
        return choice, bound, 0.0 if gap <= NO_GAP else gap

    def _walked(self, chosen: Ints | None = None) -> float:
        """Return the metres of all people together to what is nearest."""
        metres = self._homes.existing_m
        if chosen is not None and len(chosen):
            metres = np.minimum(metres, self._sites.metres_to(chosen))
        rows = np.flatnonzero(self._weight > 0)
        return float(self._weight[rows] @ np.minimum(metres[rows], self._found.farthest_m))

    def newly(self, chosen: Ints) -> Floats:
        return self._homes.left * self._near.of_any(chosen)

    def alone(self) -> Floats:
        left = self._homes.left
        return np.array([float(left[self._near.of(one)].sum()) for one in range(len(self._sites))])
