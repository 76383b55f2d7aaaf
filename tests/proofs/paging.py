"""A reader pages through 100,000 plots while 20 writers edit: none comes twice, none is missed."""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import psycopg2
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.live import LiveCity

FULL_SIZE, FULL_WRITERS = 100_000, 20
SMALL_SIZE, SMALL_WRITERS = 400, 4
#: Tells the test which size to run at; `make prove` sets it.
SIZE = "PROOF_SIZE"
PAGES = 40
#: Orders to page in: by row, by a value that some lack, by one that many share.
ORDERS = ("", "area_m2 DESC", "address,area_m2")
#: The same in SQL, as the database is asked afterwards.
_SQL = {
    "": "id",
    "area_m2 DESC": "legal_area_m2 DESC NULLS LAST, id",
    "address,area_m2": "address NULLS LAST, legal_area_m2 NULLS LAST, id",
}


@dataclass(frozen=True)
class Reading:
    """What a reader got: names in their order, the revision of its links, pages and seconds."""

    names: list[str]
    revision: int
    pages: int
    seconds: float


def lay(city: LiveCity, size: int) -> None:
    """Add plots of 20 m in rows of 300, one in seven without an area, in one revision."""
    with _connected(city) as cursor:
        cursor.execute(
            """
            SELECT pg_advisory_xact_lock(7305901);
            INSERT INTO landdata_revision (number, made_at, why)
            SELECT max(number) + 1, now(), 'proof' FROM landdata_revision;
            SELECT set_config('diado.revision', max(number)::text, true) FROM landdata_revision;
            CREATE TEMPORARY TABLE lot ON COMMIT DROP AS
            SELECT n, gen_random_uuid() AS uuid, ST_Multi(ST_MakeEnvelope(
                e, t, e + 20, t + 20, ST_SRID(p.boundary))) AS boundary
            FROM generate_series(1, %(size)s) n,
                LATERAL (SELECT 580000 + 20 * (n %% 300) AS e, 2320000 + 20 * (n / 300) AS t) at,
                (SELECT boundary FROM landdata_parcelversion LIMIT 1) p;
            INSERT INTO landdata_parcel (uuid) SELECT uuid FROM lot;
            INSERT INTO landdata_parcelversion (parcel_id, sheet_id, number, national_id, boundary,
                boundary_3857, geometry_state, legal_area_m2, address, unit_code, is_disputed,
                source_file_id, source_row, fingerprint, valid_from, from_revision)
            SELECT l.uuid, v.sheet_id, 'P' || l.n, '', l.boundary, ST_Transform(l.boundary, 3857),
                'valid', CASE WHEN l.n %% 7 > 0 THEN l.n %% 1000 END, 'Phố ' || l.n %% 50,
                v.unit_code, false, v.source_file_id, 0, '', v.valid_from,
                (SELECT max(number) FROM landdata_revision)
            FROM lot l, (SELECT * FROM landdata_parcelversion LIMIT 1) v ORDER BY l.n;
            """,
            {"size": size},
        )


@contextlib.contextmanager
def _connected(city: LiveCity) -> Iterator[Any]:
    connection = psycopg2.connect(city.database_url)
    with contextlib.closing(connection), connection, connection.cursor() as cursor:
        yield cursor


@contextlib.contextmanager
def writers(city: LiveCity, count: int) -> Iterator[subprocess.Popen[str]]:
    """Let so many writers edit, each change in a revision of its own, until the block ends."""
    environment = {**os.environ, "DATABASE_URL": city.database_url}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.proofs.paging", "edit", str(count)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        assert process.stdout.readline() == "editing\n"
        yield process
    finally:
        process.stdin.close()
        process.wait(timeout=120)


def read(city: LiveCity, order: str, page: int) -> Reading:
    """Page through all plots by the links of the answers, at least one edit between two pages."""
    asked = {
        "SERVICE": "WFS",
        "VERSION": "2.0.0",
        "REQUEST": "GetFeature",
        "TYPENAMES": "diado:parcels",
        "OUTPUTFORMAT": "application/geo+json",
        "PROPERTYNAME": "uuid",
        "COUNT": str(page),
        **({"SORTBY": order} if order else {}),
    }
    link: str | None = f"{city.url}/wfs?{urlencode(asked)}"
    names: list[str] = []
    revisions: set[int] = set()
    pages, begun = 0, time.perf_counter()
    while link:
        with urllib.request.urlopen(link, timeout=120) as answer:
            found = json.load(answer)
        pages += 1
        names += [feature["properties"]["uuid"] for feature in found["features"]]
        links = {one["rel"]: one["href"] for one in found["links"]}
        if "previous" in links:
            revisions.add(int(parse_qs(urlsplit(links["previous"]).query)["KNOWN_AT"][0]))
        link = links.get("next")
        _wait_for_an_edit(city, newest(city))
    (revision,) = revisions
    return Reading(names, revision, pages, time.perf_counter() - begun)


def _wait_for_an_edit(city: LiveCity, since: int) -> None:
    until = time.monotonic() + 60
    while newest(city) == since:
        assert time.monotonic() < until, "nobody edits"
        time.sleep(0.005)


def expected(city: LiveCity, order: str, revision: int) -> list[str]:
    """Return the names of all plots that were known at a revision, in an order."""
    rows = city.rows(
        "SELECT parcel_id::text FROM landdata_parcelversion WHERE from_revision <= %s"
        " AND (to_revision IS NULL OR to_revision > %s) AND valid_from <= current_date"
        f" AND (valid_to IS NULL OR valid_to > current_date) ORDER BY {_SQL[order]}",
        revision,
        revision,
    )
    return [name for (name,) in rows]


def newest(city: LiveCity) -> int:
    """Return the number of the newest revision."""
    ((number,),) = city.rows("SELECT max(number) FROM landdata_revision")
    return int(number)


def edit(count: int) -> None:
    """Edit with so many threads until the standard input ends."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    stopping = threading.Event()
    threads = [threading.Thread(target=_edit_on, args=(n, stopping)) for n in range(count)]
    for thread in threads:
        thread.start()
    sys.stdout.write("editing\n")
    sys.stdout.flush()
    sys.stdin.read()
    stopping.set()
    for thread in threads:
        thread.join()


def _edit_on(seed: int, stopping: threading.Event) -> None:
    """Close a plot, or change its area, or add one beside it, again and again."""
    import uuid

    from django.db import connection

    from landdata.models import Parcel, ParcelVersion, Revision

    dice = random.Random(seed)
    last = ParcelVersion.objects.latest("pk").pk
    while not stopping.is_set():
        with Revision.open(by=None, why="proof") as revision:
            version = (
                ParcelVersion.objects.filter(to_revision=None, pk__gte=dice.randint(1, last))
                .order_by("pk")
                .first()
            )
            if version is None:
                continue
            kind = dice.choice(("changed", "changed", "gone", "new"))
            if kind != "new":
                ParcelVersion.objects.filter(pk=version.pk).close(revision)
            else:
                version.parcel = Parcel.objects.create(uuid=uuid.uuid4())
                version.number = f"N{revision.number}"
            if kind != "gone":
                version.pk = None
                version.legal_area_m2 = dice.choice((None, dice.randint(1, 2000)))
                version.from_revision = revision.number
                version.save(force_insert=True)
    connection.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["edit"]:
        edit(int(sys.argv[2]))
        sys.exit(0)
    os.environ.setdefault(SIZE, str(FULL_SIZE))
    sys.exit(pytest.main(["-v", "--log-cli-level=INFO", "tests/proofs/test_paging.py"]))
