"""Save edits of a plan of 20,000 zones beside 500,000 plots: with history, checks and the chain.

One client on one connection sends edits to a web server with one thread, as the workbench does: a
corner moved in all zones that share it, the words of one zone, and the undoing of such edits. There
is no peer: nothing else saves, checks and seals at once; the aim is 60 ms at the 95th percentile.
BENCH_ZONES and BENCH_PARCELS make it smaller.
"""

from __future__ import annotations

import http.client
import json
import math
import os
import random
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from benchmarks import extract
from config.stack.places import REPOSITORY
from tests.plugin import ThrowawayRun

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

ZONES = int(os.environ.get("BENCH_ZONES", "20000"))
PARCELS = int(os.environ.get("BENCH_PARCELS", "500000"))
#: Edits that are timed of each kind, and those before.
TIMED, WARMING = 300, 40
AIM_MS = 60
#: Editors that are open at once, and how often each looks for news.
LOOKING, LOOK_EVERY_S = 100, 2.0
SEED = 23
#: Side of a zone, and corners along each: 28 a zone, as in real plans.
CELL_M, ALONG = 60.0, 7
EAST, NORTH = 560_000.0, 2_310_000.0


def main() -> int:
    """Run the benchmark and show the times."""
    run = ThrowawayRun()
    try:
        run.start()
        os.environ["DIADO_CITY_PARCELS"] = "2000"
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
    _lay_parcels()
    draft, cookies = _lay_plan()
    with extract._served() as port:
        planner = Planner(port, draft, cookies)
        planner.read()
        for _ in range(WARMING):
            planner.move_corner()
        for name, edit in (
            ("a corner, in all zones that share it", planner.move_corner),
            ("the words of one zone", planner.write),
            ("an edit taken back", planner.undo),
        ):
            _say(name, [edit() for _ in range(TIMED)])
        asked = float(np.median([planner.look() for _ in range(TIMED)]))
        share = LOOKING * asked / LOOK_EVERY_S
        _show(
            f"a look for news {1000 * asked:.1f} ms: {LOOKING} editors take {share:.0%} of a core"
        )
    return 0


