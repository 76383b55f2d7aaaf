"""The site that helps most, again and again; and how far that can be from the best.

What all gain from sites grows less with every site (it is submodular), so the best choice is at
most what is had already and the largest single gains on top of it (Nemhauser, Wolsey and Fisher
1978). For the cheapest cover the prices that the greedy choice pays are made into a solution of
the dual problem, which is below every cover (Chvátal 1979).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from planning.reach.records import Bools, Floats, Ints
    from planning.reach.siting.classes import Demand
    from planning.reach.siting.records import Problem


def most_gain(problem: Problem, asked: Demand, cost: Floats, room: Floats) -> tuple[Ints, float]:
    """Return a choice within budget and count, and what no choice gains more than.

    `room` is how much a candidate can give at most, `inf` where that does not matter.
    """
    owner = asked.owner
    best, left = np.zeros(len(asked.people)), asked.people.copy()
    had, chosen, is_free = 0.0, list[int](), np.ones(len(cost), dtype=np.bool_)
    bound = np.inf
    while True:
        more = np.maximum(asked.gain - best[owner], 0.0) * left[owner]
        single = np.minimum(np.bincount(asked.candidate, more, len(cost)), room)
        single[~is_free] = 0.0
        if not chosen or np.isinf(room).all():
            bound = min(bound, had + largest(problem, single, cost))
        affordable = is_free & (single > 0) & fits(problem, cost, chosen)
        if not affordable.any():
            return np.sort(np.array(chosen, dtype=np.int32)), min(bound, _all(asked))
        worth = np.divide(single, cost, out=np.full(len(cost), np.inf), where=cost > 0)
        rank = single if problem.budget is None else worth
        site = int(np.argmax(np.where(affordable, rank, -1.0)))
        chosen.append(site)
        is_free[site] = False
        had += float(single[site])
        pairs = np.flatnonzero(asked.candidate == site)
        if np.isinf(room[site]):
            best[owner[pairs]] = np.maximum(best[owner[pairs]], asked.gain[pairs])
        else:
            left[owner[pairs]] *= 1.0 - single[site] / float(left[owner[pairs]].sum())


def _all(asked: Demand) -> float:
    best = np.zeros(len(asked.people))
    np.maximum.at(best, asked.owner, asked.gain)
    return float(best @ asked.people)


def fits(problem: Problem, cost: Floats, chosen: list[int]) -> Bools:
    fits = np.ones(len(cost), dtype=np.bool_)
    if problem.count is not None and len(chosen) >= problem.count:
        fits[:] = False
    if problem.budget is not None:
        fits &= float(cost[chosen].sum()) + cost <= problem.budget
    return fits


def largest(problem: Problem, single: Floats, cost: Floats) -> float:
    """Return what sites can gain together at most, if each gained all that it gains alone."""
    most = float(single.sum())
    if problem.count is not None:
        most = min(most, float(np.sort(single)[::-1][: problem.count].sum()))
    if problem.budget is not None:
        free = cost <= 0
        worth = np.argsort(-single[~free] / cost[~free], kind="stable")
        spent = np.cumsum(cost[~free][worth])
        part = np.clip((problem.budget - spent) / cost[~free][worth] + 1.0, 0.0, 1.0)
        most = min(most, float(single[free].sum() + (single[~free][worth] * part).sum()))
    return most


def cheapest_cover(asked: Demand, cost: Floats) -> tuple[Ints, float]:
    """Return a choice that covers every class, and a cost that no such choice is below."""
    owner, is_open = asked.owner, np.ones(len(asked.people), dtype=np.bool_)
    price, chosen = np.zeros(len(asked.people)), list[int]()
    while is_open.any():
        many = np.bincount(asked.candidate, is_open[owner], len(cost))
        each = np.divide(cost, many, out=np.full(len(cost), np.inf), where=many > 0)
        site = int(np.argmin(each))
        chosen.append(site)
        reached = owner[asked.candidate == site]
        price[reached[is_open[reached]]] = each[site]
        is_open[reached] = False
    paid = np.bincount(asked.candidate, price[owner], len(cost))
    over = np.divide(paid, cost, out=np.ones(len(cost)), where=cost > 0)
    bound = float(price.sum()) / max(1.0, float(over.max(initial=1.0)))
    return np.sort(np.array(chosen, dtype=np.int32)), bound
