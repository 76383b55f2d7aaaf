"""Squares of a hundred metres by how far their people have to go, by hand."""

from __future__ import annotations

import numpy as np

from planning.reach.distributions import NO_WAY, NOT_KNOWN
from planning.reach.mosaic import mosaic

NAN, INF = np.nan, np.inf


def test_a_square_tells_the_average_of_its_people_and_its_tenth_of_the_city() -> None:
    # Ten people with 100, 200 … 1,000 m to go, of whom the first two share a square.
    metres = np.arange(100.0, 1_001.0, 100.0)
    east = np.array([10.0, 20.0, *np.arange(110.0, 900.0, 100.0)])
    xy = np.column_stack([east, np.full(10, 50.0)])

    found = mosaic(xy, metres, np.ones(10))

    assert found.breaks == [100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 700.0, 800.0, 900.0]
    assert found.corner[:2].tolist() == [[0, 0], [100, 0]]
    assert found.people.tolist() == [2, 1, 1, 1, 1, 1, 1, 1, 1]
    assert found.metres[:2].tolist() == [150, 300]
    assert found.tenth.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_where_most_have_no_way_or_nothing_is_known_no_tenth_is_told() -> None:
    xy = np.array([[5.0, 5.0], [6.0, 5.0], [105.0, 5.0], [106.0, 5.0], [205.0, 5.0]])
    people = np.array([1.0, 3.0, 1.0, 3.0, NAN])
    metres = np.array([50.0, INF, 70.0, NAN, 10.0])

    found = mosaic(xy, metres, people)

    assert found.tenth.tolist() == [NO_WAY, NOT_KNOWN]
    assert found.metres.tolist() == [50, 70]
