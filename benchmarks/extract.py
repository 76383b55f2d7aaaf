"""Ask for 1,000 random plots of a city of 500,000: the extract over HTTP against its bare SQL.

One client on one connection asks a web server with one thread for whole extracts, as JSON. The
peer is the least that could answer: the same rows by the same two statements, prepared, on an open
connection, nothing cut, measured or printed. Both ask for the same plots in the same order, by
turns. BENCH_PARCELS makes a smaller city; its files are kept in var/bench/ for the next time.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg2

from config.stack.places import REPOSITORY, free_port
from tests.plugin import ThrowawayRun

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PARCELS = int(os.environ.get("BENCH_PARCELS", "500000"))
ASKED = 1_000
#: What comes before: a server that has answered before has its connections and plans.
WARMING = 200
SEED = 11
READY_WITHIN_S = 60


def main() -> int:
    """Run the benchmark and show the times and the ratio."""
    run = ThrowawayRun()
    try:
        run.start()
        os.environ["DIADO_CITY_PARCELS"] = str(PARCELS)
        keep_city_files(Path(os.environ["DIADO_VAR"]))
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "config.stack.prepare"], cwd=REPOSITORY, check=True)
        _say(f"the city is made and brought in: {time.perf_counter() - begun:.0f} s")
        return _measure()
    finally:
        run.stop()


def keep_city_files(var: Path) -> None:
    """Keep the files of the demo city of a throw-away run for the next one."""
    kept = REPOSITORY / "var" / "bench" / "city"
    kept.mkdir(parents=True, exist_ok=True)
    (var / "city").symlink_to(kept)


def _measure() -> int:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from django.utils import timezone

    plots = _random_plots()
    statements = _statements(plots, timezone.localdate())
    with _served() as port, contextlib.closing(_peer()) as peer:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for plot in plots[:WARMING]:
            _ask(client, plot)
            _bare(peer, statements[plot])
        times: dict[str, list[float]] = {"extract over HTTP": [], "bare SQL": []}
        size = 0
        for plot in plots[WARMING:]:
            begun = time.perf_counter()
            size += _ask(client, plot)
            between = time.perf_counter()
            _bare(peer, statements[plot])
            times["extract over HTTP"].append(between - begun)
            times["bare SQL"].append(time.perf_counter() - between)
    _say(f"{ASKED} plots, {size / ASKED / 1000:.1f} kB each on average")
    bare = [_quantile(times["bare SQL"], at) for at in (0.5, 0.95)]
    for name, found in times.items():
        p50, p95 = (_quantile(found, at) for at in (0.5, 0.95))
        _say(
            f"{name:18} p50 {p50 * 1000:6.2f} ms ({p50 / bare[0]:.1f} × bare)   "
            f"p95 {p95 * 1000:6.2f} ms ({p95 / bare[1]:.1f} × bare)"
        )
    return 0


def _random_plots() -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM landdata_parcelversion WHERE to_revision IS NULL),"
            " (SELECT count(*) FROM planning_zone WHERE to_revision IS NULL)"
        )
        parcels, zones = cursor.fetchone()
        _say(f"{parcels} parcels, {zones} zones")
        cursor.execute(
            "SELECT parcel_id::text FROM landdata_parcelversion WHERE to_revision IS NULL"
            " ORDER BY parcel_id"
        )
        every = [plot for (plot,) in cursor.fetchall()]
    return random.Random(SEED).sample(every, ASKED + WARMING)  # noqa: S311 - no secret


def _statements(plots: Sequence[str], today: Any) -> dict[str, tuple[Any, ...]]:
    """Return for each plot the values with which its rows are fetched."""
    import uuid

    import shapely

    from planning.extract import rows
    from planning.extract.layers import OBJECT_NAMES
    from planning.extract.names import Known
    from planning.extract.restrictions import reach_m, rule_book

    found = {}
    for plot in plots:
        row = rows.plot_row(uuid.UUID(plot), as_of=today, known_at=None)
        assert row is not None  # noqa: S101 - the city was just made
        around = None
        if row.boundary is not None:
            known = Known(row.revision, row.revision_made_at)
            book = rule_book(today, known)
            reaches = {name: reach_m(name, book, known) for name in OBJECT_NAMES}
            ground = shapely.from_wkb(bytes(row.boundary))
            around = rows.values_around(row, ground, as_of=today, reach_m=reaches, use_shares=True)
        found[plot] = (rows.plot_values(row, as_of=today), around)
    return found


def _peer() -> Any:
    from planning.extract import rows

    peer = psycopg2.connect(os.environ["DIADO_PUBLIC_DATABASE_URL"])
    peer.autocommit = True
    with peer.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = force_generic_plan")
        for statement in (rows.PLOT, rows.AROUND):
            cursor.execute(statement.preparing)
    return peer


def _bare(peer: Any, values: tuple[Any, ...]) -> None:
    from planning.extract import rows

    with peer.cursor() as cursor:
        for statement, given in zip((rows.PLOT, rows.AROUND), values, strict=True):
            if given is not None:
                cursor.execute(*statement.executing(given))
                cursor.fetchall()


@contextlib.contextmanager
def _served() -> Iterator[int]:
    """Serve with one worker of one thread, and yield the port."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "1"]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(  # noqa: S603 - a fixed program with our own arguments
            [*command, "config.wsgi:application"], cwd=REPOSITORY, stdout=log, stderr=log
        )
        try:
            _wait_until_it_answers(port)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            client.request("GET", "/health/")
            client.getresponse().read()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _ask(client: http.client.HTTPConnection, plot: str) -> int:
    client.request("GET", f"/api/parcels/{plot}/extract")
    answer = client.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"plot {plot} was answered with {answer.status}")
    return len(body)


def _quantile(times: Sequence[float], at: float) -> float:
    return sorted(times)[int(at * len(times))]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
