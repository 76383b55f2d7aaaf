"""Features over WFS against MapServer's own WFS over the same views: 200 in a box, 100,000 at once.

Ours is asked over HTTP from one web server with one thread; the peer is one MapServer behind
FastCGI, asked without HTTP, which favours it. Both give the same attributes of the same plots in
degrees of WGS 84, the peer from the stored EPSG:3857 copy, which is its faster one. The boxes are
asked by turns, in GeoJSON and in GML 3.2. Before that both must give the same plots.
BENCH_PARCELS makes a smaller city; its files are kept in var/bench/ for the next time.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from benchmarks import extract
from config.stack.places import REPOSITORY
from tests.plugin import ThrowawayRun

if TYPE_CHECKING:
    from collections.abc import Iterator

PARCELS = int(os.environ.get("BENCH_PARCELS", "120000"))
#: Features in a box, and boxes that are asked of each.
IN_A_BOX, ASKED, WARMING = 200, 100, 10
#: Features of the stream, and how often it is taken.
STREAMED, STREAMS = 100_000, 3
SEED = 17
READY_WITHIN_S = 60
#: Half the side of the box that is searched around a plot for its 200 neighbours, in metres.
HALF_M = 400


def main() -> int:
    """Run the benchmark and show the rates and the ratios."""
    run = ThrowawayRun()
    try:
        run.start()
        os.environ["DIADO_CITY_PARCELS"] = str(PARCELS)
        kept = REPOSITORY / "var" / "bench" / "city"
        kept.mkdir(parents=True, exist_ok=True)
        (Path(os.environ["DIADO_VAR"]) / "city").symlink_to(kept)
        subprocess.run([sys.executable, "-m", "config.stack.prepare"], cwd=REPOSITORY, check=True)
        return _measure()
    finally:
        run.stop()


def _measure() -> int:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    boxes = _boxes()
    with extract._served() as port, _mapserver() as peer:
        ours = Ours(http.client.HTTPConnection("127.0.0.1", port, timeout=60))
        _say(f"{IN_A_BOX} plots in a box of the city, {ASKED} boxes:")
        for form in ("geojson", "gml"):
            _compare(ours, peer, boxes, form)
        _say(f"{STREAMED:,} plots at once, best of {STREAMS}:")
        for form in ("geojson", "gml"):
            _stream(ours, peer, form)
    return 0


@dataclass
class Timed:
    """How long an answer took to begin and to end, in seconds, and what it was."""

    first_s: float
    whole_s: float
    content: bytes


@dataclass
class Ours:
    """Our WFS, on one connection that is kept."""

    connection: http.client.HTTPConnection

    def ask(self, form: str, **pairs: str) -> Timed:
        """Return the answer, read to its end."""
        formats = {"geojson": "application/geo+json", "gml": "application/gml+xml; version=3.2"}
        query = {"OUTPUTFORMAT": formats[form], **_common(), **pairs}
        begun = time.perf_counter()
        self.connection.request("GET", f"/wfs?{urlencode(query)}")
        answer = self.connection.getresponse()
        first = answer.read(1)
        first_s = time.perf_counter() - begun
        content = first + answer.read()
        if answer.status != 200:
            raise SystemExit(content.decode())
        return Timed(first_s, time.perf_counter() - begun, content)


@dataclass
class Peer:
    """MapServer's WFS behind a FastCGI socket."""

    path: Path

    def ask(self, form: str, **pairs: str) -> Timed:
        """Return the answer, read to its end. The time of the first byte is the socket's."""
        from tileserver.mapserver import fastcgi

        formats = {"geojson": "geojson", "gml": "application/gml+xml; version=3.2"}
        query = {"OUTPUTFORMAT": formats[form], **_common(), **pairs}
        client = fastcgi.Client(self.path, timeout_s=600, max_bytes=1 << 30)
        begun = time.perf_counter()
        answer = client.request(query)
        whole_s = time.perf_counter() - begun
        if answer.status != 200 or b"ExceptionReport" in answer.body[:500]:
            raise SystemExit(answer.body[:500].decode())
        return Timed(self._first_byte_s(query), whole_s, answer.body)

    def _first_byte_s(self, query: dict[str, str]) -> float:
        """Return when the first byte comes; asked apart, only of streams."""
        if int(query["COUNT"]) <= IN_A_BOX:
            return 0.0
        from tileserver.mapserver import fastcgi

        variables = {
            "GATEWAY_INTERFACE": "CGI/1.1",
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "/",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "QUERY_STRING": urlencode(query),
        }
        with socket.socket(socket.AF_UNIX) as raw:
            raw.connect(str(self.path))
            begun = time.perf_counter()
            raw.sendall(fastcgi._question(variables))
            raw.recv(1)
            first_s = time.perf_counter() - begun
            while raw.recv(1 << 20):
                pass
        return first_s


