"""OpenStreetMap's own XML becomes a network, and nothing of it is guessed."""

from __future__ import annotations

import datetime as dt
import functools
import gzip

import numpy as np
import pyogrio
import pytest
import shapely
from django.conf import settings

from fixtures.city.extracts import HCMC_FILE
from importers import sandbox
from importers.issues import IssueLog
from importers.networks import ROAD_CLASSES
from importers.osm.networks import highest_kv, read_osm_networks
from importers.ways_in import NETWORK
from landdata import crs
from landdata.errors import Invalid
from landdata.models import (
    Dataset,
    NetworkNode,
    PowerLine,
    Railway,
    Revision,
    RoadSegment,
    WaterBody,
)
from tests.importers import osm
from tests.importers.conftest import counted, noted
from tests.importers.osm import node, relation, way

SPRING, AUTUMN = dt.date(2026, 4, 1), dt.date(2026, 10, 1)
NODES = [node(n) for n in range(1, 7)]


@pytest.fixture
def bring(bring):
    return functools.partial(bring, NETWORK)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "network.osm"


def streets(bring, path, *ways):
    """Bring ways in on the six nodes and return the segments by key."""
    bring(osm.write(path, *NODES, *ways), SPRING)
    return {s.source_key: s for s in RoadSegment.objects.known_now()}


def test_a_way_is_split_where_another_meets_it(bring, path):
    side = node(9, 2, north=1)
    found = streets(
        bring,
        path,
        side,
        way(11, [1, 2, 3], highway="residential", name="Phố Một", name__en="One Street"),
        way(12, [2, 9], highway="service"),
    )

    assert {
        key: (s.from_node, s.to_node, s.name, s.name_en, s.road_class) for key, s in found.items()
    } == {
        "w11.n1": ("n1", "n2", "Phố Một", "One Street", "residential"),
        "w11.n2": ("n2", "n3", "Phố Một", "One Street", "residential"),
        "w12.n2": ("n2", "n9", "", "", "service"),
    }
    assert sorted(NetworkNode.objects.values_list("source_key", flat=True)) == [
        "n1",
        "n2",
        "n3",
        "n9",
    ]
    pinned = crs.transformer(4326, settings.STORAGE_EPSG)
    place = pinned.transform(osm.LON + 0.002, osm.LAT)
    assert found["w11.n2"].axis.coords[0][0] == pytest.approx(place, abs=1e-6)
    assert NetworkNode.objects.get(source_key="n2").position.coords == pytest.approx(place)
    assert Dataset.objects.get(code="network").licence.startswith("© OpenStreetMap")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, "both"),
        ({"oneway": "yes"}, "forward"),
        ({"oneway": "-1"}, "backward"),
        ({"oneway": "no", "junction": "roundabout"}, "both"),
        ({"junction": "roundabout"}, "forward"),
        ({"highway": "motorway"}, "forward"),
        ({"oneway": "reversible"}, "both"),
    ],
)
def test_the_direction_is_what_the_tags_say(path, tags, expected):
    osm.write(path, *NODES, way(11, [1, 2], **{"highway": "primary", **tags}))

    _, segments, *_ = read_osm_networks(path, IssueLog()).layers

    assert segments.features.column("one_way").to_pylist() == [expected]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, ("", None)),
        ({"access": "no", "foot": "yes"}, ("no_car no_cycle no_motorbike", None)),
        ({"access": "private"}, ("private", None)),
        ({"motor_vehicle": "no", "motorcycle": "yes"}, ("no_car", None)),
        ({"vehicle": "no", "bicycle": "yes"}, ("no_car no_motorbike", None)),
        ({"foot": "no", "maxspeed": "80"}, ("no_walk", 80)),
        ({"maxspeed": "50 km/h"}, ("", 50)),
        ({"maxspeed": "30 mph"}, ("", None)),
        ({"maxspeed": "walk"}, ("", None)),
    ],
)
def test_who_may_use_a_street_and_how_fast_is_what_the_tags_say(path, tags, expected):
    osm.write(path, *NODES, way(11, [1, 2], highway="residential", **tags))

    _, segments, *_ = read_osm_networks(path, IssueLog()).layers

    said = [segments.features.column(name).to_pylist()[0] for name in ("access", "max_speed_kmh")]
    assert tuple(said) == expected


