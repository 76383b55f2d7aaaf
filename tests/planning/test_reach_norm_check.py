"""A plan in the record held against the table of services, and what is told of it."""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from django.utils import translation

from landdata.models import Facility, NetworkNode
from planning.models import DraftZone
from planning.norm_queries import REFERENCE
from planning.norms.circumstances import Circumstance
from planning.operations.circumstances import say_circumstance
from planning.reach_norm_check import kinds_by_function, norm_check_values
from tests.ground import add_unit
from tests.planning.city import EAST, FUNCTIONS, NORTH, TODAY, box
from tests.planning.ground import area, put, road, stored
from tests.planning.test_coverage_runs import delivered, facility, place

if TYPE_CHECKING:
    from planning.models import PlanVersion
    from tests.planning.city import Office, Register

pytestmark = pytest.mark.django_db

#  200 +-------+   zone A, of 1,000 people, with one plot at its western end
#      |[7]  A |   and a kindergarten 450 m east of the plot's middle
#    0 +-------+------- o
#      0      200      550


@pytest.fixture
def plan(office: Office, register: Register) -> PlanVersion:
    add_unit("00004", "Phường Ba Đình")
    register.parcel("7", box(0, 0, 200, 200))
    version = office.draft(
        "QHPK-9",
        box(0, 0, 200, 200),
        {"A": (FUNCTIONS[0], box(0, 0, 200, 200))},
        valid_from=dt.date(2026, 12, 1),
    )
    version.drafts.update(population=1000)
    return version


def kindergarten(east: float) -> None:
    drawn = area(box(east, 99, east + 2, 101))
    put(
        Facility,
        "kg-1",
        position=drawn["boundary"].centroid,
        position_3857=drawn["boundary_3857"].centroid,
        kind="kindergarten",
        is_synthetic=True,
        capacity=60,
        capacity_unit="place",
    )


def told(plan: PlanVersion, norm: str, measure: str = "share_within") -> dict[str, Any]:
    rows = {row["norm"]: row for row in norm_check_values(plan, on=TODAY)["rows"]}
    return next(part for part in rows[norm]["parts"] if part["measure"] == measure)


def test_planned_people_are_held_against_the_norm_of_the_day_of_the_plan(
    plan: PlanVersion,
) -> None:
    kindergarten(599)

    found = told(plan, "kg21")

    assert (found["state"], found["covered"]) == ("met", 1000)
    assert len(norm_check_values(plan, on=TODAY)["rows"]) == 34
    assert told(plan, "kg26")["reason"] == "not_yet"


def test_what_is_said_of_the_zone_decides_between_two_figures(
    office: Office, plan: PlanVersion
) -> None:
    kindergarten(899)
    zone = plan.drafts.get()
    assert told(plan, "kg21")["reason"] == "circumstance_unknown"

    for development, state in (("new", "not_met"), ("existing", "met")):
        known = Circumstance(development, "plain")
        say_circumstance(zone=zone.uid, known=known, source="map", by=office.planner, on=TODAY)
        found = told(plan, "kg21")
        assert found["state"] == state
        assert found["worst_label"] == "A"


def test_a_zone_without_a_plot_is_a_place_itself(office: Office, plan: PlanVersion) -> None:
    kindergarten(599)
    DraftZone.objects.filter(version_of=plan).update(boundary=stored(box(5000, 0, 5100, 100)))

    assert told(plan, "kg21")["reason"] == "setting_unknown"
    known = Circumstance("new", "plain", "urban")
    zone = plan.drafts.get()
    say_circumstance(zone=zone.uid, known=known, source="map", by=office.planner, on=TODAY)

    found = told(plan, "kg21")
    assert (found["state"], found["not_covered"]) == ("not_met", 1000)


def a_street_through_the_plan() -> None:
    """Add a street along y = 100 from x = -500 to 900: 200 m of it lie on the ground of zone A."""
    for key, east in (("w", -500), ("e", 900)):
        delivered(NetworkNode, key, position=place(shapely.Point(EAST + east, NORTH + 100)))
    road("we", (-500, 100), (900, 100), road_class="residential", from_node="w", to_node="e")


def test_walking_norms_are_measured_along_streets(plan: PlanVersion) -> None:
    facility("car-park", "parking", 501, north=98)
    assert told(plan, "pk_walk")["reason"] == "streets_unknown"

    # The plot meets the street first where that enters it, at x = 0; the car park is 2 m from it.
    a_street_through_the_plan()
    missed = told(plan, "pk_walk")
    assert (missed["state"], missed["not_covered"]) == ("not_met", 1000)
    assert missed["values"]["farthest_m"] == pytest.approx(503)
    facility("nearer", "parking", 498, north=98)
    met = told(plan, "pk_walk")
    assert (met["state"], met["covered"]) == ("met", 1000)


def test_a_zone_without_a_plot_walks_from_its_own_ground(plan: PlanVersion) -> None:
    a_street_through_the_plan()
    facility("car-park", "parking", 800, north=98)
    zone = stored(box(700, 0, 760, 80))
    DraftZone.objects.filter(version_of=plan).update(boundary=zone)

    # From the middle, (730, 40): 60 m to the street, 70 along it, 2 to the car park.
    assert told(plan, "pk_walk")["values"]["farthest_m"] == pytest.approx(132)


def test_hydrants_stand_along_every_street_of_the_plan_or_metres_are_missing(
    plan: PlanVersion,
) -> None:
    a_street_through_the_plan()
    assert told(plan, "hyd", "spacing")["reason"] == "spacing_not_measured"

    # 150 m between two: each reaches 75 m, this one from x = -25 to 125.
    facility("h1", "hydrant", 50, north=98)
    short = told(plan, "hyd", "spacing")
    assert short["state"] == "not_met"
    assert short["values"] == pytest.approx({"limit_m": 150.0, "street_m": 200.0, "beyond_m": 75.0})
    with translation.override("en"):
        text = told(plan, "hyd", "spacing")["text"]
    assert text == "Along 75 m of 200 m of street they stand more than 150 m apart."

    facility("h2", "hydrant", 200, north=98)
    assert told(plan, "hyd", "spacing")["state"] == "met"


def test_it_is_told_in_both_languages(plan: PlanVersion) -> None:
    kindergarten(599)

    with translation.override("vi"):
        assert "Toàn bộ 1.000 người ở trong bán kính" in told(plan, "kg21")["text"]
    with translation.override("en"):
        assert told(plan, "kg21")["text"].startswith("All 1,000 people are within reach")
        # 50 places for 1,000 people; the kindergarten stands outside the plan.
        assert "50 places are needed" in told(plan, "kg21", "provision")["text"]
        for row in norm_check_values(plan, on=TODAY)["rows"]:
            for part in row["parts"]:
                assert part["text"]
                assert "reach." not in part["text"]


def test_functions_that_hold_services_are_functions_of_plans() -> None:
    with (REFERENCE / "plan_functions_tt16.csv").open(encoding="utf-8", newline="") as file:
        known = {row["layer_suffix_zoning_plan"] for row in csv.DictReader(file)}

    assert set(kinds_by_function()) <= known
