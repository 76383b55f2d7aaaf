"""The ground that surfaces share, against GEOS, where outlines run along each other."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely

from planning.conflicts.outlines import outlines_in, outlines_of
from planning.conflicts.shares import shares_between, shares_of


def shared(one, other):
    found = shares_of(np.array([one], object), np.array([other], object))
    return float(found.area_m2.sum())


def test_an_upright_edge_cuts_a_surface_of_the_same_height():
    assert shared(shapely.box(60, 0, 120, 50), shapely.box(0, 0, 100, 50)) == pytest.approx(2000)
    assert shared(shapely.box(60, 0, 120, 50), shapely.box(0, 0, 100, 90)) == pytest.approx(2000)
    assert shared(shapely.box(-20, 0, 20, 50), shapely.box(0, -9, 100, 90)) == pytest.approx(1000)


def test_boxes_and_rings_on_whole_metres_share_what_geos_says():
    rng = np.random.default_rng(20)
    low = rng.integers(0, 12, (400, 2))
    size = rng.integers(1, 8, (400, 2))
    boxes = np.asarray(shapely.box(*low.T, *(low + size).T), dtype=object)
    hollow = [
        shapely.Polygon(box.exterior.coords, [box.buffer(-1, join_style="mitre").exterior.coords])
        if min(wide, tall) > 2
        else box
        for box, (wide, tall) in zip(boxes, size, strict=True)
    ]
    ones, others = np.array(hollow[:200], object), np.array(hollow[200:], object)
    found = shares_of(ones, others)
    table = np.zeros((200, 200))
    table[found.one, found.other] = found.area_m2

    exact = shapely.area(shapely.intersection(ones[:, None], others[None, :]))

    assert np.abs(table - exact).max() < 1e-9


def test_surfaces_are_read_from_bytes_as_postgis_writes_them():
    box, far = shapely.box(0, 0, 30, 20), shapely.box(40, 5, 50, 25)
    hollow = shapely.Polygon(box.exterior.coords, [shapely.box(5, 5, 10, 10).exterior.coords])
    shapes = [box, shapely.MultiPolygon([hollow, far]), shapely.MultiPolygon(), hollow]
    ewkb = [shapely.to_wkb(shapely.set_srid(shape, 915897), include_srid=True) for shape in shapes]
    # One byte of something else before the first: coordinates stand at odd places.
    content, ends = np.frombuffer(b"\0" + b"".join(ewkb), np.uint8), np.cumsum([1, *map(len, ewkb)])
    spans = np.array([*pairwise(ends), (0, 0)], np.int64)

    outlines = outlines_in(content, spans)
    found = shares_between(outlines, outlines_of(np.array([shapely.box(-9, 0, 99, 10)], object)))

    assert outlines.start.tolist() == [0, 4, 16, 16, 24, 24]
    assert outlines.box[1].tolist() == [0, 0, 50, 25]
    assert dict(zip(found.one.tolist(), found.area_m2.tolist(), strict=True)) == pytest.approx(
        {0: 300, 1: 300 - 25 + 50, 3: 300 - 25}
    )


def test_bytes_that_are_no_surface_are_named():
    wkb = [shapely.to_wkb(shape) for shape in (shapely.box(0, 0, 1, 1), shapely.Point(1, 1))]
    content, ends = np.frombuffer(b"".join(wkb), np.uint8), np.cumsum([0, *map(len, wkb)])
    spans = np.array([*pairwise(ends)], np.int64)

    with pytest.raises(ValueError, match="geometry 1 is no surface"):
        outlines_in(content, spans)