def _common() -> dict[str, str]:
    return {
        "SERVICE": "WFS",
        "VERSION": "2.0.0",
        "REQUEST": "GetFeature",
        "TYPENAMES": "parcels",
        "SRSNAME": "urn:ogc:def:crs:EPSG::4326",
    }


def _boxes() -> list[str]:
    """Return boxes around random plots that hold a little over 200 plots each, latitude first."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM public_parcels WHERE to_revision IS NULL AND boundary IS NOT NULL"
            " ORDER BY id"
        )
        every = [row for (row,) in cursor.fetchall()]
        chosen = random.Random(SEED).sample(every, ASKED + WARMING)  # noqa: S311 - no secret
        cursor.execute(
            """
            SELECT ST_YMin(b), ST_XMin(b), ST_YMax(b), ST_XMax(b)
            FROM public_parcels c CROSS JOIN LATERAL (
                SELECT ST_Transform(ST_Expand(ST_Centroid(c.boundary), max(d)), 4326) AS b
                FROM (
                    SELECT ST_Distance(n.boundary, ST_Centroid(c.boundary)) AS d
                    FROM public_parcels n
                    WHERE n.to_revision IS NULL AND n.boundary && ST_Expand(c.boundary, %(half)s)
                    ORDER BY 1 LIMIT %(many)s
                ) near
            ) box WHERE c.id = ANY(%(chosen)s)
            """,
            {"half": HALF_M, "many": IN_A_BOX, "chosen": chosen},
        )
        rows = cursor.fetchall()
    random.Random(SEED).shuffle(rows)  # noqa: S311 - no secret
    return [",".join(f"{x:.9f}" for x in row) + ",urn:ogc:def:crs:EPSG::4326" for row in rows]


def _compare(ours: Ours, peer: Peer, boxes: list[str], form: str) -> None:
    for box in boxes[:WARMING]:
        mine, other = (one.ask(form, BBOX=box, COUNT="100000") for one in (ours, peer))
        if form == "geojson":
            _check_alike(mine.content, other.content)
    taken = {"ours": 0.0, "MapServer": 0.0}
    size = 0
    turns: list[tuple[str, Ours | Peer]] = [("ours", ours), ("MapServer", peer)]
    for box in boxes[WARMING:]:
        # Who asks for a box first also brings its pages into the memory of the database.
        turns.reverse()
        for name, one in turns:
            answer = one.ask(form, BBOX=box, COUNT=str(IN_A_BOX))
            taken[name] += answer.whole_s
            size += len(answer.content) if name == "ours" else 0
    rates = {name: (len(boxes) - WARMING) / seconds for name, seconds in taken.items()}
    _say(
        f"  {form:8} ours {rates['ours']:6.1f} /s   MapServer {rates['MapServer']:6.1f} /s"
        f"   {rates['ours'] / rates['MapServer']:.1f} times,"
        f" {size / (len(boxes) - WARMING) / 1000:.0f} kB each"
    )


def _check_alike(mine: bytes, other: bytes) -> None:
    """Stop unless both gave the same plots with the same values."""
    one, two = (
        {f["properties"]["uuid"]: f["properties"] for f in json.loads(content)["features"]}
        for content in (mine, other)
    )
    for uuid in one.keys() ^ two.keys():
        _say(f"  only one of them gives plot {uuid}")
    for uuid in one.keys() & two.keys():
        for name in ("number", "land_use", "address"):
            if one[uuid][name] != two[uuid][name]:
                raise SystemExit(f"plot {uuid}: {one[uuid][name]!r} is not {two[uuid][name]!r}")


def _stream(ours: Ours, peer: Peer, form: str) -> None:
    shown: list[str] = []
    whole: dict[str, float] = {}
    for name, one in (("ours", ours), ("MapServer", peer)):
        if isinstance(one, Ours):
            # While the peer streamed, the server gave up a connection that nobody used.
            one.connection.close()
        answers = [one.ask(form, COUNT=str(STREAMED)) for _ in range(STREAMS)]
        whole[name] = min(a.whole_s for a in answers)
        first = min(a.first_s for a in answers)
        size = len(answers[0].content) / 1e6
        shown.append(f"{name} first {first * 1000:.0f} ms, all {whole[name]:.1f} s, {size:.0f} MB")
    _say(f"  {form:8} {'   '.join(shown)}   {whole['MapServer'] / whole['ours']:.1f} times")


MAPFILE = """
MAP
  NAME "bench"
  EXTENT 11300000 900000 12300000 2700000
  UNITS METERS
  PROJECTION "init=epsg:3857" END
  OUTPUTFORMAT
    NAME "geojson" DRIVER "OGR/GEOJSON" MIMETYPE "application/json"
    FORMATOPTION "STORAGE=stream" FORMATOPTION "FORM=simple"
    FORMATOPTION "LCO:COORDINATE_PRECISION=9"
  END
  WEB METADATA
    "wfs_title" "bench" "wfs_onlineresource" "http://localhost/" "wfs_enable_request" "*"
    "wfs_srs" "EPSG:4326 EPSG:3857" "wfs_getfeature_formatlist" "geojson" "wfs_maxfeatures" "100000"
  END END
  LAYER
    NAME "parcels" TYPE POLYGON STATUS ON
    CONNECTIONTYPE POSTGIS CONNECTION "{connection}" PROCESSING "CLOSE_CONNECTION=DEFER"
    DATA "boundary_3857 FROM (SELECT v.id, v.boundary_3857, {columns} FROM public_parcels v
      WHERE v.to_revision IS NULL AND v.valid_from <= current_date
      AND (v.valid_to IS NULL OR v.valid_to > current_date)) AS t USING UNIQUE id USING SRID=3857"
    PROJECTION "init=epsg:3857" END
    METADATA
      "wfs_title" "parcels" "gml_include_items" "{items}" "gml_featureid" "uuid"
      "wfs_srs" "EPSG:4326 EPSG:3857" "wfs_getfeature_formatlist" "geojson,gml"
      "gml_geometries" "shape" "gml_shape_type" "multipolygon"
      "wfs_use_default_extent_for_getfeature" "false"
    END
  END
