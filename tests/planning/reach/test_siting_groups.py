"""Places taken together before a search hide nothing of what a choice is worth."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from planning.reach.siting.exact import made_ready, served, solve
from planning.reach.siting.groups import Near, bound_of_places, clusters, squares
from planning.reach.siting.records import Existing
from tests.planning.reach.test_siting import Case, best, case

if TYPE_CHECKING:
    from planning.reach.records import Floats


def way(metres: Floats, candidate: int) -> Floats:
    return metres[:, candidate]


def near_of(asked: Case) -> Near:
    near = Near(len(asked.people), len(asked.cost))
    for one in range(len(asked.cost)):
        near.add(one, asked.metres[:, one] <= asked.problem.limit_m)
    return near


@pytest.mark.parametrize("model", ["max_cover", "set_cover", "capacitated"])
def test_places_with_the_same_sites_are_one_and_the_best_stays_the_best(model: str) -> None:
    for seed in range(5):
        asked = case(model, seed, places=40, sites=11, by_budget=True)  # type: ignore[arg-type]
        left = np.where(asked.existing <= 400, 0.0, asked.people)

        found = near_of(asked).groups(left)

        everything = Existing(np.full(len(found.people), np.inf))
        problem, candidates, *_ = asked.arguments()
        answer = solve(problem, candidates, found.cover, found.people, everything)
        assert answer.objective == pytest.approx(best(asked), rel=1e-9)
        assert len(found.people) < 40
        assert found.people.sum() == left[found.member >= 0].sum()


def test_who_is_near_one_of_some_sites_is_found_beyond_the_eighth() -> None:
    near = Near(3, 20)
    near.add(3, np.array([True, False, False]))
    near.add(17, np.array([True, True, False]))

    assert near.of(17).tolist() == [True, True, False]
    assert near.of(16).tolist() == [False, False, False]
    assert near.of_any(np.array([3, 4], dtype=np.int32)).tolist() == [True, False, False]
    groups = near.groups(np.array([2.0, 3.0, 5.0]))
    assert groups.member.tolist() == [1, 0, -1] or groups.member.tolist() == [0, 1, -1]
    assert sorted(groups.people.tolist()) == [2.0, 3.0]


def test_room_is_told_for_each_group() -> None:
    asked = case("capacitated", 3, by_budget=False)
    groups = near_of(asked).groups(np.where(asked.existing <= 400, 0.0, asked.people))
    problem, candidates, *_ = asked.arguments()
    nobody = Existing(np.full(len(groups.people), np.inf))
    found = solve(problem, candidates, groups.cover, groups.people, nobody)

    ready = made_ready(problem, candidates, groups.cover, groups.people, nobody)
    given = served(ready, found.chosen)

    assert given.sum() == pytest.approx(found.objective)
    assert (given <= groups.people + 1e-9).all()


def test_the_bound_over_neighbours_is_below_every_choice_of_places() -> None:
    nearer = 0
    for seed in range(8):
        asked = case("p_median", seed, places=60, sites=7, by_budget=False)
        xy = np.random.default_rng(seed).uniform(0, 500, (60, 2))

        found = clusters(
            partial(way, asked.metres),
            *(7, asked.existing, asked.people, xy),
            most=20,
        )

        problem, candidates, *_ = asked.arguments()
        today = Existing(found.existing_m)
        answer = solve(problem, candidates, found.groups.cover, found.groups.people, today)
        assert len(found.groups.people) <= 20
        # Whom nothing ever reaches is in no cluster and walks the longest way in the other sum.
        known = np.concatenate([asked.metres, asked.existing[:, None]], axis=1)
        short = float(asked.people[~np.isfinite(known).any(axis=1)].sum())
        assert found.out_of_reach == short
        optimum = best(asked) - short * found.farthest_m
        chosen = asked.value(tuple(answer.chosen.tolist()))
        assert chosen is not None
        assert answer.bound - found.loosened <= optimum + 1e-6
        assert optimum <= chosen - short * found.farthest_m + 1e-6
        assert found.loosened > 0
        ready = made_ready(problem, candidates, found.groups.cover, found.groups.people, today)
        assert ready.known is not None
        each = np.append(ready.known.price / ready.asked.people, 0.0)[ready.asked.member]
        ways = asked.metres[:, answer.chosen].min(axis=1, initial=np.inf)
        bound = bound_of_places(
            problem,
            asked.cost,
            partial(way, asked.metres),
            *(found, asked.existing, asked.people, ways, each),
        )
        assert bound <= optimum + 1e-6
        nearer += bound > answer.bound - found.loosened
    assert nearer == 8


def test_few_places_stay_what_they_are_and_nothing_is_loosened() -> None:
    asked = case("p_median", 5, by_budget=False)
    xy = np.zeros((25, 2))

    found = clusters(lambda one: asked.metres[:, one], 7, asked.existing, asked.people, xy)

    lives = asked.people > 0
    assert found.loosened == pytest.approx(0.0, abs=1e-9)
    assert len(found.groups.people) == (lives & (found.groups.member >= 0)).sum()


def test_squares_grow_until_there_are_few_enough() -> None:
    xy = np.stack([np.arange(100.0) * 10, np.zeros(100)], axis=1)

    assert len(set(squares(xy, 100).tolist())) == 100
    few = squares(xy, 12)
    assert len(set(few.tolist())) <= 12
    assert (np.diff(few) >= 0).all()
    assert few[0] == few[1]
