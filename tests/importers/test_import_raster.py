"""A raster comes in by its grid and its range; what is no plain GeoTIFF does not get to GDAL.

The usual raster: 40 by 30 cells of 10 m from (590000, 2325300) to (590400, 2325000), EPSG:5897;
cell (row, column) is row + column / 100, and the first cell has no data.
"""

from __future__ import annotations

import datetime as dt
import struct

import numpy as np
import pytest
import rasterio
from django.core.management import call_command
from PIL import Image
from rasterio.control import GroundControlPoint
from rasterio.transform import Affine, from_origin

from importers import cells
from importers.geotiff import check_geotiff
from importers.rasters import raster_way
from landdata import crs
from landdata.errors import Invalid
from landdata.models import Raster, Revision, SourceFile
from tests.importers.conftest import counted

SPRING, AUTUMN = dt.date(2026, 4, 1), dt.date(2026, 10, 1)
NO_DATA = -9999.0
PLACE = from_origin(590_000, 2_325_300, 10, 10)
HEIGHTS = np.add.outer(np.arange(30), np.arange(40) / 100).astype("float32")
HEIGHTS[0, 0] = NO_DATA


@pytest.fixture
def path(tmp_path):
    return tmp_path / "dem.tif"


@pytest.fixture
def bring(bring):
    def take(path, day=SPRING, *, kind="terrain", epsg=None, unit="m", **options):
        return bring(raster_way(kind=kind, epsg=epsg, unit=unit), path, day, **options)

    return take


def write(path, values=HEIGHTS, **given):
    """Write bands with GDAL, the usual raster unless said otherwise."""
    bands = values if values.ndim == 3 else values[np.newaxis]
    profile = {
        "driver": "GTiff",
        "dtype": values.dtype,
        "count": len(bands),
        "height": bands.shape[1],
        "width": bands.shape[2],
        "crs": "EPSG:5897",
        "transform": PLACE,
        "nodata": NO_DATA,
        **given,
    }
    profile = {name: value for name, value in profile.items() if value is not None}
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(bands)
    return path


def test_a_terrain_comes_in_with_its_grid_its_range_and_its_ground(bring, path):
    report = bring(write(path))

    assert report.layers == {"raster": counted(read=1, new=1)}
    row = Raster.objects.get()
    assert (row.name, row.kind, row.epsg, row.unit) == ("dem.tif", "terrain", 5897, "m")
    assert (row.width, row.height, row.bands, row.data_type) == (40, 30, 1, "float32")
    assert (row.cell_width, row.cell_height, row.no_data) == (10, 10, NO_DATA)
    assert row.minimum == pytest.approx(0.01, rel=1e-6)
    assert row.maximum == pytest.approx(29.39, rel=1e-6)
    assert list(row.extent.extent) == [590_000, 2_325_000, 590_400, 2_325_300]
    assert row.source_file.sha256 == report.file.sha256


def test_the_same_raster_twice_makes_no_revision(bring, path):
    bring(write(path))

    report = bring(path, AUTUMN)

    assert report.layers == {"raster": counted(read=1, unchanged=1)}
    assert report.intake.revision is None


def test_another_file_of_the_same_name_is_a_change_even_with_the_same_range(bring, path):
    bring(write(path))
    other = HEIGHTS.copy()
    other[10, 10] = 12.5
    report = bring(write(path, other), AUTUMN)

    assert report.layers == {"raster": counted(read=1, changed=1)}
    known = Raster.objects.known_now()
    first, second = (known.valid_on(day).get().source_file for day in (SPRING, AUTUMN))
    assert first.sha256 != second.sha256 == report.file.sha256


def test_a_raster_of_another_name_stands_beside_and_none_is_gone(bring, path, tmp_path):
    bring(write(path))

    report = bring(write(tmp_path / "flood.tif"), AUTUMN, kind="flood_depth")

    assert report.layers == {"raster": counted(read=1, new=1)}
    assert Raster.objects.known_now().valid_on(AUTUMN).count() == 2


def test_a_dry_run_says_what_would_be_and_writes_nothing(bring, path):
    report = bring(write(path), dry_run=True)

    assert report.layers == {"raster": counted(read=1, new=1)}
    assert (Raster.objects.count(), Revision.objects.count(), SourceFile.objects.count()) == (
        0,
        0,
        0,
    )


