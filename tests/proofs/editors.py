"""20 planners make 2,000 edits on adjacent zones while the server is killed: none is lost.

Each edits like the workbench does: it reads the zones around, moves a corner in all zones that
share it, splits, joins, bends a common line, writes words, takes its own edit back; it names the
state it saw and sends the same request again when no answer came.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from config.stack.supervisor import Service

FULL_EDITS, FULL_WRITERS, FULL_KILLS = 2_000, 20, 10
SMALL_EDITS, SMALL_WRITERS, SMALL_KILLS = 60, 4, 1
#: Tells the test which size to run at; `make prove` sets it.
SIZE = "PROOF_SIZE"
#: Zones along each side of the plan.
SIDE = 8
#: Metres along each side of a zone at the start.
CELL = 100.0
#: A writer that gets no answer for so long stops the proof.
PATIENCE_S = 120

Ring = list[list[float]]


@dataclass
class Server:
    """The web server, to be killed and started again at the same port."""

    service: Service
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.service.command,
                env=self.environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
                **self.service.options,
            )
        until = time.monotonic() + PATIENCE_S
        while not self.service.is_ready():
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            assert time.monotonic() < until
            time.sleep(0.05)

    def kill(self) -> None:
        """End the server and its workers as a power cut does."""
        assert self.process
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.kill()


@dataclass
class Told:
    """What all writers together were told."""

    wanted: int
    acknowledged: dict[str, int] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    resent: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_enough(self) -> bool:
        return len(self.acknowledged) >= self.wanted


class Writer:
    """A planner at work. Owns a connection; `work` goes on until enough edits are acknowledged."""

    def __init__(self, url: str, draft: int, cookies: str, token: str, seed: int) -> None:
        self._host = urlsplit(url).netloc
        self._base = f"/api/planning/drafts/{draft}"
        self._headers = {
            "Cookie": f"{cookies}; csrftoken={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/json",
        }
        self._dice = random.Random(seed)
        self._connection: http.client.HTTPConnection | None = None
        self._last: int | None = None
        #: Requests that got no answer.
        self._dropped = 0

    def work(self, told: Told) -> None:
        ways: list[tuple[str, Callable[[list[dict[str, Any]]], Any]]] = [
            ("vertex", self._move_corner),
            ("vertex", self._move_corner),
            ("redraw", self._bend),
            ("split", self._split),
            ("merge", self._merge),
            ("attributes", self._write),
        ]
        while not told.is_enough:
            if self._last is not None and self._dice.random() < 0.1:
                self._send(told, "undo", f"/edits/{self._last}/undo", {}, '"e1"')
                self._last = None
                continue
            action, way = self._dice.choice(ways)
            status, seen, read = self._ask("GET", "/zones", None, {})
            assert status == 200, (status, read)
            zones = json.loads(read)["zones"]
            changes = way(zones)
            if changes:
                body = {"action": action, "changes": changes}
                self._send(told, action, "/edits", body, seen)

    def _send(self, told: Told, kind: str, path: str, body: dict[str, Any], seen: str) -> None:
        key = str(uuid.uuid4())
        headers = {"If-Match": seen, "Idempotency-Key": key}
        before = self._dropped
        status, _, read = self._ask("POST", path, body, headers)
        with told.lock:
            told.statuses[status] += 1
            told.resent += self._dropped - before
            if status == 201:
                number = json.loads(read)["edit"]["number"]
                told.acknowledged[key] = number
                told.kinds[kind] += 1
                self._last = number if kind != "undo" else None

    def _ask(
        self, method: str, path: str, body: Any, headers: dict[str, str]
    ) -> tuple[int, str, bytes]:
        """Ask until there is an answer: the server may be killed at any moment."""
        until = time.monotonic() + PATIENCE_S
        written = None if body is None else json.dumps(body).encode()
        while True:
            try:
                if self._connection is None:
                    self._connection = http.client.HTTPConnection(self._host, timeout=60)
                self._connection.request(
                    method, self._base + path, written, {**self._headers, **headers}
                )
                answer = self._connection.getresponse()
                return answer.status, answer.getheader("ETag") or "", answer.read()
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < until, "the server does not come back"
                self._connection = None
                self._dropped += 1
                time.sleep(0.1)

    # --- what a planner does, on coordinates exactly as they came ---

    def _move_corner(self, zones: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        zone = self._dice.choice(zones)
        corner = self._dice.choice(_ring(zone))
        if _is_on_rim(corner):
            return None
        moved = [corner[0] + self._dice.uniform(-9, 9), corner[1] + self._dice.uniform(-9, 9)]
        sharing = [z for z in zones if corner in _ring(z)]
        rings = [[moved if c == corner else c for c in _ring(z)] for z in sharing]
        return _redrawn(sharing, rings)

    def _bend(self, zones: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        """Put a corner into an edge that two zones share."""
        zone = self._dice.choice(zones)
        ring = _ring(zone)
        at = self._dice.randrange(len(ring) - 1)
        one, other = ring[at], ring[at + 1]
        for near in zones:
            theirs = _ring(near)
            for k in range(len(theirs) - 1):
                if near is not zone and theirs[k] == other and theirs[k + 1] == one:
                    middle = [
                        (one[0] + other[0]) / 2 + self._dice.uniform(-5, 5),
                        (one[1] + other[1]) / 2 + self._dice.uniform(-5, 5),
                    ]
                    mine = [*ring[: at + 1], middle, *ring[at + 1 :]]
                    hers = [*theirs[: k + 1], middle, *theirs[k + 1 :]]
                    return _redrawn([zone, near], [mine, hers])
        return None

    def _split(self, zones: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        """Cut a zone in two from corner to corner."""
        zone = self._dice.choice(zones)
        ring = _ring(zone)[:-1]
        if len(ring) < 4 or zone["area_m2"] < 800:
            return None
        i, j = sorted(self._dice.sample(range(len(ring)), 2))
        parts = [ring[i : j + 1], [*ring[j:], *ring[: i + 1]]]
        if min(map(len, parts)) < 3:
            return None
        rings = [[*part, part[0]] for part in parts]
        shapes = [shapely.Polygon(r) for r in rings]
        whole = shapely.Polygon(_ring(zone))
        if not all(s.is_valid and s.area > 200 for s in shapes):
            return None
        if abs(sum(s.area for s in shapes) - whole.area) > 1e-6 or not whole.covers(shapes[0]):
            return None
        content = {k: zone[k] for k in ("label", "function", "density", "note")}
        return [
            {"uid": zone["uid"], "based_on": zone["version"], "boundary": _surface(rings[0])},
            {
                "uid": str(uuid.uuid4()),
                "based_on": None,
                "boundary": _surface(rings[1]),
                "content": content,
            },
        ]

    def _merge(self, zones: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        """Join two zones along their common line, while there are enough to be neighbours."""
        if len(zones) < SIDE * SIDE:
            return None
        zone = self._dice.choice(zones)
        edges = {(tuple(a), tuple(b)) for a, b in zip(_ring(zone), _ring(zone)[1:], strict=False)}
        for near in self._dice.sample(zones, len(zones)):
            theirs = zip(_ring(near), _ring(near)[1:], strict=False)
            if near is zone or not any((tuple(b), tuple(a)) in edges for a, b in theirs):
                continue
            both = shapely.union(shapely.Polygon(_ring(zone)), shapely.Polygon(_ring(near)))
            if not isinstance(both, shapely.Polygon) or both.interiors or both.area > 6 * CELL**2:
                return None
            ring = [list(c) for c in both.exterior.coords]
            return [
                {"uid": zone["uid"], "based_on": zone["version"], "boundary": _surface(ring)},
                {"uid": near["uid"], "based_on": near["version"], "is_removed": True},
            ]
        return None

    def _write(self, zones: list[dict[str, Any]]) -> list[dict[str, Any]]:
        zone = self._dice.choice(zones)
        content = {"density": f"{self._dice.randint(20, 40)}-60", "note": str(uuid.uuid4())}
        return [{"uid": zone["uid"], "based_on": zone["version"], "content": content}]


def _ring(zone: dict[str, Any]) -> Ring:
    ring: Ring = zone["boundary"]["coordinates"][0][0]
    return ring


def _surface(ring: Ring) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


def _is_on_rim(corner: list[float]) -> bool:
    from tests.planning.city import EAST, NORTH

    side = SIDE * CELL
    return corner[0] in (EAST, EAST + side) or corner[1] in (NORTH, NORTH + side)


def _redrawn(zones: list[dict[str, Any]], rings: list[Ring]) -> list[dict[str, Any]] | None:
    """Return the changes, None where the new drawing would fold over itself or a neighbour."""
    before = [shapely.Polygon(_ring(zone)) for zone in zones]
    after = [shapely.Polygon(ring) for ring in rings]
    if not all(shape.is_valid and shape.area > 200 for shape in after):
        return None
    ground = shapely.union_all(after)
    if shapely.union_all(before).symmetric_difference(ground).area > 1e-6:
        return None
    if abs(sum(shape.area for shape in after) - ground.area) > 1e-6:
        return None
    return [
        {"uid": zone["uid"], "based_on": zone["version"], "boundary": _surface(ring)}
        for zone, ring in zip(zones, rings, strict=True)
    ]


def edit_together(writers: list[Writer], told: Told, server: Server, kills: int) -> None:
    """Let all writers work until enough is acknowledged, and kill the server in between."""
    troubles: list[BaseException] = []

    def work(writer: Writer) -> None:
        try:
            writer.work(told)
        except BaseException as trouble:
            troubles.append(trouble)
            raise

    threads = [threading.Thread(target=work, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    for kill in range(1, kills + 1):
        while len(told.acknowledged) < told.wanted * kill / (kills + 1) and not troubles:
            time.sleep(0.02)
        server.kill()
        server.start()
    for thread in threads:
        thread.join()
    assert not troubles, troubles


if __name__ == "__main__":
    os.environ.setdefault(SIZE, str(FULL_EDITS))
    sys.exit(pytest.main(["-v", "--log-cli-level=INFO", "tests/proofs/test_editors.py"]))
