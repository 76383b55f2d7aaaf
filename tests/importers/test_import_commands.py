"""The commands: exit status, report, both languages, and files that are not what they say."""

from __future__ import annotations

import shutil
import sqlite3

import geopandas
import pytest
import shapely

from accounts.models import User
from importers.models import ImportRun
from landdata.models import Dataset, RoadSegment
from tests.importers.conftest import sample
from tests.importers.networks import EAST, NORTH, line, network, segment, square, write

NETWORK = "import_network"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "network.gpkg"


def test_everything_in_is_status_0_and_the_run_is_kept(run, path):
    done = run(write(path, network()), command=NETWORK)

    # What takes over two seconds says so: on a busy machine that is anything.
    said = [line for line in done.err.splitlines() if " s  " not in line]
    assert (done.status, done.report["outcome"], said) == (0, "all_in", [])
    assert done.counts == {"read": 12, "new": 12, "changed": 0, "unchanged": 0, "refused": 0}
    assert sum(layer["read"] for layer in done.report["layers"].values()) == 12
    kept = ImportRun.objects.get()
    assert (kept.kind, kept.rows_read, kept.rows_new, kept.revision) == (
        "network",
        12,
        12,
        done.report["revision"],
    )


def test_some_refused_is_status_3_with_row_and_reason_in_both_languages(run, path):
    layers = network()
    layers["dyke"][0]["kind"] = "canal"

    done = run(write(path, layers), command=NETWORK)

    assert done.status == 3
    (issue,) = (i for i in done.report["issues"] if i["column"] == "dyke.kind")
    assert issue["text"] == {
        "vi": "không đọc được giá trị",
        "en": "the value cannot be read",
    }
    assert [(f["row_shown"], f["value"]) for f in issue["first"]] == [(1, "canal")]


def test_every_row_refused_is_status_2(run, path):
    done = run(write(path, {"dyke": [{**network()["dyke"][0], "kind": "x"}]}), command=NETWORK)

    assert (done.status, done.report["reason"]) == (2, "every_row_refused")


def test_a_file_that_stays_out_says_why_in_both_languages_and_is_kept_as_a_run(run, path):
    write(path, {"other": [segment("s1", 0, 100)]})

    done = run(path, command=NETWORK)

    assert (done.status, done.report["reason"]) == (2, "no_such_layers")
    assert "Tệp không có lớp nào" in done.err
    assert "The file has none of the layers node, segment" in done.err
    assert ImportRun.objects.get().reason == "no_such_layers"


def test_a_dry_run_writes_no_run_either(run, path):
    done = run(write(path, network()), "--dry-run", command=NETWORK)

    assert (done.status, done.counts["new"], done.report["dry_run"]) == (0, 12, True)
    assert not ImportRun.objects.exists()
    assert not RoadSegment.objects.exists()


def test_a_person_without_the_role_is_refused(run, path):
    User.objects.create_user("linh", password="x")

    done = run(write(path, network()), "--by", "linh", command=NETWORK)

    assert (done.status, done.report["reason"]) == (2, "take_in_features")
    assert not Dataset.objects.filter(code="network").exists()


@pytest.mark.parametrize("code", ["Network", "with space", "../x", ""])
def test_a_code_that_names_no_data_set_is_refused(run, path, code):
    done = run(write(path, network()), f"--dataset={code}", command=NETWORK)

    assert (done.status, done.report.get("reason")) == ((2, "dataset_code") if code else (0, ""))


def broken_in_two(path):
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def with_a_view(path):
    with sqlite3.connect(path) as file:
        file.execute("ALTER TABLE dyke RENAME TO hidden")
        file.execute("CREATE VIEW dyke AS SELECT * FROM hidden")


def with_another_system(path):
    frame = geopandas.read_file(path, layer="dyke").set_crs(32648, allow_override=True)
    frame.to_file(path, layer="dyke", driver="GPKG")


