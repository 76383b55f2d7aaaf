"""Choices are told in the order of what they are worth once all plots are counted."""

from __future__ import annotations

import numpy as np
import pytest

from planning.reach.siting.question import Asked, Question
from planning.reach_siting import _by_worth
from planning.reach_siting_search import Choice


def choice(site: int, objective: float) -> Choice:
    return Choice(np.array([site], dtype=np.int32), objective, 0.0)


def question(model: str) -> Question:
    return Question(model=model, kind="park", limit_m=1.0, candidates=(Asked("sites"),), count=1)  # type: ignore[arg-type]


def test_of_ways_the_shortest_over_all_plots_comes_first_with_its_own_gap() -> None:
    found = [choice(0, 102.0), choice(1, 100.0), choice(2, 101.0), choice(3, 103.0)]

    told, gap = _by_worth(found, question("p_median"), 99.0, 3 / 102)

    assert [one.chosen.tolist() for one in told] == [[1], [0], [2]]
    assert [one.behind for one in told] == pytest.approx([0.0, 0.02, 0.01])
    assert gap == pytest.approx(0.01)


def test_the_best_of_the_others_stays_the_best() -> None:
    told, gap = _by_worth([choice(0, 50.0), choice(1, 49.5)], question("max_cover"), 55.0, 0.1)

    assert [one.behind for one in told] == pytest.approx([0.0, 0.01])
    assert gap == 0.1
