"""Send the services 20,000 requests that nobody should send, and watch what comes back.

No answer blames the server (5xx), no name that was planted among inner data is served, no word of
a request stands in a statement outside a quoted value, and the servers hold no more memory at the
end than when they were warm. PROOF_SEED chooses other requests.
"""

from __future__ import annotations

import contextlib
import gzip
import http.client
import io
import os
import sys
import urllib.request
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzzing import memory
from tests.fuzzing.canaries import CANARY
from tests.fuzzing.requests import Request, requests

if TYPE_CHECKING:
    from tests.fuzzing.statements import StatementLog
    from tests.small_city.serving import SmallCity

FULL_SIZE = 20_000
SMALL_SIZE = 200
#: Tells the test how many requests to send, and which.
SIZE, SEED = "PROOF_SIZE", "PROOF_SEED"
#: Share of the requests after which a warmed server's caches are full and its pools open.
WARM_AFTER = 0.4
#: How often memory is looked at; the least of several looks is not a moment between two
#: collections.
LOOKS = 20
TIMEOUT_S = 60
#: A body above this may be answered by closing the connection.
MAY_BE_CUT_OFF = 900_000
#: Packed answers are unpacked no further than this.
_LARGEST = 50_000_000
_READ_LOG_EVERY = 500


@dataclass
class Watched:
    """What was seen."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    #: What was wrong, with the first request that showed it.
    faults: dict[str, str] = field(default_factory=dict)
    warm_kb: dict[str, list[int]] = field(default_factory=dict)
    late_kb: dict[str, list[int]] = field(default_factory=dict)

    def note(self, what: str, request: Request) -> None:
        """Keep the first request that showed a fault."""
        self.faults.setdefault(
            what, f"{request.method} {request.target[:600]} {request.body[:300]!r}"
        )

    def growth(self) -> dict[str, float]:
        """Return by how much each server grew since it was warm; 0.1 is a tenth."""
        return {
            name: min(self.late_kb[name]) / max(1, min(self.warm_kb[name])) - 1
            for name in self.late_kb
        }


#: One right request for each kind of answer: each brings programs into memory that stay there.
_FEATURES = "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=parcels&OUTPUTFORMAT="
_PICTURE = (
    "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=diado&STYLES=&CRS=EPSG:3857&"
    "BBOX=11780000,2393000,11784000,2397000&WIDTH=4096&HEIGHT=4096&FORMAT="
)
WARMING = (
    *(_FEATURES + kind for kind in ("geojson", "gml32", "csv", "geopackage", "shape-zip")),
    *(_PICTURE + kind for kind in ("image/png", "image/jpeg", "image/webp")),
    "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=zones&FORMAT=image/png",
    "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetCapabilities",
    "/wmts/1.0.0/WMTSCapabilities.xml",
    "/wmts/1.0.0/diado/default/WebMercatorQuad/16/28852/52033.png",
    "/tiles/parcels/16/52033/28852.pbf",
    "/ogc/collections/zones/items?filter=level%20%3D%20'general'",
    "/layers/",
    "/layers/diado.qgs",
    "/layers/dcat.json",
    "/styles/diado.json",
    "/api/map",
    "/",
)
#: Each on a connection of its own, so often that every process of the server gets it.
WARMED_TIMES = 12


def warm(city: SmallCity) -> None:
    """Have each process of the server answer each kind of request."""
    for path in WARMING:
        for _ in range(WARMED_TIMES):
            with urllib.request.urlopen(city.url + path, timeout=TIMEOUT_S) as answer:
                answer.read()


def prove(city: SmallCity, log: StatementLog, size: int, seed: int) -> Watched:
    """Send `size` requests to a city and watch it."""
    seen = Watched()
    sender = _Sender(city.url)

    @hypothesis.seed(seed)
    @settings(
        max_examples=size,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(requests())
    def send(made: Request) -> None:
        request = made.with_word(f"zq{seen.sent:010x}")
        _judge(seen, request, sender.answer(request))
        seen.sent += 1
        if seen.sent % _READ_LOG_EVERY == 0:
            _read(log, seen, request)
        if seen.sent % max(1, size // (10 * LOOKS)) == 0:
            _weigh(seen, city, seen.sent / size)

    send()
    _weigh(seen, city, 1.0)
    _read(log, seen, Request("", "the last requests", b"", ()))
    return seen


def _weigh(seen: Watched, city: SmallCity, done: float) -> None:
    """Note the memory of the servers in the tenth after they are warm, and in the last one."""
    into = None
    if WARM_AFTER <= done < WARM_AFTER + 0.1:
        into = seen.warm_kb
    elif done >= 0.9:
        into = seen.late_kb
    if into is not None:
        for name, pid in city.processes.items():
            into.setdefault(name, []).append(memory.resident_kb(pid))


def _read(log: StatementLog, seen: Watched, request: Request) -> None:
    for statement in log.words_of_callers():
        seen.note(f"a caller's word in a statement: {statement[:500]}", request)


class _Sender:
    """A connection that is kept, and opened again when it was closed. Public: `answer`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=TIMEOUT_S
        )

    def answer(self, request: Request) -> tuple[int, bytes, bytes] | str:
        """Return status, head and body; or in words why there are none."""
        found = self._once(request)
        if isinstance(found, str):
            # A kept connection may be closed at any time (RFC 9112, 9.3.1): again, on a new one.
            found = self._once(request)
        return found

    def _once(self, request: Request) -> tuple[int, bytes, bytes] | str:
        connection = self._connection
        try:
            connection.putrequest(request.method, request.target, skip_accept_encoding=True)
            for name, value in request.headers:
                connection.putheader(name, value)
            if request.body:
                connection.putheader("Content-Length", str(len(request.body)))
            # A server that refuses a large body answers before it has read it all.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.endheaders(request.body or None)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as trouble:
            connection.close()
            return type(trouble).__name__
        head = "".join(f"{name}: {value}\n" for name, value in answer.getheaders())
        return answer.status, head.encode("utf-8", errors="replace"), body


def _judge(seen: Watched, request: Request, answer: tuple[int, bytes, bytes] | str) -> None:
    if isinstance(answer, str):
        if len(request.body) > MAY_BE_CUT_OFF:
            return
        seen.note(f"no answer ({answer}) from {_place(request)}", request)
        return
    status, head, body = answer
    seen.statuses[status] += 1
    if status >= 500:
        seen.note(f"status {status} from {_place(request)}: {body[:200]!r}", request)
    if any(CANARY.encode() in text for text in (head, *_unpacked(body))):
        seen.note(f"a planted name from {_place(request)}", request)


def _place(request: Request) -> str:
    """Return method and service of a request: one fault is reported once for each."""
    return f"{request.method} /{request.target.partition('?')[0].split('/')[1][:12]}"


def _unpacked(body: bytes) -> list[bytes]:
    """Return a body, and what is packed in it."""
    if body[:2] == b"\x1f\x8b":
        try:
            with gzip.open(io.BytesIO(body)) as file:
                return [body, file.read(_LARGEST)]
        except (OSError, EOFError, zlib.error):
            return [body]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return [body, *(archive.read(name) for name in archive.namelist())]
    return [body]


if __name__ == "__main__":
    os.environ.setdefault(SIZE, str(FULL_SIZE))
    sys.exit(pytest.main(["-v", "-s", "--log-cli-level=INFO", "tests/proofs/test_fuzz.py"]))
