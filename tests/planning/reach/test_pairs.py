"""Ways from every place to every facility up to a limit: against the textbook, and in the town."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planning.reach.graph import graph_of
from planning.reach.nearest import standing, where
from planning.reach.pairs import beside, pairs_within
from planning.reach.records import Direction, Mode, Network, Places
from tests.planning.reach.test_against_dijkstra import GATE, Case, built, cases, entrances, textbook
from tests.planning.reach.town import costs_of, standing_at, town


def found_within(
    network: Network,
    places: Places,
    facilities: Places,
    limit: float,
    mode: Mode = Mode.WALK,
    direction: Direction = Direction.TO,
) -> dict[tuple[int, int], float]:
    asked = costs_of(network, mode)
    graph = graph_of(network, asked, towards=direction is Direction.TO)
    there = standing(network, facilities, np.arange(len(facilities), dtype=np.int32), 1.0)
    at = where(network, places, 1.0)
    lies = beside(network, places, at)
    found = pairs_within(network, asked, graph, there, direction, limit, lies)
    rows = list(zip(found.place.tolist(), found.facility.tolist(), strict=True))
    assert rows == sorted(rows, key=lambda row: (row[1], row[0]))
    assert len(rows) == len(set(rows))
    return dict(zip(rows, found.cost.tolist(), strict=True))


def joined(places: Places, starts: list[int]) -> Places:
    """Return places that have several entrances each."""
    return Places(
        start=np.array([*starts, len(places.edge)], dtype=np.int32),
        **{name: getattr(places, name) for name in ("edge", "at_m", "offset_m", "xy")},
        state=places.state[: len(starts)],
    )


def starts(many: int) -> st.SearchStrategy[list[int]]:
    return st.sets(st.integers(1, max(many - 1, 1)), max_size=many - 1).map(
        lambda cuts: sorted({0, *(cut for cut in cuts if cut < many)})
    )


@settings(max_examples=150, deadline=None)
@given(
    cases(),
    st.sampled_from([Mode.WALK, Mode.CAR]),
    st.sampled_from(list(Direction)),
    st.sampled_from([0.0, 7.5, 20.0, 41.0, np.inf]),
    st.data(),
)
@example(GATE, Mode.CAR, Direction.TO, np.inf, None)
def test_all_ways_up_to_a_limit_are_as_long_as_a_textbook_finds_them(
    case: Case, mode: Mode, direction: Direction, limit: float, data: st.DataObject | None
) -> None:
    network = built(case)
    table = np.array(textbook(network, case, mode, direction))
    doors, gates = list(range(len(case.places))), list(range(len(case.facilities)))
    if data is not None:
        doors = data.draw(starts(len(case.places)))
        gates = data.draw(starts(len(case.facilities)))
    table = np.minimum.reduceat(np.minimum.reduceat(table, doors, axis=0), gates, axis=1)

    found = found_within(
        network,
        joined(standing_at(network, *entrances(network, case, case.places)), doors),
        joined(standing_at(network, *entrances(network, case, case.facilities)), gates),
        *(limit, mode, direction),
    )

    certain = {(p, f): table[p, f] for p, f in np.argwhere(table <= limit).tolist()}
    certain = {key: cost for key, cost in certain.items() if np.isfinite(cost)}
    assert found == pytest.approx(certain, abs=1e-9)


def test_a_limit_is_inclusive_and_nothing_beyond_it_is_a_pair() -> None:
    network = town()
    plots = standing_at(network, ("AB", 0, 0), ("AB", 300, 10))
    schools = standing_at(network, ("BC", 200, 0), ("AF", 100, 4))

    assert found_within(network, plots, schools, 500) == {
        (0, 0): 500,
        (1, 0): 210,
        (0, 1): 104,
        (1, 1): 414,
    }
    assert found_within(network, plots, schools, 499.9) == {(1, 0): 210, (0, 1): 104, (1, 1): 414}


def test_without_facilities_there_are_no_pairs() -> None:
    network = town()
    nobody = standing_at(network)
    assert found_within(network, standing_at(network, ("AB", 0, 0)), nobody, 500) == {}
    assert found_within(network, nobody, standing_at(network, ("AB", 0, 0)), 500) == {}