@pytest.mark.django_db
def test_a_way_is_split_at_a_bollard_and_not_at_a_kerb(path):
    nodes = [osm.node(1), osm.node(2, barrier="bollard"), osm.node(3, barrier="kerb"), osm.node(4)]
    osm.write(path, *nodes, way(11, [1, 2, 3, 4], highway="residential"))

    ends, segments, *_ = read_osm_networks(path, IssueLog()).layers

    assert segments.features.column("from_node").to_pylist() == ["n1", "n2"]
    assert segments.features.column("to_node").to_pylist() == ["n2", "n4"]
    assert ends.features.column("source_key").to_pylist() == ["n1", "n2", "n4"]
    assert ends.features.column("barrier").to_pylist() == ["", "bollard", ""]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, 0),
        ({"bridge": "yes"}, 1),
        ({"tunnel": "building_passage"}, -1),
        ({"bridge": "no"}, 0),
        ({"bridge": "yes", "layer": "2"}, 2),
        ({"layer": "-1"}, -1),
        ({"bridge": "viaduct", "layer": "high"}, 1),
    ],
)
def test_the_level_is_the_layer_or_else_bridge_and_tunnel(path, tags, expected):
    osm.write(path, *NODES, way(11, [1, 2], highway="primary", **tags))

    _, segments, *_ = read_osm_networks(path, IssueLog()).layers

    assert segments.features.column("level").to_pylist() == [expected]


def test_a_closed_way_that_nobody_enters_is_one_segment_from_a_node_to_itself(bring, path):
    corner = node(9, 2, north=1)

    found = streets(bring, path, corner, way(11, [1, 2, 9, 1], highway="service"))

    (ring,) = found.values()
    assert (ring.from_node, ring.to_node) == ("n1", "n1")


def test_ways_that_cannot_be_drawn_are_refused_with_their_line(bring, path):
    report = bring(
        osm.write(
            path,
            *NODES,
            way(11, [1, 2], highway="primary"),
            way(12, [1, 99], highway="primary"),
            way(13, [3], highway="primary"),
            way(14, [3, 4], highway="primary", name="x" * 201),
            way(15, [3, 4], highway="construction"),
            way(16, [1, 2, 3, 1], highway="pedestrian", area="yes"),
            node(98, -9999),
            way(17, [4, 98], highway="primary"),
        ),
        SPRING,
    )

    assert noted(report) == {
        ("osm_node_missing", "segment"): [10],
        ("line_invalid", "segment"): [11],
        ("value_unreadable", "segment.name"): [12],
        ("osm_not_taken", "segment.highway"): [13],
        ("osm_is_a_surface", "segment"): [14],
        ("coordinates_implausible", "segment"): [16],
    }
    assert report.layers["segment"] == counted(read=5, new=1, refused=4)


def test_power_lines_need_a_voltage_and_cables_lie_in_the_ground(bring, path):
    report = bring(
        osm.write(
            path,
            *NODES,
            way(11, [1, 2], power="line", voltage="110000;22000", name="Tuyến 110"),
            way(12, [1, 3], power="cable", voltage="22000"),
            way(13, [1, 4], power="minor_line"),
            way(14, [1, 5], power="minor_line", voltage="400", location="underground"),
        ),
        SPRING,
    )

    assert report.layers["power_line"] == counted(read=4, new=3, refused=1)
    assert noted(report) == {("osm_voltage_missing", "power_line"): [11]}
    assert {p.source_key: (p.voltage_kv, p.placement) for p in PowerLine.objects.all()} == {
        "w11": (110.0, "overhead"),
        "w12": (22.0, "buried"),
        "w14": (0.4, "buried"),
    }
    line = PowerLine.objects.get(source_key="w11")
    assert (line.conductor, line.outer_conductor_m) == ("", None)


@pytest.mark.parametrize(
    ("voltage", "expected"),
    [("", None), ("0", None), ("110 kV", None), ("110000; 35000", "110"), ("medium;110000", None)],
)
def test_a_voltage_is_a_number_of_volts_or_not_known(voltage, expected):
    assert highest_kv(voltage) == expected


def test_railways_are_national_urban_or_industrial(bring, path):
    bring(
        osm.write(
            path,
            *NODES,
            way(11, [1, 2], railway="rail", name="Bắc Nam"),
            way(12, [1, 3], railway="subway"),
            way(13, [1, 4], railway="rail", usage="industrial"),
            way(14, [1, 5], railway="abandoned"),
        ),
        SPRING,
    )

    kinds = dict(Railway.objects.values_list("source_key", "kind"))
    assert kinds == {"w11": "national", "w12": "urban", "w13": "industrial"}


