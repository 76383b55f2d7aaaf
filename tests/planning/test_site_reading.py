"""What an officer writes of a site's ground is read, or refused with a reason."""

from __future__ import annotations

import json

import pytest
import shapely
from django.conf import settings
from django.core.management import CommandError, call_command

from landdata import crs
from landdata.errors import Invalid
from landdata.geometry import to_shapely
from planning.content import NamedPlot
from planning.models import AvailableSite
from planning.site_reading import read_boundary, read_plots
from tests.planning.city import EAST, NORTH, box
from tests.planning.sites import bureau, ward

SQUARE = f"POLYGON(({EAST} {NORTH},{EAST + 10} {NORTH},{EAST + 10} {NORTH + 10},{EAST} {NORTH}))"


def test_plots_are_read_line_by_line_with_or_without_the_scale():
    assert read_plots(" 00004/12/45 \n\n00004/12/500/46a; 00070/DC-1/7") == (
        NamedPlot("00004", "12", None, "45"),
        NamedPlot("00004", "12", 500, "46a"),
        NamedPlot("00070", "DC-1", None, "7"),
    )


@pytest.mark.parametrize("text", ["12/45", "0004/12/45", "00004/12/45/", "00004/1 2/45", "x"])
def test_a_plot_that_cannot_be_read_is_named(text):
    with pytest.raises(Invalid, match="site_plots_unreadable") as refused:
        read_plots(f"00004/12/1\n{text}")

    assert refused.value.values["plot"] == text


def test_a_shape_in_metres_of_the_city_is_taken_as_it_is():
    boundary = read_boundary(SQUARE, settings.STORAGE_EPSG)

    assert boundary.srid == settings.STORAGE_SRID
    assert boundary.area == pytest.approx(50)
    assert to_shapely(boundary).bounds == (EAST, NORTH, EAST + 10, NORTH + 10)


@pytest.mark.parametrize("wrap", ["geometry", "feature", "collection", "wkt"])
def test_a_shape_in_degrees_is_moved_with_the_official_datum(wrap):
    ground = box(0, 0, 200, 100)
    degrees = crs.transform(ground, settings.STORAGE_EPSG, 4326)
    geometry = json.loads(shapely.to_geojson(degrees))
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    text = {
        "geometry": json.dumps(geometry),
        "feature": json.dumps(feature),
        "collection": json.dumps({"type": "FeatureCollection", "features": [feature]}),
        "wkt": degrees.wkt,
    }[wrap]

    moved = to_shapely(read_boundary(text, 4326))

    assert shapely.hausdorff_distance(moved, ground) < 0.001


@pytest.mark.parametrize(
    "text",
    [
        "",
        "POINT(587000 2325000)",
        "POLYGON EMPTY",
        "POLYGON((0 0,1 1",
        "GEOMETRYCOLLECTION(" * 5000 + ")" * 5000,
        '{"type":"Polygon","coordinates":' + "[" * 100_000,
        '{"type":"GeometryCollection","geometries":[]}',
        '{"type":"Polygon","coordinates":[[["a","b"],[1,2],[3,4]]]}',
        '{"type":"Polygon"}',
        '{"type":"Point","coordinates":[105.8,21.0]}',
        "[1]",
        "POLYGON((0 0,0 1,1 1,0 0))" * 20_000,
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_surface_is_refused(text):
    with pytest.raises(Invalid, match="site_shape_unreadable"):
        read_boundary(text, settings.STORAGE_EPSG)


@pytest.mark.parametrize(
    ("text", "epsg"),
    [
        # Latitude first.
        ("POLYGON((21.02 105.84,21.03 105.84,21.03 105.85,21.02 105.84))", 4326),
        # Metres called degrees, and degrees called metres.
        (SQUARE, 4326),
        ("POLYGON((105.84 21.02,105.85 21.02,105.85 21.03,105.84 21.02))", 5897),
        ("POLYGON((1e308 1e308,-1e308 1e308,1e308 -1e308,1e308 1e308))", 5897),
    ],
)
def test_a_shape_that_does_not_lie_in_viet_nam_is_refused(text, epsg):
    with pytest.raises(Invalid, match="site_shape_place"):
        read_boundary(text, epsg)


def written(tmp_path, *sites, epsg=4326):
    file = tmp_path / "sites.json"
    file.write_text(json.dumps({"epsg": epsg, "sites": sites}), encoding="utf-8")
    return str(file)


def site(code="HN-01", **values):
    degrees = crs.transform(box(0, 0, 200, 100), settings.STORAGE_EPSG, 4326)
    return {
        "code": code,
        "title_vi": "Khu đất",
        "title_en": "Site",
        "legal_basis": "12/QĐ-UBND",
        "status": "free",
        "contact_office": "QUY-DAT",
        "boundary": json.loads(shapely.to_geojson(degrees)),
        **values,
    }


@pytest.mark.django_db
def test_a_list_of_sites_is_published_once(tmp_path, capsys):
    ward()
    bureau()
    file = written(tmp_path, site())

    for _ in range(2):
        call_command("publish_sites", file)

    assert capsys.readouterr().out.split("\n")[:2] == [
        "sites: read 1, new 1",
        "sites: read 1, new 0",
    ]
    assert float(AvailableSite.objects.get().area_m2) == pytest.approx(20_000, abs=0.1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "bad",
    [{"status": "sold"}, {"contact_office": "NOBODY"}, {"title_vi": 7}, {"offered_from": "soon"}],
)
def test_of_a_list_with_a_bad_site_nothing_is_published(tmp_path, bad):
    ward()
    bureau()

    with pytest.raises(CommandError, match="2"):
        call_command("publish_sites", written(tmp_path, site(), site("HN-02", **bad)))

    assert not AvailableSite.objects.exists()
