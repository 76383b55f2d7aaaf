"""Figures of supply, choice and room: by hand, in two wards of two plots each.

Ward A: plots 0 (10 people) and 1 (30). Ward B: plots 2 (40) and 3, where nobody was counted.
School 0 has 20 places, school 1 has 3, of school 2 nobody knows. Limit 500 m; 0.5 places a person.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from planning.reach.catchment import Pairs, step
from planning.reach.crowding import Crowd, figures_of_crowd
from planning.reach.pairs import with_own
from planning.reach.provision import capacity_in, unit_of
from planning.reach.records import Figure, Measure, People

NAN = math.nan
PEOPLE = People(np.array([10.0, 30, 40, NAN]), np.array([0, 0, 1, 1], np.int32), ("A", "B"))


def ways(*rows: tuple[int, int, float]) -> Pairs:
    place, facility, cost = zip(*rows, strict=True)
    return Pairs(np.array(place, np.int32), np.array(facility, np.int32), np.array(cost, float))


CROWD = Crowd(
    kind="primary_school",
    norm="pr21",
    limit_m=500.0,
    pairs=ways((0, 0, 100), (1, 0, 500), (1, 1, 50), (2, 2, 400), (2, 1, 501)),
    capacity=np.array([20.0, 3.0, NAN]),
    unit="place",
    each=0.5,
    reason="",
    is_unknown=np.zeros(4, dtype=bool),
)


def told(crowd: Crowd = CROWD, people: People = PEOPLE) -> dict[tuple[Measure, str], Figure]:
    found = figures_of_crowd(crowd, people, step)
    return {(one.measure, one.unit): one for one in found}


def test_how_many_are_within_the_limit_is_a_mean_over_people() -> None:
    found = told()

    # 10 have one school, 30 have two, 40 have one.
    assert found[Measure.REACHABLE, ""].value == pytest.approx(110 / 80)
    assert found[Measure.REACHABLE, "A"].value == pytest.approx(70 / 40)
    assert found[Measure.REACHABLE, ""].values["none_people"] == 0
    assert found[Measure.REACHABLE, ""].values["uncounted_places"] == 1


def test_who_has_none_counts_with_none() -> None:
    crowd = CROWD._replace(pairs=CROWD.pairs.upto(100))
    found = told(crowd)
    assert found[Measure.REACHABLE, "B"].value == 0.0
    assert found[Measure.REACHABLE, ""].values["none_people"] == 40


def test_supply_is_what_there_is_for_each_and_says_where_there_may_be_more() -> None:
    found = told()

    # School 0: 20 for 40 people; school 1: 3 for 30. Plot 0 has 0.5, plot 1 has 0.6, plot 2 none.
    assert found[Measure.SUPPLY, ""].value == pytest.approx((10 * 0.5 + 30 * 0.6) / 80)
    assert found[Measure.SUPPLY, "B"].value == 0.0
    values = found[Measure.SUPPLY, ""].values
    assert (values["capacity_unknown"], values["idle"], values["least_people"]) == (1, 0, 40)
    assert values["unit"] == "place"
    assert found[Measure.GINI, ""].values["of"] == "supply"


def test_where_no_capacity_is_known_supply_is_not_known_and_not_nothing() -> None:
    found = told(CROWD._replace(capacity=np.array([NAN, NAN, NAN])))

    for unit in ("", "A", "B"):
        supply = found[Measure.SUPPLY, unit]
        assert (supply.value, supply.reason) == (None, "capacity_unknown")
    assert found[Measure.GINI, ""].value is None
    assert found[Measure.SUPPLY, ""].values["capacity_unknown"] == 3
    # How many they reach is known all the same.
    assert found[Measure.REACHABLE, ""].value == pytest.approx(110 / 80)


def test_room_goes_to_the_nearest_and_what_nobody_knows_is_between_low_and_high() -> None:
    found = told()

    # 50 m: plot 1 takes the 3 places of school 1 for 6 people; 100 m: plot 0 takes 5 of school 0;
    # 500 m: the other 24 of plot 1 take 12. Plot 2 has a school of which nobody knows.
    room = found[Measure.WITH_ROOM, ""]
    assert room.value == 1.0
    assert (room.low, room.high, room.people) == (0.5, 1.0, 80)
    assert room.values["served"] == 40
    assert room.values["full"] == 1
    assert room.values["left"] == 3.0
    assert room.values["mean_m"] == pytest.approx((6 * 50 + 10 * 100 + 24 * 500) / 40)
    assert (found[Measure.WITH_ROOM, "B"].value, found[Measure.WITH_ROOM, "B"].low) == (None, 0.0)
    assert found[Measure.WITH_ROOM, "B"].reason == "nothing_known"


def test_too_few_places_leave_people_without() -> None:
    found = told(CROWD._replace(capacity=np.array([5.0, 3.0, 0.0])))

    # 5 places for the 10 of plot 0, 3 for 6 of plot 1; 24 and the 40 of plot 2 have none.
    room = found[Measure.WITH_ROOM, ""]
    assert room.value == room.low == room.high == pytest.approx(16 / 80)
    assert room.values["without_room"] == 64


def test_a_plot_nobody_knows_the_way_of_is_neither_with_nor_without() -> None:
    lost = np.array([False, False, True, False])
    pairs = CROWD.pairs
    crowd = CROWD._replace(
        pairs=with_own(pairs.upto(np.inf), ways((0, 0, 0.0)), lost), is_unknown=lost
    )

    found = told(crowd)

    assert found[Measure.REACHABLE, ""].people == 40
    assert found[Measure.REACHABLE, ""].values["unknown_people"] == 40
    assert found[Measure.WITH_ROOM, ""].values["unknown_people"] == 40
    assert found[Measure.WITH_ROOM, ""].low == 0.5


def test_what_a_norm_asks_in_another_unit_is_not_known() -> None:
    found = told(CROWD._replace(each=None, reason="unit_differs"))

    room = found[Measure.WITH_ROOM, ""]
    assert (room.value, room.people, room.reason) == (None, None, "unit_differs")
    assert (Measure.WITH_ROOM, "A") not in found


def test_nobody_has_no_share() -> None:
    nobody = replace(PEOPLE, people=np.zeros(4))
    found = told(people=nobody)
    assert found[Measure.WITH_ROOM, ""].reason == "nobody_lives_here"
    assert found[Measure.SUPPLY, ""].value is None


def test_who_lives_on_the_plot_of_a_facility_is_there() -> None:
    pairs = ways((1, 0, 30), (3, 0, 70), (0, 2, 10))
    found = with_own(pairs, ways((3, 0, 0.0), (2, 2, 0.0), (2, 1, 0.0)), np.zeros(4, bool))

    rows: list[Any] = list(zip(*(column.tolist() for column in found), strict=True))
    assert rows == [(1, 0, 30), (3, 0, 0), (2, 1, 0), (0, 2, 10), (2, 2, 0)]


def test_the_unit_of_most_counts_and_others_are_not_known() -> None:
    units = np.array(["pupil", "m2", "place", "", "bed"], dtype=object)
    capacity = np.array([1.0, 2.0, 3.0, 4.0, NAN])

    assert unit_of(units, capacity) == "place"
    assert np.nan_to_num(capacity_in(capacity, units, "place"), nan=-1).tolist() == [
        1,
        -1,
        3,
        -1,
        -1,
    ]
    assert unit_of(units[:0], capacity[:0]) == ""
