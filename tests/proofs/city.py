"""Make 500,000 parcels with defects: time, memory, statistics, and what PostGIS finds broken."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyogrio
import pytest

FULL_SIZE = 500_000
SMALL_SIZE = 1_000
#: Tells the test which size to run at; `make prove` sets it unless it is set already.
SIZE = "PROOF_SIZE"
SEED = 1
#: Overlaps below this are rounding (m²).
OVERLAP_M2 = 0.5
ROOT = Path(__file__).parents[2]

Pairs = set[tuple[int, int]]


@dataclass(frozen=True)
class Run:
    """One city, made by a process of its own."""

    seconds: float
    #: Of the processor: how long it takes where nothing else is running.
    busy_seconds: float
    peak_gb: float
    summary: dict[str, Any]


@dataclass(frozen=True)
class Defects:
    """Rows with an invalid ring, pairs of rows with one number, pairs of rows that overlap."""

    invalid: set[int]
    duplicates: Pairs
    overlaps: Pairs

    def counts(self) -> dict[str, int]:
        """Return how many there are of each."""
        return {
            "invalid rings": len(self.invalid),
            "duplicate keys": len(self.duplicates),
            "overlaps": len(self.overlaps),
        }


def make(parcels: int, out: Path, *options: str) -> Run:
    """Make a city of Hà Nội in a process of its own and measure that process alone."""
    command = [sys.executable, "manage.py", "make_city", "--parcels", str(parcels)]
    command += ["--seed", str(SEED), "--out", str(out), *options]
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "make_city failed"
    summary = json.loads((out / "CITY.json").read_text(encoding="utf-8"))
    # Linux gives kilobytes.
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6, summary)


def asked(city: Path) -> Defects:
    """Return what the maker says that it broke."""
    with (city / "defects.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    def pairs(kind: str) -> Pairs:
        return {
            (min(int(r["row"]), int(r["other"])), max(int(r["row"]), int(r["other"])))
            for r in rows
            if r["kind"] == kind
        }

    invalid = {int(r["row"]) for r in rows if r["kind"] == "invalid_ring"}
    return Defects(invalid, pairs("duplicate_key"), pairs("overlap"))


def found(city: Path) -> Defects:
    """Return what is broken in the shapefile: GDAL reads it, PostGIS judges it."""
    from django.db import connection

    with connection.cursor() as cursor:
        _load(cursor, city / "parcels.shp")
        cursor.execute("SELECT at FROM proof_lot WHERE NOT valid")
        invalid = {at for (at,) in cursor.fetchall()}
        cursor.execute(
            "SELECT a.at, b.at FROM proof_lot a JOIN proof_lot b USING (unit, sheet, scale, number)"
            " WHERE a.at < b.at AND number <> 'KXD'"
        )
        duplicates = set(cursor.fetchall())
        cursor.execute(
            "SELECT a.at, b.at FROM proof_lot a JOIN proof_lot b ON a.shape && b.shape"
            " WHERE a.at < b.at AND a.valid AND b.valid"
            " AND ST_Area(ST_Intersection(a.shape, b.shape)) > %s",
            [OVERLAP_M2],
        )
        overlaps = set(cursor.fetchall())
        cursor.execute("DROP TABLE proof_lot")
    return Defects(invalid, duplicates, overlaps)


def _load(cursor: Any, shapefile: Path) -> None:
    """Read the shapefile into a table of this session."""
    columns = ["KVHC_ID", "SOTO", "TYLE", "SOTHUA"]
    _, table = pyogrio.read_arrow(shapefile, columns=columns, encoding="ISO-8859-1")
    cursor.execute(
        "CREATE TEMPORARY TABLE proof_lot"
        " (at int, unit int, sheet text, scale int, number text, shape geometry)"
    )
    geometry = next(n for n in table.column_names if n not in columns)
    for start in range(0, table.num_rows, 50_000):
        part = table.slice(start, 50_000)
        cursor.execute(
            "INSERT INTO proof_lot SELECT at, unit, btrim(sheet), scale, btrim(number),"
            " ST_GeomFromWKB(shape) FROM unnest(%s::int[], %s::int[], %s::text[], %s::int[],"
            " %s::text[], %s::bytea[]) AS r(at, unit, sheet, scale, number, shape)",
            [
                list(range(start, start + part.num_rows)),
                [int(v) for v in part["KVHC_ID"].to_pylist()],
                part["SOTO"].to_pylist(),
                [int(v) for v in part["TYLE"].to_pylist()],
                part["SOTHUA"].to_pylist(),
                part[geometry].to_pylist(),
            ],
        )
    cursor.execute("ALTER TABLE proof_lot ADD valid bool")
    cursor.execute("UPDATE proof_lot SET valid = ST_IsValid(shape)")
    cursor.execute("CREATE INDEX ON proof_lot USING gist (shape)")
    cursor.execute("CREATE INDEX ON proof_lot (unit, sheet, scale, number)")
    cursor.execute("ANALYZE proof_lot")


if __name__ == "__main__":
    os.environ.setdefault(SIZE, str(FULL_SIZE))
    sys.exit(pytest.main(["-v", "--log-cli-level=INFO", "tests/proofs/test_city.py"]))
