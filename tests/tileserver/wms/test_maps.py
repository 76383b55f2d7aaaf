"""GetMap by the real MapServer: where things are drawn, on which day, in which format."""

from __future__ import annotations

import datetime as dt
import io

import numpy as np
import pytest
import shapely
from django.conf import settings
from django.utils import timezone
from PIL import Image

from landdata import crs
from tests.ground import add_parcel, shape
from tests.tileserver.wms.asking import GET_MAP, ask, code_of

#: A plot of 60 by 30 metres of EPSG:5897 in Hà Nội, and a frame of 200 by 100 around it.
EAST, NORTH = 590_000.0, 2_325_000.0
PLOT = shapely.box(EAST + 70, NORTH + 35, EAST + 130, NORTH + 65)
LAST_YEAR = dt.date(2025, 1, 1)
PARCELS_INK = "#4a443a"


def pixels(answer):
    assert answer["Content-Type"].startswith("image/"), answer.content
    return np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGBA")).astype(int)


def drawn(answer):
    """Return first and last column and row that hold anything."""
    rows, columns = np.nonzero(pixels(answer)[:, :, 3] > 60)
    return (columns.min(), rows.min(), columns.max(), rows.max())


def frame_in(epsg):
    """Return a box of `epsg` around the plot, and the plot in pixels of a 400 by 200 picture."""
    frame = shapely.box(EAST, NORTH, EAST + 200, NORTH + 100)
    west, south, east, north = crs.transform(frame, 5897, epsg).bounds
    left, bottom, right, top = crs.transform(PLOT, 5897, epsg).bounds
    across, down = 400 / (east - west), 200 / (north - south)
    place = (
        (left - west) * across,
        (north - top) * down,
        (right - west) * across,
        (north - bottom) * down,
    )
    return (west, south, east, north), place


@pytest.mark.parametrize(
    ("version", "name", "is_flipped"),
    [
        ("1.3.0", "EPSG:3857", False),
        ("1.3.0", "EPSG:4326", True),
        ("1.3.0", "CRS:84", False),
        ("1.3.0", "EPSG:5897", False),
        ("1.1.1", "EPSG:4326", False),
        ("1.1.1", "EPSG:5897", False),
    ],
)
def test_a_plot_is_drawn_within_a_pixel_in_every_system_and_order_of_axes(
    client, map_server, version, name, is_flipped
):
    add_parcel("45", shape(PLOT))
    epsg = 4326 if name == "CRS:84" else int(name.rpartition(":")[2])
    (west, south, east, north), expected = frame_in(epsg)
    box = (south, west, north, east) if is_flipped else (west, south, east, north)
    crs_name = "CRS" if version == "1.3.0" else "SRS"

    answer = ask(
        client,
        {**GET_MAP, "VERSION": version, "CRS": None, crs_name: name},
        BBOX=",".join(map(repr, box)),
        WIDTH="400",
        HEIGHT="200",
        TRANSPARENT="TRUE",
    )

    # Strokes are a pixel wide around the corners' own places.
    assert drawn(answer) == pytest.approx(expected, abs=1.6)


def at_the_plot(client, **spoilt):
    (west, south, east, north), _ = frame_in(3857)
    box = f"{west},{south},{east},{north}"
    return ask(client, GET_MAP, BBOX=box, WIDTH="400", HEIGHT="200", **spoilt)


def test_time_shows_the_map_of_that_day(client, map_server):
    add_parcel("45", shape(PLOT), valid_from=dt.date(2025, 6, 1))

    before = at_the_plot(client, TIME="2025-05-31", TRANSPARENT="TRUE")
    after = at_the_plot(client, TIME="2025-06-01", TRANSPARENT="TRUE")
    by_its_hour = at_the_plot(client, TIME="2025-06-01T00:00:00Z", TRANSPARENT="TRUE")

    assert not pixels(before)[:, :, 3].any()
    assert pixels(after)[:, :, 3].any()
    assert by_its_hour.content == after.content


