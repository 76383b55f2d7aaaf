"""Two redrawings of one zone that become one where they do not touch each other."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from planning.topology import merge_drawings

#: A square of 40 m with a corner every 10 m: 16 corners.
CORNERS = [
    *((x, 0) for x in (0, 10, 20, 30)),
    *((40, y) for y in (0, 10, 20, 30)),
    *((x, 40) for x in (40, 30, 20, 10)),
    *((0, y) for y in (40, 30, 20, 10)),
]
BASE = Polygon(CORNERS)


def merged_of(base, mine, theirs) -> Any:
    return merge_drawings(base, mine, theirs)


def moved(*numbers, by=(-1, -2), corners=CORNERS):
    """The square with these corners moved."""
    return Polygon(
        [(x + by[0], y + by[1]) if k in numbers else (x, y) for k, (x, y) in enumerate(corners)]
    )


def test_corners_moved_at_two_ends_are_both_moved():
    assert merged_of(BASE, moved(2), moved(10)).equals(moved(2, 10))


@pytest.mark.parametrize("theirs", [2, 1, 3])
def test_the_same_corner_or_its_neighbour_is_a_clash(theirs):
    assert merged_of(BASE, moved(2), moved(theirs, by=(0, 3))) is None


def test_one_corner_between_is_enough():
    assert merged_of(BASE, moved(2), moved(4, by=(0, -3))) is not None


def test_the_same_redrawing_by_both_is_taken_once():
    assert merged_of(BASE, moved(2, 10), moved(2, 6)).equals(moved(2, 6, 10))


def test_what_only_one_redrew_is_taken_as_it_is():
    far = box(100, 100, 120, 120)

    assert merged_of(BASE, BASE, far).equals(far)
    assert merged_of(BASE, far, BASE).equals(far)
    assert merged_of(BASE, far, far).equals(far)


def test_a_corner_put_in_and_another_taken_out():
    mine = Polygon([*CORNERS[:2], (15, -5), *CORNERS[2:]])
    theirs = Polygon([c for k, c in enumerate(CORNERS) if k != 9])

    merged = merged_of(BASE, mine, theirs)

    assert merged.equals(mine)
    assert shapely.get_num_coordinates(merged) == 17


def test_a_ring_may_begin_elsewhere_and_run_the_other_way():
    theirs = Polygon([*CORNERS[7:], *CORNERS[:7]][::-1])

    assert merged_of(BASE, moved(2), theirs).equals(moved(2))


def test_holes_and_parts_that_one_adds_are_kept_with_the_others_corners():
    hole, part = box(15, 15, 20, 20), box(60, 0, 70, 10)
    mine = BASE.difference(hole)
    theirs = shapely.MultiPolygon([moved(10), part])

    merged = merged_of(BASE, mine, theirs)

    assert merged.equals(shapely.MultiPolygon([moved(10).difference(hole), part]))


def test_a_part_removed_by_one_and_redrawn_by_the_other_is_a_clash():
    part = box(60, 0, 70, 10)
    both = shapely.MultiPolygon([BASE, part])
    redrawn = shapely.MultiPolygon([BASE, Polygon([(60, 0), (70, 0), (70, 10), (60, 12)])])

    assert merged_of(both, BASE, both).equals(BASE)
    assert merged_of(both, shapely.MultiPolygon([moved(2)]), both).equals(moved(2))
    assert merged_of(both, BASE, redrawn) is None


def test_redrawings_that_cross_each_other_are_a_clash():
    """One pushes the lower edge up beyond the middle, the other the upper edge down."""
    assert merged_of(BASE, moved(2, by=(0, 35)), moved(10, by=(0, -35))) is None


@given(
    mine=st.dictionaries(st.integers(0, 15), st.tuples(st.integers(-4, 4), st.integers(-4, 4))),
    theirs=st.dictionaries(st.integers(0, 15), st.tuples(st.integers(-4, 4), st.integers(-4, 4))),
)
def test_moves_that_keep_a_corner_between_them_are_all_made(mine, theirs):
    moves = {k: m for k, m in mine.items() if m != (0, 0)}
    others = {k: m for k, m in theirs.items() if m != (0, 0)}

    def drawn(moves):
        return Polygon(
            [
                (x + moves.get(k, (0, 0))[0], y + moves.get(k, (0, 0))[1])
                for k, (x, y) in enumerate(CORNERS)
            ]
        )

    apart = all(min((k - j) % 16, (j - k) % 16) > 1 for k in moves for j in others)
    whole = drawn({**moves, **others})

    merged = merged_of(BASE, drawn(moves), drawn(others))

    if apart and whole.is_valid and len(moves) + len(others) < 16:
        assert merged is not None
        assert merged.equals(whole)
    if merged is not None:
        assert merged.is_valid
