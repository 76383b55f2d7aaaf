"""Files of strangers: what is opened, and what is refused with the reason."""

from __future__ import annotations

import shutil
import struct
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.samples import make
from fixtures.samples.writer import write_shapefile
from importers import guard, sandbox
from importers.shapefile import open_shapefile, read_batches
from landdata.errors import Invalid
from tests.importers.conftest import sample

if TYPE_CHECKING:
    from pathlib import Path

POINT = struct.pack("<BIdd", 1, 1, 0.0, 0.0)


def polygon(*rings: int) -> bytes:
    """Return the WKB of a polygon with rings of so many points."""
    wkb = struct.pack("<BII", 1, 3, len(rings))
    for points in rings:
        wkb += struct.pack("<I", points) + bytes(16 * points)
    return wkb


def read(name: str, *columns: str) -> pa.Table:
    """Read a sample in this process, as the sandboxed one does."""
    return read_file(sample(name), *columns)


def read_file(path: Path, *columns: str) -> pa.Table:
    return pa.Table.from_batches(list(read_batches(open_shapefile(path), columns)))


def shapes(table: pa.Table) -> np.ndarray:
    return shapely.from_wkb(np.array(table.column("shape").to_pylist(), object))


def test_samples_are_what_their_recipe_makes(tmp_path):
    make.make_all(tmp_path)

    for made in sorted(tmp_path.rglob("*.*")):
        # SQLite writes its own version into every file.
        if made.is_file() and made.suffix != ".gpkg":
            kept = make.HERE / made.relative_to(tmp_path)
            assert kept.read_bytes() == made.read_bytes(), made.name


@pytest.mark.parametrize(
    ("name", "code", "values"),
    [
        ("dbf_shorter_than_shp", "record_counts_differ", {"shapes": 3, "table_rows": 2}),
        ("dbf_cut", "dbf_cut", {"table_rows": 2, "table_rows_declared": 3}),
        ("shp_cut", "shapefile_cut", {"bytes": 408, "bytes_declared": 508}),
        ("absurd_record_size", "shapefile_record_broken", {"row": 0}),
        ("absurd_number_of_points", "shapefile_record_broken", {"row": 0}),
        ("no_shx", "file_part_missing", {"part": ".shx"}),
    ],
)
def test_a_damaged_shapefile_is_refused_with_the_place(name, code, values):
    with pytest.raises(Invalid) as refusal:
        read(name)

    assert refusal.value.code == code
    assert values.items() <= refusal.value.values.items()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("parcels.shp", "format_not_as_declared"),
        ("parcels.gpkg", "format_not_as_declared"),
        ("parcels.geojson", "format_not_taken"),
    ],
)
def test_a_vrt_in_disguise_is_not_opened(name, code):
    with pytest.raises(Invalid) as refusal:
        guard.declared_format(sample("vrt_in_disguise").parent / name)

    assert refusal.value.code == code


def test_a_virtual_path_of_gdal_is_a_file_that_is_not_there(tmp_path):
    with pytest.raises(Invalid, match="file_missing"):
        guard.declared_format(tmp_path / "vsizip" / "a.zip" / "parcels.shp")


def test_collections_inside_collections_are_refused_before_any_library_sees_them():
    nested = struct.pack("<BII", 1, 7, 1) * 100_000 + POINT
    in_multipolygon = struct.pack("<BII", 1, 6, 1) + nested

    assert guard.wkb_problem(nested) == "geometry_is_collection"
    assert guard.wkb_problem(in_multipolygon) == "geometry_is_collection"


def test_a_multipolygon_in_a_multipolygon_is_refused():
    inner = struct.pack("<BII", 1, 6, 1) + polygon(5)

    assert guard.wkb_problem(struct.pack("<BII", 1, 6, 1) + inner) == "geometry_not_polygon"


def test_counts_beyond_the_bytes_that_are_there_are_refused():
    assert guard.wkb_problem(polygon(5)) is None
    assert guard.wkb_problem(polygon(5)[:-1]) == "geometry_cut"
    assert guard.wkb_problem(polygon(5) + b"x") == "geometry_has_rest"
    assert guard.wkb_problem(struct.pack("<BII", 1, 3, 0xFFFFFFFF)) == "geometry_too_large"
    assert guard.wkb_problem(struct.pack("<BIII", 1, 3, 1, 0xFFFFFFFF)) == "geometry_too_large"
    assert guard.wkb_problem(POINT) == "geometry_not_polygon"
    assert guard.wkb_problem(b"") == "geometry_cut"


