"""The database notes where the map changed: the boxes are held against shapely's."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import numpy as np
import psycopg2
import pytest
import shapely
from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from landdata.changed_areas import CHANNEL, EXACT_ROWS, SQUARE_M, WIDER_M
from landdata.models import AwaitedDay, Building, ChangedArea, Facility, LandUseCode, Revision
from tests.ground import DAY, Shape, add_parcel, add_unit, shape, source_file, square

pytestmark = pytest.mark.django_db

#: Of a float beside ten million metres, twice.
NOISE_M = 4e-9


def building(ground: Shape, key: str, revision: Revision) -> Building:
    return Building(
        source_key=key,
        boundary=ground.stored,
        boundary_3857=ground.mercator,
        source_file=source_file(),
        source_row=0,
        valid_from=DAY,
        from_revision=revision.number,
    )


def bounds(ground: Shape) -> tuple[float, ...]:
    return tuple(shapely.from_wkb(bytes(ground.mercator.wkb)).bounds)


def noted(revision: Revision, layer: str = "buildings") -> np.ndarray:
    """Return the noted boxes of a revision, in the order of their corners."""
    areas = ChangedArea.objects.filter(revision=revision, layer=layer)
    boxes = [shapely.from_wkb(bytes(area.extent_3857.wkb)).bounds for area in areas]
    return np.array(sorted(boxes)).reshape(-1, 4)


def widened(boxes) -> np.ndarray:
    wider = np.array([-WIDER_M, -WIDER_M, WIDER_M, WIDER_M])
    return np.array(sorted(boxes)).reshape(-1, 4) + wider


GROUNDS = st.builds(
    lambda east, north, size: square(585_000 + east, 2_320_000 + north, size),
    st.integers(0, 3_000),
    st.integers(0, 3_000),
    st.sampled_from([0.5, 12.0, 900.0]),
)


@hypothesis_settings(max_examples=25, deadline=None)
@given(grounds=st.lists(GROUNDS, min_size=1, max_size=6))
def test_a_few_rows_are_noted_each_by_its_own_box(grounds):
    with transaction.atomic():
        with Revision.open(by=None, why="test") as revision:
            Building.objects.bulk_create(
                [building(g, f"{n}", revision) for n, g in enumerate(grounds)]
            )
        opened = noted(revision)
        with Revision.open(by=None, why="test") as later:
            Building.objects.known_now().close(later)
        closed = noted(later)
        transaction.set_rollback(True)

    # What has the same shape is the same place.
    expected = widened({bounds(ground) for ground in grounds})
    assert opened == pytest.approx(expected, abs=NOISE_M)
    assert closed == pytest.approx(expected, abs=NOISE_M)


@hypothesis_settings(max_examples=5, deadline=None)
@given(st.lists(GROUNDS, min_size=EXACT_ROWS + 1, max_size=EXACT_ROWS + 40))
def test_many_rows_are_noted_by_the_square_in_which_they_begin(grounds):
    together = defaultdict(list)
    for ground in grounds:
        west, south, *_ = box = bounds(ground)
        together[west // SQUARE_M, south // SQUARE_M].append(box)

    with transaction.atomic():
        with Revision.open(by=None, why="test") as revision:
            Building.objects.bulk_create(
                [building(g, f"{n}", revision) for n, g in enumerate(grounds)]
            )
        found = noted(revision)
        transaction.set_rollback(True)

    expected = [
        (*np.min(boxes, axis=0)[:2], *np.max(boxes, axis=0)[2:]) for boxes in together.values()
    ]
    assert found == pytest.approx(widened(expected), abs=NOISE_M)


def test_a_point_is_noted_by_a_polygon_around_it():
    ground = square(590_000, 2_325_000)
    with Revision.open(by=None, why="test") as revision:
        Facility.objects.create(
            source_key="a",
            kind="primary_school",
            is_synthetic=False,
            position=Point(590_000, 2_325_000, srid=settings.STORAGE_SRID),
            position_3857=ground.mercator.centroid,
            source_file=source_file(),
            source_row=0,
            valid_from=DAY,
            from_revision=revision.number,
        )

    area = ChangedArea.objects.get(layer="facilities")

    assert area.extent_3857.area == pytest.approx((2 * WIDER_M) ** 2, rel=1e-3)
    assert area.extent_3857.contains(ground.mercator.centroid)


def test_a_row_without_a_boundary_changes_no_picture():
    add_parcel("45", None)

    assert not ChangedArea.objects.exists()


def test_a_row_without_a_place_changes_every_picture_that_shows_its_values():
    with Revision.open(by=None, why="test") as revision:
        LandUseCode.objects.bulk_create(
            LandUseCode(
                code=f"C{number}",
                name_vi="Đất",
                name_en="Land",
                group="PNN",
                status="current",
                source="",
                confidence="",
                valid_from=DAY,
                from_revision=revision.number,
            )
            for number in range(3)
        )

    ((west, south, east, north),) = noted(revision, "public_land_use_codes")

    assert (west, south) < (-20037508.343, -20037508.343)
    assert (east, north) > (20037508.343, 20037508.343)


def test_a_day_is_awaited_if_it_was_to_come_when_its_row_was_entered():
    today = timezone.localdate()
    tomorrow, later = (today + dt.timedelta(days=n) for n in (1, 9))
    ground = square(590_000, 2_325_000)
    add_parcel("1", ground, valid_from=today)
    add_parcel("2", ground, valid_from=tomorrow)
    add_parcel("3", ground, valid_from=tomorrow, valid_to=later)
    add_unit("01", "Thành phố Hà Nội", ground, level="province", valid_from=later)

    assert sorted(AwaitedDay.objects.values_list("layer", "day")) == [
        ("parcels", tomorrow),
        ("parcels", later),
        ("provinces", later),
        ("public_units", later),
    ]


def test_a_unit_is_noted_in_the_layer_of_its_level():
    ground = square(590_000, 2_325_000, 500)
    add_unit("01", "Thành phố Hà Nội", ground, level="province", parent_code="")
    add_unit("001", "Quận Ba Đình", ground, level="district")
    add_unit("00004", "Phường Ba Đình", ground)

    newest = Revision.objects.latest("number").number
    areas = ChangedArea.objects.exclude(layer="public_units").order_by("pk")
    # Districts are not drawn.
    assert list(areas.values_list("layer", "revision_id")) == [
        ("provinces", newest - 2),
        ("wards", newest),
    ]


def test_nothing_is_noted_of_a_change_that_was_taken_back():
    with pytest.raises(DatabaseError), transaction.atomic():
        add_parcel("45", square(590_000, 2_325_000), valid_to=DAY - dt.timedelta(days=1))

    assert not ChangedArea.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_revision_is_said_once_it_is_committed_and_never_before():
    parameters = connection.get_connection_params()
    listener = psycopg2.connect(
        **{k: parameters[k] for k in ("dbname", "user", "password", "host", "port")}
    )
    listener.autocommit = True
    with listener.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")

    with transaction.atomic():
        version = add_parcel("45", shape(shapely.box(590_000, 2_325_000, 590_020, 2_325_020)))
        listener.poll()
        before = list(listener.notifies)
    with listener.cursor() as cursor:
        cursor.execute("SELECT 1")
    listener.poll()

    assert before == []
    assert [said.payload for said in listener.notifies] == [str(version.from_revision)]
    listener.close()
