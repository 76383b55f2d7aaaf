"""Kept map tiles by the real MapServer: what is drawn, kept, judged and drawn again."""

from __future__ import annotations

import datetime as dt
import io

import numpy as np
import pytest
import shapely
from PIL import Image

from landdata import crs
from tests.ground import add_parcel, close_parcel, shape
from tileserver import cache, drawing
from tileserver.drawing import NoPicture
from tileserver.mapproxy import tiles
from tileserver.mapproxy.grids import GRIDS, META_TILES, VN2000, WEB_MERCATOR
from tileserver.mapproxy.tiles import Place, current_tile

EAST, NORTH = 590_000.0, 2_325_000.0
TODAY = dt.date(2026, 9, 1)


def plot_at(east, north, size=40.0):
    return shape(shapely.box(east, north, east + size, north + size))


def place(grid, z, east=EAST, north=NORTH, layer="parcels"):
    """Return the tile that holds a point of EPSG:5897."""
    x, y = crs.transformer(5897, grid.epsg).transform(east, north)
    west, _, _, top = grid.box
    return Place(
        layer, grid, z, int((x - west) // grid.span_m(z)), int((top - y) // grid.span_m(z))
    )


def alpha(tile):
    return np.asarray(Image.open(io.BytesIO(tile.body)).convert("RGBA"))[:, :, 3]


@pytest.fixture
def drawings(monkeypatch):
    """Orders in the order in which MapServer got them."""
    orders = []
    draw = drawing.draw

    def noting(order):
        orders.append(order)
        return draw(order)

    monkeypatch.setattr("tileserver.mapproxy.source.draw", noting)
    return orders


@pytest.mark.parametrize(("grid", "z"), [(WEB_MERCATOR, 19), (VN2000, 11)], ids=["web", "vn2000"])
def test_a_tile_shows_its_ground_to_the_pixel(map_server, grid, z):
    at = place(grid, z, EAST + 20, NORTH + 20)
    west, south, east, north = grid.tile_box(at.z, at.x, at.y)
    quarter = (east - west) / 4
    ground = shapely.box(west + quarter, south + quarter, east - quarter, north - quarter)
    add_parcel("45", shape(crs.transform(ground, grid.epsg, 5897)))

    tile = current_tile(at, today=TODAY)

    rows, columns = np.nonzero(alpha(tile) > 60)
    assert alpha(tile).shape == (256, 256)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == pytest.approx(
        (64, 192, 64, 192), abs=1.6
    )


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: grid.id)
def test_one_drawing_makes_the_tiles_around_as_well(map_server, drawings, grid):
    add_parcel("45", plot_at(EAST, NORTH))
    z = 18 if grid is WEB_MERCATOR else 11
    at = place(grid, z)
    first_x, first_y = at.x // META_TILES * META_TILES, at.y // META_TILES * META_TILES

    for x in range(first_x, first_x + META_TILES):
        for y in range(first_y, first_y + META_TILES):
            current_tile(Place("parcels", grid, z, x, y), today=TODAY)

    assert len(drawings) == 1
    assert drawings[0].epsg == grid.epsg


def test_a_kept_tile_is_given_out_until_what_it_shows_changes(map_server, drawings):
    version = add_parcel("45", plot_at(EAST, NORTH))
    here, far = place(WEB_MERCATOR, 18), place(WEB_MERCATOR, 18, EAST + 5000)
    before, elsewhere = current_tile(here, today=TODAY), current_tile(far, today=TODAY)
    assert len(drawings) == 2

    close_parcel(version)
    after, still = current_tile(here, today=TODAY), current_tile(far, today=TODAY)

    assert len(drawings) == 3
    assert alpha(before).any()
    assert not alpha(after).any()
    assert after.etag != before.etag
    assert (still.body, still.etag) == (elsewhere.body, elsewhere.etag)


def test_a_change_of_another_layer_touches_the_map_of_all_and_no_other(map_server, drawings):
    add_parcel("1", plot_at(EAST + 5000, NORTH))
    whole, parcels = place(WEB_MERCATOR, 18, layer="diado"), place(WEB_MERCATOR, 18)
    roads = place(WEB_MERCATOR, 18, layer="roads")
    for at in (whole, parcels, roads):
        current_tile(at, today=TODAY)
    drawings.clear()

    add_parcel("45", plot_at(EAST, NORTH))
    for at in (whole, parcels, roads):
        current_tile(at, today=TODAY)

    assert [len(order.layers) == 1 for order in drawings] == [False, True]


def test_a_tile_drawn_while_data_changed_is_kept_as_what_it_was_drawn_as(map_server, monkeypatch):
    at = place(WEB_MERCATOR, 18)
    draw = drawing.draw

    def while_a_plot_comes_in(order):
        picture = draw(order)
        add_parcel("45", plot_at(EAST, NORTH))
        return picture

    with monkeypatch.context() as during:
        during.setattr("tileserver.mapproxy.source.draw", while_a_plot_comes_in)
        assert not alpha(current_tile(at, today=TODAY)).any()

    assert alpha(current_tile(at, today=TODAY)).any()


def test_a_day_on_which_a_plot_begins_changes_the_tile_without_an_edit(map_server):
    add_parcel("45", plot_at(EAST, NORTH), valid_from=dt.date(2026, 12, 24))
    at = place(WEB_MERCATOR, 18)

    eve = current_tile(at, today=dt.date(2026, 12, 23))
    day = current_tile(at, today=dt.date(2026, 12, 24))

    assert not alpha(eve).any()
    assert alpha(day).any()


def test_a_broken_file_is_drawn_anew(map_server, settings):
    add_parcel("45", plot_at(EAST, NORTH))
    at = place(WEB_MERCATOR, 18)
    whole = current_tile(at, today=TODAY)
    (path,) = settings.TILE_CACHE.rglob(f"{at.z}/{at.x}/{at.y}.png")
    path.write_bytes(path.read_bytes()[:-1])

    assert current_tile(at, today=TODAY).body == whole.body
    kept = cache.read(path)
    assert kept is not None
    assert kept.body == whole.body


def test_without_mapserver_there_is_no_tile_and_none_is_kept(db, settings):
    settings.MAPSERVER_SOCKET = settings.VAR / "nobody"

    with pytest.raises(NoPicture):
        current_tile(place(WEB_MERCATOR, 18), today=TODAY)

    assert not list(settings.TILE_CACHE.rglob("*.png"))


def test_every_layer_has_tiles_in_both_grids(map_server):
    for layer in ("diado", "theme_plans", "zones", "roads", "wards"):
        for grid, z in ((WEB_MERCATOR, 17), (VN2000, 10)):
            tile = tiles.current_tile(place(grid, z, layer=layer), today=TODAY)
            assert Image.open(io.BytesIO(tile.body)).size == (256, 256)