@given(st.binary(max_size=200))
def test_no_bytes_at_all_break_the_guard(data):
    problem = guard.wkb_problem(data)

    if problem is None:
        assert len(data) >= 9


def test_a_geopackage_with_a_nested_collection_says_so():
    (plans,) = sandbox.read_geopackage(sample("nested_collection.gpkg"), ["plan"])

    assert plans.table.column("problem").to_pylist() == ["geometry_is_collection"]
    assert plans.table.column("shape").to_pylist() == [None]


def test_a_view_in_a_geopackage_is_not_run():
    with pytest.raises(Invalid, match="layer_is_no_table"):
        sandbox.read_geopackage(sample("layer_is_a_view.gpkg"), ["plan"])


def test_the_readers_process_is_ended_at_its_limits():
    limits = sandbox.Limits(memory_bytes=64 * 1024**2)

    with pytest.raises(Invalid) as refusal:
        sandbox.read_shapefile(sample("plain"), [], limits=limits)

    assert refusal.value.code in ("reader_ended", "reader_out_of_memory")


def test_a_reader_that_takes_too_long_is_ended():
    with pytest.raises(Invalid) as refusal:
        sandbox.read_shapefile(sample("plain"), [], limits=sandbox.Limits(wall_seconds=0.01))

    assert (refusal.value.code, refusal.value.values["timed_out"]) == ("reader_ended", True)


def test_only_the_columns_that_were_asked_for_leave_the_reader():
    layer = sandbox.read_shapefile(sample("plain"), ["SOTHUA"])

    assert [c["name"] for c in layer.header["columns"]][-2:] == ["TENCHU", "MADINHDANH"]
    assert layer.table.column_names[-1] == "SOTHUA"
    assert "TENCHU" not in layer.table.column_names
    assert layer.table.column("SOTHUA").to_pylist() == [b"1", b"2", b"3"]


def test_holes_and_parts_are_put_together_as_gdal_does():
    ours = shapes(read("hole_and_two_parts"))
    theirs = pyogrio.read_dataframe(sample("hole_and_two_parts")).geometry.to_numpy()

    assert shapely.equals(ours, theirs).all()
    assert shapely.area(ours).tolist() == [75.0, 200.0]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.lists(st.integers(0, 30), min_size=1, max_size=4, unique=True),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_run_of_null_and_multipart_records_is_read_as_gdal_reads_it(tmp_path_factory, records):
    path = tmp_path_factory.mktemp("shapes") / "parcels.shp"
    rows = [
        make.parcel(n, rings=None if at is None else [make.square(3 * a) for a in at])
        for n, at in enumerate(records)
    ]
    write_shapefile(path, rows, epsg=5897)

    ours = shapes(read_file(path))

    theirs = pyogrio.read_dataframe(path).geometry.to_numpy()
    shutil.rmtree(path.parent)
    assert (shapely.is_missing(ours) == shapely.is_missing(theirs)).all()
    there = ~shapely.is_missing(ours)
    assert shapely.equals(ours[there], theirs[there]).all()


def test_what_cannot_be_measured_says_where_and_why():
    bow_tie, open_ring, null = read("bow_tie"), read("open_ring"), read("null_shape")

    assert bow_tie.column("problem").to_pylist() == [None, "ring_invalid", None]
    assert "587125 2325105" in bow_tie.column("where").to_pylist()[1]
    assert open_ring.column("problem").to_pylist() == [None, "ring_open"]
    assert null.column("problem").to_pylist() == [None, "geometry_missing"]
    assert null.column("shape").to_pylist()[1] is None


def test_a_prj_without_a_code_is_resolved_and_a_strange_one_is_not():
    headers = [
        sandbox.read_shapefile(sample(name), []).header
        for name in ("plain", "no_prj", "prj_of_another_world")
    ]

    assert [header["epsg"] for header in headers] == [5897, None, None]


def test_a_table_without_rows_still_has_its_columns():
    layer = sandbox.read_shapefile(sample("no_rows"), ["SOTO"])

    assert layer.table.num_rows == 0
    assert layer.table.schema.field("SOTO").type == pa.binary()
