"""Make 500,000 parcels with defects: time, memory, statistics, and what others find broken."""

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
import shapely

FULL_SIZE = 500_000
SMALL_SIZE = 1_000
#: Tells the test which size to run at; `make prove` sets it unless it is set already.
SIZE = "PROOF_SIZE"
SEED = 1
#: Overlaps below this are rounding (m²).
OVERLAP_M2 = 0.5
CHUNK = 50_000
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
    """Return what is broken in the shapefile: GDAL reads it, PostGIS and GEOS judge it.

    Nothing of the maker is used. Pairs are measured outside of PostGIS, which takes ten times as
    long for two million of them.
    """
    from django.db import connection

    columns = ["KVHC_ID", "SOTO", "TYLE", "SOTHUA"]
    _, table = pyogrio.read_arrow(city / "parcels.shp", columns=columns, encoding="ISO-8859-1")
    wkb = table[next(n for n in table.column_names if n not in columns)]
    with connection.cursor() as cursor:
        _load(cursor, table, wkb)
        cursor.execute("SELECT at FROM proof_lot WHERE NOT ST_IsValid(shape)")
        invalid = {at for (at,) in cursor.fetchall()}
        cursor.execute(
            "SELECT a.at, b.at FROM proof_lot a JOIN proof_lot b USING (unit, sheet, scale, number)"
            " WHERE a.at < b.at AND number <> 'KXD'"
        )
        duplicates = set(cursor.fetchall())
        cursor.execute("DROP TABLE proof_lot")
    lots = shapely.from_wkb(wkb.to_numpy())
    return Defects(invalid, duplicates, _overlaps(lots, invalid))


def _overlaps(lots: Any, invalid: set[int]) -> Pairs:
    """Return the pairs of valid lots that share more than `OVERLAP_M2`."""
    lots[sorted(invalid)] = None
    tree = shapely.STRtree(lots)
    pairs: Pairs = set()
    for start in range(0, len(lots), CHUNK):
        one, other = tree.query(lots[start : start + CHUNK])
        one += start
        one, other = one[one < other], other[one < other]
        m2 = shapely.area(shapely.intersection(lots[one], lots[other]))
        wide = m2 > OVERLAP_M2
        pairs |= set(zip(one[wide].tolist(), other[wide].tolist(), strict=True))
    return pairs


def _load(cursor: Any, table: Any, wkb: Any) -> None:
    """Copy the shapefile into a table of this session."""
    cursor.execute(
        "CREATE TEMPORARY TABLE proof_lot"
        " (at int, unit int, sheet text, scale int, number text, shape geometry)"
    )
    for start in range(0, table.num_rows, CHUNK):
        part = table.slice(start, CHUNK)
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
                wkb.slice(start, CHUNK).to_pylist(),
            ],
        )
    cursor.execute("ANALYZE proof_lot")


if __name__ == "__main__":
    os.environ.setdefault(SIZE, str(FULL_SIZE))
    sys.exit(pytest.main(["-v", "--log-cli-level=INFO", "tests/proofs/test_city.py"]))