def with_swapped_axes(path):
    frame = geopandas.read_file(path, layer="dyke")
    frame.geometry = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    frame.to_file(path, layer="dyke", driver="GPKG")


def with_far_coordinates(path):
    frame = geopandas.read_file(path, layer="dyke")
    frame.geometry = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy - 500_000)
    frame.to_file(path, layer="dyke", driver="GPKG")


def without_a_column(path):
    frame = geopandas.read_file(path, layer="dyke").drop(columns="kind")
    frame.to_file(path, layer="dyke", driver="GPKG")


def without_segments(path):
    with sqlite3.connect(path) as file:
        file.execute("DELETE FROM gpkg_contents WHERE table_name = 'segment'")


def without_geometry(path):
    with sqlite3.connect(path) as file:
        file.execute("DELETE FROM gpkg_geometry_columns WHERE table_name = 'dyke'")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (broken_in_two, "geopackage_broken"),
        (with_a_view, "layer_is_no_table"),
        (with_another_system, "crs_unknown"),
        (with_swapped_axes, "axes_swapped_in_layer"),
        (with_far_coordinates, "layer_implausible"),
        (without_a_column, "layer_columns_missing"),
        (without_segments, "layer_missing"),
        (without_geometry, "layer_without_geometry"),
    ],
)
def test_a_spoilt_file_is_refused_as_a_whole_and_nothing_is_written(run, path, spoil, reason):
    write(path, network())
    spoil(path)

    done = run(path, command=NETWORK)

    assert (done.status, done.report["reason"]) == (2, reason)
    assert not RoadSegment.objects.exists()


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (NETWORK, "network.gpkg"),
        (NETWORK, "network.osm"),
        ("import_facilities", "facilities.gpkg"),
        ("import_population", "population.shp"),
        (NETWORK, "network.vrt"),
    ],
)
def test_a_vrt_in_disguise_is_never_opened(run, tmp_path, command, name):
    disguised = tmp_path / name
    shutil.copy(sample("vrt_in_disguise"), disguised)

    done = run(disguised, command=command)

    taken = name.endswith((".gpkg", ".osm"))
    assert (done.status, done.report["reason"]) == (
        2,
        "format_not_as_declared" if taken else "format_not_taken",
    )


def test_odd_shapes_are_refused_row_by_row(run, path):
    layers = {
        "dyke": [
            {**network()["dyke"][0], "dyke_key": f"d{number}", "geometry": shape}
            for number, shape in enumerate(
                [
                    line(0, 100),
                    shapely.LineString([(EAST, NORTH), (float("nan"), NORTH)]),
                    shapely.LineString([(EAST, NORTH), (EAST, NORTH)]),
                    shapely.LineString([(EAST, NORTH, 5), (EAST + 9, NORTH, 6)]),
                    None,
                    shapely.Point(EAST, NORTH),
                    square(0, 0),
                    shapely.MultiLineString([[(EAST, NORTH), (EAST + 5, NORTH)]]),
                    shapely.GeometryCollection([line(0, 100)]),
                    shapely.LineString(),
                    line(-400_000, -399_000),
                ],
                start=1,
            )
        ]
    }

    done = run(write(path, layers), command=NETWORK)

    found = {i["code"]: [f["row_shown"] for f in i["first"]] for i in done.report["issues"]}
    assert found == {
        "ring_not_finite": [2],
        "line_invalid": [3],
        "height_dropped": [4],
        "geometry_missing": [5, 10],
        "geometry_not_line": [6, 7],
        "geometry_is_collection": [9],
        "coordinates_implausible": [11],
    }
    assert (done.counts["new"], done.counts["refused"]) == (3, 8)


def test_a_long_run_tells_on_standard_error_what_it_does(run, path, monkeypatch):
    monkeypatch.setattr("importers.reporting._QUIET_SECONDS", 0.0)

    done = run(write(path, network()), command=NETWORK)

    assert [words.split()[-1] for words in done.err.splitlines()] == ["receive", "read", "compare"]