class Planner:
    """One planner with a connection that is kept; each method saves one edit, returns seconds."""

    def __init__(self, port: int, draft: int, cookies: str) -> None:
        token = "a" * 32
        self._client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._base = f"/api/planning/drafts/{draft}"
        self._headers = {
            "Cookie": f"{cookies}; csrftoken={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/json",
        }
        self._dice = random.Random(SEED)  # noqa: S311 - no secret
        self._zones: dict[str, dict[str, Any]] = {}
        self._sharing: dict[tuple[float, float], set[str]] = {}
        self._corners: list[tuple[float, float]] = []
        self._edits: list[int] = []
        self._news = ""

    def read(self) -> None:
        """Read the middle of the plan, as a planner who looks at a part of it."""
        side = math.isqrt(ZONES) * CELL_M
        low, high = side * 0.35, side * 0.65
        box = f"{EAST + low},{NORTH + low},{EAST + high},{NORTH + high}"
        found = self._ask("GET", f"/zones?bbox={box}", None)[0]
        for zone in found["zones"]:
            self._take(zone)
        inner = [c for c, uids in self._sharing.items() if len(uids) > 1 and _is_in(c, low, high)]
        self._corners = sorted(inner)

    def move_corner(self) -> float:
        """Move a corner by up to a metre in all zones that share it."""
        while True:
            corner = self._dice.choice(self._corners)
            moved = (
                corner[0] + self._dice.uniform(-1, 1),
                corner[1] + self._dice.uniform(-1, 1),
            )
            zones = [self._zones[uid] for uid in self._sharing.get(corner, ())]
            rings = [[moved if c == corner else c for c in _ring(zone)] for zone in zones]
            if zones and all(shapely.Polygon(ring).is_valid for ring in rings):
                break
        changes = [
            {**_named(z), "boundary": {"type": "Polygon", "coordinates": [r]}}
            for z, r in zip(zones, rings, strict=True)
        ]
        taken = self._save("vertex", changes)
        self._corners.append(moved)
        return taken

    def write(self) -> float:
        """Change the indicators of a zone."""
        zone = self._zones[self._dice.choice(sorted(self._zones))]
        content = {"density": f"{self._dice.randint(20, 40)}-60", "note": str(uuid.uuid4())}
        return self._save("attributes", [{**_named(zone), "content": content}])

    def undo(self) -> float:
        """Take back the last edit that still stands."""
        return self._send(f"/edits/{self._edits.pop()}/undo", {})

    def look(self) -> float:
        """Ask whether anything is new, as every open editor does; nothing is."""
        path, headers = f"/news?since={self._edits[0]}", {"If-None-Match": self._news}
        begun = time.perf_counter()
        self._client.request("GET", self._base + path, headers={**self._headers, **headers})
        answer = self._client.getresponse()
        answer.read()
        self._news = answer.getheader("ETag") or ""
        return time.perf_counter() - begun

    def _save(self, action: str, changes: list[dict[str, Any]]) -> float:
        return self._send("/edits", {"action": action, "changes": changes})

    def _send(self, path: str, body: dict[str, Any]) -> float:
        headers = {"If-Match": '"e1"', "Idempotency-Key": str(uuid.uuid4())}
        answer, taken = self._ask("POST", path, body, headers)
        for zone in answer["zones"]:
            self._take(zone)
        if path == "/edits":
            self._edits.append(answer["edit"]["number"])
        return taken

    def _take(self, zone: dict[str, Any]) -> None:
        before = self._zones.get(zone["uid"])
        if before is not None:
            for corner in _ring(before):
                self._sharing.get(corner, set()).discard(zone["uid"])
        self._zones[zone["uid"]] = zone
        for corner in _ring(zone):
            self._sharing.setdefault(corner, set()).add(zone["uid"])

    def _ask(
        self, method: str, path: str, body: Any, headers: dict[str, str] | None = None
    ) -> tuple[Any, float]:
        written = None if body is None else json.dumps(body).encode()
        begun = time.perf_counter()
        self._client.request(
            method, self._base + path, written, {**self._headers, **(headers or {})}
        )
        answer = self._client.getresponse()
        read = answer.read()
        taken = time.perf_counter() - begun
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status} {read.decode()[:500]}")
        return json.loads(read), taken


def _ring(zone: dict[str, Any]) -> list[tuple[float, float]]:
    return [(east, north) for east, north in zone["boundary"]["coordinates"][0][0]]


def _named(zone: dict[str, Any]) -> dict[str, Any]:
    return {"uid": zone["uid"], "based_on": zone["version"]}


def _is_in(corner: tuple[float, float], low: float, high: float) -> bool:
    return low < corner[0] - EAST < high and low < corner[1] - NORTH < high


def _lay_plan() -> tuple[int, str]:
    """Draw a plan of wavy squares side by side; return its draft and a planner's cookie."""
    from django.conf import settings
    from django.utils import timezone

    from accounts.models import User
    from landdata.geometry import to_multipolygon
    from planning.content import PlanContent, ZoneSketch
    from planning.models import Adjustment, PlanFunction, PlanLevel
    from planning.operations import create_draft
    from tests.proofs.test_editors import signed_in

    def stored(shape: BaseGeometry) -> Any:
        return to_multipolygon(shape, settings.STORAGE_SRID)

    today = timezone.localdate()
    shapes = _wavy_squares(math.isqrt(ZONES))
    function = PlanFunction.objects.known_now().values_list("code", flat=True).first() or ""
    content = PlanContent(
        code="BENCH",
        level=PlanLevel.ZONING,
        adjustment=Adjustment.FIRST,
        name_vi="Đo tốc độ",
        name_en="Benchmark",
        scale=2000,
        information_code="",
        authority="–",
        decision_number="1",
        decision_date=today,
        extent=stored(shapely.union_all(shapes)),
        valid_from=today,
        valid_to=None,
        data_date=today,
        accuracy_m=None,
    )
    sketches = [
        ZoneSketch(uid=uuid.uuid4(), label=str(n), function=function, boundary=stored(shape))
        for n, shape in enumerate(shapes)
    ]
    planner = User.objects.get(username="demo-planner")
    begun = time.perf_counter()
    version = create_draft(plan=content, zones=sketches, by=planner, on=today)
    corners = int(np.mean(shapely.get_num_coordinates(shapes)))
    _show(
        f"{len(shapes)} zones of {corners} corners drawn, checked and kept: "
        f"{time.perf_counter() - begun:.1f} s, {version.faults.count()} faults"
    )
    return version.pk, signed_in(planner)


