"""What the public is told of reach: rows that changed are replaced, the others stay."""

from __future__ import annotations

import csv
import datetime as dt
import math

import numpy as np
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from shapely import MultiPolygon, box

from landdata.models import ChangedArea, Revision
from planning.models import CoverageRun, PublishedArea, PublishedReach, ReachRing, ReachSummary
from planning.models.published_reach import KINDS
from planning.operations.coverage_publication import AreaReached, areas_of, publish_reach
from planning.operations.reach_rows import PlotsReached
from planning.reach.cells import cells_of
from planning.reach.fields import reach_of_cells
from planning.reach.records import Direction, Mode
from tests.ground import add_parcel
from tests.planning.reach.streets import labels_of, metres, network_of

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 5, 1)
SCHOOLS = ("schools/1", "trường/2")


@pytest.fixture
def parcels():
    return [add_parcel(str(number), None).parcel for number in range(3)]


def plots_of(parcels, school_m, states="mnu"):
    """Return plots of which the way to a kindergarten is known, and to nothing else."""
    many = len(parcels)
    unknown = np.full((many, len(KINDS)), np.nan)
    walk = unknown.copy()
    walk[:, 0] = school_m
    nearest = np.full((many, len(KINDS)), -1, dtype=np.int32)
    nearest[np.isfinite(walk[:, 0]), 0] = 1
    return PlotsReached(
        parcel=np.array([parcel.uuid.bytes for parcel in parcels], dtype="V16"),
        unit_code=np.array(["00004", "", "00007"][:many], dtype=object),
        walk_m=walk,
        straight_m=walk / 2,
        walk_minutes=walk / 100,
        motorbike_minutes=unknown,
        nearest=nearest,
        facilities=SCHOOLS,
        states=np.array([letter + "-" * 15 for letter in states][:many], dtype=object),
    )


def ground_of(east, kind="kindergarten"):
    ground = MultiPolygon([box(590000, 2325000, east, 2325100)])
    return AreaReached(kind, Mode.WALK, ReachRing.LIMIT, 250.0, 500.0, "kg26", ground, 1234.0)


def publish(parcels, school_m, *grounds, **given):
    number = CoverageRun.objects.count() + 1
    run = CoverageRun.objects.create(on=DAY, revision=1, state="done", number=number)
    plots = plots_of(parcels, school_m, **given)
    return publish_reach(run=run, plots=plots, grounds=grounds, values={"share": 0.5})


def test_a_plot_is_told_its_way_its_facility_and_what_is_not_known(parcels):
    publish(parcels, [500.04, math.inf, math.nan])

    rows = {row.parcel_id: row for row in PublishedReach.objects.known_now()}
    first, second, third = (rows[parcel.uuid] for parcel in parcels)
    assert first.walk_m[0] == pytest.approx(500.0)
    assert first.straight_m[0] == pytest.approx(250.0, abs=0.01)
    assert first.walk_minutes[0] == pytest.approx(5.0, abs=0.01)
    assert (first.nearest[0], first.nearest[1], first.states) == ("trường/2", "", "m" + "-" * 15)
    assert (first.unit_code, second.unit_code) == ("00004", "")
    assert second.walk_m[0] == math.inf
    assert math.isnan(third.walk_m[0])
    assert first.valid_from == DAY


def test_no_plot_outside_a_limit_is_told_to_be_at_it(parcels):
    publish(parcels, [500.01, 499.99, 500.0], states="nmm")

    rows = {row.parcel_id: row.walk_m[0] for row in PublishedReach.objects.known_now()}
    told = [rows[parcel.uuid] for parcel in parcels]
    assert told == pytest.approx([500.1, 499.9, 500.0], abs=1e-4)


def test_only_what_changed_is_written_anew(parcels):
    first = publish(parcels, [500, 700, 900], ground_of(590100), ground_of(590100, "park"))
    second = publish(parcels, [500, 800, 900], ground_of(590200), ground_of(590100, "park"))

    assert (first.opened, first.closed, first.kept) == (5, 0, 0)
    assert (second.opened, second.closed, second.kept) == (2, 2, 3)
    known = PublishedReach.objects.known_now()
    assert sorted(row.walk_m[0] for row in known) == [500, 800, 900]
    old = PublishedReach.objects.get(to_revision=second.revision)
    assert old.parcel_id == parcels[1].uuid
    assert known.filter(from_revision=first.revision).count() == 2


def test_the_same_results_open_no_revision(parcels):
    publish(parcels, [500, math.inf, math.nan], ground_of(590100))
    revisions = Revision.objects.count()

    again = publish(parcels, [500.01, math.inf, math.nan], ground_of(590100))

    assert (again.opened, again.closed, again.kept, again.revision) == (0, 0, 4, None)
    assert Revision.objects.count() == revisions


def test_a_plot_that_is_told_of_no_more_is_closed(parcels):
    publish(parcels, [500, 700, 900])

    told = publish(parcels[:2], [500, 700])

    assert (told.opened, told.closed, told.kept) == (0, 1, 2)


def test_a_state_alone_is_a_change(parcels):
    publish(parcels, [500, 700, 900])

    assert publish(parcels, [500, 700, 900], states="mmu").opened == 1


def test_changes_are_noted_for_the_map(parcels):
    told = publish(parcels, [500, 700, 900], ground_of(590100))

    noted = ChangedArea.objects.filter(revision_id=told.revision)
    assert set(noted.values_list("layer", flat=True)) == {"public_reach", "service_areas"}


def test_what_was_told_is_not_changed_in_place(parcels):
    publish(parcels, [500, 700, 900], ground_of(590100))

    for changed in (
        PublishedReach.objects.all(),
        PublishedArea.objects.all(),
        ReachSummary.objects.all(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            changed.delete()


def test_the_public_reads_no_people(parcels):
    publish(parcels, [500, 700, 900], ground_of(590100))

    with connection.cursor() as cursor:
        for view in ("public_reach", "public_service_areas"):
            cursor.execute(f"SELECT * FROM {view}")
            columns = [column.name for column in cursor.description]
            assert not [name for name in columns if "people" in name or "fingerprint" in name]
            assert "1234" not in str(cursor.fetchall())
        cursor.execute('SELECT legal_day, "values" FROM public_reach_summary')
        assert cursor.fetchall() == [(DAY, '{"share": 0.5}')]


def test_the_places_of_kinds_are_the_first_rows_of_the_table():
    with (settings.BASE_DIR / "fixtures/reference/facility_kinds.csv").open() as file:
        codes = [row["code"] for row in csv.DictReader(file)]

    assert tuple(codes[: len(KINDS)]) == KINDS


def test_the_ground_of_a_service_is_told_in_three_rings():
    street = network_of({"A": (0, 0), "B": (3000, 0)}, [("A", "B", (), {})])
    costs = metres(street)
    labels, facilities = labels_of(street, costs, [(0, 0.0)])
    cells = cells_of(street, costs)
    reach = reach_of_cells(labels, street, costs, facilities, cells, Direction.TO, 1.0)

    told = areas_of("park", Mode.WALK, "gr26a", 500, reach, cells)

    assert [(one.ring, one.from_m, one.band_m) for one in told] == [
        ("half", 0, 250),
        ("limit", 250, 500),
        ("double", 500, 1000),
    ]
    assert told[2].boundary.bounds[2] == pytest.approx(1000, abs=10)