def test_a_raster_in_degrees_covers_the_ground_that_pyproj_says(bring, path):
    lonlat = from_origin(105.80, 21.06, 0.001, 0.001)

    bring(write(path, crs="EPSG:4326", transform=lonlat))

    extent = Raster.objects.get().extent
    corner = crs.transformer(4326, 5897).transform(105.80, 21.03)
    assert min(np.hypot(*(np.array(p) - corner)) for p in extent[0].coords) < 1e-6
    assert extent.area == pytest.approx(0.04 * 103_900 * 0.03 * 110_700, rel=0.01)


def test_without_a_system_the_operator_is_asked_and_believed(bring, path):
    write(path, crs=None)

    with pytest.raises(Invalid, match="raster_without_crs"):
        bring(path)
    report = bring(path, epsg=5897)

    assert report.layers == {"raster": counted(read=1, new=1)}
    assert Raster.objects.get().epsg == 5897


@pytest.mark.parametrize(
    ("given", "chosen", "code"),
    [
        ({"crs": "EPSG:32648"}, {}, "raster_without_crs"),
        ({"crs": "EPSG:3857"}, {}, "crs_not_taken"),
        ({}, {"epsg": 4326}, "raster_elsewhere"),
        ({"transform": from_origin(100, 200, 1, 1)}, {}, "raster_elsewhere"),
        ({"transform": None}, {}, "raster_without_place"),
        ({"transform": PLACE @ Affine.rotation(5)}, {}, "raster_rotated"),
        ({"transform": Affine(10, 0, 590_000, 0, 10, 2_325_000)}, {}, "raster_rotated"),
        ({"nodata": None}, {}, "raster_values"),
        ({}, {"kind": "flood_depth", "unit": "m"}, None),
        ({}, {"unit": "cm"}, None),
        ({"compress": "webp", "dtype": "uint8", "nodata": 0}, {"kind": "picture"}, None),
    ],
    ids=[
        "UTM",
        "web mercator",
        "metres as degrees",
        "far away",
        "no place",
        "rotated",
        "upside down",
        "no-data not declared",
        "depth",
        "centimetres",
        "other compression",
    ],
)
def test_what_a_raster_says_is_believed_only_if_it_can_be(bring, path, given, chosen, code):
    values = HEIGHTS
    if given.get("compress") == "webp":
        values, code = np.zeros((3, 64, 64), "uint8"), "raster_compression"
    write(path, values, **given)

    if code is None:
        assert bring(path, **chosen).layers == {"raster": counted(read=1, new=1)}
        return
    with pytest.raises(Invalid) as refusal:
        bring(path, **chosen)
    assert refusal.value.code == code
    assert Raster.objects.count() == 0


def test_a_scanned_map_with_control_points_is_to_be_straightened_first(bring, path):
    corners = [(0, 0), (0, 40), (30, 0), (30, 40)]
    points = [
        GroundControlPoint(row=r, col=c, x=590_000 + c * 10, y=2_325_300 - r * 10)
        for r, c in corners
    ]
    write(path, transform=None, crs=None)
    with rasterio.open(path, "r+") as raster:
        raster.gcps = points, rasterio.crs.CRS.from_epsg(5897)

    with pytest.raises(Invalid, match="raster_without_place"):
        bring(path)


def test_bands_and_cells_that_are_no_measure_are_refused(bring, path):
    with pytest.raises(Invalid, match="raster_bands"):
        bring(write(path, np.stack([HEIGHTS, HEIGHTS])))
    with pytest.raises(Invalid, match="raster_empty"):
        bring(write(path, np.full_like(HEIGHTS, NO_DATA)))
    with pytest.raises(Invalid, match="raster_type"):
        bring(write(path, HEIGHTS.astype("complex64")))


def test_a_picture_has_colours_and_no_range(bring, path):
    bring(write(path, np.zeros((3, 30, 40), "uint8"), nodata=None), kind="picture")

    row = Raster.objects.get()
    assert (row.bands, row.data_type, row.minimum, row.maximum, row.unit) == (
        3,
        "uint8",
        None,
        None,
        "",
    )


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"tiled": True, "blockxsize": 16, "blockysize": 16},
        {"compress": "deflate", "tiled": True, "blockxsize": 16, "blockysize": 16},
        {"BIGTIFF": "YES"},
        {"ENDIANNESS": "BIG"},
        {"BIGTIFF": "YES", "ENDIANNESS": "BIG", "blockysize": 1},
        {"SPARSE_OK": "TRUE"},
    ],
    ids=["strips", "tiles", "deflate", "BigTIFF", "big-endian", "both", "sparse"],
)
def test_every_way_in_which_gdal_writes_a_geotiff_is_read(path, given):
    write(path, **given)
    with rasterio.open(path, "r+") as raster:
        raster.build_overviews([2])

    found = cells.describe_raster(path, is_measured=True)

    assert (found["width"], found["height"], found["box"][0]) == (40, 30, 590_000)
    assert found["maximum"] == pytest.approx(29.39, rel=1e-6)


