"""What a delivery of objects does to what is known, whatever the objects are."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib

import numpy as np
import pyarrow as pa
import pytest
import shapely
from django.contrib.gis.db.models import Extent
from django.db import transaction
from django.db.models import Max
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from landdata.errors import Forbidden, Invalid
from landdata.geometry import to_multipolygon
from landdata.models import (
    Building,
    ChangedArea,
    Dataset,
    Facility,
    PowerLine,
    Revision,
    SourceFile,
    Theme,
    ThemeCoverage,
)
from landdata.operations.coverage import Declaration
from landdata.operations.features import Delivery, take_in_features

EAST, NORTH = 590_000.0, 2_325_000.0
DAY_1, DAY_2, DAY_3 = dt.date(2026, 1, 1), dt.date(2026, 2, 1), dt.date(2026, 3, 1)
GROUND = to_multipolygon(shapely.box(EAST, NORTH, EAST + 1000, NORTH + 1000), 915897)


def buildings(objects, **given):
    """Return a delivery of squares of 10 m, given as key → (place, storeys)."""
    rows = [
        {"row": number, "source_key": key, "storeys": storeys}
        for number, (key, (_, storeys)) in enumerate(sorted(objects.items()), start=1)
    ]
    columns = {
        "row": pa.array([row["row"] for row in rows], pa.int64()),
        "source_key": pa.array([row["source_key"] for row in rows], pa.string()),
        "storeys": pa.array([row["storeys"] for row in rows], pa.int64()),
    }
    squares = [
        shapely.box(EAST + 20 * at, NORTH, EAST + 20 * at + 10, NORTH + 10)
        for _, (at, _) in sorted(objects.items())
    ]
    return Delivery(Building, pa.table(columns), np.array([*squares, None], object)[:-1], **given)


def take_in(delivery, day=DAY_1, dataset="city", *, content="", **options):
    """Take one delivery in as the operator; its file is known by what it says."""
    known, _ = Dataset.objects.get_or_create(
        code=dataset, defaults={"title_vi": dataset, "title_en": dataset, "kind": "buildings"}
    )
    said = content or str(delivery.features.to_pydict()) + str(list(delivery.shapes))
    source_file = SourceFile(
        dataset=known,
        name="x.gpkg",
        sha256=hashlib.sha256(said.encode()).hexdigest(),
        size_bytes=1,
        stored_as="x",
        data_date=day,
    )
    given = {"by": None, "on": day, "accept_gone": True, "why": "test", **options}
    return take_in_features([delivery], source_file=source_file, **given)


def standing(day, dataset="city"):
    """Return what is known to hold on a day, as the deliveries give it."""
    rows = Building.objects.known_now().valid_on(day).filter(source_file__dataset__code=dataset)
    found = [(r.source_key, (round((r.boundary.extent[0] - EAST) / 20), r.storeys)) for r in rows]
    assert len(dict(found)) == len(found), "a building stands twice on one day"
    return dict(found)


@pytest.mark.django_db
def test_two_data_sets_never_touch_each_other():
    take_in(buildings({"a": (0, 1)}), dataset="city")
    take_in(buildings({"a": (5, 2)}), dataset="osm")

    take_in(buildings({}), DAY_2, dataset="osm")

    assert standing(DAY_2, "city") == {"a": (0, 1)}
    assert standing(DAY_2, "osm") == {}
    assert standing(DAY_1, "osm") == {"a": (5, 2)}


@pytest.mark.django_db
def test_a_dry_run_counts_and_leaves_nothing():
    with transaction.atomic():
        intake = take_in(buildings({"a": (0, 1), "b": (1, 2)}), dry_run=True)

    assert (intake.layers[0].new, intake.revision) == (2, None)
    assert not Building.objects.exists()
    assert not Revision.objects.exists()


@pytest.mark.django_db
def test_a_person_needs_the_role_on_the_day_of_the_deed():
    planner = User.objects.create(username="planner")

    with pytest.raises(Forbidden, match="take_in_features"):
        take_in(buildings({"a": (0, 1)}), by=planner)


@pytest.mark.django_db
def test_two_rows_of_one_key_are_no_delivery():
    twice = buildings({"a": (0, 1), "b": (1, 1)})
    keys = pa.array(["a", "a"])
    named = twice.features.set_column(1, "source_key", keys)

    with pytest.raises(Invalid, match="key_twice"):
        take_in(Delivery(Building, named, twice.shapes))


@pytest.mark.django_db
def test_a_column_that_the_model_does_not_have_is_a_mistake_of_ours():
    delivery = buildings({"a": (0, 1)})
    wider = delivery.features.append_column("colour", pa.array(["red"]))

    with pytest.raises(ValueError, match="colour"):
        take_in(Delivery(Building, wider, delivery.shapes))


@pytest.mark.django_db
def test_what_is_withheld_or_only_added_is_not_gone():
    keys = ("a", "b", "c.1", "c.2", "d.1", "d.2")
    take_in(buildings({key: (at, 1) for at, key in enumerate(keys)}))

    take_in(buildings({"a": (0, 1)}, withheld=("b", "c", "d.1")), DAY_2)
    assert set(standing(DAY_2)) == {"a", "b", "c.1", "c.2", "d.1"}

    take_in(buildings({"e": (9, 1)}, is_whole=False), DAY_3)
    assert set(standing(DAY_3)) == {"a", "b", "c.1", "c.2", "d.1", "e"}


@pytest.mark.django_db
def test_a_row_that_is_the_file_changes_with_the_file():
    delivery = buildings({"a": (0, 1)}, is_whole=False, is_the_file=True)
    take_in(delivery, content="one file")

    same = take_in(delivery, DAY_2, content="one file")
    other = take_in(delivery, DAY_3, content="another file")

    assert (same.layers[0].unchanged, other.layers[0].changed) == (1, 1)


@pytest.mark.django_db
def test_a_line_of_one_part_is_kept_as_a_collection_of_one():
    line = shapely.LineString([(EAST, NORTH), (EAST + 10, NORTH)])
    said = {"row": [1], "source_key": ["p"], "voltage_kv": [22.0], "placement": ["duct"]}

    take_in(Delivery(PowerLine, pa.table(said), np.array([line], object)))

    row = PowerLine.objects.get()
    assert row.axis.coords == (((EAST, NORTH), (EAST + 10, NORTH)),)
    assert (row.conductor, row.outer_conductor_m, row.name) == ("", None, "")


@pytest.mark.django_db
def test_a_shape_that_nobody_checked_does_not_get_in():
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])

    with pytest.raises(ValueError, match="not checked"):
        take_in(Delivery(Building, buildings({"a": (0, 1)}).features, np.array([bow], object)))


@pytest.mark.django_db
def test_changes_are_noted_where_they_are():
    take_in(buildings({"a": (0, 1), "b": (500, 1)}))
    before = ChangedArea.objects.aggregate(last=Max("pk"))["last"]

    take_in(buildings({"a": (0, 9), "b": (500, 1)}), DAY_2)

    # The row that is closed, the same again up to that day, and the new one.
    areas = ChangedArea.objects.filter(pk__gt=before)
    assert [area.layer for area in areas] == ["buildings"] * 3
    west, _, east, _ = areas.aggregate(all=Extent("extent_3857"))["all"]
    assert east - west < 20


@pytest.mark.django_db
def test_coverage_becomes_known_in_the_revision_of_its_objects():
    said = Declaration(Theme.HAZARD_SITES, GROUND, True, DAY_1, DAY_1)

    first = take_in(buildings({"a": (0, 1)}), coverage=[said])
    again = take_in(buildings({"a": (0, 1)}), coverage=[said])
    lowered = Declaration(Theme.HAZARD_SITES, GROUND, False, DAY_1, DAY_1)
    other = take_in(buildings({"a": (0, 1)}), coverage=[lowered])

    assert ThemeCoverage.objects.get(is_complete=True).from_revision == first.revision
    assert (again.revision, again.coverage.unchanged) == (None, 1)
    assert (other.layers[0].unchanged, other.coverage.changed) == (1, 1)
    assert ThemeCoverage.objects.known_now().get().is_complete is False


objects = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(st.integers(0, 3), st.integers(1, 3)), max_size=6
)
deliveries = st.lists(st.tuples(objects, st.sampled_from([DAY_1, DAY_2, DAY_3])), max_size=6)


@contextlib.contextmanager
def nothing_before():
    """Give each example a record of its own."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None)
