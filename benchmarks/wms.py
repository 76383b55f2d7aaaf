"""Draw maps nobody drew before: our WMS over HTTP against bare MapServer.

The peer is MapServer itself, asked over its own socket for the same layers, box, size and format
at the same times. Both draw every map by turns, so each finds the caches of the database as warm
as the other. One client on one connection asks a web server with one thread. BENCH_PARCELS makes
a smaller city; its files are kept in var/bench/ for the next time.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from config.stack import services
from config.stack.places import REPOSITORY, places
from tests.plugin import ThrowawayRun
from tests.servers import kept

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from config.stack.supervisor import Service
    from tileserver.drawing import Order

PARCELS = int(os.environ.get("BENCH_PARCELS", "20000"))
MAPS, WARMING = 120, 12
SEED = 5
#: At least this share of bare MapServer's rate.
AIM = 0.9


@dataclass(frozen=True)
class Case:
    """Maps of one kind: layers, metres of EPSG:3857 across, pixels across."""

    name: str
    layers: tuple[str, ...]
    width_m: float
    width_px: int


CASES = (
    Case("plots and streets, z17", ("roads", "parcels"), 611, 512),
    Case("plans, plots, streets, z16", ("zones", "roads", "parcels"), 1_222, 512),
    Case("plans, z14", ("zones",), 4_892, 512),
    Case("a plot's surroundings, small", ("parcels",), 150, 256),
)


def main() -> int:
    """Run the benchmark; return 1 when the aim is missed in some case."""
    run = ThrowawayRun()
    try:
        run.start()
        os.environ.update(DIADO_CITY_PARCELS=str(PARCELS), DIADO_REQUEST_UNITS="0")
        city = REPOSITORY / "var" / "bench" / "city"
        city.mkdir(parents=True, exist_ok=True)
        (Path(os.environ["DIADO_VAR"]) / "city").symlink_to(city)
        subprocess.run([sys.executable, "-m", "config.stack.prepare"], cwd=REPOSITORY, check=True)
        return _measure()
    finally:
        run.stop()


def _measure() -> int:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from tileserver.freshness import newest
    from tileserver.queries import data_extent

    known_at, extent = newest().revision, data_extent()
    missed = 0
    with _served() as port:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for case in CASES:
            orders = _orders(case, extent, known_at)
            bare, ours = _times(client, orders)
            ratio = statistics.median(bare) / statistics.median(ours)
            missed += ratio < AIM
            _say(
                f"{case.name:30} MapServer {statistics.median(bare) * 1000:6.1f} ms, over HTTP"
                f" {statistics.median(ours) * 1000:6.1f} ms: {ratio:.2f} of its rate"
            )
    return 1 if missed else 0


def _orders(case: Case, extent: tuple[float, float, float, float], known_at: int) -> list[Order]:
    from django.utils import timezone

    from landdata import crs
    from tileserver.drawing import Order

    to_mercator = crs.transformer(crs.GEOGRAPHIC, crs.WEB_MERCATOR)
    west, south = to_mercator.transform(*extent[:2])
    east, north = to_mercator.transform(*extent[2:])
    chance = random.Random(SEED)  # noqa: S311 - no secret
    today: dt.date = timezone.localdate()
    orders = []
    for _ in range(MAPS + WARMING):
        x, y = chance.uniform(west, east), chance.uniform(south, north)
        half = case.width_m / 2
        orders.append(
            Order(
                layers=case.layers,
                epsg=crs.WEB_MERCATOR,
                box=(x - half, y - half, x + half, y + half),
                width_px=case.width_px,
                height_px=case.width_px,
                as_of=today,
                known_at=known_at,
            )
        )
    return orders


def _times(client: http.client.HTTPConnection, orders: list[Order]) -> tuple[Any, Any]:
    """Return seconds for each map: of bare MapServer, and of our WMS."""
    from tileserver.drawing import draw

    bare, ours = [], []
    for number, order in enumerate(orders):
        # Who comes first finds the rows cold: by turns.
        first_is_bare = number % 2 == 0
        begun = time.perf_counter()
        one = draw(order) if first_is_bare else _ask(client, order)
        between = time.perf_counter()
        other = _ask(client, order) if first_is_bare else draw(order)
        ended = time.perf_counter()
        if one != other:
            raise SystemExit("the two maps differ")
        if number >= WARMING:
            bare.append(between - begun if first_is_bare else ended - between)
            ours.append(ended - between if first_is_bare else between - begun)
    return bare, ours


def _ask(client: http.client.HTTPConnection, order: Order) -> bytes:
    asked = {
        "SERVICE": "WMS",
        "VERSION": "1.3.0",
        "REQUEST": "GetMap",
        "LAYERS": ",".join(order.layers),
        "STYLES": "",
        "CRS": f"EPSG:{order.epsg}",
        "BBOX": ",".join(map(repr, order.box)),
        "WIDTH": str(order.width_px),
        "HEIGHT": str(order.height_px),
        "FORMAT": order.format,
        "TRANSPARENT": "TRUE",
    }
    client.request("GET", f"/wms?{urlencode(asked)}")
    answer = client.getresponse()
    body = answer.read()
    if answer.status != 200 or answer.getheader("Content-Type") != order.format:
        raise SystemExit(f"{answer.status}: {body[:300]!r}")
    return body


@contextlib.contextmanager
def _served() -> Iterator[int]:
    """Keep a pool and a web server of one thread, and yield the server's port."""
    from config.stack.places import free_port

    environment = {**os.environ, "DIADO_PORT": str(free_port())}
    here = places(environment)
    here.run.mkdir(parents=True, exist_ok=True)
    web = services.web_server(here)
    command = list(web.command)
    for name in ("--workers", "--blocking-threads"):
        command[command.index(name) + 1] = "1"
    with (
        kept(services.map_server(here), environment, here.run / "mapserver.log"),
        kept(_with(web, command), environment, here.run / "web.log"),
    ):
        yield here.port


def _with(service: Service, command: list[str]) -> Service:
    from dataclasses import replace

    return replace(service, command=tuple(command))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