END
"""


def mapfile() -> str:
    """Return MapServer's mapfile over the view that our layer reads."""
    from psycopg2.extensions import make_dsn

    from tileserver.layers.land import PARCELS as LAYER

    parts = urlsplit(os.environ["DIADO_PUBLIC_DATABASE_URL"])
    dsn = make_dsn(
        host=parts.hostname,
        port=parts.port,
        user=parts.username,
        password=parts.password,
        dbname=parts.path[1:],
    )
    return MAPFILE.format(
        connection=dsn,
        columns=", ".join(f"{a.sql} AS {a.name}" for a in LAYER.attributes),
        items=",".join(a.name for a in LAYER.attributes),
    )


@contextlib.contextmanager
def _mapserver() -> Iterator[Peer]:
    """Run one MapServer behind a socket."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as log:
        at, file = Path(folder) / "mapserver.sock", Path(folder) / "bench.map"
        file.write_text(mapfile(), encoding="utf-8")
        command = [sys.executable, "-m", "tileserver.mapserver.pool"]
        command += ["--socket", str(at), "--mapfile", str(file), "--size", "1"]
        server = subprocess.Popen(  # noqa: S603 - a fixed program with our own arguments
            command, cwd=REPOSITORY, stdout=log, stderr=log
        )
        try:
            deadline = time.monotonic() + READY_WITHIN_S
            while not at.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
            yield Peer(at)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
