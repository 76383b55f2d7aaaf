"""What is removed from the kept tiles after a change, and what is drawn again."""

from __future__ import annotations

import datetime as dt
import os
import time
from typing import TYPE_CHECKING

import pytest
import shapely

from landdata import crs
from landdata.models import Revision
from tests.ground import LATER, add_parcel, close_parcel, shape, tile_of
from tileserver import cache, expiry, tiles
from tileserver.cache import CachedTile, Edition
from tileserver.expiry import Expiry
from tileserver.freshness import newest
from tileserver.layers.land import PARCELS
from tileserver.mapproxy.grids import GRIDS, Grid
from tileserver.mapproxy.kept import State
from tileserver.mapproxy.tiles import tile_cache as map_cache

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db

EAST, NORTH = 590_000.0, 2_325_000.0


def plot(east=EAST, north=NORTH):
    return shape(shapely.box(east, north, east + 20, north + 20))


def keep(path, edition):
    cache.write(path, CachedTile(edition, b"x"))
    return path


def raster(grid: Grid, z: int, east: float, north: float, state: State, name="parcels"):
    """Keep a tile of a point of EPSG:5897 and return its path."""
    x, y = crs.transformer(5897, grid.epsg).transform(east, north)
    west, _, _, top = grid.box
    at = int((x - west) // grid.span_m(z)), int((top - y) // grid.span_m(z))
    return keep(map_cache(name, grid.id).path(z, *at, state), state.newest)


def all_kept(state, east=EAST, north=NORTH):
    """Keep a tile of every grid and zoom at a point, raster and vector."""
    kept = [
        raster(grid, z, east, north, state, name)
        for grid in GRIDS
        for z in range(len(grid.resolutions))
        for name in ("parcels", "diado")
    ]
    folder = tiles.folder_of(PARCELS, state.newest, state.today)
    for z in range(PARCELS.min_zoom, PARCELS.max_zoom + 1):
        x, y = tile_of(plot(east, north), z)
        kept.append(keep(folder / f"{z}/{x}/{y}.mvt.gz", state.newest))
    return kept


def untouched(paths, ground):
    """Return those of the paths that were drawn without this ground in sight."""
    left = set()
    for path in paths:
        z, x, y = int(path.parts[-3]), int(path.parts[-2]), int(path.name.partition(".")[0])
        named = [grid for grid in GRIDS if grid.id in path.parts]
        if named:
            (grid,) = named
            seen = shapely.box(*grid.drawn_box(z, x, y))
            there = crs.transform(shapely.from_wkb(bytes(ground.stored.wkb)), 5897, grid.epsg)
        else:
            seen = shapely.box(*tiles.box_of(tiles.Place(PARCELS, z, x, y)))
            there = shapely.from_wkb(bytes(ground.mercator.wkb))
        if not seen.intersects(there):
            left.add(path)
    return left


def there(paths):
    return {path for path in paths if path.exists()}


def test_a_change_removes_the_tiles_it_touches_in_every_grid_and_zoom_and_no_other():
    version = add_parcel("45", plot())
    state = State(newest(), LATER)
    here, far = all_kept(state), all_kept(state, EAST + 60_000, NORTH + 60_000)
    roads = raster(GRIDS[0], 17, EAST, NORTH, state, name="roads")
    worker = Expiry()
    assert worker.catch_up(LATER) == 0

    close_parcel(version)
    removed = worker.catch_up(LATER)

    assert not there(here)
    assert there(far) == untouched(far, plot())
    assert removed == len({*here, *far} - untouched(far, plot()))
    assert len(there(far)) > 40
    assert roads.exists()


def test_a_worker_that_was_killed_goes_on_where_it_stopped():
    version = add_parcel("45", plot())
    here = all_kept(State(newest(), LATER))
    Expiry().catch_up(LATER)
    close_parcel(version)

    removed = Expiry().catch_up(LATER)

    assert removed == len(set(here))
    assert not there(here)
    assert Expiry().catch_up(LATER) == 0


def test_whoever_does_not_know_where_it_stopped_looks_at_every_tile(settings):
    version = add_parcel("45", plot())
    state = State(newest(), LATER)
    here, far = all_kept(state), all_kept(state, EAST + 60_000, NORTH + 60_000)
    close_parcel(version)

    Expiry().catch_up(LATER)

    assert not there(here)
    assert there(far) == untouched(far, plot())


def test_what_shows_another_history_is_removed():
    add_parcel("45", plot())
    now = newest()
    before_a_restore = State(Edition(now.revision, now.made_at_us - 1), LATER)
    here = all_kept(before_a_restore)
    expiry._write_position(before_a_restore.newest)

    Expiry().catch_up(LATER)

    assert not there(here)


def test_a_tile_that_shows_the_change_already_stays():
    worker = Expiry()
    worker.catch_up(LATER)
    add_parcel("45", plot())
    drawn_since = all_kept(State(newest(), LATER))

    assert worker.catch_up(LATER) == 0
    assert there(drawn_since) == set(drawn_since)


def test_a_day_on_which_rows_begin_removes_the_tiles_of_their_layers():
    add_parcel("45", plot(), valid_from=dt.date(2026, 12, 24))
    eve, day = dt.date(2026, 12, 23), dt.date(2026, 12, 24)
    here = all_kept(State(newest(), eve))
    roads = raster(GRIDS[0], 17, EAST, NORTH, State(newest(), eve), name="roads")
    worker = Expiry()
    assert worker.catch_up(eve) == 0

    worker.catch_up(day)

    assert not there(here)
    assert roads.exists()


def test_more_changes_than_can_be_looked_for_are_found_all_the_same(monkeypatch):
    monkeypatch.setattr(expiry, "MOST_AREAS", 1)
    versions = [add_parcel(str(n), plot(EAST + 100 * n)) for n in range(3)]
    state = State(newest(), LATER)
    here, far = all_kept(state, EAST + 200), all_kept(state, EAST + 60_000, NORTH + 60_000)
    worker = Expiry()
    worker.catch_up(LATER)

    for version in versions:
        close_parcel(version)
    worker.catch_up(LATER)

    assert not there(here)
    assert there(far) == untouched(far, plot())


def vector_tile(z=17):
    x, y = tile_of(plot(), z)
    return tiles.place("parcels", z, x, y)


def ask_twice(at):
    """Have a tile drawn, and ask for it once more: that is what makes it wanted."""
    tiles.current_tile(at, today=LATER)
    return tiles.current_tile(at, today=LATER)


def test_a_tile_that_is_asked_for_is_drawn_again_and_goes_on_being_wanted(settings):
    version = add_parcel("45", plot())
    first = ask_twice(vector_tile())
    worker = Expiry()
    worker.catch_up(LATER)

    for _ in range(2):
        close_parcel(version)
        worker.catch_up(LATER)
        assert not list(settings.TILE_CACHE.rglob("*.mvt.gz"))
        assert worker.draw_next(LATER)
        (path,) = settings.TILE_CACHE.rglob("*.mvt.gz")
        assert cache.edition_at(path) == newest()
        assert not worker.draw_next(LATER)
        version = add_parcel("45", plot())
        worker.catch_up(LATER)
        worker.draw_next(LATER)

    assert tiles.current_tile(vector_tile(), today=LATER) != first


def test_a_tile_that_nobody_asked_for_lately_is_not_drawn_again(settings):
    version = add_parcel("45", plot())
    ask_twice(vector_tile(17))
    tiles.current_tile(vector_tile(16), today=LATER)
    (path,) = settings.TILE_CACHE.rglob("17/*/*.mvt.gz")
    cache.note_asked(path, time.time() - expiry.BUSY_FOR_S - 1)
    worker = Expiry()
    worker.catch_up(LATER)

    close_parcel(version)

    assert worker.catch_up(LATER) == 2
    assert not worker.draw_next(LATER)


def test_the_tile_asked_for_last_is_drawn_first(settings):
    version = add_parcel("45", plot())
    for z, ago_s in ((16, 300), (17, 10), (18, 200)):
        ask_twice(vector_tile(z))
        (path,) = settings.TILE_CACHE.rglob(f"{z}/*/*.mvt.gz")
        cache.note_asked(path, time.time() - ago_s)
    worker = Expiry()
    worker.catch_up(LATER)
    close_parcel(version)
    worker.catch_up(LATER)

    drawn: list[Path] = []
    while worker.draw_next(LATER):
        (latest,) = set(settings.TILE_CACHE.rglob("*.mvt.gz")) - set(drawn)
        drawn.append(latest)

    assert [path.parent.parent.name for path in drawn] == ["17", "18", "16"]


def test_asking_is_noted_to_the_minute_and_keeping_is_not_asking(tmp_path):
    path = keep(tmp_path / "tile", Edition(1, 1))
    assert cache.asked_at(path) == 0
    assert cache.edition_at(path) == Edition(1, 1)
    assert cache.asked_at(path) == 0

    cache.read(path)
    first = cache.asked_at(path)
    os.utime(path, (first - 30, first - 30))
    cache.read(path)

    assert first == pytest.approx(time.time(), abs=60)
    assert cache.asked_at(path) == pytest.approx(first - 30)


def test_folders_of_earlier_ways_of_drawing_are_removed():
    with Revision.open(by=None, why="test"):
        pass
    state = State(newest(), LATER)
    old = map_cache("parcels", GRIDS[0].id).shelf / "oldstyle-never" / "17" / "1" / "1.png"
    keep(old, state.newest)

    Expiry().catch_up(LATER)

    assert not old.exists()
