"""Runs of reach on one street, by figures that one can work out in the head.

The street runs along y = 0 over junctions at x = 0, 300, 500 and 2,000. Each plot points at it with
one corner, 5 m away. The car park stands 2 m from it at x = 450.
"""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from landdata import crs
from landdata.errors import Invalid
from landdata.models import CountMethod, Facility, NetworkNode, Population, Revision
from planning.models import CoverageFigure, CoverageRun, RunState
from planning.operations.coverage_runs import (
    call_off_coverage,
    carry_out_coverage,
    is_current,
    last_coverage,
    start_coverage,
)
from tests.planning.city import EAST, NORTH, Office, Register, source_file
from tests.planning.ground import LONG_AGO, put, road

pytestmark = pytest.mark.django_db

PEOPLE = {5: 4.0, 490: 6.0, 1_500: 10.0}


def place(shape: Any, *, srid: int = settings.STORAGE_SRID) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=srid)


def delivered(model: Any, key: str, **values: Any) -> Any:
    """Add a row that has no name."""
    with Revision.open(by=None, why=key) as revision:
        return model.objects.create(
            source_key=key,
            source_file=source_file(),
            source_row=0,
            from_revision=revision.number,
            valid_from=LONG_AGO,
            **values,
        )


def facility(key: str, kind: str, east: float, *, north: float = 2, **more: Any) -> Facility:
    at = shapely.Point(EAST + east, NORTH + north)
    drawn = crs.transform(at, settings.STORAGE_EPSG, crs.WEB_MERCATOR)
    return put(
        Facility,
        key,
        kind=kind,
        is_synthetic=True,
        position=place(at),
        position_3857=place(drawn, srid=3857),
        **more,
    )


def home(register: Register, number: str, at: tuple[float, float], people: float) -> None:
    """Add a plot that points with a corner at a place of a street, from 5 m north of it."""
    east, north = at
    corners = [(east, north + 5), (east + 5, north + 15), (east - 5, north + 15)]
    shape = shapely.Polygon([(EAST + x, NORTH + y) for x, y in corners])
    delivered(
        Population,
        f"p{number}",
        parcel_id=register.parcel(number, shapely.MultiPolygon([shape])),
        people=people,
        counted_on=LONG_AGO,
        method=CountMethod.ESTIMATE,
        source="test",
    )


@pytest.fixture
def street(day_of_2026: None) -> Register:
    places = {"a": 0, "b": 300, "c": 500, "d": 2_000}
    for key, east in places.items():
        delivered(NetworkNode, key, position=place(shapely.Point(EAST + east, NORTH)))
    for one, other in ("ab", "bc", "cd"):
        ends = (places[one], 0.0), (places[other], 0.0)
        road(f"{one}{other}", *ends, road_class="residential", from_node=one, to_node=other)
    register = Register()
    for number, (east, people) in enumerate(PEOPLE.items(), start=1):
        home(register, str(number), (east, 0.0), people)
    facility("p", "parking", 450)
    return register


def work_out() -> CoverageRun:
    run, _ = start_coverage(version_id=None, by=None, on=timezone.localdate())
    return carry_out_coverage(run_id=run.pk)


def figure(run: CoverageRun, measure: str, **more: str) -> CoverageFigure:
    wanted = {"kind": "parking", "unit_code": "", **more}
    return CoverageFigure.objects.get(run=run, measure=measure, **wanted)


@pytest.mark.usefixtures("street")
def test_shares_of_people_are_those_by_the_street() -> None:
    run = work_out()
    assert run.state == RunState.DONE
    # 452 and 47 m are within 500 m, 1,057 m are not: 10 of 20 people.
    share = figure(run, "share_within", norm="pk_walk")
    assert (share.value, share.people, share.state) == (0.5, 20.0, "not_met")
    metres = figure(run, "metres", metric="metres", norm="")
    assert (metres.values["q10"], metres.values["q90"]) == pytest.approx((47.0, 1_057.0))
    assert run.counts["people"] == 20


def test_what_has_no_way_to_the_street_is_not_served_and_not_hidden(street: Register) -> None:
    for key, east in (("x", 0), ("y", 900)):
        at = shapely.Point(EAST + east, NORTH + 3_000)
        delivered(NetworkNode, key, position=place(at))
    road("xy", (0, 3_000), (900, 3_000), from_node="x", to_node="y")
    home(street, "9", (100, 3_000), 20.0)
    run = work_out()

    share = figure(run, "share_within", norm="pk_walk")
    assert (share.value, share.people) == (0.25, 40.0)
    metres = figure(run, "metres", metric="metres", norm="")
    assert metres.values["unreached_people"] == 20
    assert run.counts["quality"]["parts"] == 2


@pytest.mark.usefixtures("street")
def test_what_there_is_is_shared_by_all_who_may_come() -> None:
    facility("q", "parking", 480, capacity=100, capacity_unit="place")
    run = work_out()

    # Both car parks are within 500 m of 10 of 20 people; one has 100 places, of the other nobody
    # knows. The third plot is 1,015 m away.
    assert figure(run, "reachable", norm="pk_walk").value == 1.0
    supply = figure(run, "supply", norm="pk_walk")
    assert (supply.value, supply.people) == (5.0, 20.0)
    assert (supply.values["unit"], supply.values["capacity_unknown"]) == ("place", 1)
    room = figure(run, "with_room", norm="pk_walk")
    assert (room.value, room.reason) == (None, "unit_differs")


@pytest.mark.usefixtures("street")
def test_the_same_inputs_give_the_same_run_until_something_changes() -> None:
    on = timezone.localdate()
    first = work_out()
    assert start_coverage(version_id=None, by=None, on=on) == (first, False)
    assert is_current(first)
    facility("q", "parking", 1_495)
    assert not is_current(first)

    second = work_out()
    assert (second.number, last_coverage(None)) == (2, second)
    assert figure(second, "share_within", norm="pk_walk").value == 1.0


@pytest.mark.usefixtures("street")
def test_a_run_called_off_leaves_the_last_figures() -> None:
    office = Office()
    first = work_out()
    facility("q", "parking", 1_495)
    run, _ = start_coverage(version_id=None, by=None, on=timezone.localdate())

    def call_it_off(going: CoverageRun) -> None:
        if going.step == "entrances":
            call_off_coverage(run_id=run.pk, by=office.planner, on=timezone.localdate())

    done = carry_out_coverage(run_id=run.pk, progress=call_it_off)

    assert done.state == RunState.CANCELLED
    assert last_coverage(None) == first
    assert not CoverageFigure.objects.filter(run=run).exists()


def test_without_streets_nothing_is_begun() -> None:
    with pytest.raises(Invalid) as refused:
        start_coverage(version_id=None, by=None, on=timezone.localdate())

    assert refused.value.code == "no_network"
    assert not CoverageRun.objects.exists()
