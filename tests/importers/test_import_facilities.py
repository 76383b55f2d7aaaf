"""Facilities, sites and buildings come in from files of the city and from OpenStreetMap."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import gzip

import numpy as np
import pyogrio
import pytest
import shapely

from fixtures.city.extracts import HCMC_FILE
from importers.encodings.tables import REFERENCE
from importers.facilities import facility_kinds
from importers.issues import IssueLog
from importers.osm.facilities import read_osm_facilities, school_levels
from importers.ways_in import FACILITIES
from landdata.models import (
    Building,
    ChangedArea,
    Facility,
    HazardSite,
    ProtectedSite,
    Revision,
    ThemeCoverage,
)
from tests.importers import osm
from tests.importers.conftest import counted, noted
from tests.importers.networks import EAST, NORTH, point, square, write
from tests.importers.osm import node, relation, way

SPRING, AUTUMN = dt.date(2026, 4, 1), dt.date(2026, 10, 1)


@pytest.fixture
def bring(bring):
    return functools.partial(bring, FACILITIES)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "facilities.gpkg"


def facility(key, **given):
    usual = {
        "facility_key": key,
        "name": "Trường Tiểu học",
        "name_en": "Primary school",
        "kind": "primary_school",
        "capacity": 600.0,
        "capacity_unit": "pupils",
        "address": "Số 1",
        "is_synthetic": True,
        "source": "giả định",
        "geometry": point(0),
    }
    return {**usual, **given}


def hazard(key, **given):
    usual = {
        "site_key": key,
        "name": "Nghĩa trang",
        "name_en": "Cemetery",
        "kind": "cemetery",
        "technology": "one_time_burial",
        "capacity": 2.5,
        "capacity_unit": "ha",
        "flow_deg": None,
        "is_synthetic": True,
        "source": "giả định",
        "geometry": square(0, 0),
    }
    return {**usual, **given}


def building(key, **given):
    usual = {
        "building_key": key,
        "name": "",
        "name_en": "",
        "use": "house",
        "storeys": 3,
        "height_m": 10.5,
        "geometry": square(50, 0),
    }
    return {**usual, **given}


def facilities():
    """Return the layers of a sound file of every kind."""
    return {
        "facility": [facility("f1")],
        "hazard_site": [hazard("h1")],
        "protected_site": [
            {
                "site_key": "p1",
                "name": "Đình làng",
                "name_en": "Village hall",
                "kind": "relic",
                "protection_zone": "I",
                "decision_number": "1/QĐ",
                "decision_date": "1999-05-01",
                "authority": "Bộ Văn hóa",
                "source": "giả định",
                "geometry": square(20, 0),
            }
        ],
        "building": [building("b1"), building("b2", storeys=None, height_m=None)],
        "theme_coverage": [
            {
                "theme": "hazard_sites",
                "is_complete": True,
                "data_date": "2026-01-01",
                "valid_from": "2026-01-01",
                "geometry": square(-100, -100, 1000),
            }
        ],
    }


def test_every_layer_comes_in_in_one_revision_and_only_once(bring, path):
    report = bring(write(path, facilities()), SPRING)
    again = bring(path, SPRING)

    assert report.counts == {"read": 6, "new": 6, "changed": 0, "unchanged": 0, "refused": 0}
    assert again.counts == {"read": 6, "new": 0, "changed": 0, "unchanged": 6, "refused": 0}
    assert (report.intake.revision, again.intake.revision) == (1, None)
    assert Revision.objects.count() == 1
    school = Facility.objects.get()
    assert (school.kind, school.capacity, school.is_synthetic) == ("primary_school", 600.0, True)
    assert school.position.coords == (EAST, NORTH)
    assert HazardSite.objects.get().boundary.area == 100
    assert ProtectedSite.objects.get().decision_date == dt.date(1999, 5, 1)
    storeys = dict(Building.objects.values_list("source_key", "storeys"))
    assert storeys == {"b1": 3, "b2": None}
    assert ThemeCoverage.objects.get().theme == "hazard_sites"
    layers = set(ChangedArea.objects.values_list("layer", flat=True))
    assert layers == {"facilities", "hazard_sites", "protected_sites", "buildings"}


def test_rows_that_say_what_cannot_be_are_refused_with_row_and_reason(bring, path):
    layers = {
        "facility": [
            facility("f1", kind="casino"),
            facility("f2", capacity=-1.0),
            facility("f3", capacity_unit=""),
            facility("f4", is_synthetic=None),
            facility("f5", capacity=None, capacity_unit=None),
            facility("f6", geometry=shapely.Point(float("nan"), NORTH)),
            facility("f7", geometry=shapely.Point(EAST, NORTH, 12.0)),
        ],
        "hazard_site": [hazard("h1", technology="open"), hazard("h2", flow_deg=400.0)],
        "building": [
            building("b1", storeys=2.5),
            building("b2", geometry=shapely.MultiPolygon([bow_tie()])),
        ],
    }

    report = bring(write(path, layers), SPRING)

    assert noted(report) == {
        ("value_unreadable", "facility.kind"): [1],
        ("value_unreadable", "facility.capacity"): [2],
        ("unit_missing", "facility.capacity_unit"): [3],
        ("value_missing", "facility.is_synthetic"): [4],
        ("ring_not_finite", "facility"): [6],
        ("height_dropped", "facility"): [7],
        ("value_unreadable", "hazard_site.technology"): [1],
        ("value_unreadable", "hazard_site.flow_deg"): [2],
        ("value_unreadable", "building.storeys"): [1],
        ("ring_invalid", "building"): [2],
    }
    assert report.layers["facility"] == counted(read=7, new=2, refused=5)
    assert report.counts["read"] == report.counts["new"] + report.counts["refused"]


def bow_tie():
    corners = [(0, 0), (10, 10), (10, 0), (0, 10)]
    return shapely.Polygon([(EAST + x, NORTH + y) for x, y in corners])


def test_every_kind_names_norms_that_there_are_and_every_norm_has_a_kind():
    with (REFERENCE / "service_radii.csv").open(encoding="utf-8", newline="") as file:
        norms = {row["id"] for row in csv.DictReader(file)}
    with (REFERENCE / "facility_kinds.csv").open(encoding="utf-8", newline="") as file:
        named = {norm for row in csv.DictReader(file) for norm in row["norms"].split()}

    assert len(facility_kinds()) == 16
    assert named == norms


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"name": "Trường Tiểu học Thăng Long"}, ["primary_school"]),
        ({"name": "THCS Trưng Vương"}, ["lower_secondary_school"]),
        ({"name": "Trường Trung học phổ thông Chu Văn An"}, ["upper_secondary_school"]),
        (
            {"name": "Trường Tiểu học và THCS Archimedes"},
            ["primary_school", "lower_secondary_school"],
        ),
        ({"name": "Trường Nguyễn Du", "isced:level": "1"}, ["primary_school"]),
        ({"name": "Trường Nguyễn Du"}, []),
        ({}, []),
    ],
)
def test_the_level_of_a_school_is_what_tag_or_name_say(tags, expected):
    assert school_levels(tags) == expected


#  21 - 24: a square of 3 by 3, 31 - 34: one of 1 by 1 inside
CORNERS = [
    node(21, 0, 0),
    node(22, 3, 0),
    node(23, 3, 3),
    node(24, 0, 3),
    node(31, 1, 1),
    node(32, 2, 1),
    node(33, 2, 2),
    node(34, 1, 2),
]
OUTER, INNER = [21, 22, 23, 24, 21], [31, 32, 33, 34, 31]


def test_places_of_openstreetmap_become_what_their_tags_say(bring, tmp_path):
    path = osm.write(
        tmp_path / "places.osm",
        *CORNERS,
        node(1, 1, amenity="marketplace", name="Chợ Hôm"),
        node(2, 2, amenity="school", name="THPT Việt Đức"),
        node(3, 3, amenity="school", name="Trường Việt"),
        node(4, 4, amenity="clinic", name="Trạm y tế phường"),
        node(5, 5, amenity="clinic", name="Phòng khám tư"),
        node(6, 6, amenity="fuel"),
        way(41, OUTER, leisure="park", capacity="12"),
        way(42, INNER, amenity="fuel", name="Petrolimex"),
        way(43, INNER, building="yes", building__levels="5", height="17.5 m"),
        relation(51, [(41, "outer"), (42, "inner")], type="multipolygon", building="school"),
        way(44, INNER, building="house", building__levels="five"),
    )

    report = bring(path, SPRING)

    kinds = dict(Facility.objects.values_list("source_key", "kind"))
    assert kinds == {
        "n1": "market",
        "n2": "upper_secondary_school",
        "n4": "health_station",
        "w41": "park",
    }
    park = Facility.objects.get(kind="park")
    assert (park.capacity, park.capacity_unit, park.is_synthetic) == (12.0, "places", False)
    assert HazardSite.objects.get().name == "Petrolimex"
    found = Building.objects.values_list("source_key", "use", "storeys", "height_m")
    assert {row[0]: row[1:] for row in found} == {
        "w43": ("", 5, 17.5),
        "r51": ("school", None, None),
        "w44": ("house", None, None),
    }
    # Nine squares less the one in the middle.
    areas = {b.source_key: b.boundary.area for b in Building.objects.all()}
    assert areas["r51"] == pytest.approx(8 * areas["w43"], rel=1e-4)
    assert noted(report) == {
        ("osm_school_level_missing", "facility"): [13],
        ("osm_site_is_a_point", "hazard_site"): [16],
        ("osm_tag_unreadable", "building.storeys"): [21],
    }
    assert report.layers["facility"] == counted(read=5, new=4, refused=1)


def test_the_buildings_of_saigon_are_those_that_gdal_finds(tmp_path, db):
    path = tmp_path / "hcmc.osm"
    path.write_bytes(gzip.decompress(HCMC_FILE.read_bytes()))
    theirs = pyogrio.read_dataframe(path, layer="multipolygons")
    theirs = theirs[theirs.building.notna() & (theirs.building != "no")]

    _, _, buildings = read_osm_facilities(path, IssueLog()).layers

    ways = theirs.osm_way_id.dropna()
    ids = [*("w" + ways), *("r" + theirs.osm_id.dropna())]
    assert sorted(buildings.features.column("source_key").to_pylist()) == sorted(ids)
    assert buildings.refused == 0
    assert np.asarray(shapely.area(buildings.shapes)).min() > 0
