"""Reach of every plot as a table: of the city as it was told, of a plan version worked out anew.

The table of a run is not kept. It follows from the record, and the run's digest says whether what
is worked out now is what the run found.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from django.db import connection

from landdata.errors import Invalid
from landdata.spreadsheets import csv_lines
from planning.conflict_tables import Moment
from planning.models.published_reach import KINDS
from planning.operations.coverage_runs import city_of_run
from planning.reach_public import STATES
from planning.reach_told import plots_told
from planning.reach_ways import normed_kinds
from planning.reach_work import work_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planning.models import CoverageRun

#: What stands of each kind, behind its code.
OF_KIND: Final = ("walk_m", "straight_m", "walk_min", "motorbike_min", "way", "state", "nearest")
_BATCH: Final = 2_000


class Row(NamedTuple):
    """A plot; lists are in the order of KINDS."""

    parcel: str
    unit: str
    #: None: nobody was counted.
    people: float | None
    walk_m: Sequence[float]
    straight_m: Sequence[float]
    walk_minutes: Sequence[float]
    motorbike_minutes: Sequence[float]
    nearest: Sequence[str]
    states: str


def plot_lines(run: CoverageRun, kind: str = "") -> Iterator[bytes]:
    """Yield the table of a run in pieces, of one kind of service or of all.

    Raises Invalid `coverage_run_outdated` at once, if what the run rests on is no more.
    """
    places = [place for place, code in enumerate(KINDS) if kind in ("", code)]
    header = ["parcel", "ward", "people"]
    header += [f"{KINDS[place]}_{name}" for place in places for name in OF_KIND]
    rows = _told(run) if run.version_id is None else _anew(run)
    return csv_lines(header, (_cells(row, places) for row in rows))


def _cells(row: Row, places: Sequence[int]) -> list[str | int | float]:
    cells: list[str | int | float] = [row.parcel, row.unit]
    cells.append("" if row.people is None else round(row.people, 2))
    for place in places:
        walk = row.walk_m[place]
        way = "unknown" if np.isnan(walk) else "none" if np.isinf(walk) else "known"
        of_kind = (row.straight_m, row.walk_minutes, row.motorbike_minutes)
        cells += [_tenths(walk), *(_tenths(values[place]) for values in of_kind)]
        cells += [way, STATES[row.states[place]], row.nearest[place]]
    return cells


def _tenths(value: float) -> str | float:
    return round(float(value), 1) if np.isfinite(value) else ""


def _told(run: CoverageRun) -> Iterator[Row]:
    """Yield what the last run of the city told, as it is read."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_TOLD, {"on": run.on})
        while rows := cursor.fetchmany(_BATCH):
            yield from (Row(str(row[0]), *row[1:]) for row in rows)


def _anew(run: CoverageRun) -> Iterator[Row]:
    if run.version is None or run.edits != run.version.edits:
        raise Invalid("coverage_run_outdated")
    city = city_of_run(run, Moment(run.on, run.revision), step=lambda *_: None)
    found = work_out(city, step=lambda *_: None)
    if found.table_sha256 != bytes(run.table_sha256):
        raise Invalid("coverage_run_outdated")
    normed = normed_kinds(run.on)
    told = plots_told(found.ways, found.reached, found.asked, normed)
    people = found.ways.city.plots.people.people
    keys = [*told.facilities, ""]

    def rows() -> Iterator[Row]:
        for number in range(len(told)):
            many = float(people[number])
            yield Row(
                parcel=str(uuid.UUID(bytes=told.parcel[number].tobytes())),
                unit=told.unit_code[number],
                people=None if np.isnan(many) else many,
                walk_m=told.walk_m[number],
                straight_m=told.straight_m[number],
                walk_minutes=told.walk_minutes[number],
                motorbike_minutes=told.motorbike_minutes[number],
                nearest=[keys[row] for row in told.nearest[number].tolist()],
                states=told.states[number],
            )

    return rows()


_TOLD: Final = """
    SELECT r.parcel_id, r.unit_code, c.people, r.walk_m, r.straight_m, r.walk_minutes,
        r.motorbike_minutes, r.nearest, r.states
    FROM planning_publishedreach r
    LEFT JOIN (
        SELECT DISTINCT ON (n.parcel_id) n.parcel_id, n.people FROM landdata_population n
        WHERE n.parcel_id IS NOT NULL AND n.to_revision IS NULL
            AND n.valid_from <= %(on)s AND (n.valid_to IS NULL OR n.valid_to > %(on)s)
        ORDER BY n.parcel_id, n.counted_on DESC, n.id DESC
    ) c ON c.parcel_id = r.parcel_id
    WHERE r.to_revision IS NULL ORDER BY r.parcel_id
"""
