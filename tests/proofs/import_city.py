"""Import 20,000 generated parcels twice: counts add up, every text survives, nothing changes."""

from __future__ import annotations

import csv
import json
import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

FULL_SIZE = 20_000
SMALL_SIZE = 400
#: Tells the test which size to run at; `make prove` sets it.
SIZE = "PROOF_SIZE"


@dataclass(frozen=True)
class Proof:
    """What came of both imports."""

    parcels: int
    first: dict[str, int]
    second: dict[str, int]
    revisions: tuple[int, int]
    #: (row, column, generator's text, stored text) wherever the two differ.
    different: list[tuple[int, str, str, str]]
    #: Invented holders' names that stand anywhere in the database.
    leaked: list[str]
    seconds: dict[str, float]


def prove(parcels: int, folder: Path, *, by: str) -> Proof:
    """Make a city of so many parcels below `folder`, import it twice as `by`, and compare."""
    from django.core.management import call_command

    from landdata.models import Revision

    seconds: dict[str, float] = {}

    def timed(name: str, *command: Any, **options: Any) -> None:
        begun = time.perf_counter()
        call_command(*command, **options)
        seconds[name] = time.perf_counter() - begun

    city = folder / "city"
    timed("make_city", "make_city", parcels=parcels, seed=7, place="hanoi", out=city)
    counts = []
    revisions = []
    for name in ("first import", "second import"):
        report = folder / f"{name}.json"
        timed(name, "import_parcels", str(city / "parcels.shp"), by=by, report=report)
        counts.append(json.loads(report.read_text(encoding="utf-8"))["counts"])
        revisions.append(Revision.objects.count())
    with (city / "parcels_utf8.csv").open(encoding="utf-8", newline="") as lines:
        originals = list(csv.DictReader(lines))
    return Proof(
        parcels=parcels,
        first=counts[0],
        second=counts[1],
        revisions=(revisions[0], revisions[1]),
        different=_differences(originals),
        leaked=_leaked({row["TENCHU"] for row in originals if row["TENCHU"]}),
        seconds=seconds,
    )


def _differences(originals: list[dict[str, str]]) -> list[tuple[int, str, str, str]]:
    from landdata.models import ParcelVersion

    stored = {
        version.source_row: version
        for version in ParcelVersion.objects.known_now()
        .select_related("sheet")
        .prefetch_related("land_uses")
    }
    found = []
    for number, row in enumerate(originals):
        version = stored[number]
        uses = sorted(version.land_uses.all(), key=lambda use: use.position)
        for column, text in {
            "DIACHI": version.address,
            "SOTO": version.sheet.number,
            "SOTHUA": version.number,
            "LOAIDAT": "+".join(use.code for use in uses),
            "MADINHDANH": version.national_id,
        }.items():
            if row[column].strip() != text:
                found.append((number, column, row[column], text))
    return found


def _leaked(names: set[str]) -> list[str]:
    """Look for personal names in every text column of every table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb')"
            " AND table_name NOT LIKE 'public\\_%%' AND table_name <> 'spatial_ref_sys'"
        )
        found: set[str] = set()
        for table, column in cursor.fetchall():
            cursor.execute(
                f"SELECT name FROM unnest(%s) AS name WHERE EXISTS"
                f' (SELECT FROM "{table}" WHERE strpos("{column}"::text, name) > 0)'
                if table.startswith("importers_")
                else f'SELECT "{column}"::text FROM "{table}" WHERE "{column}"::text = ANY(%s)',
                [list(names)],
            )
            found.update(name for (name,) in cursor.fetchall())
    return sorted(found)


if __name__ == "__main__":
    os.environ[SIZE] = str(FULL_SIZE)
    sys.exit(pytest.main(["-v", "--log-cli-level=INFO", "tests/proofs/test_import_city.py"]))
