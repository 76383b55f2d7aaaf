"""Map tiles: kept ones against nginx serving the same file, drawn ones against TiPg.

Kept: a vector tile and a picture tile, asked by wrk over 16 connections; our server as it runs in
an installation, nginx with two workers. Drawn: one client asks one process of each for the same
tiles of the same views by turns, gzipped. Every tile is drawn anew, by ours because a new process
finds an empty folder; only once the small zooms are also asked after they were made ahead. TiPg is
told which columns ours carries, and once more asked as it comes, with all columns. Colours, which
ours looks up in another table, it has in neither case. Best of several rounds each.
BENCH_PARCELS makes a smaller city; its files are kept in var/bench/ for the next time.
"""

from __future__ import annotations

import contextlib
import gzip
import http.client
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import _peers, extract
from config.stack import services
from config.stack.places import LOOPBACK, REPOSITORY, free_port, places
from tests.plugin import ThrowawayRun
from tests.servers import kept

if TYPE_CHECKING:
    from collections.abc import Iterator

PARCELS = int(os.environ.get("BENCH_PARCELS", "500000"))
#: Tiles of each zoom that are asked for at most, and how often.
TILES, ROUNDS = 24, 4
SEED = 23
#: Layer, zoom, view, and which of the view's columns our tiles carry.
DRAWN = (
    ("zones", 12, "public_zones", "level,label,function,plan_code"),
    ("zones", 14, "public_zones", "level,label,function,plan_code"),
    ("parcels", 16, "public_parcels", "number"),
    ("parcels", 17, "public_parcels", "uuid,number"),
)
#: Small zooms are made before anybody asks.
AHEAD = (12, 14)
#: No tile may weigh more, as it goes over the wire.
HEAVIEST_BYTES = 500_000

Tile = tuple[int, int, int]


def main() -> int:
    """Run the benchmark and show the rates and ratios."""
    _peers.install()
    run = ThrowawayRun()
    try:
        run.start()
        os.environ["DIADO_CITY_PARCELS"] = str(PARCELS)
        os.environ["DIADO_REQUEST_UNITS"] = "0"
        extract.keep_city_files(Path(os.environ["DIADO_VAR"]))
        subprocess.run([sys.executable, "-m", "config.stack.prepare"], cwd=REPOSITORY, check=True)
        with tempfile.TemporaryDirectory() as folder:
            return _measure(Path(folder))
    finally:
        run.stop()


def _measure(folder: Path) -> int:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["DIADO_MAPSERVER_SOCKET"] = str(folder / "mapserver.sock")
    django.setup()
    _kept_against_nginx(folder)
    _drawn_against_tipg(folder)
    return 0


def _kept_against_nginx(folder: Path) -> None:
    z, x, y = _tiles(16, 1)[0]
    paths = {
        f"/tiles/parcels/{z}/{x}/{y}.pbf": "default_type application/vnd.mapbox-vector-tile;"
        " add_header Content-Encoding gzip;",
        f"/wmts/1.0.0/zones/default/WebMercatorQuad/{z}/{y}/{x}.png": "default_type image/png;",
    }
    environment = {**os.environ, "DIADO_PORT": str(free_port())}
    here = places(environment)
    here.run.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as running:
        for service in (services.map_server(here), services.web_server(here)):
            running.enter_context(kept(service, environment, folder / f"{service.name}.log"))
        client = http.client.HTTPConnection(LOOPBACK, here.port, timeout=60)
        files = {}
        for path, directives in paths.items():
            # Each worker learns from Django once how such a tile is answered.
            bodies = {_ask(client, path)[1] for _ in range(60)}
            (body,) = bodies
            files[path] = (body, directives)
        peer = running.enter_context(_peers.nginx(Path(tempfile.mkdtemp(dir="/tmp")), files))
        for path, (body, _) in files.items():
            ours, theirs = 0.0, 0.0
            for _ in range(ROUNDS):
                ours = max(ours, _peers.rate(here.port, path))
                theirs = max(theirs, _peers.rate(peer, path))
            _say(
                f"kept {path.split('/')[1]:5} {len(body) / 1000:6.1f} kB"
                f"   ours {ours:7.0f}/s   nginx {theirs:7.0f}/s   {ours / theirs:5.2f} × nginx"
            )


@dataclass
class Times:
    """The shortest time in which each tile came, in seconds, and the heaviest answer."""

    of: dict[Tile, float] = field(default_factory=dict)
    heaviest: int = 0

    def note(self, tile: Tile, seconds: float, body: bytes) -> None:
        """Take down one answer."""
        self.of[tile] = min(seconds, self.of.get(tile, seconds))
        self.heaviest = max(self.heaviest, len(body))

    @property
    def median_ms(self) -> float:
        """In the middle over all tiles."""
        return statistics.median(self.of.values()) * 1000


