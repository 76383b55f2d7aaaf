"""Searches for sites as mixed-integer programs for HiGHS."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import highspy
import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planning.reach.records import Floats, Ints
    from planning.reach.siting.classes import Demand
    from planning.reach.siting.prices import Priced
    from planning.reach.siting.records import Problem


class Sought(NamedTuple):
    """A search made ready: classes of demand, and what candidates cost and can give."""

    problem: Problem
    asked: Demand
    cost: Floats
    #: `inf` where there is room for everybody.
    room: Floats
    #: Where the search begins, and what no choice is beyond.
    chosen: Ints
    bound: float
    #: How near that is by prices of places; None where places are not served once.
    known: Priced | None = None


def solver_of(
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