def _wavy_squares(side: int) -> NDArray[np.object_]:
    """Return side x side zones whose common edges wave alike: a coverage without a gap."""
    dice = np.random.default_rng(SEED)
    steps = side * ALONG + 1
    # Corners on a fine lattice; every line between zones follows it, shaken by up to two metres.
    at = np.stack(np.meshgrid(np.arange(steps), np.arange(steps)), axis=-1) * (CELL_M / ALONG)
    at = at + dice.uniform(-2, 2, at.shape) + (EAST, NORTH)
    shapes = []
    for row in range(0, steps - 1, ALONG):
        for column in range(0, steps - 1, ALONG):
            along = np.arange(ALONG)
            ring = np.concatenate(
                [
                    at[row, column + along],
                    at[row + along, column + ALONG],
                    at[row + ALONG, column + ALONG - along],
                    at[row + ALONG - along, column],
                ]
            )
            shapes.append(shapely.Polygon(ring))
    return np.array(shapes, dtype=object)


def _lay_parcels() -> None:
    """Add plots of 20 m in rows, under the plan."""
    from django.db import connection, transaction

    from landdata.models import Revision

    with (
        transaction.atomic(),
        Revision.open(by=None, why="plots") as revision,
        connection.cursor() as cursor,
    ):
        cursor.execute(
            """
            CREATE TEMPORARY TABLE lot ON COMMIT DROP AS
            SELECT n, gen_random_uuid() AS uuid, ST_Multi(ST_MakeEnvelope(
                e, t, e + 20, t + 20, ST_SRID(p.boundary))) AS boundary
            FROM generate_series(1, %(count)s) n,
                LATERAL (SELECT %(east)s + 20 * (n %% 600) AS e,
                    %(north)s + 20 * (n / 600) AS t) at,
                (SELECT boundary FROM landdata_parcelversion LIMIT 1) p;
            INSERT INTO landdata_parcel (uuid) SELECT uuid FROM lot;
            INSERT INTO landdata_parcelversion (parcel_id, sheet_id, number, national_id, boundary,
                boundary_3857, geometry_state, legal_area_m2, address, unit_code, is_disputed,
                source_file_id, source_row, fingerprint, valid_from, from_revision)
            SELECT l.uuid, v.sheet_id, 'B' || l.n, '', l.boundary, ST_Transform(l.boundary, 3857),
                'valid', 400, '', v.unit_code, false, v.source_file_id, 0, '', v.valid_from,
                %(revision)s
            FROM lot l, (SELECT * FROM landdata_parcelversion LIMIT 1) v ORDER BY l.n
            """,
            {"count": PARCELS, "east": EAST, "north": NORTH, "revision": revision.number},
        )
    _show(f"{PARCELS} plots laid")


def _say(name: str, times: list[float]) -> None:
    p50, p95 = (1000 * float(np.quantile(times, at)) for at in (0.5, 0.95))
    verdict = "held" if p95 < AIM_MS else "MISSED"
    _show(f"{name:38} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms   (aim {AIM_MS}: {verdict})")


def _show(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
