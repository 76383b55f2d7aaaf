"""Working out beforehand the corridors around all objects, so that maps can show them.

Everything that is known now is looked at in numbers, which is quick; shapes are drawn only of what
is not there yet. What lies there no more is closed. It may run at any time, or never: the map is
behind then, and what a plot is told is not.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.conf import settings
from django.db import connection, transaction
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from landdata import crs
from landdata.geometry import surfaces
from landdata.models import Revision
from planning.corridor_days import Calendar, Lasting
from planning.corridors import Corridor, ObjectKind, SourceObject, drawn
from planning.extract.layers import OBJECTS
from planning.extract.restrictions import TOLD
from planning.models import CorridorPart, CorridorRule, SafetyCorridor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from planning.extract.layers import Layer

#: Two rounds at once would work out the same.
CORRIDORS_LOCK: Final = 7_305_913
#: Corridors that are drawn and held in memory at a time.
BATCH: Final = 5_000
#: Outlines keep within this of what was measured: nobody sees more on a map, and it halves them.
SIMPLIFIED_M: Final = 0.05
_OWN: Final = ("source_key", "name", "name_en", "valid_from", "valid_to")


@dataclass(frozen=True)
class Redrawn:
    """What a round did, in rows; no revision where nothing had changed."""

    opened: int
    closed: int
    kept: int
    revision: int | None = None


@dataclass(frozen=True, eq=False)
class _Wanted:
    """A corridor that should be known, with the data set of its object."""

    dataset: str
    lasting: Lasting

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what a stored row says of itself."""
        last = self.lasting
        return last.fingerprint, str(last.valid_from), str(last.valid_to or "")


