"""Ways are split where they share nodes, and are themselves again when their parts are joined."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from importers.osm.areas import NoSurfaceError, close_rings
from importers.osm.splitting import split, without_repeats


def arrays(ways):
    flat = np.array([node for way in ways for node in way], np.int64)
    return flat, np.cumsum([0, *(len(way) for way in ways)])


def parts(ways):
    """Return the segments of each way as lists of nodes."""
    flat, offsets = arrays(ways)
    found = split(flat, offsets)
    segments: list[list[list[int]]] = [[] for _ in ways]
    for way, start, end in zip(found.way, found.starts, found.ends, strict=True):
        segments[way].append(flat[start:end].tolist())
    return segments


def no_node_twice_running(way):
    return all(one != other for one, other in itertools.pairwise(way))


ways_of_a_small_town = st.lists(
    st.lists(st.integers(1, 12), min_size=2, max_size=8).filter(no_node_twice_running),
    min_size=1,
    max_size=8,
)


def test_a_crossing_splits_both_ways_and_a_bend_splits_none():
    #      5
    #  1 - 2 - 3 - 4        3 is a bend, 2 a crossing
    #      6
    assert parts([[1, 2, 3, 4], [5, 2, 6]]) == [[[1, 2], [2, 3, 4]], [[5, 2], [2, 6]]]


def test_ways_that_cross_without_a_common_node_are_a_bridge_and_stay_whole():
    assert parts([[1, 2], [3, 4]]) == [[[1, 2]], [[3, 4]]]


def test_a_roundabout_is_split_at_its_entries_and_where_it_was_begun():
    assert parts([[1, 2, 3, 4, 1], [9, 3]]) == [[[1, 2, 3], [3, 4, 1]], [[9, 3]]]


def test_a_way_that_passes_a_node_twice_is_split_there():
    found = split(*arrays([[1, 2, 3, 4, 2, 1, 5]]))

    assert parts([[1, 2, 3, 4, 2, 1, 5]]) == [[[1, 2], [2, 3, 4, 2], [2, 1], [1, 5]]]
    assert found.turn.tolist() == [0, 0, 1, 1]


def test_no_ways_give_no_segments():
    assert len(split(np.zeros(0, np.int64), np.zeros(1, np.int64)).way) == 0


def test_a_node_that_follows_itself_is_passed_once():
    nodes, offsets = without_repeats(*arrays([[1, 1, 2], [2, 2, 2], [2, 3]]))

    assert (nodes.tolist(), offsets.tolist()) == ([1, 2, 2, 2, 3], [0, 2, 3, 5])


@given(ways_of_a_small_town)
def test_segments_joined_end_to_end_are_the_way_again(ways):
    for way, segments in zip(ways, parts(ways), strict=True):
        joined = segments[0] + [node for segment in segments[1:] for node in segment[1:]]

        assert joined == way


@given(ways_of_a_small_town)
def test_only_ends_of_segments_are_shared(ways):
    passes = Counter(node for way in ways for node in way)
    ends_of_ways = {node for way in ways for node in (way[0], way[-1])}

    for segments in parts(ways):
        for segment in segments:
            assert all(passes[node] == 1 for node in segment[1:-1])
            assert all(passes[n] > 1 or n in ends_of_ways for n in (segment[0], segment[-1]))


@given(ways_of_a_small_town)
def test_every_segment_has_a_key_of_its_own(ways):
    flat, offsets = arrays(ways)
    found = split(flat, offsets)

    keys = list(zip(found.way, flat[found.starts], found.turn, strict=True))
    assert len(set(keys)) == len(keys)


def islands(steps, among):
    """Return the connected sets of nodes, as scipy finds them."""
    tails, heads = zip(*steps, strict=True)
    graph = coo_array((np.ones(len(tails)), (tails, heads)), shape=(20, 20))
    _, label = connected_components(graph, directed=False)
    return {frozenset(n for n in among if label[n] == each) for each in {label[n] for n in among}}


@given(ways_of_a_small_town)
def test_what_was_connected_stays_connected_and_nothing_else(ways):
    segments = [segment for each in parts(ways) for segment in each]
    junctions = {node for segment in segments for node in (segment[0], segment[-1])}

    along_the_ways = islands([step for way in ways for step in itertools.pairwise(way)], junctions)
    along_the_segments = islands([(s[0], s[-1]) for s in segments], junctions)
    assert along_the_segments == along_the_ways


def test_ways_in_any_direction_close_to_a_ring():
    (ring,) = close_rings([[1, 2], [4, 3, 2], [4, 1]])

    assert ring == [1, 2, 3, 4, 1]


@pytest.mark.parametrize(
    "ways",
    [
        [[1, 2, 3]],
        [[1, 2, 3, 1], [5, 6]],
        [[1, 2], [2, 3], [2, 4], [3, 4], [4, 1]],
        [[1]],
    ],
    ids=["open", "one ring and a rest", "three ways meet", "one node"],
)
def test_ways_that_leave_a_doubt_make_no_ring(ways):
    with pytest.raises(NoSurfaceError, match="osm_ring_open"):
        close_rings(ways)


@given(st.integers(3, 9), st.data())
def test_a_ring_in_pieces_of_any_order_and_direction_closes_again(size, data):
    ring = list(range(size))
    cuts = sorted(
        data.draw(st.sets(st.integers(0, size - 1), min_size=2, max_size=size), label="cuts")
    )
    around = [*ring[cuts[0] :], *ring[: cuts[0] + 1]]
    at = [0, *(cut - cuts[0] for cut in cuts[1:]), size]
    pieces = [around[a : b + 1] for a, b in itertools.pairwise(at)]
    shuffled = data.draw(st.permutations(pieces), label="order")
    turned = [p if data.draw(st.booleans()) else p[::-1] for p in shuffled]

    (closed,) = close_rings(turned)

    assert sorted(closed[:-1]) == ring
    steps = {frozenset(step) for step in itertools.pairwise(closed)}
    assert steps == {frozenset((n, (n + 1) % size)) for n in ring}
