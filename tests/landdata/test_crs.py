"""Coordinates: the official datum everywhere, and never two datums in one line."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import shapely
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from landdata import crs

#: Published with the official parameters: EPSG code, east, north, lon, lat.
VECTORS = [
    (9210, 603000, 1192000, 106.6936122445, 10.7774438600),
    (5899, 425000, 1145000, 107.0669140160, 10.3531919580),
    (5899, 398000, 2326000, 106.7706015481, 21.0246756559),
    (9217, 600000, 1317000, 109.1697834138, 11.9075010087),
    (9217, 581000, 1279000, 108.9944538024, 11.5644933036),
    (5897, 590000, 2325000, 105.8676749941, 21.0162806732),
]
#: The official operation, step by step as EPSG:6960 registers it (coordinate frame).
PIPELINE = (
    "+proj=pipeline +step +inv +proj=tmerc +lat_0=0 +lon_0={cm} +k={k} +x_0=500000 +y_0=0 "
    "+ellps=WGS84 +step +proj=push +v_3 +step +proj=cart +ellps=WGS84 +step +proj=helmert "
    "+x=-191.90441429 +y=-39.30318279 +z=-111.45032835 +rx=-0.00928836 +ry=0.01975479 "
    "+rz=-0.00427372 +s=0.252906278 +convention=coordinate_frame +step +inv +proj=cart "
    "+ellps=WGS84 +step +proj=pop +v_3 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


@pytest.mark.parametrize(("epsg", "east", "north", "lon", "lat"), VECTORS)
def test_pyproj_agrees_with_the_published_points_to_a_millimetre(epsg, east, north, lon, lat):
    found = crs.transformer(epsg, crs.GEOGRAPHIC).transform(east, north)

    assert crs.offset_m(found, (lon, lat)) < 0.001


@pytest.mark.django_db
@pytest.mark.parametrize(("epsg", "east", "north", "lon", "lat"), VECTORS)
def test_postgis_agrees_with_the_published_points_to_a_millimetre(epsg, east, north, lon, lat):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(p), ST_Y(p) FROM"
            " ST_Transform(ST_SetSRID(ST_MakePoint(%s, %s), %s), 4326) AS p",
            [east, north, crs.srid_of(epsg)],
        )
        found = cursor.fetchone()

    assert crs.offset_m(found, (lon, lat)) < 0.001


@pytest.mark.django_db
def test_the_default_of_postgis_would_be_eighty_centimetres_off_at_vung_tau():
    """The trap itself: if this ever passes below a centimetre, our own rows are needless."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(p), ST_Y(p) FROM"
            " ST_Transform(ST_SetSRID(ST_MakePoint(425000, 1145000), 5899), 4326) AS p"
        )
        found = cursor.fetchone()

    assert crs.offset_m(found, (107.0669140160, 10.3531919580)) == pytest.approx(0.8, abs=0.03)


@pytest.mark.django_db
def test_a_line_across_lon_107_11_is_not_torn():
    """Its two ends lie on both sides of the meridian at which PROJ changes the datum."""
    line = shapely.LineString([(425_000, 1_145_000), (440_000, 1_145_000)])
    pinned = Transformer.from_pipeline(PIPELINE.format(cm=107.75, k=0.9999))
    wanted = np.column_stack(pinned.transform(*np.array(line.coords).T))

    ours = shapely.get_coordinates(crs.transform(line, 5899, crs.GEOGRAPHIC))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_AsBinary(ST_Transform(ST_GeomFromText(%s, %s), 4326))",
            [line.wkt, crs.srid_of(5899)],
        )
        theirs = shapely.get_coordinates(shapely.from_wkb(bytes(cursor.fetchone()[0])))

    assert wanted[0][0] < 107.11 < wanted[1][0]
    for found in (ours, theirs):
        for one, other in zip(found, wanted, strict=True):
            assert crs.offset_m(tuple(one), tuple(other)) < 0.001


@given(
    epsg=st.sampled_from(crs.VN2000),
    east=st.floats(300_000, 700_000),
    north=st.floats(900_000, 2_600_000),
)
def test_every_zone_follows_the_official_pipeline(epsg, east, north):
    scale = 0.9996 if epsg in (3405, 3406) else 0.9999
    pinned = Transformer.from_pipeline(PIPELINE.format(cm=crs.central_meridian(epsg), k=scale))

    found = crs.transformer(epsg, crs.GEOGRAPHIC).transform(east, north)

    assert crs.offset_m(found, pinned.transform(east, north)) < 0.001
    # Two dimensions forget the 30 m or so between the ellipsoids, so the way back is not exact.
    back = crs.transformer(crs.GEOGRAPHIC, epsg).transform(*found)
    assert back == pytest.approx((east, north), abs=2e-3)


def test_the_grids_are_those_of_the_epsg_registry():
    table = Path(__file__).parents[2] / "fixtures" / "reference" / "vn2000_crs.csv"
    with table.open(encoding="utf-8", newline="") as lines:
        wanted = {
            int(row["epsg"]): (float(row["central_meridian_deg"]), float(row["scale"]))
            for row in csv.DictReader(lines)
            if row["name"].startswith("VN-2000 /") and row["deprecated"] == "no"
        }

    for epsg, (meridian, scale) in wanted.items():
        source = CRS.from_user_input(crs.definition(epsg)).source_crs
        assert source is not None
        operation = source.coordinate_operation
        assert operation is not None
        given_ = {p.name: float(p.value) for p in operation.params}
        assert given_["Longitude of natural origin"] == meridian
        assert given_["Scale factor at natural origin"] == scale
    assert set(wanted) == set(crs.VN2000)


def test_data_made_with_the_other_datum_operation_is_moved_to_the_official_one():
    """EPSG:5194 and the official set differ by 0.80 m at Vũng Tàu."""
    point = shapely.Point(425_000, 1_145_000)

    moved = crs.transform(point, 5899, 5899, datum_operation="EPSG:5194")

    assert moved.distance(point) == pytest.approx(0.80, abs=0.03)
    assert crs.transform(point, 5899, 5899) is point


@pytest.mark.parametrize("epsg", crs.VN2000)
def test_a_prj_file_without_an_authority_code_is_recognised(epsg):
    text = CRS.from_epsg(epsg).to_wkt("WKT1_ESRI")

    assert "EPSG" not in text
    assert crs.resolve(text) == epsg


def test_a_deprecated_code_with_swapped_false_origin_is_its_successor():
    assert crs.resolve("EPSG:6959") == 5899


@pytest.mark.parametrize("text", ["EPSG:32648", "nonsense", "", "EPSG:2044"])
def test_a_system_that_is_not_ours_is_refused(text):
    with pytest.raises(crs.UnknownCrsError):
        crs.resolve(text)


def test_an_own_srid_is_not_known_to_proj():
    """So an accidental transform fails loudly instead of shifting silently."""
    with pytest.raises(CRSError):
        CRS.from_epsg(crs.srid_of(5897))
