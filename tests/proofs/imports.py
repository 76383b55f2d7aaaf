"""Import every file of a city twice, and first as a rehearsal: the second time changes nothing."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL_SIZE = 20_000
SMALL_SIZE = 400
#: Tells the test which size to run at; `make prove` sets it.
SIZE = "PROOF_SIZE"
#: Command, its file, and what it needs beside.
WAYS_IN: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("import_network", "network.gpkg", {}),
    ("import_facilities", "facilities.gpkg", {}),
    ("import_parcels", "parcels.shp", {}),
    ("import_plan", "plans.gpkg", {}),
    ("import_land_use_plan", "land_use_plan.gpkg", {}),
    ("import_population", "population_estimate.csv", {}),
    ("import_population", "population_census.csv", {"dataset": "population-census"}),
    ("import_raster", "dem.tif", {"kind": "terrain"}),
    ("import_raster", "flood.tif", {"kind": "flood_depth"}),
)


@dataclass(frozen=True)
class Way:
    """What came of one way in: counts of the rehearsal, the first and the second time."""

    command: str
    rehearsed: dict[str, int]
    first: dict[str, int]
    second: dict[str, int]
    #: Revisions that the rehearsal and the second time made: none.
    needless_revisions: int
    seconds: tuple[float, float]


def prove(parcels: int, folder: Path, *, by: str) -> list[Way]:
    """Make a city of so many parcels below `folder` and bring each of its files in."""
    from django.core.management import call_command

    city = folder / "city"
    call_command("make_city", parcels=parcels, seed=7, place="hanoi", out=city)
    return [_both_times(command, city / name, by, options) for command, name, options in WAYS_IN]


def _both_times(command: str, file: Path, by: str, options: dict[str, Any]) -> Way:
    from landdata.models import Revision

    before = Revision.objects.count()
    rehearsed, _ = _once(command, file, by, {**options, "dry_run": True})
    needless = Revision.objects.count() - before
    first, first_s = _once(command, file, by, options)
    between = Revision.objects.count()
    second, second_s = _once(command, file, by, options)
    needless += Revision.objects.count() - between
    return Way(command, rehearsed, first, second, needless, (first_s, second_s))


def _once(
    command: str, file: Path, by: str, options: dict[str, Any]
) -> tuple[dict[str, int], float]:
    from django.core.management import call_command

    report = file.parent / "report.json"
    begun = time.perf_counter()
    with _some_refused_is_no_error():
        call_command(command, str(file), by=by, report=report, **options)
    seconds = time.perf_counter() - begun
    counts = json.loads(report.read_text(encoding="utf-8"))["counts"]
    return counts, seconds


@contextlib.contextmanager
def _some_refused_is_no_error() -> Iterator[None]:
    try:
        yield
    except SystemExit as ended:
        if ended.code != 3:
            raise


if __name__ == "__main__":
    os.environ[SIZE] = str(FULL_SIZE)
    sys.exit(pytest.main(["-v", "--log-cli-level=INFO", "tests/proofs/test_imports.py"]))
