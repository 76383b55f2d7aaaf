"""Vector tiles made before anybody asks, and again where an edit touched them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.ground import add_parcel, square, tile_of
from tests.tileserver.serving import known_up_to
from tileserver import ahead, cache, freshness, tiles
from tileserver.ahead import LAST_ZOOM, Ahead
from tileserver.layers import BY_ID

HOME = square(590_000, 2_325_000)
FAR = square(592_000, 2_327_000)


@pytest.fixture
def city(serving, monkeypatch):
    """A city of two plots three kilometres apart, of which only plots and zones are drawn."""
    monkeypatch.setattr(ahead, "LAYERS", (BY_ID["parcels"], BY_ID["zones"]))
    add_parcel("1", HOME)
    version = add_parcel("2", FAR)
    known_up_to(serving, version.from_revision)
    return serving


def place_of(ground, z: int, layer: str = "parcels") -> tiles.Place:
    return tiles.place(layer, z, *tile_of(ground, z))


def kept(place: tiles.Place, day: dt.date) -> cache.CachedTile | None:
    return cache.read(tiles.file_of(place, freshness.newest(), day))


def finish(work: Ahead, today: dt.date) -> None:
    while work.draw_next(today):
        pass


def test_all_tiles_of_small_zooms_are_made_and_none_of_large_ones(city):
    today = timezone.localdate()

    finish(Ahead(), today)

    for z in range(BY_ID["zones"].min_zoom, LAST_ZOOM + 1):
        assert kept(place_of(HOME, z, "zones"), today) is not None
    for ground in (HOME, FAR):
        assert kept(place_of(ground, 15), today) == tiles.render(place_of(ground, 15), day=today)
        assert kept(place_of(ground, 16), today) is None


def test_after_an_edit_what_it_touches_is_made_again_and_nothing_else(city):
    today = timezone.localdate()
    work = Ahead()
    finish(work, today)
    near, far = place_of(HOME, 15), place_of(FAR, 15)
    before = kept(far, today)

    version = add_parcel("3", square(590_020, 2_325_000))
    known_up_to(city, version.from_revision)
    finish(work, today)

    assert kept(near, today) == tiles.render(near, day=today)
    # Down to the edition that it says.
    assert kept(far, today) == before
    assert kept(place_of(HOME, 16), today) is None


def test_making_ahead_is_not_asking(city):
    today = timezone.localdate()

    finish(Ahead(), today)
    finish(Ahead(), today)

    assert cache.asked_at(tiles.file_of(place_of(HOME, 15), freshness.newest(), today)) == 0


def test_a_tile_that_housekeeping_dropped_is_there_again_after_a_while(city, monkeypatch):
    today = timezone.localdate()
    work = Ahead()
    finish(work, today)
    file = tiles.file_of(place_of(HOME, 15), freshness.newest(), today)
    file.unlink()
    finish(work, today)
    assert not file.exists()

    monkeypatch.setattr(ahead, "LOOK_AGAIN_S", 0.0)
    work.draw_next(today)
    monkeypatch.setattr(ahead, "LOOK_AGAIN_S", 3600.0)
    finish(work, today)

    assert file.exists()


def test_a_day_that_came_has_everything_looked_at_again(city):
    today = timezone.localdate()
    tomorrow = today + dt.timedelta(days=1)
    version = add_parcel("3", square(590_020, 2_325_000), valid_from=tomorrow)
    known_up_to(city, version.from_revision)
    work = Ahead()
    finish(work, today)

    finish(work, tomorrow)

    place = place_of(HOME, 15)
    assert kept(place, tomorrow) == tiles.render(place, day=tomorrow)
    assert tiles.render(place, day=tomorrow).body != tiles.render(place, day=today).body
    assert kept(place, today) == tiles.render(place, day=today)


def test_a_margin_beyond_the_edge_belongs_to_the_tile():
    width = 2 * tiles.HALF_WORLD_M / 2**15
    edge = 26_018 * width - tiles.HALF_WORLD_M
    south = tiles.HALF_WORLD_M - 14_425.5 * width

    def columns(west: float) -> set[int]:
        box = (west, south, west + 1, south + 1)
        return {at.x for at in ahead._tiles_of(BY_ID["parcels"], 15, box)}

    # A tile draws a 64th of its width beyond its edge.
    assert columns(edge + width / 2) == {26_018}
    assert columns(edge + width / 80) == {26_017, 26_018}
    assert columns(edge - width / 80) == {26_017, 26_018}
    assert columns(edge - width / 40) == {26_017}


def test_a_country_without_a_city_is_left_to_those_who_ask():
    box = (11_400_000.0, 900_000.0, 12_200_000.0, 2_700_000.0)

    zooms = {place.z for place in ahead.everything(box) if place.layer.id == "wards"}

    assert zooms
    assert max(zooms) < LAST_ZOOM