#  north
#   3   24 ----------- 23
#   2   |    33 - 32   |        an island in the lake: 21 to 24 outside, 31 to 33 inside
#   1   |    31 -/     |
#   0   21 ----------- 22
SHORE = [
    node(21, 0, 0),
    node(22, 3, 0),
    node(23, 3, 3),
    node(24, 0, 3),
    node(31, 1, 1),
    node(32, 2, 2),
    node(33, 1, 2),
]


def test_a_lake_of_several_ways_has_its_island_cut_out(bring, path):
    bring(
        osm.write(
            path,
            *SHORE,
            way(41, [21, 22, 23]),
            way(42, [21, 24, 23]),
            way(43, [31, 32, 33, 31]),
            relation(
                51,
                [(41, "outer"), (42, "outer"), (43, "inner")],
                type="multipolygon",
                natural="water",
                water="lake",
                name="Hồ Lớn",
            ),
        ),
        SPRING,
    )

    lake = WaterBody.objects.get()
    assert (lake.source_key, lake.kind, lake.name) == ("r51", "lake", "Hồ Lớn")
    # Nine squares of about 104 m by 111 m, less half of one.
    square_m2 = 0.001 * 111_320 * np.cos(np.radians(osm.LAT)) * 0.001 * 110_700
    assert lake.boundary.area == pytest.approx(8.5 * square_m2, rel=0.01)
    assert len(lake.boundary[0]) == 2


def test_water_that_cannot_be_put_together_is_refused_with_the_reason(bring, path):
    water = {"type": "multipolygon", "natural": "water"}
    report = bring(
        osm.write(
            path,
            *SHORE,
            way(41, [21, 22, 23]),
            way(42, [21, 24, 23]),
            way(43, [31, 32, 33, 31]),
            way(44, [21, 23, 22, 24, 21], natural="water"),
            way(45, [31, 32, 33, 31], natural="water"),
            way(46, [31, 32, 33], waterway="river"),
            relation(51, [(41, "outer")], **water),
            relation(52, [(41, "outer"), (99, "outer")], **water),
            relation(53, [(43, "outer"), (42, "island")], **water),
            relation(54, [(43, "inner"), (41, "outer"), (42, "outer")], **water),
            relation(55, [(43, "inner")], **water),
        ),
        SPRING,
    )

    assert noted(report) == {
        ("ring_invalid", "water"): [13],
        ("osm_water_is_a_line", "water"): [15],
        ("osm_ring_open", "water"): [16],
        ("osm_member_missing", "water"): [17],
        ("osm_role_unknown", "water"): [18],
        ("osm_hole_outside", "water"): [20],
    }
    assert report.layers["water"] == counted(read=7, new=2, refused=5)
    assert WaterBody.objects.get(source_key="w45").kind == ""


def test_an_extract_twice_makes_no_revision_and_a_new_crossing_keeps_the_other_keys(bring, path):
    first = [*NODES, way(11, [1, 2, 3, 4], highway="primary"), way(12, [3, 6], highway="primary")]
    bring(osm.write(path, *first), SPRING)
    before = Revision.objects.count()

    again = bring(path, SPRING)
    crossing = [node(9, 2, north=1), way(13, [9, 2], highway="service")]
    more = bring(osm.write(path, *first, *crossing), AUTUMN)

    assert (again.intake.revision, Revision.objects.count()) == (None, before + 1)
    # Way 11 was 1-3 and 3-4: the first is shorter now, and 2-3 and 9-2 are new.
    assert more.layers["segment"] == counted(read=5, new=2, changed=1, unchanged=2)
    assert more.layers["node"] == counted(read=6, new=2, unchanged=4)


