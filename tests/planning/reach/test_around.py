"""A surface around shapes holds all that is near them."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from planning.reach.around import surface_around

spots = st.tuples(st.integers(0, 400), st.integers(0, 400))
lines = st.lists(spots, min_size=2, max_size=6, unique=True).map(LineString)
squares = spots.map(lambda at: shapely.box(*at, at[0] + 60, at[1] + 90))


@settings(deadline=None)
@given(
    st.lists(st.one_of(lines, squares), min_size=1, max_size=8),
    st.lists(spots, min_size=1, max_size=40),
    st.sampled_from([5.0, 60.0, 370.0]),
)
def test_all_that_is_near_is_within_and_what_is_far_is_not(
    shapes: list[shapely.Geometry], others: list[tuple[int, int]], metres: float
) -> None:
    given_ = np.empty(len(shapes), dtype=object)
    given_[:] = shapes
    surface = surface_around(given_, metres)
    for point in map(Point, others):
        apart = min(point.distance(shape) for shape in shapes)
        if apart <= metres:
            assert surface.intersects(point)
        elif apart > 1.2 * metres:
            assert not surface.intersects(point)


def test_thousands_of_pieces_of_a_street_are_one_line() -> None:
    along = np.arange(5_000.0)
    points = np.stack([along, np.sin(along / 50)], axis=1)
    pieces = np.asarray(shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)))
    surface = surface_around(pieces, 100.0)
    assert shapely.get_num_coordinates(surface) < 100
    assert surface.covers(LineString(points).buffer(100.0))
