"""What goes out goes out through a role that can read `public_…` views and nothing else."""

from __future__ import annotations

import datetime as dt
import gzip
import threading

import mapbox_vector_tile
import pytest
from django.conf import settings
from django.db import connection
from django.db.utils import ConnectionHandler, ProgrammingError

from landdata.search import parcels, points, units
from landdata.search.search import search
from tests.ground import add_parcel, add_unit, square, tile_of
from tileserver import freshness, queries, tiles
from tileserver.layers import LAYERS

pytestmark = pytest.mark.django_db(transaction=True)

LATER = dt.date(2026, 9, 1)


@pytest.fixture
def as_the_public(monkeypatch):
    """Every read of maps and search through a connection of the restricted role."""
    public = {**settings.DATABASES["public"], "NAME": connection.settings_dict["NAME"]}
    handler = ConnectionHandler({"default": public, "public": public})
    for module in (tiles, freshness, queries, parcels, points, units):
        monkeypatch.setattr(module, "connections", handler)
    yield handler
    handler.close_all()


def current_user(handler) -> str:
    with handler["public"].cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def test_the_role_reads_no_table(as_the_public):
    assert current_user(as_the_public) == settings.PUBLIC_ROLE

    for table in ("landdata_parcelversion", "accounts_user", "planning_draftzone"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            as_the_public["public"].cursor() as cursor,
        ):
            cursor.execute(f"SELECT * FROM {table}")


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_the_role_suffices_for_every_layer(as_the_public, layer):
    for z in (layer.min_zoom, layer.max_zoom):
        tiles.current_tile(tiles.place(layer.id, z, 0, 0), today=LATER)


def test_the_role_suffices_for_a_parcel_on_a_tile_and_in_search(as_the_public):
    plot = square(590000, 2325000)
    add_unit("00004", "Phường Ba Đình", square(589000, 2324000, 2000))
    add_parcel("45", plot, address="12 Đội Cấn", national_id="w7er91fkxwsj")

    tile = tiles.current_tile(tiles.place("parcels", 17, *tile_of(plot, 17)), today=LATER)

    decoded = mapbox_vector_tile.decode(gzip.decompress(tile.body))
    assert decoded["parcels"]["features"][0]["properties"]["number"] == "45"
    for query in ("to 12 thua 45 ba dinh", "12 doi can", "w7er91fkxwsj", "590010 2325010"):
        assert len(search(query, as_of=LATER).parcels) == 1
    west, south, east, north = queries.data_extent()
    assert 105.8 < west < east < 105.9
    assert 21.0 < south < north < 21.1


def test_many_at_once_render_a_cold_tile_and_all_get_it_whole(as_the_public, tile_cache):
    plot = square(590000, 2325000)
    add_parcel("45", plot)
    at = tiles.place("parcels", 17, *tile_of(plot, 17))
    seen: list[tiles.Tile] = []
    start = threading.Barrier(6)

    def ask():
        start.wait()
        try:
            seen.extend(tiles.current_tile(at, today=LATER) for _ in range(5))
        finally:
            as_the_public["public"].close()

    workers = [threading.Thread(target=ask) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(seen) == 30
    assert len({(tile.body, tile.etag) for tile in seen}) == 1
    assert [path.name for path in tile_cache.rglob("*") if path.is_file()] == [f"{at.y}.mvt.gz"]


def test_tiles_asked_for_during_changes_never_miss_a_change_that_was_committed(as_the_public):
    plot = square(590000, 2325000)
    add_parcel("0", plot)
    at = tiles.place("parcels", 17, *tile_of(plot, 17))
    committed = 1
    counts: list[tuple[int, int]] = []
    stop = threading.Event()

    def ask():
        try:
            while not stop.is_set():
                least = committed
                body = tiles.current_tile(at, today=LATER).body
                found = mapbox_vector_tile.decode(gzip.decompress(body))["parcels"]["features"]
                counts.append((least, len(found)))
        finally:
            as_the_public["public"].close()

    workers = [threading.Thread(target=ask) for _ in range(3)]
    for worker in workers:
        worker.start()
    for number in range(1, 15):
        add_parcel(str(number), square(590000 + 2 * number, 2325000, 1))
        committed = number + 1
    stop.set()
    for worker in workers:
        worker.join()

    assert counts
    assert all(shown >= least for least, shown in counts)
