"""Pictures by the real MapServer, through the real pool, from the real restricted role."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid

import numpy as np
import pytest
import shapely
from django.core.exceptions import ImproperlyConfigured
from PIL import Image, ImageColor

from landdata.errors import Invalid, Missing
from landdata.models import Revision
from planning.models import PlanFunction
from tests.ground import DAY, add_parcel, add_road, shape, square
from tileserver.layers import LAYERS
from tileserver.mapserver import mapfile
from tileserver.picture import PictureUnavailable, draw_plot, frame_around

TODAY = dt.date(2026, 9, 1)


def pixels(content: bytes):
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)


def rows_and_columns(picture, colour: str, tolerance: int = 40):
    """Return the pixel positions whose colour is near a named one."""
    wanted = np.array(ImageColor.getrgb(colour))
    return np.argwhere(np.abs(picture - wanted).max(axis=2) <= tolerance)


def test_the_outline_lies_within_a_pixel_of_the_plot(map_server):
    plot = square(590000, 2325000, 20)
    version = add_parcel("45", plot)

    picture = draw_plot(version.parcel_id, as_of=TODAY, known_at=None, width_px=800)

    found = pixels(picture.content)
    assert found.shape == (600, 800, 3)
    frame = frame_around(plot.extent, 800)
    west, _, east, north = frame.box
    unit = (east - west) / frame.width_px
    drawn = rows_and_columns(found, mapfile.PLOT_COLOUR)
    boundary = shapely.from_wkb(bytes(plot.mercator.wkb)).boundary
    # The middle of a pixel is half a pixel from its edge; the stroke is three pixels wide.
    at = shapely.points(west + (drawn[:, 1] + 0.5) * unit, north - (drawn[:, 0] + 0.5) * unit)
    assert (shapely.distance(at, boundary) / unit).max() <= 1.5 + 1
    strokes = shapely.MultiPoint(at)
    corners = shapely.points(np.array(boundary.geoms[0].coords))
    assert (shapely.distance(corners, strokes) / unit).max() <= 1


def test_zones_have_the_prescribed_colour_and_the_plot_is_outlined_over_them(map_server):
    plot = square(590000, 2325000, 20)
    version = add_parcel("45", plot)
    add_zone("DAT_HTXH_Yte", "#ff00bf", square(589900, 2324900, 220))

    picture = draw_plot(version.parcel_id, as_of=TODAY, known_at=None)

    found = pixels(picture.content)
    # Three fifths of the zone's colour and two fifths of the ground's (245, 242, 234).
    assert np.abs(found[20, 20] - np.array([251, 97, 208])).max() <= 3
    assert len(rows_and_columns(found, mapfile.PLOT_COLOUR)) > 100


def test_a_zone_of_a_land_use_plan_is_drawn_where_no_other_plan_is(map_server):
    plot = square(590000, 2325000, 20)
    version = add_parcel("45", plot)
    add_zone("ODT", "#ff00bf", square(589900, 2324900, 220), level="land_use")

    picture = draw_plot(version.parcel_id, as_of=TODAY, known_at=None)

    assert np.abs(pixels(picture.content)[20, 20] - np.array([251, 97, 208])).max() <= 3


def test_a_plan_older_than_the_prescribed_colours_is_drawn_in_them(map_server):
    plot = square(590000, 2325000, 20)
    version = add_parcel("45", plot)
    ground = square(589900, 2324900, 220)
    add_zone("DAT_HTXH_Yte", "#ff00bf", ground, prescribed_from=TODAY + dt.timedelta(days=1))

    found = pixels(draw_plot(version.parcel_id, as_of=TODAY, known_at=None).content)

    assert np.abs(found[20, 20] - np.array([251, 97, 208])).max() <= 3


def test_a_finer_plan_hides_the_colour_of_the_coarser_one(map_server):
    plot = square(590000, 2325000, 20)
    version = add_parcel("45", plot)
    ground = square(589900, 2324900, 220)
    add_zone("DAT_HTXH_Yte", "#ff00bf", ground)
    add_zone("DAT_KHAC_Honuoc", "#003f7f", ground, level="detailed")

    found = pixels(draw_plot(version.parcel_id, as_of=TODAY, known_at=None).content)

    # Three fifths of (0, 63, 127) and two fifths of the ground's (245, 242, 234).
    assert np.abs(found[20, 20] - np.array([98, 135, 170])).max() <= 3


def test_the_picture_of_an_earlier_revision_stays_what_it_was(map_server):
    plot = square(590000, 2325000, 20)
    version = add_parcel("45", plot)
    before = Revision.objects.latest("number").number
    first = draw_plot(version.parcel_id, as_of=TODAY, known_at=before)
    add_road("Đội Cấn", shape(shapely.LineString([(589980, 2325010), (590040, 2325010)])))

    again = draw_plot(version.parcel_id, as_of=TODAY, known_at=before)
    now = draw_plot(version.parcel_id, as_of=TODAY, known_at=None)

    assert again == first
    assert now.content != first.content


def test_a_plot_without_boundary_has_no_picture(db):
    version = add_parcel("KXD", None)

    with pytest.raises(Missing, match="parcel_picture"):
        draw_plot(version.parcel_id, as_of=TODAY, known_at=None)


def test_an_unknown_plot_has_no_picture(db):
    add_parcel("45", square(590000, 2325000))

    with pytest.raises(Missing, match="parcel"):
        draw_plot(uuid.uuid4(), as_of=TODAY, known_at=None)


@pytest.mark.parametrize("width", [0, 199, 1601, 100000])
def test_a_size_beyond_the_limits_is_refused(db, width):
    with pytest.raises(Invalid, match="picture_size"):
        draw_plot(uuid.uuid4(), as_of=TODAY, known_at=None, width_px=width)


def test_without_mapserver_there_is_no_picture_and_that_is_said(db, client, settings, tmp_path):
    settings.MAPSERVER_SOCKET = tmp_path / "nobody.sock"
    version = add_parcel("45", square(590000, 2325000))

    with pytest.raises(PictureUnavailable):
        draw_plot(version.parcel_id, as_of=TODAY, known_at=None)
    answer = client.get(f"/parcels/{version.parcel_id}/map.png")

    assert answer.status_code == 503
    assert answer["Retry-After"]


def test_the_mapfile_names_public_views_only_and_no_other_projection(settings):
    text = mapfile.mapfile(DATABASE, "fonts.list")

    assert "landdata_" not in text
    assert "accounts_" not in text
    systems = {line.strip() for line in text.splitlines() if "init=" in line}
    assert systems == {'"init=epsg:3857"', f'"init=epsg:{settings.STORAGE_EPSG}"'}
    assert all(layer.view in text for layer in LAYERS)


def test_the_picture_of_a_plot_leaves_out_what_would_hide_it():
    names = mapfile.pictured_layers()

    left_out = {layer.id for layer in LAYERS if not layer.is_in_picture}
    assert {"buildings", "facilities", "land_use_items"} <= left_out
    assert [name for name in names if name.startswith(tuple(left_out))] == []


def test_every_value_a_request_may_set_has_a_pattern():
    text = mapfile.mapfile(DATABASE, "fonts.list")

    assert text.count("VALIDATION") == text.count("CONNECTIONTYPE")
    # MapServer fills these by itself, from the scale that it draws at.
    for name in set(re.findall(r"%([a-z_]+)%", text)) - {"thinned", "pixel"}:
        assert f'"{name}" "^[0-9' in text


DATABASE = {
    "HOST": "127.0.0.1",
    "PORT": "5432",
    "NAME": "diado",
    "USER": "diado_public",
    "PASSWORD": "secret",
    "OPTIONS": {"options": "-c statement_timeout=10000"},
}


@pytest.mark.parametrize("password", ['a"b', "a'b", "a%b", "a\nb", "a\\b"])
def test_a_password_that_could_end_the_string_is_refused(password):
    with pytest.raises(ImproperlyConfigured, match="password"):
        mapfile.mapfile({**DATABASE, "PASSWORD": password}, "fonts.list")


def test_the_files_are_readable_for_their_owner_only(tmp_path):
    path = mapfile.write(tmp_path, DATABASE)

    assert path.stat().st_mode & 0o077 == 0


def add_zone(function, colour, ground, *, level="general", prescribed_from=DAY, words=""):
    """Add a zone of a plan in force, with its function."""
    from planning.models import Plan, PlanVersion, Zone
    from tests.ground import a_user

    with Revision.open(by=None, why="test") as revision:
        PlanFunction.objects.create(
            code=function,
            name_vi="",
            name_en="",
            group="",
            aci=220,
            colour=colour,
            hatch_hint=words,
            source="",
            confidence="",
            valid_from=prescribed_from,
            from_revision=revision.number,
        )
        plan = Plan.objects.create(code=f"QH-{level}", level=level)
        version = PlanVersion.objects.create(
            plan=plan,
            sequence=1,
            adjustment="first",
            status="published",
            published_in=revision,
            name_vi="",
            name_en="",
            scale=10000,
            authority="",
            decision_number="1/QĐ",
            decision_date=DAY,
            extent=ground.stored,
            valid_from=DAY,
            data_date=DAY,
            created_by=a_user(),
        )
        return Zone.objects.create(
            uid=uuid.uuid4(),
            plan=plan,
            introduced_by=version,
            label="YT-1",
            function=function,
            boundary=ground.stored,
            boundary_3857=ground.mercator,
            valid_from=DAY,
            from_revision=revision.number,
        )


@pytest.mark.django_db
def test_the_picture_of_an_unknown_plot_is_refused_in_words(client):
    add_parcel("45", square(590000, 2325000))

    answer = client.get(f"/parcels/{uuid.uuid4()}/map.png", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert "tờ" in answer.content.decode()
