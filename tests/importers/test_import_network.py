"""Networks come in whole, once, row by row checked, and leave what was before where it was."""

from __future__ import annotations

import datetime as dt
import functools

import geopandas
import pytest

from importers.ways_in import NETWORK
from landdata import crs
from landdata.errors import Invalid
from landdata.models import (
    ChangedArea,
    Dataset,
    NetworkNode,
    PowerLine,
    Revision,
    RoadSegment,
    SourceFile,
    ThemeCoverage,
    WaterBody,
)
from planning.models import ControlLine
from tests.importers.conftest import counted, noted
from tests.importers.networks import EAST, NORTH, line, network, node, segment, square, write

pytestmark = pytest.mark.django_db

SPRING, AUTUMN = dt.date(2026, 4, 1), dt.date(2026, 10, 1)
LAYERS = ["node", "segment", "power_line", "pipeline", "water", "dyke", "railway", "control_line"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "network.gpkg"


@pytest.fixture
def bring(bring):
    return functools.partial(bring, NETWORK)


def test_every_layer_comes_in_with_both_copies_of_its_shapes_in_one_revision(bring, path):
    before = Revision.objects.count()

    report = bring(write(path, network()), SPRING)

    assert list(report.layers) == [*LAYERS, "theme_coverage"]
    assert report.layers["segment"] == counted(read=2, new=2)
    assert report.layers["theme_coverage"] == counted(read=1, new=1)
    assert Revision.objects.count() == before + 1
    road = RoadSegment.objects.get(source_key="s2")
    assert (road.from_node, road.to_node, road.level, road.one_way) == ("n2", "n3", 1, "forward")
    assert (road.width_m, road.strip_m, road.red_line_m, road.is_urban) == (7.5, None, 8.25, True)
    assert road.axis.coords == (((EAST + 100, NORTH), (EAST + 200, NORTH)),)
    expected = crs.transformer(5897, 3857).transform(EAST + 200, NORTH)
    assert road.axis_3857.coords[0][1] == pytest.approx(expected, abs=1e-6)
    power = PowerLine.objects.get()
    assert (power.voltage_kv, power.outer_conductor_m, power.valid_from) == (110.0, 3.5, SPRING)
    assert ControlLine.objects.get().valid_from == dt.date(2025, 3, 1)
    assert ThemeCoverage.objects.get(theme="power_lines").is_complete
    assert set(ChangedArea.objects.values_list("layer", flat=True)) >= {
        "roads",
        "power_lines",
        "pipelines",
        "water",
        "dykes",
        "railways",
        "control_lines",
    }


def test_the_same_file_twice_changes_nothing_and_makes_no_revision(bring, path):
    bring(write(path, network()), SPRING)
    revisions, files = Revision.objects.count(), SourceFile.objects.count()

    report = bring(path, SPRING)

    assert report.counts == {"read": 12, "new": 0, "changed": 0, "unchanged": 12, "refused": 0}
    assert report.intake.revision is None
    assert (Revision.objects.count(), SourceFile.objects.count()) == (revisions, files)


def test_a_dry_run_says_the_same_and_writes_nothing(bring, path, settings):
    said = bring(write(path, network()), SPRING, dry_run=True)

    assert said.counts == {"read": 12, "new": 12, "changed": 0, "unchanged": 0, "refused": 0}
    assert (RoadSegment.objects.count(), SourceFile.objects.count()) == (0, 0)
    assert not Dataset.objects.filter(code="network").exists()
    assert list(settings.RECEIVED.iterdir()) == []


def test_a_renamed_street_holds_its_old_name_until_the_day_of_the_data(bring, path):
    bring(write(path, network()), SPRING)
    layers = network()
    layers["segment"][0]["name"] = "Mới"

    report = bring(write(path, layers), AUTUMN)

    assert report.layers["segment"] == counted(read=2, changed=1, unchanged=1)
    names = [
        RoadSegment.objects.known_now().valid_on(day).get(source_key="s1").name
        for day in (SPRING, AUTUMN - dt.timedelta(days=1), AUTUMN)
    ]
    assert names == ["Phố s1", "Phố s1", "Mới"]


def test_a_layer_that_the_file_does_not_have_is_left_as_it_is_known(bring, path):
    bring(write(path, network()), SPRING)

    report = bring(write(path, {"dyke": network()["dyke"]}), AUTUMN)

    assert report.layers == {"dyke": counted(read=1, unchanged=1)}
    assert RoadSegment.objects.known_now().filter(valid_to=None).count() == 2


def test_another_data_set_stands_beside_and_is_never_gone(bring, path):
    bring(write(path, network()), SPRING)
    other = {"power_line": [{**network()["power_line"][0], "line_key": "way/7"}]}

    report = bring(write(path, other), AUTUMN, dataset="osm")

    assert report.layers["power_line"] == counted(read=1, new=1)
    assert PowerLine.objects.known_now().valid_on(AUTUMN).count() == 2


def test_many_that_left_are_asked_about(bring, path):
    bring(write(path, network()), SPRING)
    layers = network()
    del layers["segment"][1]
    write(path, layers)

    with pytest.raises(Invalid, match="too_many_features_gone"):
        bring(path, AUTUMN)
    assert RoadSegment.objects.known_now().filter(valid_to=None).count() == 2

    report = bring(path, AUTUMN, accept_gone=True)

    assert report.layers["segment"] == counted(read=1, unchanged=1, gone=1)
    assert RoadSegment.objects.known_now().valid_on(AUTUMN).count() == 1
    assert RoadSegment.objects.known_now().valid_on(SPRING).count() == 2


def test_rows_that_cannot_be_taken_are_refused_with_row_and_reason(bring, path):
    layers = {
        "node": [node("n1", 0), node("n2", 100), node("n3", 200)],
        "segment": [
            segment("s1", 0, 100),
            segment("s1", 100, 200),
            segment("s3", 0, 100, **{"class": "boulevard"}),
            segment("s4", 0, 100, width_m=9000.0),
            segment("s5", 0, 100, name="x" * 300),
            segment("s6", 0, 100, to_node="n9"),
            segment("s7", 0, 100, geometry=line(0, 99.98)),
            segment("s8", 0, 100, geometry=line(0, 99.995)),
            segment("s9", 0, 100, one_way=None),
        ],
    }

    report = bring(write(path, layers), SPRING)

    found = {(i["code"], i["column"]): i["first"] for i in report.log.summary()}
    assert {key: [f["row_shown"] for f in first] for key, first in found.items()} == {
        ("key_twice", "segment.segment_key"): [2],
        ("value_unreadable", "segment.class"): [3],
        ("value_unreadable", "segment.width_m"): [4],
        ("value_unreadable", "segment.name"): [5],
        ("node_unknown", "segment.to_node"): [6],
        ("node_elsewhere", "segment.to_node"): [7],
        ("value_missing", "segment.one_way"): [9],
    }
    assert found["value_unreadable", "segment.class"][0]["value"] == "boulevard"
    assert found["value_unreadable", "segment.name"][0]["value"] == ""
    assert report.layers["segment"] == counted(read=9, new=2, refused=7)


def test_a_control_line_holds_on_its_own_days_and_ends_when_it_is_gone(bring, path):
    first = {**network()["control_line"][0], "line_key": "c1"}
    ended = {**first, "line_key": "c2", "valid_to": "2026-01-01"}
    kept = {**first, "line_key": "c3"}
    bring(write(path, {"control_line": [first, ended, kept]}), SPRING)

    report = bring(write(path, {"control_line": [kept]}), AUTUMN, accept_gone=True)

    assert report.layers["control_line"] == counted(read=1, unchanged=1, gone=1)
    known = {row.source_key: row for row in ControlLine.objects.known_now()}
    assert known["c1"].valid_to == AUTUMN
    assert known["c2"].valid_to == dt.date(2026, 1, 1)
    assert bring(path, AUTUMN).intake.revision is None


def test_what_is_said_again_of_the_same_ground_replaces_what_was_said(bring, path):
    bring(write(path, network()), SPRING)
    layers = network()
    layers["theme_coverage"][0]["is_complete"] = False

    report = bring(write(path, layers), AUTUMN)

    assert report.layers["theme_coverage"] == counted(read=1, changed=1)
    (row,) = ThemeCoverage.objects.known_now().filter(theme="power_lines")
    assert not row.is_complete


def test_a_file_of_another_zone_is_brought_into_ours(bring, path):
    frame = geopandas.GeoDataFrame(
        [{**network()["water"][0], "geometry": None}], geometry="geometry", crs=9210
    )
    shape = crs.transform(square(0, 0, 50), 5897, 9210)
    frame.geometry = [shape]
    frame.to_file(path, layer="water", driver="GPKG")

    bring(path, SPRING)

    assert WaterBody.objects.get().boundary.extent == pytest.approx(
        (EAST, NORTH, EAST + 50, NORTH + 50), abs=1e-4
    )
    assert SourceFile.objects.get().epsg == 9210


def test_older_data_do_not_make_a_street_stand_twice_on_one_day(bring, path):
    bring(write(path, network()), AUTUMN)
    layers = network()
    layers["segment"][0]["name"] = "Sửa"

    bring(write(path, layers), SPRING)

    rows = RoadSegment.objects.known_now().filter(source_key="s1")
    assert [(r.name, r.valid_from, r.valid_to) for r in rows] == [("Sửa", AUTUMN, None)]
    assert NetworkNode.objects.known_now().count() == 3


def test_what_was_sent_but_refused_is_not_gone(bring, path):
    bring(write(path, network()), SPRING)
    layers = network()
    layers["segment"][1]["width_m"] = 9000.0

    report = bring(write(path, layers), AUTUMN)

    assert report.layers["segment"] == counted(read=2, unchanged=1, refused=1)
    assert RoadSegment.objects.known_now().valid_on(AUTUMN).count() == 2


def test_nothing_is_gone_where_nobody_can_tell_which_row_was_refused(bring, path):
    bring(write(path, network()), SPRING)

    report = bring(write(path, {"dyke": [{**network()["dyke"][0], "dyke_key": None}]}), AUTUMN)

    assert report.layers["dyke"] == counted(read=1, refused=1)


def test_a_register_with_a_refused_row_is_not_taken_as_complete(bring, path):
    layers = network()
    layers["power_line"].append({**layers["power_line"][0], "line_key": "p2", "voltage_kv": None})

    report = bring(write(path, layers), SPRING)

    assert noted(report)["register_read_in_part", "theme_coverage.theme"] == [1]
    assert not ThemeCoverage.objects.get(theme="power_lines").is_complete


def test_a_file_may_say_who_may_not_use_a_street_and_what_stands_at_a_node(bring, path):
    layers = network()
    layers["node"][1]["barrier"] = "bollard"
    layers["segment"][0].update(access="private  no_car", max_speed_kmh=30)

    bring(write(path, layers), SPRING)

    street, other = RoadSegment.objects.known_now().order_by("source_key")
    nodes = NetworkNode.objects.known_now().order_by("source_key")
    assert (street.access, street.max_speed_kmh) == ("no_car private", 30)
    assert (other.access, other.max_speed_kmh) == ("", None)
    assert [node.barrier for node in nodes] == ["", "bollard", ""]


def test_words_of_access_and_barriers_that_nobody_knows_are_refused(bring, path):
    layers = network()
    layers["node"] = [*layers["node"], node("n9", 900, barrier="moat")]
    layers["segment"][0].update(access="no_lorry")

    report = bring(write(path, layers), SPRING)

    found = {(one["code"], one["column"]) for one in report.log.summary()}
    assert found >= {("value_unreadable", "segment.access"), ("value_unreadable", "node.barrier")}
