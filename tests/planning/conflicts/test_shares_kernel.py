"""The ground that surfaces share, against GEOS, where outlines run along each other."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from planning.conflicts.shares import shares_of


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
