"""The best sites, by HiGHS (Huangfu and Hall 2018): with a bound, a gap, and a way to stop."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

import highspy
import numpy as np
from scipy.sparse import csr_array

from planning.reach.measures import within
from planning.reach.siting.classes import demand
from planning.reach.siting.greedy import cheapest_cover, most_gain
from planning.reach.siting.records import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planning.reach.records import Floats, Ints
    from planning.reach.siting.classes import Demand
    from planning.reach.siting.records import Candidates, Cover, Existing, Problem, Status

    #: Gets seconds, best objective and bound so far; says whether to go on.
    Progress = Callable[[float, float, float], bool]

#: A gap up to this is rounding, and the answer optimal.
NO_GAP: Final = 1e-9
#: With more pairs of classes and candidates only the greedy answer is given.
MOST_PAIRS: Final = 5_000_000


class Sought(NamedTuple):
    """A search made ready: classes of demand, and what candidates cost and can give."""

    problem: Problem
    asked: Demand
    cost: Floats
    #: `inf` where there is room for everybody.
    room: Floats


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
    sought = made_ready(problem, candidates, cover, people, existing)
    found = best_of(sought, progress)
    return replace(
        found,
        newly_people=newly_reached(sought, found, cover, people, existing),
        out_of_reach_people=sought.asked.out_of_reach,
        seconds=time.perf_counter() - begun,
    )


def made_ready(
    problem: Problem, candidates: Candidates, cover: Cover, people: Floats, existing: Existing
) -> Sought:
    """Return a search with its demand taken together.

    Raises `ValueError` where neither money nor number of sites has an end.
    """
    if problem.model != "set_cover" and problem.budget is None and problem.count is None:
        raise ValueError("a budget or a count is needed")
    room = np.full(len(candidates), np.inf)
    if problem.model == "capacitated":
        room = np.nan_to_num(candidates.capacity)
    return Sought(problem, demand(problem, cover, people, existing), candidates.cost, room)


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

    With `at_least` its value (as `_value` gives it) must not be worse. With either the greedy
    choice is no start, and "none" says that there is no such choice (or none was found in time).
    """
    is_free = not without and at_least is None
    chosen, bound = _greedy(sought)
    if is_free and len(sought.asked.candidate) > MOST_PAIRS:
        return _answer(sought, chosen, bound, is_cancelled=False)
    solver, sites = _solver(sought, without, at_least)
    stop = _Stop(sought, progress)
    solver.cbMipInterrupt.subscribe(stop)
    if is_free:
        solver.setSolution(len(sought.cost), sites, np.isin(sites, chosen).astype(np.float64))
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
        empty = np.zeros(0, np.int32)
        return Answer("none", empty, np.nan, np.nan, np.inf, is_cancelled=stop.is_wanted)
    return _answer(sought, chosen, bound, is_cancelled=stop.is_wanted)


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


def _greedy(sought: Sought) -> tuple[Ints, float]:
    if sought.problem.model == "set_cover":
        return cheapest_cover(sought.asked, sought.cost)
    return most_gain(sought.problem, sought.asked, sought.cost, sought.room)


def _nearer(sought: Sought, one: float, other: float) -> float:
    return max(one, other) if sought.problem.model == "set_cover" else min(one, other)


def _value(sought: Sought, chosen: Ints) -> float:
    """Return how good a choice is: the gain, or less what it costs; more is better."""
    asked = sought.asked
    if sought.problem.model == "set_cover":
        return -float(sought.cost[chosen].sum())
    is_chosen = np.isin(asked.candidate, chosen)
    if sought.problem.model == "capacitated":
        return _most_served(sought, chosen)
    best = np.zeros(len(asked.people))
    np.maximum.at(best, asked.owner[is_chosen], asked.gain[is_chosen])
    return float(best @ asked.people)


def _most_served(sought: Sought, chosen: Ints) -> float:
    """Return how many people the sites chosen have room for."""
    if not len(chosen):
        return 0.0
    solver, sites = _solver(sought, (), None)
    fixed = np.isin(sites, chosen).astype(np.float64)
    solver.changeColsBounds(len(sites), sites, fixed, fixed)
    solver.run()
    return float(solver.getInfo().objective_function_value)


def _answer(sought: Sought, chosen: Ints, bound: float, *, is_cancelled: bool) -> Answer:
    value = _value(sought, chosen)
    if sought.problem.model == "set_cover":
        value, bound = -value, min(bound, -value)
    else:
        bound = max(bound, value)
    if sought.problem.model == "p_median":
        value, bound = sought.asked.metres - value, sought.asked.metres - bound
    apart = abs(bound - value)
    gap = apart / abs(value) if value else (0.0 if apart == 0 else np.inf)
    status: Status = "optimal" if gap <= NO_GAP else "feasible"
    return Answer(status, chosen, value, bound, gap, is_cancelled=is_cancelled)