def _drawn_against_tipg(folder: Path) -> None:
    with _peers.tipg(os.environ["DATABASE_URL"], folder / "tipg.log") as port:
        peer = http.client.HTTPConnection(LOOPBACK, port, timeout=120)
        for layer, zoom, view, columns in DRAWN:
            tiles = _tiles(zoom, TILES)
            collection = f"/collections/public.{view}/tiles/WebMercatorQuad"
            asked = {
                "TiPg": f"?geom-column=boundary_3857&properties={columns}",
                "TiPg, all columns": "?geom-column=boundary_3857",
            }
            times = {name: Times() for name in ("ours", *asked)}
            for _ in range(ROUNDS):
                with _drawing(layer) as ours:
                    for tile in tiles:
                        z, x, y = tile
                        path = f"/tiles/{layer}/{z}/{x}/{y}.pbf"
                        times["ours"].note(tile, *_ask(ours, path))
                        for name, query in asked.items():
                            path = f"{collection}/{z}/{x}/{y}{query}"
                            times[name].note(tile, *_ask(peer, path))
            if zoom in AHEAD:
                times["ours, made ahead"] = _made_ahead(layer, tiles)
            _show(layer, zoom, times)


def _show(layer: str, zoom: int, times: dict[str, Times]) -> None:
    for name, found in times.items():
        ratio = times["TiPg"].median_ms / found.median_ms
        _say(
            f"{layer} z{zoom} {len(found.of):3} tiles  {name:18} {found.median_ms:8.2f} ms"
            f"   {ratio:6.2f} × TiPg   at most {found.heaviest / 1000:5.0f} kB gzipped"
        )
    if times["ours"].heaviest > HEAVIEST_BYTES:
        raise SystemExit(f"a tile of {layer} at zoom {zoom} weighs over {HEAVIEST_BYTES} bytes")


@contextlib.contextmanager
def _drawing(layer: str) -> Iterator[http.client.HTTPConnection]:
    """Serve with one process that has drawn before, but keeps none of these tiles."""
    from django.conf import settings

    shutil.rmtree(settings.TILE_CACHE, ignore_errors=True)
    with extract._served() as port:
        client = http.client.HTTPConnection(LOOPBACK, port, timeout=120)
        for number in range(20):
            _ask(client, f"/tiles/{layer}/18/{number % 10}/0.pbf")
        yield client


def _made_ahead(layer: str, tiles: list[Tile]) -> Times:
    """Ask for tiles that the worker has made."""
    from django.utils import timezone

    from tileserver import listening
    from tileserver.ahead import Ahead

    times = Times()
    with _drawing(layer) as ours:
        listening.start()
        while listening.known() is None:
            time.sleep(0.1)
        ahead = Ahead()
        while ahead.draw_next(timezone.localdate()):
            pass
        listening.stop()
        for tile in tiles * ROUNDS:
            z, x, y = tile
            times.note(tile, *_ask(ours, f"/tiles/{layer}/{z}/{x}/{y}.pbf"))
    return times


def _tiles(zoom: int, most: int) -> list[Tile]:
    """Return tiles in which plots lie, around plots drawn by lot."""
    from django.db import connections

    from tileserver.tiles import HALF_WORLD_M

    with connections["public"].cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(boundary_3857) AS p, uuid"
            " FROM public_parcels WHERE to_revision IS NULL AND boundary_3857 IS NOT NULL) v"
            " ORDER BY uuid"
        )
        plots = cursor.fetchall()
    random.Random(SEED).shuffle(plots)  # noqa: S311 - no secret
    width = 2 * HALF_WORLD_M / 2**zoom
    places_ = (
        (int((x + HALF_WORLD_M) // width), int((HALF_WORLD_M - y) // width)) for x, y in plots
    )
    return [(zoom, *at) for at in list(dict.fromkeys(places_))[:most]]


def _ask(client: http.client.HTTPConnection, path: str) -> tuple[float, bytes]:
    begun = time.perf_counter()
    client.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = client.getresponse()
    body = answer.read()
    seconds = time.perf_counter() - begun
    if answer.status not in (200, 204):
        raise SystemExit(f"{path} was answered with {answer.status}")
    if answer.getheader("Content-Encoding") != "gzip" and not path.endswith(".png"):
        # TiPg leaves small answers as they are.
        return seconds, gzip.compress(body)
    return seconds, body


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