@given(deliveries)
def test_the_same_again_makes_no_revision_and_counts_add_up(run):
    with nothing_before():
        before: dict[str, tuple[int, int]] = {}
        for said, day in run:
            first = take_in(buildings(said), day)
            count = Revision.objects.count()
            again = take_in(buildings(said), day)

            (layer,) = first.layers
            assert layer.read == len(said) == layer.new + layer.changed + layer.unchanged
            assert layer.gone == len(set(before) - set(said))
            assert layer.unchanged == sum(before.get(key) == what for key, what in said.items())
            assert (again.revision, Revision.objects.count()) == (None, count)
            assert again.layers[0].unchanged == len(said)
            before = said


@pytest.mark.django_db
@settings(max_examples=30, deadline=None)
@given(deliveries)
def test_the_last_delivery_holds_in_the_end_and_nothing_stands_twice_on_a_day(run):
    with nothing_before():
        for said, day in run:
            take_in(buildings(said), day)

            for each in (DAY_1, DAY_2, DAY_3):
                standing(each)
            assert standing(dt.date(2027, 1, 1)) == said


@pytest.mark.django_db
@settings(max_examples=30, deadline=None)
@given(deliveries)
def test_what_was_known_at_a_revision_stays_known_as_it_was(run):
    with nothing_before():
        answers = {}
        for said, day in run:
            take_in(buildings(said), day)
            newest = Revision.objects.aggregate(last=Max("number"))["last"] or 0
            for each in (DAY_1, DAY_2, DAY_3):
                answers[newest, each] = known_at(newest, each)

        for (revision, day), expected in answers.items():
            assert known_at(revision, day) == expected


def known_at(revision, day):
    rows = Building.objects.known_at(revision).valid_on(day).order_by("source_key")
    return [(row.source_key, row.storeys, row.boundary.extent) for row in rows]


@pytest.mark.django_db
def test_points_are_kept_as_points_with_their_copy_for_maps():
    features = pa.table(
        {"row": [7], "source_key": ["f"], "kind": ["market"], "is_synthetic": [True]}
    )

    take_in(Delivery(Facility, features, np.array([shapely.Point(EAST, NORTH)], object)))

    row = Facility.objects.get()
    assert (row.position.coords, row.source_row) == ((EAST, NORTH), 7)
    assert row.position_3857.srid == 3857
