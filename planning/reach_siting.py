"""Where the next facilities of a kind should stand: from the record over the network to a choice.

People walk along the streets. Who is within the limit of a facility that is there is served; plots
where nobody was counted and plots without a street are in no share and told.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from planning.operations.background import CalledOffError
from planning.reach.siting.alternatives import MOST, WORSE_BY
from planning.reach.siting.exact import NO_GAP
from planning.reach_candidates import LeftOut, candidates_of
from planning.reach_planned import city_of
from planning.reach_sites import Sites
from planning.reach_siting_room import need_of, with_their_room
from planning.reach_siting_search import search_for

if TYPE_CHECKING:
    from planning.conflict_tables import Moment
    from planning.models import PlanVersion
    from planning.operations.background import Step
    from planning.reach.records import Floats
    from planning.reach.siting.question import Question
    from planning.reach_candidates import Candidate
    from planning.reach_city import City
    from planning.reach_siting_room import Need
    from planning.reach_siting_search import Choice

#: Counted up when the same question may get another answer.
VERSION: Final = 1
#: Network, entrances, candidates, ways, solve, alternatives, figures.
STEPS: Final = 7
#: So often somebody who calls the search off is heard while the solver is at work, in seconds.
_HEARD_S: Final = 1.0


@dataclass(frozen=True, eq=False)
class Sited:
    """What a search found."""

    candidates: list[Candidate]
    #: People newly served if a candidate were the only one; NaN where it cannot be chosen.
    alone: Floats
    #: optimal, feasible, or none where there was nothing to choose from.
    status: str
    #: The best first, then those within 2 % of it.
    choices: list[Choice]
    bound: float
    gap: float
    seconds: float
    loosened_m: float
    out_of_reach: float
    #: All people that shares are of, and those served today.
    people: float
    served: float
    #: People newly served by the best, by code of the ward.
    wards: dict[str, float]
    left_out: list[LeftOut]
    #: What a person needs, where room counts.
    need: Need | None


def work_out(
    question: Question, moment: Moment, version: PlanVersion | None, *, step: Step
) -> Sited:
    """Return the best sites for a kind of facility, and what else could be chosen.

    Raises Invalid if there is no network, or several, or where nobody knows how much room a person
    needs; CalledOffError.
    """
    begun = time.perf_counter()
    need = need_of(question, on=moment.on) if question.model == "capacitated" else None
    city = city_of(moment, version, step=step)
    step(3, "candidates")
    found, left_out = candidates_of(question, city, version)
    hearing = _Watch(step, 4, "ways")
    each = None if need is None else need.each
    sites = Sites(city, question, found, each, hearing.hear)
    left_out += [*sites.left_out(), *_planned_elsewhere(city)]
    step(4, "ways")
    homes = sites.homes()
    if need is not None:
        homes, doubtful = with_their_room(sites, homes, need)
        left_out += doubtful
    search = search_for(sites, homes)
    hearing.name(5, "solve")
    step(5, "solve")
    watch = _Watch(step, 5, "solve")
    best = search.solved(watch)
    watch.check()
    hearing.name(6, "alternatives")
    step(6, "alternatives")
    watch = _Watch(step, 6, "alternatives")
    others = search.others(best, watch, of=question.beside(MOST))
    watch.check()
    (choice, bound, gap), *beside = (search.told(one) for one in (best, *others))
    choices, gap = _by_worth([choice, *(one for one, _, _ in beside)], question, bound, gap)
    alone = np.full(len(found), np.nan)
    alone[sites.rows] = search.alone()
    return Sited(
        candidates=found,
        alone=alone,
        status="none" if best.status == "none" else "optimal" if gap <= NO_GAP else "feasible",
        choices=choices,
        bound=bound,
        gap=gap,
        seconds=time.perf_counter() - begun,
        loosened_m=search.loosened_m,
        out_of_reach=search.out_of_reach,
        people=float(homes.people.sum()),
        served=float(homes.served.sum()),
        wards=_wards(city, search.newly(sites.places_of(choices[0].chosen))),
        left_out=left_out,
        need=need,
    )


class _Watch:
    """Hears in the midst of a step, once a second, whether the search is called off."""

    def __init__(self, step: Step, done: int, name: str) -> None:
        self._step, self._done, self._name = step, done, name
        self._heard = time.monotonic()
        self._called_off: CalledOffError | None = None

    def __call__(self, seconds: float, best: float, bound: float) -> bool:
        """Say whether to go on."""
        if self._called_off is None and time.monotonic() - self._heard >= _HEARD_S:
            self._heard = time.monotonic()
            try:
                self._step(self._done, self._name)
            except CalledOffError as stopped:
                self._called_off = stopped
        return self._called_off is None

    def name(self, done: int, name: str) -> None:
        """Say which step goes on now."""
        self._done, self._name = done, name

    def hear(self) -> None:
        """Raise CalledOffError if somebody called the search off."""
        self(0.0, 0.0, 0.0)
        self.check()

    def check(self) -> None:
        """Raise CalledOffError if somebody called the search off meanwhile."""
        if self._called_off is not None:
            raise self._called_off


def _by_worth(
    choices: list[Choice], question: Question, bound: float, gap: float
) -> tuple[list[Choice], float]:
    """Return choices with the best first and how much worse the others are, and its gap.

    Where plots were taken together another one may turn out to be the best once all are counted,
    or to be too much worse.
    """
    first = choices[0]
    if question.model == "p_median" and len(choices) > 1:
        first = min(choices, key=lambda one: one.objective)
        if first is not choices[0]:
            gap = max(first.objective - bound, 0.0) / first.objective if first.objective else 0.0
    scale = abs(first.objective) or 1.0
    rest = [
        replace(one, behind=abs(first.objective - one.objective) / scale)
        for one in choices
        if one is not first
    ]
    return [first, *(one for one in rest if one.behind <= WORSE_BY + NO_GAP)], gap


def _planned_elsewhere(city: City) -> list[LeftOut]:
    """Return how many people of the plan no plot could take."""
    many = city.of_plan.get("planned_people_without_plot", 0.0)
    return [LeftOut("planned_people_without_plot", many)] if many else []


def _wards(city: City, newly: Floats) -> dict[str, float]:
    known = city.plots.people
    rows = np.flatnonzero((known.unit >= 0) & (newly > 0))
    many = np.bincount(known.unit[rows], newly[rows], len(known.units)).tolist()
    return {code: people for code, people in zip(known.units, many, strict=True) if people > 0}