@transaction.atomic
def refresh_corridors(*, progress: Callable[[int, int], None] | None = None) -> Redrawn:
    """Make the stored corridors those of the objects and rules that are known now.

    In one revision, or none where nothing changed. `progress` hears how many shapes of how many
    are drawn. Safe to repeat and to interrupt.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CORRIDORS_LOCK])
        standing = _standing(cursor)
        missing: list[_Wanted] = []
        calendar = _calendar()
        wanted: set[tuple[str, str, str]] = set()
        for one in _wanted(cursor, calendar):
            wanted.add(one.key)
            if one.key not in standing:
                missing.append(one)
        going = [row for key, rows in standing.items() if key not in wanted for row in rows]
        kept = sum(len(rows) for key, rows in standing.items() if key in wanted)
        opened = _draw(cursor, missing, calendar, progress)
        if not (opened or going):
            return Redrawn(0, 0, kept)
        with Revision.open(by=None, why="safety corridors") as revision:
            for start in range(0, len(going), BATCH):
                rows = SafetyCorridor.objects.filter(pk__in=going[start : start + BATCH])
                rows.close(revision)
            cursor.execute(_KEEP, [revision.number])
        return Redrawn(opened, len(going), kept, revision.number)


@task()
def refresh_safety_corridors() -> dict[str, int]:
    """Let the worker bring the stored corridors up to date."""
    redrawn = refresh_corridors()
    return {"opened": redrawn.opened, "closed": redrawn.closed, "kept": redrawn.kept}


def plan_redrawing() -> None:
    """Put a round in the queue unless one is waiting there; one that runs may have begun before."""
    path = refresh_safety_corridors.module_path
    if not DBTaskResult.objects.filter(status="READY", task_path=path).exists():
        refresh_safety_corridors.enqueue()


def _standing(cursor: Any) -> dict[tuple[str, str, str], list[int]]:
    """Return the rows known now by what they follow from; two parts have one key."""
    cursor.execute(_STANDING)
    found: dict[tuple[str, str, str], list[int]] = {}
    for row, *key in cursor.fetchall():
        found.setdefault((key[0], key[1], key[2]), []).append(row)
    return found


def _calendar() -> Calendar:
    rows = list(CorridorRule.objects.known_now().order_by("pk"))
    rules = [row.as_rule() for row in rows]
    return Calendar(
        {(row.rule, row.measure, row.valid_from): row.pk for row in rows},
        [rule for rule in rules if rule.role in TOLD],
    )


def _wanted(cursor: Any, calendar: Calendar) -> Iterator[_Wanted]:
    """Yield what should be known, kind by kind."""
    for layer in OBJECTS:
        cursor.execute(_objects_sql(layer))
        # All at once: drawing asks the same connection.
        for id_, dataset, shape, *values in cursor.fetchall():
            given = dict(zip(layer.columns, values, strict=True))
            source = SourceObject(
                kind=ObjectKind(layer.name),
                id=id_,
                key=given["source_key"],
                name=given["name"],
                name_en=given["name_en"],
                shape=shapely.from_wkb(bytes(shape)),
                attributes={name: v for name, v in given.items() if name not in _OWN},
            )
            for lasting in calendar.lasting(source, given["valid_from"], given["valid_to"]):
                yield _Wanted(dataset, lasting)


def _objects_sql(layer: Layer) -> str:
    conditions = ["t.to_revision IS NULL"]
    if layer.name == ObjectKind.ROAD:
        # Lanes need no corridor (Law on Roads 35/2024/QH15 art. 15), and most streets are lanes.
        conditions.append("t.technical_class <> 'lane'")
    columns = ", ".join(f"t.{column}" for column in layer.columns)
    return (
        f"SELECT t.id, coalesce(t.dataset, ''), ST_AsBinary(t.{layer.shape}), {columns}"  # noqa: S608 - our own list
        f" FROM {layer.view} t WHERE {' AND '.join(conditions)} ORDER BY t.id"
    )


def _draw(
    cursor: Any,
    missing: Sequence[_Wanted],
    calendar: Calendar,
    progress: Callable[[int, int], None] | None,
) -> int:
    """Draw what is missing into a table of its own, batch by batch; return how many rows it has."""
    cursor.execute(_STAGING)
    rows = 0
    for start in range(0, len(missing), BATCH):
        batch = missing[start : start + BATCH]
        corridors = drawn([(one.lasting.source, one.lasting.reached) for one in batch])
        parts = [
            (one, corridor, part, shape)
            for one, corridor in zip(batch, corridors, strict=True)
            for part, shape in (
                (CorridorPart.CERTAIN, corridor.certain),
                (CorridorPart.UNCERTAIN, corridor.uncertain),
            )
            if not shape.is_empty
        ]
        if parts:
            _arrive(cursor, parts, calendar)
        rows += len(parts)
        if progress is not None:
            progress(start + len(batch), len(missing))
    return rows


_Part = tuple[_Wanted, Corridor, CorridorPart, Any]


def _arrive(cursor: Any, parts: Sequence[_Part], calendar: Calendar) -> None:
    stored, mercator = _as_columns(np.array([shape for *_, shape in parts], dtype=object))
    lines = io.StringIO()
    csv.writer(lines).writerows(
        (
            *_words(one, corridor, part),
            calendar.row_of(corridor.rule),
            *(one_stored, one_mercator),
        )
        for (one, corridor, part, _), one_stored, one_mercator in zip(
            parts, stored, mercator, strict=True
        )
    )
    lines.seek(0)
    cursor.copy_expert(_COPY, lines)
    if cursor.rowcount != len(parts):
        raise RuntimeError(f"{len(parts)} corridors were sent, {cursor.rowcount} arrived")


def _words(one: _Wanted, corridor: Corridor, part: CorridorPart) -> tuple[Any, ...]:
    last, (left, right) = one.lasting, corridor.reach_m
    return (
        *(last.source.kind, last.source.id, one.dataset, last.source.key),
        *(last.source.name, last.source.name_en, part.value, left, right),
        # Doubts are words of our own, without commas.
        *("{" + ",".join(corridor.doubts) + "}", last.fingerprint),
        *(last.valid_from, last.valid_to or ""),
    )


def _as_columns(shapes: NDArray[Any]) -> tuple[list[str], list[str]]:
    """Return both columns of shapes as text that PostGIS reads."""
    shapes = shapely.simplify(shapes, SIMPLIFIED_M)
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken], method="structure")
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    for place in np.flatnonzero(mixed):
        shapes[place] = surfaces(shapes[place])
    single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    shapes[single] = shapely.multipolygons(shapes[single].reshape(-1, 1))
    moved = np.asarray(crs.transform(shapes, settings.STORAGE_EPSG, crs.WEB_MERCATOR), dtype=object)
    return _hex(shapes, settings.STORAGE_SRID), _hex(moved, crs.WEB_MERCATOR)


def _hex(shapes: NDArray[Any], srid: int) -> list[str]:
    named = shapely.set_srid(shapes, srid)
    found: list[str] = shapely.to_wkb(named, hex=True, include_srid=True).tolist()
    return found


_STANDING = """
    SELECT id, fingerprint, valid_from::text, coalesce(valid_to::text, '')
    FROM planning_safetycorridor WHERE to_revision IS NULL ORDER BY id
"""
_COLUMNS = """
    object, object_row, dataset, source_key, name, name_en, part, reach_left_m, reach_right_m,
    doubts, fingerprint, valid_from, valid_to, rule_row_id, boundary, boundary_3857
"""
_STAGING = f"""
    DROP TABLE IF EXISTS arriving_corridor;
    CREATE TEMPORARY TABLE arriving_corridor ON COMMIT DROP AS
        SELECT {_COLUMNS} FROM planning_safetycorridor LIMIT 0
"""  # noqa: S608 - our own columns
_COPY = f"""
    COPY arriving_corridor ({_COLUMNS}) FROM STDIN
    WITH (FORMAT csv, FORCE_NULL (valid_to), FORCE_NOT_NULL (dataset, name, name_en))
"""
_KEEP = f"""
    INSERT INTO planning_safetycorridor ({_COLUMNS}, from_revision)
    SELECT {_COLUMNS}, %s FROM arriving_corridor
"""  # noqa: S608 - our own columns
