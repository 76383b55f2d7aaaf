"""What sites are worth where every place has its price: a bound far nearer than the greedy one.

A place is served once. If a site that serves it twice must pay the price of the place, every site
is worth what it gains above the prices, and the sites of most worth are the best choice that
anybody could make at these prices: with the prices added no real choice is above that (Lagrangian
relaxation, Cornuéjols, Fisher and Nemhauser 1977). Prices go up where places are served twice and
down where they are not, until the bound comes no nearer. What is left between bound and choice also
says which sites can be in no better choice, and which are in every one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from planning.reach.siting.greedy import fits, largest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planning.reach.records import Bools, Floats, Ints
    from planning.reach.siting.classes import Demand
    from planning.reach.siting.records import Problem

#: Rounds of prices at most, and how many without a nearer bound halve the step.
ROUNDS: Final = 1_000
_PATIENCE: Final = 12
_FIRST_STEP, _LAST_STEP = 2.0, 2e-4
_NOISE: Final = 1e-9


class Priced(NamedTuple):
    """The nearest bound found, at which prices, and the best choice met on the way."""

    chosen: Ints
    value: float
    bound: float
    #: Of each class, their sum, and what each candidate is worth above them.
    price: Floats
    paid: float
    worth: Floats


def priced(
    problem: Problem,
    asked: Demand,
    cost: Floats,
    chosen: Ints,
    bound: float,
    go_on: Callable[[float, float], bool],
) -> Priced:
    """Return a choice at least as good as `chosen`, and a bound at least as near as `bound`."""
    if not len(asked.candidate):
        return Priced(chosen, 0.0, 0.0, np.zeros(len(asked.people)), 0.0, np.zeros(len(cost)))
    owner, gain = asked.owner, asked.gain * asked.people[asked.owner]
    value, price = value_of(asked, gain, chosen), _had(asked, gain, chosen)
    best = Priced(chosen, value, np.inf, price, 0.0, np.zeros(len(cost)))
    step, since = _FIRST_STEP, 0
    for _ in range(ROUNDS):
        over = np.maximum(gain - price[owner], 0.0)
        worth = np.bincount(asked.candidate, over, len(cost)).astype(np.float64)
        paid = float(price.sum())
        above = paid + largest(problem, worth, cost)
        picked = _picked(problem, worth, cost)
        met = value_of(asked, gain, picked)
        if met > best.value:
            best = best._replace(chosen=picked, value=met)
        since += 1
        if above < best.bound:
            best, since = best._replace(bound=above, price=price, paid=paid, worth=worth), 0
        is_near = best.bound - best.value <= _NOISE * max(1.0, best.value)
        if is_near or step < _LAST_STEP or not go_on(best.value, best.bound):
            break
        if since >= _PATIENCE:
            step, since = step / 2, 0
        is_picked = np.zeros(len(cost), dtype=np.bool_)
        is_picked[picked] = True
        served = np.bincount(owner, (over > 0) & is_picked[asked.candidate], len(price))
        apart = 1.0 - served
        length = float(apart @ apart)
        if length == 0.0:
            break
        price = np.maximum(price - step * (above - best.value) / length * apart, 0.0)
    # From several beginnings, since exchanging one site may lead into a dead end.
    begun = (best.chosen, chosen, _picked(problem, best.worth, cost))
    ends = (_swapped(problem, asked, gain, cost, one) for one in begun)
    picked, met = max(ends, key=lambda end: end[1])
    nearest = max(min(best.bound, bound), met)
    return best._replace(chosen=picked, value=met, bound=nearest)


def value_of(asked: Demand, gain: Floats, chosen: Ints) -> float:
    """Return what a choice gains; `gain` by pair of class and candidate, of all its people."""
    return float(_had(asked, gain, chosen).sum())


def _had(asked: Demand, gain: Floats, chosen: Ints) -> Floats:
    """Return what each class gains of a choice."""
    is_chosen = np.zeros(int(asked.candidate.max(initial=0)) + 1, dtype=np.bool_)
    is_chosen[chosen[chosen < len(is_chosen)]] = True
    had = np.where(is_chosen[asked.candidate], gain, 0.0)
    return np.asarray(np.maximum.reduceat(had, asked.start[:-1]))


def _picked(problem: Problem, worth: Floats, cost: Floats) -> Ints:
    """Return the sites of most worth, for their cost where money has an end, as many as may be."""
    rank = worth
    if problem.budget is not None:
        rank = np.divide(worth, cost, out=np.full(len(cost), np.inf), where=cost > 0)
    picked: list[int] = []
    spent = 0.0
    for site in np.argsort(-rank, kind="stable").tolist():
        if worth[site] <= 0 or (problem.count is not None and len(picked) >= problem.count):
            break
        if problem.budget is None or spent + cost[site] <= problem.budget:
            picked.append(site)
            spent += float(cost[site])
    return np.sort(np.array(picked, dtype=np.int32))


def _swapped(
    problem: Problem, asked: Demand, gain: Floats, cost: Floats, begun: Ints
) -> tuple[Ints, float]:
    """Return a choice that exchanging one site for another makes no better, and its gain."""
    chosen = begun.tolist()
    value, went_on = value_of(asked, gain, begun), True
    while went_on:
        went_on = False
        for site in list(chosen):
            rest = [one for one in chosen if one != site]
            had = _had(asked, gain, np.array(rest, dtype=np.int32))
            more = np.maximum(gain - had[asked.owner], 0.0)
            single = np.bincount(asked.candidate, more, len(cost))
            single[rest] = 0.0
            single[~fits(problem, cost, rest)] = 0.0
            other = int(single.argmax())
            now = float(had.sum() + single[other])
            if now > value + _NOISE * max(1.0, value):
                chosen, value, went_on = [*rest, other], now, True
    return np.sort(np.array(chosen, dtype=np.int32)), value


def beside(
    problem: Problem, asked: Demand, cost: Floats, begun: Ints, known: Sequence[Ints]
) -> tuple[Ints, float] | None:
    """Return the best choice that differs from one by a single site and holds no known one whole.

    None where there is no such choice.
    """
    gain = asked.gain * asked.people[asked.owner]
    found: tuple[Ints, float] | None = None
    for site in begun.tolist():
        rest = begun[begun != site]
        had = _had(asked, gain, rest)
        single = np.bincount(
            asked.candidate, np.maximum(gain - had[asked.owner], 0.0), len(cost)
        ).astype(np.float64)
        single[begun] = -1.0
        single[~fits(problem, cost, rest.tolist())] = -1.0
        for lost in known:
            missing = np.setdiff1d(lost, rest)
            if len(missing) <= 1:
                single[missing] = -1.0
        other = int(single.argmax())
        value = float(had.sum() + single[other])
        is_known = any(len(np.setdiff1d(lost, rest)) == 0 for lost in known)
        if single[other] >= 0 and not is_known and (found is None or value > found[1]):
            found = np.sort(np.append(rest, np.int32(other))), value
    return found


def core(problem: Problem, cost: Floats, known: Priced, least: float) -> tuple[Bools, Bools]:
    """Return which sites may be left out of and which must be in a choice worth `least` or more.

    Without the first and with the second no such choice is lost.
    """
    is_out, is_in = np.zeros(len(cost), dtype=np.bool_), np.zeros(len(cost), dtype=np.bool_)
    if not np.isfinite(known.paid) or not known.worth.any():
        return is_out, is_in
    least -= _NOISE * max(1.0, abs(least))
    for site in range(len(cost)):
        worth = known.worth.copy()
        worth[site] = 0.0
        is_in[site] = known.paid + largest(problem, worth, cost) < least
        rest = _less(problem, float(cost[site]))
        beside = 0.0 if rest is None else largest(rest, worth, cost)
        most = -np.inf if rest is None else known.paid + float(known.worth[site]) + beside
        is_out[site] = most < least
    return is_out, is_in & ~is_out


def _less(problem: Problem, cost: float) -> Problem | None:
    """Return what is left to look for once a site is chosen; None where it may not be."""
    count = None if problem.count is None else problem.count - 1
    budget = None if problem.budget is None else problem.budget - cost
    if (count is not None and count < 0) or (budget is not None and budget < 0):
        return None
    return replace(problem, count=count, budget=budget)