def test_the_extract_of_saigon_has_what_gdal_finds_in_it(tmp_path, db):
    path = tmp_path / "hcmc.osm"
    path.write_bytes(gzip.decompress(HCMC_FILE.read_bytes()))
    theirs = pyogrio.read_dataframe(path, layer="lines")
    roads = theirs[theirs.highway.isin(ROAD_CLASSES)]

    nodes, segments, power, water, _ = read_osm_networks(path, IssueLog()).layers

    # GDAL leaves no way out and splits none: the lines are as long in all.
    axes = crs.transform(roads.geometry.to_numpy(), 4326, settings.STORAGE_EPSG)
    taken = shapely.length(segments.shapes).sum()
    squares = pyogrio.read_dataframe(path, layer="multipolygons")
    assert taken == pytest.approx(shapely.length(axes).sum(), rel=1e-9)
    assert power.read == (theirs["other_tags"].fillna("").str.contains('"power"=>"line"')).sum()
    assert nodes.read == len(set(nodes.features.column("source_key").to_pylist()))
    assert water.read == (squares.natural == "water").sum()


BOMB = """<!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f'<?xml version="1.0"?>\n{BOMB}<osm version="0.6"/>', "xml_has_doctype"),
        (
            '<?xml version="1.0"?>\n<!DOCTYPE osm SYSTEM "file:///etc/passwd"><osm version="0.6"/>',
            "xml_has_doctype",
        ),
        ('<?xml version="1.0"?>\n<osm version="0.6">' + "<a>" * 200_000, "xml_too_deep"),
        ('<?xml version="1.0"?>\n<osm version="0.6"><node id="1"', "xml_broken"),
        ('<?xml version="1.0"?>\n<osm version="0.6"><node id="one"/></osm>', "osm_broken"),
        ('<?xml version="1.0"?>\n<gpx version="1.1"/>', "format_not_as_declared"),
        ('<?xml version="1.0"?>\n<osm version="0.5"/>', "format_not_as_declared"),
        ("<OGRVRTDataset/>", "format_not_as_declared"),
        (
            '<?xml version="1.0"?>\n<osm version="0.6"><way id="1">'
            + '<nd ref="1"/>' * 40_001
            + "</way></osm>",
            "osm_broken",
        ),
        (
            '<?xml version="1.0"?>\n<osm version="0.6"><node id="1" lat="21.02" lon="105.85"/>'
            '<node id="1" lat="21.02" lon="105.86"/></osm>',
            "osm_id_twice",
        ),
        (
            '<?xml version="1.0"?>\n<osm version="0.6"><node id="1" lat="105.85" lon="21.02"/>'
            '<way id="1"><nd ref="1"/><nd ref="1"/><tag k="highway" v="path"/></way></osm>',
            "layer_implausible",
        ),
        ('<?xml version="1.0"?>\n<osm version="0.6"/>', "file_empty"),
    ],
    ids=[
        "billion laughs",
        "external document type",
        "deep nesting",
        "cut",
        "word as number",
        "another format",
        "another version",
        "VRT in disguise",
        "too many nodes",
        "node twice",
        "another country",
        "nothing in it",
    ],
)
def test_a_file_that_is_no_ordinary_extract_is_refused_as_a_whole(bring, path, text, code):
    path.write_text(text, encoding="utf-8")

    with pytest.raises(Invalid) as refusal:
        bring(path, SPRING)

    assert refusal.value.code == code
    assert Revision.objects.count() == 0


def test_what_was_deleted_is_not_there(bring, path):
    gone = (
        '<way id="12" visible="false"><nd ref="1"/><nd ref="3"/><tag k="highway" v="path"/></way>'
    )

    found = streets(bring, path, way(11, [1, 2], highway="path"), gone)

    assert list(found) == ["w11.n1"]


def test_the_reader_of_xml_stays_within_its_memory(path):
    osm.write(path, *(node(n, 0) for n in range(1000)))

    with pytest.raises(Invalid) as refusal:
        sandbox.read_osm(path, [], limits=sandbox.Limits(memory_bytes=64 * 1024**2))

    assert refusal.value.code in ("reader_ended", "reader_out_of_memory")


def test_the_segments_of_a_way_that_cannot_be_drawn_any_more_are_not_gone(bring, path):
    bring(osm.write(path, *NODES, way(11, [1, 2], highway="path")), SPRING)

    report = bring(
        osm.write(
            path, *NODES, way(11, [1, 2, 99], highway="path"), way(12, [3, 4], highway="path")
        ),
        AUTUMN,
    )

    assert report.layers["segment"] == counted(read=2, new=1, refused=1)
    assert report.layers["node"] == counted(read=2, new=2)
    assert RoadSegment.objects.known_now().valid_on(AUTUMN).count() == 2