def test_the_day_that_stood_in_for_none_is_told(client, map_server):
    today = timezone.localdate().isoformat()

    assert at_the_plot(client)["Warning"] == (
        f'99 diado "Default value used: time={today} ISO8601"'
    )
    assert "Warning" not in at_the_plot(client, TIME=today)


@pytest.mark.parametrize(
    ("format_", "name"), [("image/png", "PNG"), ("image/jpeg", "JPEG"), ("image/webp", "WEBP")]
)
def test_each_format_is_what_it_says_and_shows_the_ground_asked_for(
    client, map_server, format_, name
):
    answer = at_the_plot(client, FORMAT=format_, BGCOLOR="0x102030")

    picture = Image.open(io.BytesIO(answer.content))
    assert answer["Content-Type"] == format_
    assert picture.format == name
    assert picture.size == (400, 200)
    corner = np.asarray(picture.convert("RGB"))[5, 5].astype(int)
    assert corner == pytest.approx((0x10, 0x20, 0x30), abs=3)


def test_the_ground_is_white_where_none_is_asked_for_and_webp_can_be_seen_through(
    client, map_server
):
    white = pixels(at_the_plot(client))
    through = pixels(at_the_plot(client, FORMAT="image/webp", TRANSPARENT="TRUE"))

    assert (white[5, 5] == (255, 255, 255, 255)).all()
    assert through[5, 5, 3] == 0


def test_a_map_that_is_had_already_is_not_sent_or_drawn_again_until_data_change(client, map_server):
    first = at_the_plot(client)
    request = {"If-None-Match": first["ETag"]}
    (west, south, east, north), _ = frame_in(3857)
    address = {
        **GET_MAP,
        "BBOX": f"{west},{south},{east},{north}",
        "WIDTH": "400",
        "HEIGHT": "200",
    }

    again = client.get("/wms", address, headers=request)
    add_parcel("45", shape(PLOT))
    changed = client.get("/wms", address, headers=request)

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert changed.content != first.content


def test_a_layer_outside_its_scales_is_left_out_and_nothing_is_asked_of_mapserver(
    client, db, settings
):
    settings.MAPSERVER_SOCKET = settings.VAR / "nobody"

    answer = ask(client, GET_MAP, BBOX="11000000,2000000,12000000,2500000", TRANSPARENT="TRUE")

    assert pixels(answer).shape == (100, 200, 4)
    assert not pixels(answer).any()


def test_layers_lie_in_the_order_in_which_they_are_asked_for(client, map_server):
    add_parcel("45", shape(PLOT))
    (west, south, east, north), _ = frame_in(3857)
    box = f"{west},{south},{east},{north}"

    def asked(layers):
        return ask(client, GET_MAP, LAYERS=layers, STYLES="", BBOX=box)

    assert asked("roads,parcels").content == asked("parcels,roads").content
    assert asked("parcels,parcels").content == asked("parcels").content
    assert pixels(asked("diado")).any()


def test_without_mapserver_nothing_is_invented(client, db, settings):
    settings.MAPSERVER_SOCKET = settings.VAR / "nobody"

    answer = at_the_plot(client)

    assert answer.status_code == 503
    assert code_of(answer) == ""
    assert answer["Cache-Control"] == "no-store"
    assert answer["Retry-After"] == "5"


def test_the_systems_are_the_two_of_the_web_and_the_citys_own():
    from tileserver.wms.parameters import systems

    assert list(systems("1.1.1")) == ["EPSG:3857", f"EPSG:{settings.STORAGE_EPSG}", "EPSG:4326"]
    assert set(systems("1.3.0")) - set(systems("1.1.1")) == {"CRS:84"}


@pytest.mark.parametrize("epsg", crs.VN2000)
def test_boxes_of_vn2000_follow_the_axes_of_the_epsg_data_set(epsg):
    from pyproj import CRS

    assert [axis.direction for axis in CRS.from_epsg(epsg).axis_info] == ["east", "north"]