def _solver(
    sought: Sought, without: Sequence[Ints], at_least: float | None
) -> tuple[highspy.Highs, Ints]:
    """Return HiGHS with the problem, and the numbers of the columns that choose sites."""
    rows = _Rows()
    weight, most = _written(sought, rows)
    sites = np.arange(len(sought.cost), dtype=np.int32)
    if sought.problem.count is not None and sought.problem.model != "set_cover":
        rows.add(sites, np.ones(len(sites)), -np.inf, sought.problem.count)
    if sought.problem.budget is not None and sought.problem.model != "set_cover":
        rows.add(sites, sought.cost, -np.inf, sought.problem.budget)
    for known in without:
        rows.add(known, np.ones(len(known)), -np.inf, len(known) - 1.0)
    if at_least is not None:
        sign = -1.0 if sought.problem.model == "set_cover" else 1.0
        rows.add(np.arange(len(weight), dtype=np.int32), weight * sign, at_least, np.inf)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy gives no types here
    for option, value in (
        ("output_flag", False),
        ("mip_rel_gap", sought.problem.gap),
        ("mip_abs_gap", 0.0),
        ("mip_feasibility_tolerance", 1e-9),
        ("random_seed", 1),
        ("time_limit", sought.problem.time_limit_s),
    ):
        solver.setOptionValue(option, value)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(weight), len(rows.low)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = weight, np.zeros(len(weight)), most
    is_cost = sought.problem.model == "set_cover"
    lp.sense_ = highspy.ObjSense.kMinimize if is_cost else highspy.ObjSense.kMaximize
    matrix = rows.matrix(len(weight))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
    lp.a_matrix_.value_ = matrix.data
    lp.row_lower_, lp.row_upper_ = np.array(rows.low), np.array(rows.high)
    whole, any_ = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    lp.integrality_ = [whole] * len(sites) + [any_] * (len(weight) - len(sites))
    solver.passModel(lp)
    return solver, sites


class _Rows:
    """Rows of a problem while they are written."""

    def __init__(self) -> None:
        self.column: list[Ints] = []
        self.value: list[Floats] = []
        self.row: list[Ints] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, column: Ints, value: Floats, low: float, high: float) -> None:
        """Add a row."""
        self.many(np.zeros(len(column), np.int32), column, value, [low], [high])

    def many(
        self, row: Ints, column: Ints, value: Floats, low: list[float], high: list[float]
    ) -> None:
        """Add rows, numbered from 0."""
        self.row.append(row + len(self.low))
        self.column.append(column)
        self.value.append(value)
        self.low += low
        self.high += high

    def matrix(self, columns: int) -> csr_array:
        """Return the rows as one matrix."""
        shape = (len(self.low), columns)
        if not self.low:
            return csr_array(shape)
        held = (np.concatenate(self.row), np.concatenate(self.column))
        return csr_array((np.concatenate(self.value), held), shape=shape)


def _written(sought: Sought, rows: _Rows) -> tuple[Floats, Floats]:
    """Write the rows of a model; return the weights and the upper bounds of its columns."""
    asked, cost, sites = sought.asked, sought.cost, len(sought.cost)
    owner, classes, pairs = asked.owner, len(asked.people), len(asked.candidate)
    minus, plus = np.full(pairs, -1.0), np.ones(pairs)
    if sought.problem.model == "set_cover":
        rows.many(owner, asked.candidate, plus, [1.0] * classes, [np.inf] * classes)
        return cost.copy(), np.ones(sites)
    if sought.problem.model == "max_cover":
        own = np.arange(classes, dtype=np.int32)
        rows.many(
            np.concatenate([owner, own]),
            np.concatenate([asked.candidate, sites + own]),
            np.concatenate([minus, np.ones(classes)]),
            [-np.inf] * classes,
            [0.0] * classes,
        )
        return np.concatenate([np.zeros(sites), asked.people]), np.ones(sites + classes)
    # One column a pair: the share of a class (p_median) or the people of it that a site serves.
    own = np.arange(pairs, dtype=np.int32)
    is_full = sought.problem.model == "capacitated"
    many = asked.people[owner] if is_full else plus
    rows.many(
        owner,
        sites + own,
        plus,
        [-np.inf] * classes,
        (asked.people if is_full else np.ones(classes)).tolist(),
    )
    rows.many(
        np.concatenate([own, own]),
        np.concatenate([sites + own, asked.candidate]),
        np.concatenate([plus, -np.minimum(many, sought.room[asked.candidate])]),
        [-np.inf] * pairs,
        [0.0] * pairs,
    )
    if is_full:
        rows.many(
            np.concatenate([asked.candidate, np.arange(sites, dtype=np.int32)]),
            np.concatenate([sites + own, np.arange(sites, dtype=np.int32)]),
            np.concatenate([plus, -sought.room]),
            [-np.inf] * sites,
            [0.0] * sites,
        )
    weight = plus if is_full else asked.gain * asked.people[owner]
    return np.concatenate([np.zeros(sites), weight]), np.concatenate([np.ones(sites), many])
