"""Streets and water come in whole, once, and leave the streets of before where they were."""

from __future__ import annotations

import datetime as dt
import json

import geopandas
import pytest
import shapely
from django.core.management import call_command

from importers.background import import_background
from landdata import crs
from landdata.errors import Invalid
from landdata.models import ChangedArea, Revision, RoadSegment, SourceFile, WaterBody

pytestmark = pytest.mark.django_db

SPRING, AUTUMN = dt.date(2026, 4, 1), dt.date(2026, 10, 1)
LAKE = shapely.box(590100, 2325000, 590200, 2325100)


def street(number, name="Phố Hàng Bạc", *, east=590000, kind="residential", width=6.0):
    line = shapely.LineString([(east, 2325000), (east + 40, 2325000 + number)])
    return {
        "osm_id": number,
        "name": name,
        "name_en": "",
        "class": kind,
        "width_m": width,
        "geometry": line,
    }


def write(path, streets, water=None, *, epsg=5897):
    """Write a background GeoPackage with GDAL, as the city's files are."""
    path.unlink(missing_ok=True)
    lakes = [{"name": "Hồ", "name_en": "Lake", "kind": "lake", "geometry": LAKE}]
    for layer, rows in (("street", streets), ("water", lakes if water is None else water)):
        frame = geopandas.GeoDataFrame(rows, geometry="geometry", crs=5897).set_crs(
            epsg, allow_override=True
        )
        frame.to_file(path, layer=layer, driver="GPKG", engine="pyogrio")
    return path


@pytest.fixture(autouse=True)
def received_files(settings, tmp_path):
    settings.RECEIVED = tmp_path / "received"
    return settings.RECEIVED


@pytest.fixture
def path(tmp_path):
    return tmp_path / "background.gpkg"


def test_streets_and_water_come_in_with_both_copies_of_their_shape(path):
    write(path, [street(1), street(2, "Đường Láng")])

    report = import_background(path, data_date=SPRING, by=None)

    assert report.counts() == {
        "street": counts(read=2, new=2),
        "water": counts(read=1, new=1),
    }
    road = RoadSegment.objects.get(source_key="2")
    assert (road.name, road.road_class, road.width_m) == ("Đường Láng", "residential", 6.0)
    assert road.axis.coords == (((590000.0, 2325000.0), (590040.0, 2325002.0)),)
    expected = crs.transformer(5897, 3857).transform(590040.0, 2325002.0)
    assert road.axis_3857.coords[0][1] == pytest.approx(expected, abs=1e-6)
    assert WaterBody.objects.get().boundary.area == 10_000


def test_the_same_file_twice_changes_nothing_and_makes_no_revision(path):
    write(path, [street(1)])
    import_background(path, data_date=SPRING, by=None)
    revisions, files = Revision.objects.count(), SourceFile.objects.count()

    report = import_background(path, data_date=SPRING, by=None)

    assert report.counts()["street"] == counts(read=1, unchanged=1)
    assert report.intake.revision is None
    assert (Revision.objects.count(), SourceFile.objects.count()) == (revisions, files)


def test_a_renamed_street_holds_its_old_name_until_the_day_of_the_data(path):
    import_background(write(path, [street(1, "Cũ")]), data_date=SPRING, by=None)

    report = import_background(write(path, [street(1, "Mới")]), data_date=AUTUMN, by=None)

    assert report.counts()["street"] == counts(read=1, changed=1)
    names = {
        day: RoadSegment.objects.known_now().valid_on(day).get().name
        for day in (SPRING, AUTUMN - dt.timedelta(days=1), AUTUMN)
    }
    assert list(names.values()) == ["Cũ", "Cũ", "Mới"]


def test_a_change_is_noted_where_it_is_and_not_around_the_whole_city(path):
    far = street(2, east=620000)
    import_background(write(path, [street(1), far]), data_date=SPRING, by=None)
    before = Revision.objects.count()

    import_background(write(path, [street(1, "Mới"), far]), data_date=AUTUMN, by=None)

    (area,) = ChangedArea.objects.filter(revision__gt=before)
    west, _, east, _ = area.extent_3857.extent
    assert area.layer == "roads"
    assert 40 < east - west < 60


def test_many_streets_that_left_are_asked_about(path):
    import_background(write(path, [street(1), street(2)]), data_date=SPRING, by=None)
    write(path, [street(1)])

    with pytest.raises(Invalid, match="too_many_gone"):
        import_background(path, data_date=AUTUMN, by=None)
    assert RoadSegment.objects.known_now().count() == 2

    report = import_background(path, data_date=AUTUMN, by=None, accept_gone=True)

    assert report.counts()["street"] == counts(read=1, unchanged=1, gone=1)
    assert RoadSegment.objects.known_now().valid_on(AUTUMN).count() == 1
    assert RoadSegment.objects.known_now().valid_on(SPRING).count() == 2


def test_rows_that_cannot_be_taken_are_refused_with_a_reason_and_counted(path):
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    water = [
        {"name": "", "name_en": "", "kind": "lake", "geometry": LAKE},
        {"name": "", "name_en": "", "kind": "lake", "geometry": bow},
    ]
    rows = [street(1), street(1, "Trùng"), street(3, width=9000.0), street(4, "x" * 300)]

    report = import_background(write(path, rows, water), data_date=SPRING, by=None)

    assert [(row.layer, row.reason) for row in report.refused] == [
        ("street", "key_twice"),
        ("street", "width_implausible"),
        ("street", "text_too_long"),
        ("water", "geometry_invalid"),
    ]
    assert report.counts()["street"] == counts(read=4, new=1, refused=3)
    assert report.counts()["water"] == counts(read=2, new=1, refused=1)


def test_a_file_of_another_zone_is_brought_into_ours(path):
    east, north = crs.transformer(5897, 9210).transform(590000, 2325000)
    line = shapely.LineString([(east, north), (east + 30, north)])
    row = {**street(1), "geometry": line}
    lake = {
        "name": "",
        "name_en": "",
        "kind": "lake",
        "geometry": shapely.box(east, north, east + 50, north + 50),
    }

    import_background(write(path, [row], [lake], epsg=9210), data_date=SPRING, by=None)

    first = RoadSegment.objects.get().axis.coords[0][0]
    assert first == pytest.approx((590000, 2325000), abs=0.002)


def test_a_file_without_the_layers_is_refused_as_a_whole(path):
    geopandas.GeoDataFrame([street(1)], geometry="geometry", crs=5897).to_file(
        path, layer="other", driver="GPKG"
    )

    with pytest.raises(Invalid, match="layer_missing"):
        import_background(path, data_date=SPRING, by=None)


def test_the_command_reports_and_leaves_a_status(path, tmp_path, capsys):
    write(path, [street(1), street(1)])
    report = tmp_path / "report.json"

    with pytest.raises(SystemExit) as left:
        call_command("import_background", path, report=report)

    assert left.value.code == 3
    written = json.loads(report.read_text())
    assert written["counts"]["street"] == counts(read=2, new=1, refused=1)
    assert written["refused"][0]["reason"] == "key_twice"


def counts(**given):
    names = ("read", "new", "changed", "unchanged", "refused", "gone")
    return {name: given.get(name, 0) for name in names}
