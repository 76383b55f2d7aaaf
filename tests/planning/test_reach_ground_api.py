"""Ground within reach and one plot over HTTP, on a street that one can work out in the head.

The car park stands at 450 m, 2 m from the street; homes 5 m from it at 5, 490 and 1,500 m.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import Any

import pytest
import shapely
from django.contrib.gis.db.models.functions import PointOnSurface
from django.test import Client

from accounts.models import Role
from landdata.models import ParcelVersion
from tests.planning.city import EAST, NORTH, person
from tests.planning.test_coverage_runs import (
    facility,
    street,  # noqa: F401 # a fixture
)
from tests.planning.test_draft_api import as_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("street")]
API = "/api/planning/reach"


@pytest.fixture(autouse=True)
def no_town_of_another_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planning.reach_towns._towns", OrderedDict())


@pytest.fixture
def planner() -> Client:
    return as_user(person("planner", Role.PLANNER))


def first_plot() -> str:
    """The home at 5 m."""
    west = ParcelVersion.objects.annotate(at=PointOnSurface("boundary")).values_list("at", "parcel")
    return str(min((point.x, str(parcel)) for point, parcel in west)[1])


def isochrone(client: Client, **body: Any) -> Any:
    return client.post(f"{API}/isochrone", json.dumps(body), content_type="application/json")


def holds(answer: dict[str, Any], to: float, east: float, north: float = 5.0) -> bool:
    """Whether a point lies on the ground up to a limit."""
    point = shapely.Point(EAST + east, NORTH + north)
    return any(
        shapely.from_geojson(json.dumps(one["geometry"])).covers(point)
        for one in answer["features"]
        if one["properties"].get("to_m", one["properties"].get("to_s")) == to
    )


def test_a_plot_is_told_its_ways_its_entrance_and_the_street_it_lies_on(planner: Client) -> None:
    facility("s", "market", 1_500)

    told = planner.get(f"{API}/plots/{first_plot()}", {"kind": "parking"}).json()

    (entrance,) = told["entrances"]
    assert entrance["at"] == [EAST + 5, NORTH]
    assert (entrance["offset_m"], entrance["state"]) == (5.0, "ok")
    assert entrance["edge"].endswith("/ab")
    assert told["people"] == 4
    services = {one["kind"]: one for one in told["services"]}
    parking = services["parking"]
    assert parking["metres"] == pytest.approx(5 + 445 + 2)
    assert parking["straight_m"] == pytest.approx(445, abs=2)
    # 5 km an hour on the street, 4 beside it.
    assert parking["minutes_walk"] == pytest.approx(445 / 5_000 * 60 + 7 / 4_000 * 60)
    assert (parking["state"], parking["limit_m"], parking["reason"]) == ("met", 500, "")
    assert services["market"]["metres"] == pytest.approx(5 + 1_495 + 2)
    assert (services["park"]["metres"], services["park"]["reason"]) == (None, "facilities_unknown")
    assert told["way"]["coordinates"] == [
        *([EAST + 5, NORTH], [EAST + 300, NORTH]),
        [EAST + 450, NORTH],
    ]


def test_ground_around_a_service_ends_where_the_metres_do(planner: Client) -> None:
    answer = planner.get(f"{API}/areas", {"kind": "parking", "bands": "100,200"}).json()

    # 98 m are left of 100 at the street; ground 5 m beside it takes five of them.
    assert holds(answer, 100, 450 + 88)
    assert not holds(answer, 100, 450 + 103)
    assert holds(answer, 200, 450 + 150)
    assert not holds(answer, 200, 450)
    inner = answer["features"][0]["properties"]
    assert (inner["kind"], inner["mode"], inner["from_m"], inner["to_m"]) == (
        *("parking", "walk"),
        *(0, 100),
    )
    # About 180 m along the street, 40 m to both sides, less towards the tips.
    assert 9_000 < inner["area_m2"] < 14_000


def test_without_bands_they_are_those_of_the_norm(planner: Client) -> None:
    answer = planner.get(f"{API}/areas", {"kind": "parking"}).json()

    assert [one["properties"]["to_m"] for one in answer["features"]] == [250, 500, 1_000]
    nobody = planner.get(f"{API}/areas", {"kind": "market"}).json()
    assert nobody["features"] == []


def test_who_starts_somewhere_is_told_how_they_get_to_the_street(planner: Client) -> None:
    place = [EAST + 100, NORTH - 20]

    answer = isochrone(planner, at=place, limits=[60]).json()

    assert answer["entrance"] == [EAST + 100, NORTH]
    assert (answer["connector_m"], answer["state"]) == (20.0, "ok")
    # 40 m along the street are left.
    assert holds(answer, 60, 130)
    assert not holds(answer, 60, 150)


def test_a_plot_and_a_facility_are_places_to_start_from_too(planner: Client) -> None:
    plot = isochrone(planner, parcel=first_plot(), limits=[72], metric="seconds").json()
    key = planner.get(f"{API}/plots/{first_plot()}").json()["services"]
    parking = next(one["facility"] for one in key if one["kind"] == "parking")
    park = isochrone(planner, facility=parking, limits=[50], direction="to").json()

    # 72 s are 100 m.
    assert holds(plot, 72, 80)
    assert not holds(plot, 72, 120)
    assert park["connector_m"] == 2.0
    assert holds(park, 50, 420)


@pytest.mark.parametrize(
    "body",
    [
        {"limits": [100]},
        {"at": [EAST, NORTH], "facility": "x", "limits": [100]},
        {"at": [EAST, NORTH], "limits": []},
        {"at": [EAST, NORTH], "limits": [-5]},
        {"at": [EAST, NORTH], "limits": [5], "mode": "boat"},
    ],
)
def test_what_cannot_be_asked_is_refused(planner: Client, body: dict[str, Any]) -> None:
    assert isochrone(planner, **body).status_code == 422


def test_what_is_not_there_and_who_may_not_ask_are_refused(planner: Client) -> None:
    assert planner.get(f"{API}/areas", {"kind": "castle"}).status_code == 404
    assert isochrone(planner, facility="none", limits=[5]).status_code == 404
    nobody = "00000000-0000-0000-0000-000000000000"
    assert planner.get(f"{API}/plots/{nobody}").status_code == 404
    assert planner.get(f"{API}/plots/{first_plot()}", {"draft": 4_711}).status_code == 404
    assert Client().get(f"{API}/areas", {"kind": "parking"}).status_code in (401, 403)


def test_far_from_every_street_there_is_no_ground_and_the_state_says_why(planner: Client) -> None:
    answer = isochrone(planner, at=[EAST + 100, NORTH + 5_000], limits=[500]).json()

    assert (answer["features"], answer["entrance"], answer["state"]) == ([], None, "no_street")


def test_while_the_city_is_put_together_the_run_is_told(
    planner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planning.reach_towns.is_put_together", lambda *_, **__: False)

    answer = planner.get(f"{API}/areas", {"kind": "parking"})

    assert answer.status_code == 202
    assert answer.json()["run"]["state"] == "queued"
