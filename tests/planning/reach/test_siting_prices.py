"""Prices of places give a bound that holds, is near, and loses no choice that is good enough."""

from __future__ import annotations

import numpy as np
import pytest

from planning.reach.siting.exact import made_ready
from planning.reach.siting.greedy import most_gain
from planning.reach.siting.prices import core
from tests.planning.reach.test_siting import best, case


@pytest.mark.parametrize("model", ["max_cover", "p_median"])
@pytest.mark.parametrize("by_budget", [True, False])
def test_no_choice_is_beyond_the_bound_and_the_choice_begun_with_is_good(
    model: str, by_budget: bool
) -> None:
    for seed in range(8):
        asked = case(model, seed, places=40, sites=10, by_budget=by_budget)  # type: ignore[arg-type]
        ready = made_ready(*asked.arguments())

        optimum = best(asked)
        if model == "p_median":
            optimum = ready.asked.metres - optimum

        assert ready.known is not None
        assert ready.bound >= optimum - 1e-6 >= ready.known.value - 2e-6
        assert ready.known.value >= 0.95 * optimum
        # Where money ends, sites are bought in parts for the bound: that is further away.
        assert ready.bound <= (1.25 if by_budget else 1.05) * optimum


def test_the_bound_is_nearer_than_that_of_single_gains() -> None:
    asked = case("p_median", 1, places=200, sites=40, by_budget=False)
    ready = made_ready(*asked.arguments())

    chosen, bound = most_gain(ready.problem, ready.asked, ready.cost, ready.room)

    assert ready.known is not None
    assert ready.known.value >= ready.asked.metres - (asked.value(tuple(chosen.tolist())) or 0)
    assert ready.bound - ready.known.value < (bound - ready.known.value) / 3


@pytest.mark.parametrize("by_budget", [True, False])
def test_sites_left_out_are_in_no_good_choice_and_those_kept_in_every_one(by_budget: bool) -> None:
    many = 0
    for seed in range(8):
        asked = case("max_cover", seed, places=40, sites=10, by_budget=by_budget)
        ready = made_ready(*asked.arguments())
        assert ready.known is not None
        least = 0.97 * ready.known.value

        is_out, is_in = core(ready.problem, ready.cost, ready.known, least)

        for chosen, value in asked.choices():
            if value >= least:
                assert not is_out[list(chosen)].any()
                assert set(np.flatnonzero(is_in).tolist()) <= set(chosen)
        many += int(is_out.sum() + is_in.sum())
    assert many > 0
