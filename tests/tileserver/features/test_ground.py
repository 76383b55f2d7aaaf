"""Boxes, shapes and tokens of the feature engine."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
import shapely
from django.conf import settings

from landdata import crs
from landdata.errors import Invalid
from tileserver.features import ground, systems, tokens
from tileserver.features.conditions import InBox, Nothing, Relation, Spatial
from tileserver.features.query import Keyset

DEGREES = systems.named("urn:ogc:def:crs:EPSG::4326")


def moved(xs, ys):
    return crs.transformer(4326, settings.STORAGE_EPSG).transform(xs, ys)


def test_a_box_in_degrees_is_that_box_to_a_millimetre_along_its_edges():
    found = ground.box(DEGREES, (20.9, 105.7, 21.1, 105.9))

    assert isinstance(found, Spatial)
    assert found.relation is Relation.INTERSECTS
    lons = np.linspace(105.7, 105.9, 997)
    edge = shapely.points(*moved(lons, np.full(997, 20.9)))
    assert shapely.distance(edge, found.shape.boundary).max() < 0.001


def test_a_box_in_the_storage_system_is_taken_as_it_is():
    assert ground.box(systems.default(), (1, 2, 3, 4)) == InBox(1, 2, 3, 4)


def test_the_whole_world_is_the_ground_of_the_country():
    found = ground.box(DEGREES, (-90, -180, 90, 180))

    assert isinstance(found, Spatial)
    assert found.shape.contains(shapely.Point(moved(105.8, 21.0)))
    assert found.shape.is_valid


def test_a_box_in_brazil_holds_nothing():
    assert ground.box(DEGREES, (-20, -50, -10, -40)) == Nothing()


@pytest.mark.parametrize(
    ("corners", "code"),
    [
        ((105.8, 21.0, 105.9, 21.1), "feature_degrees_out_of_range"),
        ((21.1, 105.8, 21.0, 105.9), "feature_box_upside_down"),
        ((float("nan"), 0, 1, 1), "feature_box_upside_down"),
        ((float("-inf"), 0, 1, 1), "feature_box_upside_down"),
        ((-91, 0, 1, 1), "feature_degrees_out_of_range"),
    ],
)
def test_a_box_that_cannot_be_is_refused(corners, code):
    with pytest.raises(Invalid, match=code):
        ground.box(DEGREES, corners)


def test_a_shape_in_the_wrong_order_of_axes_is_refused_rather_than_missed():
    with pytest.raises(Invalid, match="feature_shape_far_away"):
        ground.stored(systems.CRS84, shapely.Point(21.0, 90.0))


PLACE = tokens.Place(7, dt.date(2026, 9, 1), Keyset(("Đội Cấn", None, "2.5"), 99))


def test_a_token_comes_back_as_the_place_it_was_written_for():
    assert tokens.read(tokens.write(PLACE, asked="a"), asked="a") == PLACE


@pytest.mark.parametrize("damage", ["", "x", "a:b:c", "\0", "x" * 9000])
def test_a_token_that_is_not_ours_is_refused(damage):
    with pytest.raises(Invalid, match="feature_page_unknown"):
        tokens.read(damage, asked="a")


def test_a_token_of_another_question_is_refused():
    with pytest.raises(Invalid, match="feature_page_unknown"):
        tokens.read(tokens.write(PLACE, asked="b"), asked="a")


def test_a_token_that_was_changed_is_refused():
    token = tokens.write(PLACE, asked="a")

    with pytest.raises(Invalid, match="feature_page_unknown"):
        tokens.read(token[:5] + ("A" if token[5] != "A" else "B") + token[6:], asked="a")
