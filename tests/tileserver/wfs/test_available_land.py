"""An investor looks for land over WFS: by area, function, status, ward and distance."""

from __future__ import annotations

import pytest

from planning.models import SiteStatus
from tests.planning import city
from tests.planning.city import TODAY, box
from tests.planning.sites import publish, ward
from tests.tileserver.wfs.asking import body, get, kvp_filter, texts, xml
from tests.tileserver.wfs.test_filters import compare

pytestmark = pytest.mark.django_db


@pytest.fixture
def sites(db):
    """Two hectares of houses, half a hectare beside them without a plan, one far away offered."""
    city.functions()
    ward("00004", "Phường Ba Đình", box(-1000, -1000, 1000, 1000))
    ward("00037", "Phường Hoàn Kiếm", box(1000, -1000, 9000, 1000))
    ground = box(0, 0, 200, 100)
    city.Office().in_force("QH", ground, {"A": ("HOUSES", ground)})
    return [
        publish("HN-01", box(0, 0, 200, 100)),
        publish("HN-02", box(300, 0, 400, 50)),
        publish(
            "HN-03",
            box(5000, 0, 5100, 100),
            status=SiteStatus.OFFERED,
            offered_from=TODAY,
            offered_until=TODAY,
        ),
    ]


def codes(predicate: str) -> list[str]:
    asked = {"TYPENAMES": "available_sites", "FILTER": kvp_filter(predicate), "AS_OF": f"{TODAY}"}
    return sorted(texts(xml(get(**asked)), ".//diado:code"))


def near(site, metres: int) -> str:
    east, north = site.boundary.centroid.coords
    return (
        "<fes:DWithin><fes:ValueReference>shape</fes:ValueReference>"
        f'<gml:Point gml:id="p"><gml:pos>{east} {north}</gml:pos></gml:Point>'
        f'<fes:Distance uom="m">{metres}</fes:Distance></fes:DWithin>'
    )


def test_land_is_found_by_area_function_status_and_ward(sites):
    assert codes(compare("area_m2", "10000", operator="PropertyIsGreaterThanOrEqualTo")) == [
        "HN-01",
        "HN-03",
    ]
    assert codes(compare("function", "HOUSES")) == ["HN-01"]
    assert codes(compare("status", "offered")) == ["HN-03"]
    assert codes(compare("ward", "Phường Ba Đình")) == ["HN-01", "HN-02"]
    assert codes(compare("ward_code", "00037")) == ["HN-03"]


def test_land_is_found_by_its_distance_to_a_point(sites):
    # The second site begins 200 m east of the middle of the first.
    assert codes(near(sites[0], 199)) == ["HN-01"]
    assert codes(near(sites[0], 201)) == ["HN-01", "HN-02"]
    everything = (
        f"<fes:And>{near(sites[0], 6000)}{compare('status', 'free')}"
        f"{compare('area_m2', '6000', operator='PropertyIsLessThan')}</fes:And>"
    )
    assert codes(everything) == ["HN-02"]


def test_a_table_of_the_land_names_an_office_and_no_person(sites):
    said = body(get(TYPENAMES="available_sites", OUTPUTFORMAT="csv", AS_OF=TODAY)).decode()

    assert "Trung tâm quỹ đất" in said
    assert "published_by" not in said
