"""A city with changes is the city that a search from nothing finds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.reach.gains import by_unit, moved, squares
from planning.reach.graph import graph_of
from planning.reach.measures import Verdict
from planning.reach.nearest import where
from planning.reach.people import Overlaps, Zoned
from planning.reach.records import Change, Direction, Mode, People
from planning.reach.scenario import Base, Grounds, Sized, Stock, Ways, apply, base_of
from tests.planning.reach.test_against_dijkstra import Case, built, cases, entrances
from tests.planning.reach.town import costs_of, metres, standing_at, town, words

LARGE = Sized(("market",), 10.0, possibly=False)
MAYBE = Sized(("market",), 10.0, possibly=True)


class Stands(NamedTuple):
    """The number of the spot that a facility stands at, and its size; NaN: nobody knows."""

    spot: int
    m2: float


def city(case: Case, mode: Mode, facilities: dict[str, Stands]) -> Base:
    """The places of a case, and facilities by their key."""
    network = built(case)
    places = standing_at(network, *entrances(network, case, case.places))

    def at(spots: list[int]) -> Grounds:
        meant = [case.facilities[spot] for spot in spots]
        # A facility at an even spot lies on the ground of a place.
        held = [spot % len(places) if spot % 2 == 0 else -1 for spot in spots]
        where_ = standing_at(network, *entrances(network, case, meant))
        return Grounds(where_, np.array(held, dtype=np.int32))

    costs = costs_of(network, mode)
    ways = Ways(
        costs,
        graph_of(network, costs, towards=True),
        Direction.TO,
        1.0,
        where(network, places, 1.0),
    )
    keys = np.array(list(facilities), dtype=object)
    kinds = np.full(len(keys), "market", dtype=object)
    return base_of(
        network,
        places,
        Stock(
            *(keys, kinds, np.array([one.m2 for one in facilities.values()], dtype=float)),
            *(words(["m2"] * len(keys)), np.full((len(keys), 2), np.nan)),
        ),
        at([one.spot for one in facilities.values()]),
        lambda _network, _places, xy, _kinds: at([int(xy[0, 0])]),
        dict.fromkeys(("market", LARGE, MAYBE), ways),
    )


@settings(max_examples=80, deadline=None)
@given(cases(), st.sampled_from([Mode.WALK, Mode.CAR]), st.data())
def test_changes_give_what_a_search_from_nothing_finds(
    case: Case, mode: Mode, data: st.DataObject
) -> None:
    spot = st.integers(0, len(case.facilities) - 1)
    m2 = st.sampled_from([9.0, 10.0, float("nan")])
    stands = {
        f"f{n}": Stands(data.draw(spot), data.draw(m2)) for n in range(data.draw(st.integers(1, 3)))
    }
    base, asked = city(case, mode, stands), []
    names = [*stands, "~1", "~2"]
    then: dict[str, Stands | None] = dict(stands)
    for _ in range(data.draw(st.integers(1, 5))):
        key, action = data.draw(st.sampled_from(names)), data.draw(st.sampled_from("amce"))
        to = Stands(data.draw(spot), data.draw(m2))
        xy, capacity = (float(to.spot), 0.0), None if np.isnan(to.m2) else to.m2
        is_there = then.get(key)
        if action == "a" and key not in then:
            then[key] = to
            asked.append(Change(action="add", key=key, kind="market", xy=xy, capacity=capacity))
        elif action == "m" and is_there is not None:
            then[key] = is_there._replace(spot=to.spot)
            asked.append(Change(action="move", key=key, xy=xy))
        elif action == "c" and is_there is not None:
            then[key] = None
            asked.append(Change(action="close", key=key))
        elif action == "e" and is_there is not None:
            then[key] = is_there._replace(m2=to.m2)
            asked.append(Change(action="enlarge", key=key, capacity=capacity))

    outcome = apply(base, asked)

    left = {key: to for key, to in then.items() if to is not None}
    fresh = city(case, mode, left)
    # Numbers of what is left, in the list of all.
    number = np.array([*(list(then).index(key) for key in left), -1], dtype=np.int32)
    for group, theirs in fresh.served.items():
        ours = outcome.served[group]
        assert ours.facilities.tolist() == number[theirs.facilities].tolist()
        assert ours.labels.dist.tolist() == theirs.labels.dist.tolist()
        assert np.array_equal(ours.nearest.cost, theirs.nearest.cost, equal_nan=True)
        assert ours.nearest.facility.tolist() == number[theirs.nearest.facility].tolist()
        assert ours.nearest.entrance.tolist() == theirs.nearest.entrance.tolist()
        same = np.array_equal(ours.nearest.cost, base.served[group].nearest.cost, equal_nan=True)
        assert same or group in outcome.changed


def by_hand(*others: float) -> Base:
    """A market at A, and others along A–B; one place at B, another in the middle of A–B."""
    network = town()
    places = standing_at(network, ("AB", 300, 0), ("AB", 150, 0))
    stands = (0.0, *others)
    markets = standing_at(network, *(("AB", at, 0.0) for at in stands))
    keys = np.array(["m", "n"][: len(stands)], dtype=object)
    kinds = np.full(len(keys), "market", dtype=object)
    xy = np.array([[at, 0.0] for at in stands])
    costs = costs_of(network)
    graph = graph_of(network, costs, towards=True)
    way = Ways(costs, graph, Direction.TO, 1.0, where(network, places, 1.0))
    nowhere = np.array([-1], dtype=np.int32)
    return base_of(
        network,
        places,
        Stock(keys, kinds, np.full(len(keys), 9.0), words([""] * len(keys)), xy),
        Grounds(markets, np.full(len(keys), -1, dtype=np.int32)),
        lambda grown, _, xy, __: Grounds(standing_at(grown, ("AB", float(xy[0, 0]), 0)), nowhere),
        {"market": way},
    )


def test_a_market_moved_along_its_street_is_nearer_to_some() -> None:
    outcome = apply(by_hand(), [Change(action="move", key="m", xy=(200.0, 0.0))])

    assert metres(outcome.served["market"].nearest).tolist() == [100, 50]


def test_a_market_between_two_others_serves_its_own_street() -> None:
    added = Change(action="add", key="~1", kind="market", xy=(160.0, 0.0))

    outcome = apply(by_hand(300.0), [added])

    assert metres(outcome.served["market"].nearest).tolist() == [0, 10]


def test_where_the_last_is_closed_nobody_is_reached() -> None:
    outcome = apply(by_hand(), [Change(action="close", key="m")])

    assert np.isinf(outcome.served["market"].nearest.cost).all()


def test_a_change_of_what_is_gone_is_told_and_larger_rooms_move_nobody() -> None:
    changes = [
        Change(action="enlarge", key="m", capacity=20.0),
        Change(action="move", key="x", xy=(0.0, 0.0)),
        Change(action="people", key="z", people=10.0),
    ]

    outcome = apply(by_hand(), changes)

    assert outcome.stock.capacity.tolist() == [20]
    assert outcome.left_out == [(1, "facility_gone"), (2, "not_worked_out")]
    assert not outcome.changed


MET, NOT_MET, UNKNOWN = (
    np.int8(Verdict.MET),
    np.int8(Verdict.NOT_MET),
    np.int8(Verdict.UNKNOWN),
)
#: One that loses, two that gain, one of whom nobody knows any more.
BEFORE = np.array([MET, NOT_MET, UNKNOWN, MET])
AFTER = np.array([NOT_MET, MET, MET, UNKNOWN])


def test_who_gains_and_who_loses_is_told_by_ward() -> None:
    people = People(
        np.array([7.0, 5.0, np.nan, 2.0]), np.array([0, 1, 1, -1], dtype=np.int32), ("one", "two")
    )

    found = by_unit(moved(BEFORE, AFTER), people)

    assert found == [("", 5, 9), ("one", 0, 7), ("two", 5, 0)]


def test_who_gains_and_who_loses_is_told_by_squares_of_a_hundred_metres() -> None:
    xy = np.array([[10.0, 110.0], [99.9, 199.9], [100.0, 110.0], [10.0, 110.0]])

    found = squares(xy, moved(BEFORE, AFTER), np.array([7.0, 5.0, 3.0, 2.0]))

    assert found.tolist() == [[0, 100, 5, 9], [100, 100, 3, 0]]


def zones() -> Zoned:
    """Three places of 100 m²: the first half in zone z, the second all in it, the third in none."""
    now = People(np.array([30.0, np.nan, 7.0]), np.array([0, 0, 1], dtype=np.int32), ("p", "q"))
    found = Overlaps(
        np.array([0, 1], dtype=np.int32),
        np.array([0, 0], dtype=np.int32),
        np.array([50.0, 100.0]),
        np.full(3, 100.0),
    )
    return Zoned(now, ["z", "empty"], np.array([np.nan, 5.0]), found)


def test_people_of_a_zone_move_onto_its_ground_and_nobody_else_moves() -> None:
    outcome = apply(by_hand(), [Change(action="people", key="z", people=60.0)], zoned=zones())

    # Half of the 30 stay, a third of the 60 come; the second had nobody counted.
    assert outcome.people is not None
    assert outcome.people.people.tolist() == [15 + 20, 40, 7]
    assert not outcome.changed
    assert not outcome.left_out


def test_the_last_word_about_a_zone_counts_and_none_is_who_was_counted() -> None:
    changes = [
        Change(action="people", key="z", people=60.0),
        Change(action="people", key="z", people=None),
    ]

    outcome = apply(by_hand(), changes, zoned=zones())

    assert outcome.people is not None
    assert np.array_equal(outcome.people.people, [30, np.nan, 7], equal_nan=True)


def test_people_of_zones_that_are_gone_or_hold_no_place_are_told() -> None:
    changes = [
        Change(action="people", key="old", people=60.0),
        Change(action="close", key="nobody"),
        Change(action="people", key="empty", people=60.0),
    ]

    outcome = apply(by_hand(), changes, zoned=zones())

    assert outcome.people is None
    assert outcome.left_out == [
        *((0, "zone_gone"), (1, "facility_gone")),
        (2, "zone_without_places"),
    ]
