"""Kept pictures in front of Django: the same answers, and Django's wherever anything is unusual."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import itertools
import os
import shutil
from typing import Any

import mapbox_vector_tile
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from landdata.models import ParcelVersion, Revision
from tests.ground import add_parcel, close_parcel, square, tile_of
from tests.tileserver.serving import known_up_to, until
from tileserver import cache, fast, tiles
from tileserver.cache import Edition
from tileserver.fast import KeptAnswers, Memory
from tileserver.fast_routes import ROUTES
from tileserver.mapproxy import tiles as map_tiles
from tileserver.mapproxy.grids import VN2000, WEB_MERCATOR
from tileserver.mapproxy.kept import State

HOME = square(590_000, 2_325_000)
X, Y = tile_of(HOME, 17)
TILE = f"/tiles/parcels/17/{X}/{Y}.pbf"


class Server:
    """Our application, and how often it asked Django."""

    def __init__(self, **options) -> None:
        self.django = get_wsgi_application()
        self.asked = 0
        self.application = KeptAnswers(self._count, ROUTES, **options)

    def _count(self, environ, start_response):
        self.asked += 1
        return self.django(environ, start_response)

    def get(self, path=TILE, *, method="GET", query="", through=None, **headers):
        """Return status, headers and body."""
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "HTTP_HOST": "localhost",
            "HTTP_ACCEPT_ENCODING": "gzip, br",
            **headers,
        }
        said: Any = []
        answer = (through or self.application)(
            environ, lambda status, headers, *more: said.extend((status, headers))
        )
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        status, sent = said[0], said[1]
        return str(status), sorted((str(n).lower(), str(v)) for n, v in sent), body

    def is_fast(self, path=TILE, **request) -> bool:
        """Ask, and say whether Django was left in peace."""
        before = self.asked
        self.get(path, **request)
        return self.asked == before


@pytest.fixture
def server(serving):
    """A server that has said once how it answers a kept tile, and again when it had not changed."""
    version = add_parcel("45", HOME)
    known_up_to(serving, version.from_revision)
    server = Server()
    warm(server)
    return server


def warm(server: Server) -> None:
    for _ in range(2):
        etag = dict(server.get()[1])["etag"]
    server.get(HTTP_IF_NONE_MATCH=etag)


def numbers(body: bytes) -> set[str]:
    decoded = mapbox_vector_tile.decode(gzip.decompress(body))
    return {f["properties"]["number"] for f in decoded.get("parcels", {}).get("features", [])}


def test_a_kept_tile_is_answered_as_django_answers_it_without_asking_it(server):
    etag = dict(server.get()[1])["etag"]
    for headers in ({}, {"HTTP_IF_NONE_MATCH": etag}, {"HTTP_IF_NONE_MATCH": f'"x", W/{etag}'}):
        before = server.asked
        ours = server.get(**headers)
        assert server.asked == before

        assert ours == server.get(through=server.django, **headers)
    assert server.get(HTTP_IF_NONE_MATCH=etag)[0] == "304 Not Modified"


def test_a_head_request_gets_the_headers_alone(server):
    before = server.asked
    status, headers, body = server.get(method="HEAD")

    assert (server.asked, body) == (before, b"")
    assert (status, headers) == server.get()[:2]


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "POST"},
        {"HTTP_ACCEPT_ENCODING": ""},
        {"HTTP_ACCEPT_ENCODING": "gzip;q=0, identity"},
        {"query": "lang=en"},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": ""},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"path": TILE.replace("/17/", "/017/")},
        {"path": TILE.replace("/17/", "/14/")},
        {"path": TILE.replace("parcels", "owners")},
        {"path": TILE.replace("parcels", "draft_zones")},
        {"path": "/tiles/parcels/17/%2e%2e/1.pbf"},
        {"path": "/tiles/parcels/17/../../1.pbf"},
        {"path": "/tiles/parcels/17/99999999999999999999/1.pbf"},
        {"path": "/tiles/zones\0/17/1/1.pbf"},
        {"path": "/health/"},
    ],
)
def test_what_is_unusual_or_not_kept_is_for_django(server, request_):
    assert not server.is_fast(**request_)


def test_a_tile_that_nobody_kept_is_drawn_as_django_draws_it(server, tile_cache):
    path = f"/tiles/parcels/18/{2 * X}/{2 * Y}.pbf"

    assert server.is_fast(path)

    ours = server.get(path)
    shutil.rmtree(tile_cache)
    assert ours == server.get(path, through=server.django)


def test_a_drawing_that_fails_is_for_django_to_tell(server, monkeypatch):
    def fail(*_, **__):
        raise OperationalError("the server is gone")

    monkeypatch.setattr(tiles, "render", fail)

    status, *_ = server.get(f"/tiles/parcels/18/{2 * X}/{2 * Y}.pbf")

    assert status == "503 Service Unavailable"


def test_a_host_that_django_refuses_is_never_learned(server):
    for _ in range(3):
        assert server.get(HTTP_HOST="evil.example")[0] == "400 Bad Request"


def test_an_edit_shows_at_once_and_only_where_it_is(server, serving):
    elsewhere = square(600_000, 2_335_000)
    far = "/tiles/parcels/17/{}/{}.pbf".format(*tile_of(elsewhere, 17))
    server.get(far)
    assert server.is_fast(far)

    version = add_parcel("46", square(590_020, 2_325_000))
    known_up_to(serving, version.from_revision)

    assert server.is_fast(far)
    assert numbers(server.get()[2]) == {"45", "46"}
    assert server.is_fast()


def test_a_day_that_rows_waited_for_shows_without_an_edit(server, serving, monkeypatch):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    version = add_parcel("46", square(590_020, 2_325_000), valid_from=tomorrow)
    known_up_to(serving, version.from_revision)
    assert numbers(server.get()[2]) == {"45"}
    assert server.is_fast()

    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)
    monkeypatch.setattr(server.application, "_day", 0)

    assert numbers(server.get()[2]) == {"45", "46"}
    assert server.is_fast()


def test_a_process_that_does_not_know_the_changes_asks_django(server, serving):
    assert server.is_fast()

    serving._confirmed = float("-inf")
    serving.stop()

    assert not server.is_fast()


def test_a_new_process_answers_from_the_files_of_another(server):
    other = Server()
    warm(other)

    assert other.is_fast()
    assert other.get() == server.get()


def test_a_file_older_than_memory_is_judged_once_and_then_remembered(server, serving, monkeypatch):
    monkeypatch.setattr("tileserver.listening.KEPT_AREAS", 2)
    for number in range(5):
        version = add_parcel(f"far {number}", square(600_000 + 100 * number, 2_335_000))
        known = known_up_to(serving, version.from_revision)
    other = Server()
    assert known.since > 1

    warm(other)

    assert other.is_fast()
    assert numbers(other.get()[2]) == {"45"}


def test_memory_weighs_no_more_than_allowed_and_forgets_what_is_not_asked():
    def entry(size: int):
        nothing = Edition(0, 0)
        no: Any = None
        return fast.Entry(ROUTES[0], no, nothing, nothing, dt.date.min, no, b"x" * size, "", 0)

    memory = Memory(100_000)
    memory.put("asked", entry(1_000))
    for number in range(200):
        memory.put(f"{number}", entry(4_000))
        assert memory.get("asked") is not None
    memory.put("huge", entry(50_000))

    kept = [memory.get(f"{number}") for number in range(200)]
    assert sum(len(found.body) for found in kept if found) < 100_000
    assert kept[0] is None
    assert memory.get("huge") is None


@hypothesis_settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    edits=st.lists(
        st.tuples(st.booleans(), st.integers(-3, 9), st.integers(-3, 9)), min_size=1, max_size=8
    )
)
def test_after_every_edit_each_answer_is_what_a_new_drawing_gives(serving, edits):
    server, numbered = Server(), itertools.count(Revision.objects.count() + 1)
    asked = [(z, *tile_of(HOME, z)) for z in (15, 16, 17, 18)]
    asked += [(18, asked[-1][1] + 1, asked[-1][2])]
    for is_new, east, north in edits:
        standing = ParcelVersion.objects.known_now().first()
        if is_new or standing is None:
            ground = square(590_000 + 40 * east, 2_325_000 + 40 * north)
            add_parcel(f"{next(numbered)}", ground)
        else:
            close_parcel(standing)
        known_up_to(serving, Revision.objects.latest("number").number)
        for z, x, y in asked:
            body = server.get(f"/tiles/parcels/{z}/{x}/{y}.pbf")[2]
            at = tiles.place("parcels", z, x, y)
            assert body == tiles.render(at, day=timezone.localdate()).body


def test_a_kept_map_tile_is_answered_as_django_answers_it(serving):
    version = add_parcel("45", HOME)
    state = State(known_up_to(serving, version.from_revision).newest, timezone.localdate())
    png = io.BytesIO()
    Image.new("RGBA", (256, 256), "#a9cfe3").save(png, "png")
    for grid, z in ((WEB_MERCATOR, 17), (VN2000, 10)):
        kept = map_tiles.tile_cache("parcels", grid.id)
        x, y = next((x, y) for x, y in [(X, Y), (2, 2)] if kept.grid.holds(z, x, y))
        cache.write(kept.path(z, x, y, state), cache.CachedTile(state.newest, png.getvalue()))
        path = f"/wmts/1.0.0/parcels/default/{grid.id}/{z}/{y}/{x}.png"
        server = Server()
        etag = dict(server.get(path)[1])["etag"]
        server.get(path, HTTP_IF_NONE_MATCH=etag)

        for headers in ({}, {"HTTP_IF_NONE_MATCH": etag}, {"HTTP_ACCEPT_ENCODING": ""}):
            assert server.is_fast(path, **headers)
            assert server.get(path, **headers) == server.get(path, through=server.django, **headers)
        assert server.get(path)[2] == png.getvalue()


def test_what_memory_answers_for_long_is_noted_as_asked_for(serving, tile_cache, monkeypatch):
    add_parcel("45", HOME)
    server = Server()
    warm(server)
    (path,) = tile_cache.rglob("*.mvt.gz")
    os.utime(path, (0, 0))

    monkeypatch.setattr("tileserver.cache.NOTED_EVERY_S", 1e12)
    until(server.is_fast)
    soon = path.stat().st_mtime
    monkeypatch.setattr("tileserver.cache.NOTED_EVERY_S", -1)
    until(server.is_fast)

    assert soon == 0
    assert path.stat().st_mtime > 0
