"""The best sites, by HiGHS (Huangfu and Hall 2018): with a bound, a gap, and a way to stop."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import highspy
import numpy as np

from planning.reach.measures import within
from planning.reach.siting.classes import demand
from planning.reach.siting.greedy import cheapest_cover, most_gain
from planning.reach.siting.prices import beside, core, priced
from planning.reach.siting.program import Sought, solver_of
from planning.reach.siting.records import Answer, nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planning.reach.records import Bools, Floats, Ints
    from planning.reach.siting.classes import Demand
    from planning.reach.siting.records import Candidates, Cover, Existing, Problem, Status

    #: Gets seconds, best objective and bound so far; says whether to go on.
    Progress = Callable[[float, float, float], bool]

#: A gap up to this is rounding, and the answer optimal.
NO_GAP: Final = 1e-9
#: With more pairs of classes and candidates the solver is not asked: choice and bound are those by
#: prices of places, or the greedy ones. Of metres each pair is a column, and the first linear
#: program alone takes longer than anybody waits.
MOST_PAIRS: Final = 5_000_000
MOST_COLUMNS: Final = 100_000


def solve(
    problem: Problem,
    candidates: Candidates,
    cover: Cover,
    people: Floats,
    existing: Existing,
    progress: Progress | None = None,
) -> Answer:
    """Return the best sites, or the best found until time is up or `progress` says stop."""
    begun = time.perf_counter()
    sought = made_ready(problem, candidates, cover, people, existing, progress)
    found = best_of(sought, progress)
    return replace(
        found,
        newly_people=newly_reached(sought, found, cover, people, existing),
        out_of_reach_people=sought.asked.out_of_reach,
        seconds=time.perf_counter() - begun,
    )


def made_ready(
    problem: Problem,
    candidates: Candidates,
    cover: Cover,
    people: Floats,
    existing: Existing,
    progress: Progress | None = None,
) -> Sought:
    """Return a search with its demand taken together, and what to begin with.

    Raises `ValueError` where neither money nor number of sites has an end.
    """
    if problem.model != "set_cover" and problem.budget is None and problem.count is None:
        raise ValueError("a budget or a count is needed")
    room = np.full(len(candidates), np.inf)
    if problem.model == "capacitated":
        room = np.nan_to_num(candidates.capacity)
    asked, cost = demand(problem, cover, people, existing), candidates.cost
    if problem.model == "set_cover":
        return Sought(problem, asked, cost, room, *cheapest_cover(asked, cost))
    chosen, bound = most_gain(problem, asked, cost, room)
    if problem.model == "capacitated":
        return Sought(problem, asked, cost, room, chosen, bound)
    until = time.perf_counter() + problem.time_limit_s

    def go_on(best: float, above: float) -> bool:
        late = time.perf_counter() - until
        is_wanted = progress is None or progress(late + problem.time_limit_s, best, above)
        return is_wanted and late < 0

    known = priced(problem, asked, cost, chosen, bound, go_on)
    return Sought(problem, asked, cost, room, known.chosen, known.bound, known)


def newly_reached(
    sought: Sought, found: Answer, cover: Cover, people: Floats, existing: Existing
) -> float:
    """Return how many people are served with the sites chosen who are not today."""
    problem = sought.problem
    if problem.model == "capacitated":
        return found.objective
    is_chosen = np.isin(cover.candidate, found.chosen) & within(cover.metres, problem.limit_m)
    owner = np.repeat(np.arange(len(people)), np.diff(cover.start))
    is_new = np.bincount(owner, is_chosen, len(people)) > 0
    return float(np.nan_to_num(people)[is_new & ~within(existing.metres, problem.limit_m)].sum())


def best_of(
    sought: Sought,
    progress: Progress | None = None,
    *,
    without: Sequence[Ints] = (),
    at_least: float | None = None,
) -> Answer:
    """Return the best choice that holds none of the choices `without` whole.

    With `at_least` its value (as `_value` gives it) must not be worse. With either a choice beside
    the first of `without` is the beginning, and what is given if no better one is found in time;
    "none" says that there is no such choice, or that none was found.
    """
    is_free = not without and at_least is None
    chosen, bound = sought.chosen, sought.bound
    smaller, low, high = _core(sought, _value(sought, chosen) if at_least is None else at_least)
    is_large = len(smaller.asked.candidate) > (
        MOST_COLUMNS if sought.problem.model == "p_median" else MOST_PAIRS
    )
    if is_free and (is_large or _gap(sought, _value(sought, chosen), bound) <= NO_GAP):
        return _answer(sought, chosen, bound, is_cancelled=False)
    neighbour = nothing() if is_free else _neighbour(sought, without, at_least)
    if is_large and not is_free:
        return neighbour
    solver, sites = solver_of(smaller, without, at_least)
    solver.changeColsBounds(len(sites), sites, low, high)
    stop = _Stop(sought, progress)
    solver.cbMipInterrupt.subscribe(stop)
    solver.cbSimplexInterrupt.subscribe(stop)
    begun = chosen if is_free else neighbour.chosen
    if len(begun):
        solver.setSolution(len(sought.cost), sites, np.isin(sites, begun).astype(np.float64))
    solver.run()
    info = solver.getInfo()
    if np.isfinite(info.mip_dual_bound):
        bound = _nearer(sought, bound, info.mip_dual_bound)
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        values = np.asarray(solver.getSolution().col_value)[: len(sought.cost)]
        theirs = np.flatnonzero(values > 0.5).astype(np.int32)
        if not is_free or _value(sought, theirs) >= _value(sought, chosen):
            chosen = theirs
    elif not is_free:
        return replace(neighbour, is_cancelled=stop.is_wanted)
    return _answer(sought, chosen, bound, is_cancelled=stop.is_wanted)


def _neighbour(sought: Sought, without: Sequence[Ints], at_least: float | None) -> Answer:
    """Return the best choice that exchanges one site of the first one of those without."""
    if sought.known is None or not len(without):
        return nothing()
    found = beside(sought.problem, sought.asked, sought.cost, without[0], without)
    if found is None or (at_least is not None and found[1] < at_least):
        return nothing()
    return _answer(sought, found[0], sought.bound, is_cancelled=False)


def _core(sought: Sought, least: float) -> tuple[Sought, Floats, Floats]:
    """Return a search without the sites of no choice worth `least`, and the bounds of columns.

    What is begun with stays within them.
    """
    low, high = np.zeros(len(sought.cost)), np.ones(len(sought.cost))
    if sought.known is None:
        return sought, low, high
    is_out, is_in = core(sought.problem, sought.cost, sought.known, least)
    is_out[sought.chosen] = False
    low[sought.chosen] = is_in[sought.chosen]
    high[is_out] = 0.0
    return sought._replace(asked=_without(sought.asked, is_out)), low, high


def _without(asked: Demand, is_out: Bools) -> Demand:
    """Return who is served by the candidates that are left."""
    kept = ~is_out[asked.candidate]
    start = np.concatenate([[0], np.cumsum(kept)])[asked.start].astype(np.int32)
    return asked._replace(start=start, candidate=asked.candidate[kept], gain=asked.gain[kept])


class _Stop:
    """Asks now and then whether to go on."""

    def __init__(self, sought: Sought, progress: Progress | None) -> None:
        self.sought, self.progress, self.is_wanted = sought, progress, False

    def __call__(self, event: highspy.highs.HighsCallbackEvent) -> None:
        out = event.data_out
        if self.progress is not None and not self.is_wanted:
            base = self.sought.asked.metres
            best, bound = out.mip_primal_bound, out.mip_dual_bound
            if self.sought.problem.model == "p_median":
                best, bound = base - best, base - bound
            self.is_wanted = not self.progress(out.running_time, best, bound)
        if self.is_wanted:
            event.interrupt()


def _nearer(sought: Sought, one: float, other: float) -> float:
    return max(one, other) if sought.problem.model == "set_cover" else min(one, other)


def _value(sought: Sought, chosen: Ints) -> float:
    """Return how good a choice is: the gain, or less what it costs; more is better."""
    asked = sought.asked
    if sought.problem.model == "set_cover":
        return -float(sought.cost[chosen].sum())
    is_chosen = np.isin(asked.candidate, chosen)
    if sought.problem.model == "capacitated":
        return float(served(sought, chosen).sum())
    best = np.zeros(len(asked.people))
    np.maximum.at(best, asked.owner[is_chosen], asked.gain[is_chosen])
    return float(best @ asked.people)


def served(sought: Sought, chosen: Ints) -> Floats:
    """Return the people of each class for whom the sites chosen have room, at most."""
    asked, sites = sought.asked, len(sought.cost)
    if not len(chosen) or not len(asked.candidate):
        return np.zeros(len(asked.people))
    solver, columns = solver_of(sought, (), None)
    fixed = np.isin(columns, chosen).astype(np.float64)
    solver.changeColsBounds(sites, columns, fixed, fixed)
    solver.run()
    given = np.asarray(solver.getSolution().col_value)[sites:]
    return np.bincount(asked.owner, given, len(asked.people)).astype(np.float64)


def _answer(sought: Sought, chosen: Ints, bound: float, *, is_cancelled: bool) -> Answer:
    value = _value(sought, chosen)
    if sought.problem.model == "set_cover":
        value, bound = -value, min(bound, -value)
    else:
        bound = max(bound, value)
    if sought.problem.model == "p_median":
        value, bound = sought.asked.metres - value, sought.asked.metres - bound
    gap = _apart(value, bound)
    status: Status = "optimal" if gap <= NO_GAP else "feasible"
    return Answer(status, chosen, value, bound, gap, is_cancelled=is_cancelled)


def _gap(sought: Sought, value: float, bound: float) -> float:
    """Return the gap as it is told; both as gains."""
    if sought.problem.model == "set_cover":
        return _apart(-value, bound)
    if sought.problem.model == "p_median":
        return _apart(sought.asked.metres - value, sought.asked.metres - bound)
    return _apart(value, bound)


def _apart(value: float, bound: float) -> float:
    apart = abs(bound - value)
    return apart / abs(value) if value else (0.0 if apart == 0 else np.inf)
