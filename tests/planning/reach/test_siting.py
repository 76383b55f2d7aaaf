"""The next sites are the best there are, by trying every choice."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from scipy.optimize import linprog

from planning.reach.records import Places
from planning.reach.siting.alternatives import alternatives
from planning.reach.siting.classes import same_lists
from planning.reach.siting.exact import solve
from planning.reach.siting.records import Candidates, Cover, Existing, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planning.reach.records import Bools, Floats
    from planning.reach.siting.records import Answer, Model

MODELS: tuple[Model, ...] = ("max_cover", "p_median", "capacitated", "set_cover")


class Case(NamedTuple):
    """A small search: ways of every place to every candidate, `inf` where there is none."""

    problem: Problem
    metres: Floats
    cost: Floats
    capacity: Floats
    people: Floats
    existing: Floats

    def arguments(self) -> tuple[Problem, Candidates, Cover, Floats, Existing]:
        places, sites = self.metres.shape
        has_way = np.isfinite(self.metres)
        start = np.concatenate([[0], np.cumsum(has_way.sum(axis=1))]).astype(np.int32)
        cover = Cover(start, np.nonzero(has_way)[1].astype(np.int32), self.metres[has_way])
        key = np.array([f"c{n}" for n in range(sites)], dtype=object)
        none, xy = np.zeros(0), np.zeros((sites, 2))
        whole = np.zeros(0, np.int32)
        at = Places(np.zeros(1, np.int32), whole, none, none, xy[:0], np.zeros(0, np.uint8))
        candidates = Candidates(key, xy, self.cost, self.capacity, at)
        assert places == len(self.people)
        return self.problem, candidates, cover, self.people, Existing(self.existing)

    def solved(self) -> Answer:
        return solve(*self.arguments())

    def choices(self) -> Iterator[tuple[tuple[int, ...], float]]:
        """Every choice that is allowed, and its objective."""
        sites = range(len(self.cost))
        for many in range(len(self.cost) + 1):
            for chosen in itertools.combinations(sites, many):
                value = self.value(chosen)
                if value is not None:
                    yield chosen, value

    def value(self, chosen: tuple[int, ...]) -> float | None:
        asked, limit = self.problem, self.problem.limit_m
        money = sum(float(self.cost[j]) for j in chosen)
        if asked.model != "set_cover" and (
            (asked.count is not None and len(chosen) > asked.count)
            or (asked.budget is not None and money > asked.budget)
        ):
            return None
        is_served = self.existing <= limit
        near = self.metres <= limit
        if asked.model == "set_cover":
            must = near.any(axis=1) & ~is_served & (self.people > 0)
            return money if near[must][:, list(chosen)].any(axis=1).all() else None
        if asked.model == "max_cover":
            reached = near[:, list(chosen)].any(axis=1) & ~is_served
            return float(self.people[reached].sum())
        if asked.model == "p_median":
            known = np.concatenate([self.metres.ravel(), self.existing])
            farthest = known[np.isfinite(known)].max()
            ways = np.column_stack([self.existing, self.metres[:, list(chosen)]])
            return float(np.minimum(ways.min(axis=1), farthest) @ self.people)
        return self.room(chosen, near & ~is_served[:, None])

    def room(self, chosen: tuple[int, ...], near: Bools) -> float:
        """People who find room: a flow from places to the sites chosen."""
        pairs = [(i, j) for i, j in np.argwhere(near).tolist() if j in chosen]
        if not pairs:
            return 0.0
        rows = np.zeros((sum(near.shape), len(pairs)))
        for k, (i, j) in enumerate(pairs):
            rows[i, k] = rows[len(near) + j, k] = 1.0
        most = np.concatenate([self.people, self.capacity])
        return float(-linprog(-np.ones(len(pairs)), A_ub=rows, b_ub=most).fun)


def case(model: Model, seed: int, *, places: int = 25, sites: int = 7, by_budget: bool) -> Case:
    random = np.random.default_rng(seed)
    where, there = random.integers(0, 21, (places, 2)), random.integers(0, 21, (sites, 2))
    metres = np.abs(where[:, None] - there[None]).sum(axis=2) * 50.0
    metres[random.random(metres.shape) < 0.1] = np.inf
    existing = np.where(random.random(places) < 0.3, 300.0, random.integers(1, 40, places) * 50.0)
    existing[random.random(places) < 0.2] = np.inf
    money = {"budget": 9.0} if by_budget else {"count": 3}
    return Case(
        Problem(model=model, kind="market", limit_m=400.0, **money),
        metres,
        random.integers(1, 6, sites).astype(float),
        random.integers(5, 60, sites).astype(float),
        random.integers(0, 30, places).astype(float),
        existing,
    )


def best(of: Case) -> float:
    values = [value for _, value in of.choices()]
    return min(values) if of.problem.model in ("p_median", "set_cover") else max(values)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("by_budget", [True, False])
def test_no_choice_of_sites_is_better(model: Model, by_budget: bool) -> None:
    for seed in range(8):
        asked = case(model, seed, by_budget=by_budget)

        found = asked.solved()

        assert found.objective == pytest.approx(best(asked), rel=1e-9)
        assert asked.value(tuple(found.chosen.tolist())) == pytest.approx(found.objective)
        assert found.status == "optimal"


@pytest.mark.parametrize("model", MODELS)
def test_without_time_the_bound_holds_and_nothing_is_called_optimal_that_is_not(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planning.reach.siting.exact.MOST_PAIRS", 0)
    monkeypatch.setattr("planning.reach.siting.exact.MOST_COLUMNS", 0)
    said = set()
    for seed in range(12):
        asked = case(model, seed, by_budget=seed % 2 == 0)

        found = asked.solved()

        optimum = best(asked)
        if model in ("p_median", "set_cover"):
            assert found.bound <= optimum + 1e-6 <= found.objective + 2e-6
        else:
            assert found.bound >= optimum - 1e-6 >= found.objective - 2e-6
        is_best = found.objective == pytest.approx(optimum, rel=1e-9)
        assert is_best or found.status == "feasible"
        said.add(found.status)
    # By prices of places the best of ways is often proven at once.
    assert "feasible" in said or model == "p_median"


def test_a_tiny_time_limit_gives_a_choice_with_its_gap() -> None:
    large = case("p_median", 1, places=400, sites=60, by_budget=False)

    found = large._replace(
        problem=Problem(
            model="p_median", kind="market", limit_m=400.0, count=12, time_limit_s=0.001
        )
    ).solved()

    assert found.status == "feasible"
    assert found.gap > 0
    assert 0 < len(found.chosen) <= 12


def test_a_search_that_is_called_off_says_so() -> None:
    large = case("p_median", 1, places=300, sites=60, by_budget=False)

    found = solve(*large.arguments(), progress=lambda *_: False)

    assert found.is_cancelled
    assert len(found.chosen) <= 3


@pytest.mark.parametrize("model", MODELS)
def test_alternatives_are_the_next_best_within_two_hundredths(model: Model) -> None:
    many = 0
    for seed in range(6):
        # Sites alike, so that some choices are nearly as good as others.
        asked = case(model, seed, by_budget=True)._replace(capacity=np.full(7, 20.0))
        first = asked.solved()

        found = alternatives(first, *asked.arguments()).alternatives

        sign = -1.0 if model in ("p_median", "set_cover") else 1.0
        least = sign * first.objective - 0.02 * abs(first.objective)
        known = [set(first.chosen.tolist())]
        for other in found:
            rest = [sign * v for s, v in asked.choices() if not any(k <= set(s) for k in known)]
            assert sign * other.objective == pytest.approx(max(rest), rel=1e-9)
            assert sign * other.objective >= least - 1e-6
            known.append(set(other.chosen.tolist()))
        rest = [sign * v for s, v in asked.choices() if not any(k <= set(s) for k in known)]
        assert len(found) == 5 or not rest or max(rest) < least + 1e-6
        many += len(found)
    assert many > 0


def three_places() -> Case:
    """Ten people with a market at 400 m, twenty without one, and five whom nothing reaches."""
    return Case(
        Problem(model="max_cover", kind="market", limit_m=500.0, count=1),
        np.array([[100.0, np.inf], [500.0, 600.0], [np.inf, 900.0]]),
        np.ones(2),
        np.array([8.0, 8.0]),
        np.array([10.0, 20.0, 5.0]),
        np.array([400.0, 700.0, np.inf]),
    )


def test_who_has_a_market_does_not_count_again_and_the_limit_is_inclusive() -> None:
    found = three_places().solved()

    assert found.chosen.tolist() == [0]
    assert found.newly_people == found.objective == 20
    assert found.out_of_reach_people == 5


def test_room_is_not_given_twice() -> None:
    asked = three_places()

    found = asked._replace(
        problem=Problem(model="capacitated", kind="market", limit_m=500.0, count=2)
    ).solved()

    assert found.newly_people == 8


def test_all_is_covered_that_can_be_and_the_rest_is_told() -> None:
    asked = three_places()

    found = asked._replace(
        problem=Problem(model="set_cover", kind="market", limit_m=500.0)
    ).solved()

    assert (found.status, found.chosen.tolist(), found.objective) == ("optimal", [0], 1)
    assert found.out_of_reach_people == 5


@pytest.mark.parametrize("model", MODELS)
def test_where_no_candidate_helps_nothing_is_chosen(model: Model) -> None:
    asked = three_places()
    nowhere = np.full((3, 2), np.inf)
    problem = Problem(model=model, kind="market", limit_m=500.0, count=1)

    found = asked._replace(problem=problem, metres=nowhere).solved()

    assert found.status == "optimal"
    assert found.newly_people == 0
    # Of metres everybody is short whom nothing reaches, else who is beyond the limit.
    assert found.out_of_reach_people == (5 if model == "p_median" else 25)


def test_a_search_without_an_end_of_money_is_refused() -> None:
    problem = Problem(model="max_cover", kind="market", limit_m=500.0)

    with pytest.raises(ValueError, match="budget"):
        three_places()._replace(problem=problem).solved()


def test_lists_with_the_same_sum_are_not_taken_together() -> None:
    start = np.array([0, 2, 4, 6])
    candidate = np.array([0, 1, 2, 3, 0, 1], dtype=np.int32)
    all_alike = np.zeros(4, dtype=np.uint64)

    first, member = same_lists(start, candidate, np.ones(6), all_alike)

    assert member[0] != member[1]
    assert set(member[[0, 2]].tolist()) != {member[1]}
    assert sorted(first.tolist()) == first.tolist()
