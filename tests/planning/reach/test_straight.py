"""Straight lines after facilities came, went and moved, against measuring all of them anew."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.reach.straight import after_changes_in_a_line, nearest_in_a_line

Point = tuple[int, int]
points = st.tuples(st.integers(0, 30), st.integers(0, 30))


def measured(place: Point, there: dict[int, Point]) -> tuple[float, int]:
    """The nearest by asking each; of equally near ones the smaller number."""
    apart = [(float(np.hypot(x - place[0], y - place[1])), n) for n, (x, y) in there.items()]
    return min(apart, default=(np.inf, -1))


@settings(deadline=None)
@given(
    st.lists(points, min_size=1, max_size=8),
    st.lists(points, min_size=1, max_size=5),
    st.lists(points, max_size=3),
    st.data(),
)
def test_what_changed_is_measured_anew_and_the_rest_stays(
    places: list[Point], before: list[Point], added: list[Point], data: st.DataObject
) -> None:
    then = dict(enumerate(before))
    at = {**then, **{len(before) + n: point for n, point in enumerate(added)}}
    for number in then:
        becomes = data.draw(st.sampled_from(["stays", "gone", "moved"]))
        if becomes == "gone":
            del at[number]
        elif becomes == "moved":
            at[number] = data.draw(points)
    touched = [n for n in {*then, *at} if then.get(n) != at.get(n)]
    everywhere = np.array([at.get(n, (0, 0)) for n in range(len(before) + len(added))], float)
    xy = np.array(places, dtype=float)
    numbers = np.array(sorted(then), dtype=np.int32)
    was = nearest_in_a_line(xy, np.array(before, dtype=float), numbers)

    found = after_changes_in_a_line(
        was, xy, everywhere, np.array(sorted(at), np.int32), np.array(touched, np.int32)
    )

    expected = [measured(place, at) for place in places]
    assert list(zip(found.cost.tolist(), found.facility.tolist(), strict=True)) == expected