def test_the_range_is_the_same_read_in_small_windows(path, monkeypatch):
    rng = np.random.default_rng(7)
    write(path, rng.normal(50, 9, (97, 83)).astype("float32"), blockysize=5)
    monkeypatch.setattr(cells, "_CELLS_AT_ONCE", 200)
    with rasterio.open(path) as raster:
        whole = raster.read(1)

    found = cells.describe_raster(path, is_measured=True)

    assert (found["minimum"], found["maximum"]) == (float(whole.min()), float(whole.max()))


VRT = """<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand dataType="Byte" band="1">
<SimpleSource><SourceFilename>/etc/passwd</SourceFilename></SimpleSource></VRTRasterBand>
</VRTDataset>"""


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.tif", VRT.encode(), "format_not_as_declared"),
        ("x.vrt", VRT.encode(), "format_not_taken"),
        ("x.tif", b"\x89PNG\r\n\x1a\n" + bytes(100), "format_not_as_declared"),
        ("x.tif", b"II*\x00", "tiff_cut"),
        ("x.tif", b"II*\x00" + struct.pack("<I", 0) + bytes(100), "tiff_broken"),
        ("x.tif", b"II*\x00" + struct.pack("<I", 1_000_000) + bytes(100), "tiff_cut"),
        ("x.tif", b"II*\x00\x08\x00\x00\x00\xff\xff" + bytes(100), "tiff_broken"),
    ],
    ids=["VRT in disguise", "VRT", "PNG", "head only", "no image", "lost image", "absurd count"],
)
def test_what_is_no_geotiff_never_gets_to_gdal(bring, tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(Invalid) as refusal:
        bring(path)

    assert refusal.value.code == code


def test_a_cut_geotiff_is_refused_wherever_it_was_cut(path):
    whole = write(path).read_bytes()
    with rasterio.open(path) as raster:
        assert raster.count == 1

    for length in (20, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(Invalid) as refusal:
            check_geotiff(path)
        assert refusal.value.code in ("tiff_cut", "tiff_broken")


def test_a_directory_that_leads_to_itself_ends(path):
    content = bytearray(write(path).read_bytes())
    (at,) = struct.unpack_from("<I", content, 4)
    (entries,) = struct.unpack_from("<H", content, at)
    struct.pack_into("<I", content, at + 2 + 12 * entries, at)
    path.write_bytes(content)

    with pytest.raises(Invalid, match="tiff_broken"):
        check_geotiff(path)


@pytest.mark.parametrize(("tag", "value"), [(256, 400_000), (257, 400_000), (277, 9_999)])
def test_a_header_that_asks_for_too_much_is_refused(path, tag, value):
    content = bytearray(write(path).read_bytes())
    (at,) = struct.unpack_from("<I", content, 4)
    (entries,) = struct.unpack_from("<H", content, at)
    for start in range(at + 2, at + 2 + 12 * entries, 12):
        if struct.unpack_from("<H", content, start)[0] == tag:
            struct.pack_into("<HII", content, start + 2, 4, 1, value)
    path.write_bytes(content)

    with pytest.raises(Invalid) as refusal:
        check_geotiff(path)

    assert refusal.value.code in ("raster_too_large", "tiff_broken")


def test_a_file_of_several_images_is_refused(path):
    page = Image.fromarray(np.zeros((8, 8), "uint8"))
    page.save(path, save_all=True, append_images=[page])

    with pytest.raises(Invalid, match="raster_several_images"):
        check_geotiff(path)


def test_a_side_file_beside_the_raster_is_not_believed(bring, path, tmp_path):
    write(path)
    (tmp_path / "dem.tif.aux.xml").write_text(
        "<PAMDataset><GeoTransform>0,1,0,0,0,-1</GeoTransform></PAMDataset>"
    )

    bring(path)

    assert Raster.objects.get().extent.extent[0] == 590_000


def test_the_command_takes_the_kind_and_reports(path, tmp_path, db, capsys):
    report = tmp_path / "report.json"

    call_command("import_raster", write(path), kind="terrain", report=report)

    assert '"new": 1' in report.read_text()
    assert Raster.objects.count() == 1
