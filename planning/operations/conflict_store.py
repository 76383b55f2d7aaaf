"""Writing what a run found: new, changed and solved conflicts in one transaction."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.conf import settings
from django.db import connection
from django.utils import timezone

from planning.conflict_touch import Found
from planning.models import Conflict, ConflictEvent, ConflictEventKind, ConflictState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planning.conflict_judged import Judged
    from planning.conflicts.records import Finding
    from planning.models import ConflictRun

#: Two computations of one finding differ by less than this, in m² and m.
SAME_M2: Final = 1e-3
SAME_M: Final = 1e-3
#: A conflict that was accepted is open again when it has grown by so much.
GROWN_M2, GROWN_SHARE = 1.0, 0.05
#: After so many new rows the planner's figures are taken anew at once.
MANY_ROWS: Final = 5_000


@dataclass(frozen=True)
class _Standing:
    """What the runs before found of a conflict, and what people decided."""

    conflict: uuid.UUID
    row: int | None
    state: str
    severity: str
    area_m2: float
    box: tuple[float, ...] | None
    keys: tuple[str, ...]
    rest: tuple[Any, ...]


@dataclass(frozen=True)
class Written:
    """How many conflicts a run opened, changed, solved, and left as they were."""

    new: int
    changed: int
    solved: int
    unchanged: int
    #: How many more there are of each severity, or fewer.
    more: Counter[str]


def write(
    run: ConflictRun,
    number: int,
    found: Sequence[Found],
    *,
    judged: Judged | None,
    edit_of: Mapping[str, int],
) -> Written:
    """Make what was found the results of a run; those that were not judged stay as they are.

    `judged` is None where everything was. `edit_of` says after which edit a key ("zone:…") changed
    last. Whoever calls holds the lock of the scope.
    """
    with connection.cursor() as cursor:
        standing = _standing(cursor, run, judged)
        wanted = {one.finding.identity: one for one in found}
        if len(wanted) != len(found):
            raise ValueError(f"findings of one name: {_named_twice(found)}")
        missing = [name for name in wanted if name not in standing]
        standing |= _known(cursor, run, missing)
        new, changed, closing, opened = 0, 0, [], []
        more: Counter[str] = Counter()
        for name, one in wanted.items():
            was = standing.get(name)
            if was is not None and was.row is not None and _is_same(was, one):
                continue
            key = was.conflict if was else uuid.uuid4()
            opened.append((key, name, one))
            more[str(one.finding.severity)] += 1
            if was is None or was.row is None:
                new += 1
            else:
                changed += 1
                closing.append(was.row)
                more[was.severity] -= 1
        _rekey(cursor, wanted, standing)
        gone = [s for n, s in standing.items() if n not in wanted and s.row is not None]
        solved = [was.row for was in gone]
        more.subtract(was.severity for was in gone)
        cursor.execute(_CLOSE, {"rows": closing + solved, "run": number})
        _write_conflicts(cursor, run, [o for o in opened if o[1] not in standing], edit_of)
        _write_findings(cursor, run, number, opened)
        _reopen(opened, standing)
        if len(opened) > MANY_ROWS:
            # Whoever edits next is answered by plans that know of these rows.
            cursor.execute("ANALYZE planning_conflict, planning_conflictfinding")
    return Written(new, changed, len(solved), len(found) - new - changed, more)


def _named_twice(found: Sequence[Found]) -> list[str]:
    many = Counter(one.finding.identity for one in found)
    twice = (one.finding for one in found if many[one.finding.identity] > 1)
    return sorted(f"{f.rule} {'|'.join(map(str, f.parties))} {f.part}" for f in twice)[:10]


def _standing(cursor: Any, run: ConflictRun, judged: Judged | None) -> dict[uuid.UUID, _Standing]:
    """Return what stands of all that was judged, by identity."""
    cursor.execute(
        _STANDING.format(of_judged="true" if judged is None else OF_JUDGED),
        {"version": run.version_id, **(judged_values(judged) if judged else {})},
    )
    return {row[0]: _read(row) for row in cursor.fetchall()}


def judged_values(judged: Judged) -> dict[str, list[Any]]:
    """Return the parameters of OF_JUDGED."""
    sides = ("west", "south", "east", "north")
    return {
        "judged": sorted(judged.keys),
        "but": list(judged.but),
        "beside": sorted(judged.beside),
        "by_plots": list(judged.by_plots),
        "by_place": list(judged.by_place),
        **dict(zip(sides, judged.places.T.tolist(), strict=True)),
    }


def _known(cursor: Any, run: ConflictRun, names: list[uuid.UUID]) -> dict[uuid.UUID, _Standing]:
    """Return conflicts that were found before, and are solved or rested on something else."""
    if not names:
        return {}
    cursor.execute(_KNOWN, {"version": run.version_id, "names": [str(name) for name in names]})
    return {row[0]: _read(row) for row in cursor.fetchall()}


def _read(row: tuple[Any, ...]) -> _Standing:
    _, conflict, number, state, severity, area_m2, *box, keys, parcels, people, wards, values = row
    return _Standing(
        conflict,
        number,
        state,
        severity or "",
        area_m2 or 0.0,
        None if box[0] is None else tuple(box),
        tuple(keys),
        (
            parcels,
            None if people is None else round(people, 3),
            tuple(wards or ()),
            json.loads(values or "{}"),
        ),
    )


def _is_same(was: _Standing, one: Found) -> bool:
    finding = one.finding
    box = None if finding.ground is None else finding.ground.bounds
    if (box is None) != (was.box is None):
        return False
    if box is not None and was.box is not None and not np.allclose(box, was.box, 0, SAME_M):
        return False
    people = None if one.people is None else round(one.people, 3)
    rest = (one.parcels, people, one.wards, json.loads(values_text(finding)))
    return (
        was.severity == str(finding.severity)
        and abs(was.area_m2 - finding.area_m2) <= SAME_M2
        and was.rest == rest
    )


def values_text(finding: Finding) -> str:
    """Return the values of a finding as JSON; numbers to seven digits, which is what is said."""
    plain = {
        name: float(f"{value:.7g}") if isinstance(value, (float, np.floating)) else value
        for name, value in finding.values.items()
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, default=int)


_Opened = tuple[uuid.UUID, uuid.UUID, Found]


def _write_conflicts(
    cursor: Any, run: ConflictRun, new: Sequence[_Opened], edit_of: Mapping[str, int]
) -> None:
    lines = io.StringIO()
    writer = csv.writer(lines)
    for key, name, one in new:
        finding = one.finding
        edits = [edit_of[k] for k in finding.keys if k in edit_of]
        by_edit = max(edits) if edits else run.edit_id
        parties = json.dumps([[str(p.kind), p.key] for p in finding.parties])
        writer.writerow(
            (
                *(key, run.version_id or "", name, finding.rule, _family(finding.rule), parties),
                *(_array(finding.keys), run.pk, by_edit or "", ConflictState.OPEN),
            )
        )
    lines.seek(0)
    cursor.copy_expert(_COPY_CONFLICTS, lines)


def _rekey(
    cursor: Any, wanted: Mapping[uuid.UUID, Found], standing: Mapping[uuid.UUID, _Standing]
) -> None:
    """Keep what conflicts rest on up to date, whether or not anything else changed."""
    moved = [
        {"key": str(standing[name].conflict), "keys": list(one.finding.keys)}
        for name, one in wanted.items()
        if name in standing and standing[name].keys != one.finding.keys
    ]
    if moved:
        cursor.execute(_REKEY, {"moved": json.dumps(moved)})


def _write_findings(cursor: Any, run: ConflictRun, number: int, opened: Sequence[_Opened]) -> None:
    grounds = np.empty(len(opened), dtype=object)
    grounds[:] = [one.finding.ground for *_, one in opened]
    single = shapely.get_type_id(grounds) == shapely.GeometryType.POLYGON
    grounds[single] = shapely.multipolygons(grounds[single].reshape(-1, 1))
    places = np.empty(len(opened), dtype=object)
    places[:] = [shapely.Point(one.finding.place) for *_, one in opened]
    ground, place = _hex(grounds), _hex(places)
    lines = io.StringIO()
    writer = csv.writer(lines)
    for (key, _, one), surface, point in zip(opened, ground, place, strict=True):
        finding = one.finding
        writer.writerow(
            (
                *(key, run.version_id or "", number, finding.severity, surface or "", point),
                *(repr(float(finding.area_m2)), "" if one.parcels is None else one.parcels),
                "" if one.people is None else repr(float(one.people)),
                *(_array(one.wards), values_text(finding)),
            )
        )
    lines.seek(0)
    cursor.copy_expert(_COPY_FINDINGS, lines)


def _hex(shapes: Any) -> list[str | None]:
    named = shapely.set_srid(shapes, settings.STORAGE_SRID)
    found: list[str | None] = shapely.to_wkb(named, hex=True, include_srid=True).tolist()
    return found


def _reopen(opened: Sequence[_Opened], standing: Mapping[uuid.UUID, _Standing]) -> None:
    """Open again what was decided on and came back, or grew beyond what was decided on."""
    again = []
    for key, name, one in opened:
        was = standing.get(name)
        if was is None or was.state == ConflictState.OPEN:
            continue
        grown_m2 = one.finding.area_m2 - was.area_m2
        if was.row is None or grown_m2 > max(GROWN_M2, GROWN_SHARE * was.area_m2):
            again.append(key)
    if again:
        Conflict.objects.filter(pk__in=again).update(state=ConflictState.OPEN)
        now = timezone.now()
        ConflictEvent.objects.bulk_create(
            ConflictEvent(conflict_id=key, at=now, kind=ConflictEventKind.REOPEN) for key in again
        )


def _family(code: str) -> str:
    from planning.conflict_rules import rules_by_code

    return str(rules_by_code()[code].family)


def _array(words: Sequence[str]) -> str:
    """Return words as PostgreSQL writes an array."""
    quoted = ('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
    return "{" + ",".join(quoted) + "}"


_READ = """
    SELECT c.identity, c.key, f.id, c.state, f.severity, f.area_m2,
        ST_XMin(f.ground), ST_YMin(f.ground), ST_XMax(f.ground), ST_YMax(f.ground), c.keys,
        f.parcels, f.people, f.wards, f.values
    FROM planning_conflict c
"""
# An index knows "is null" and "equals", not both in one word.
_OF_SCOPE = "(c.version_id = %(version)s OR %(version)s IS NULL AND c.version_id IS NULL)"
_STANDING: Final = f"""
    {_READ} JOIN planning_conflictfinding f ON f.conflict_id = c.key AND f.to_run IS NULL
    WHERE {_OF_SCOPE} AND {{of_judged}}
"""
#: Conflicts (c) that a partial run looked at again, and their findings (f). What could not be
#: checked is counted over whole plans, which such a run does not see. Asked for key by key: of an
#: overlap with hundreds of keys the planner expects far too much, and reads everything.
OF_JUDGED: Final = f"""
    NOT f.values ? 'reason' AND c.key = ANY(ARRAY(
        SELECT k.key FROM unnest(%(judged)s::text[]) AS j (word)
        CROSS JOIN LATERAL (
            SELECT n.key, n.rule FROM planning_conflict n WHERE n.keys @> ARRAY[j.word] OFFSET 0
        ) k WHERE k.rule <> ALL(%(but)s::text[])
        UNION ALL
        SELECT k.key FROM unnest(%(beside)s::text[]) AS j (word)
        CROSS JOIN LATERAL (
            SELECT n.key, n.rule FROM planning_conflict n WHERE n.keys @> ARRAY[j.word] OFFSET 0
        ) k WHERE k.rule = ANY(%(by_plots)s::text[])
        UNION ALL
        SELECT n.key FROM unnest(
            %(west)s::float8[], %(south)s::float8[], %(east)s::float8[], %(north)s::float8[]
        ) AS b (west, south, east, north)
        JOIN planning_conflictfinding o ON o.to_run IS NULL
            AND o.ground && ST_MakeEnvelope(
                b.west, b.south, b.east, b.north, {settings.STORAGE_SRID}
            )
        JOIN planning_conflict n ON n.key = o.conflict_id
        WHERE n.rule = ANY(%(by_place)s::text[])
    ))
"""  # noqa: S608 - our own number
_KNOWN: Final = f"""
    {_READ} LEFT JOIN planning_conflictfinding f ON f.conflict_id = c.key AND f.to_run IS NULL
    WHERE {_OF_SCOPE} AND c.identity = ANY(%(names)s::uuid[])
"""
_CLOSE: Final = """
    UPDATE planning_conflictfinding SET to_run = %(run)s WHERE id = ANY(%(rows)s::bigint[])
"""
_REKEY: Final = """
    UPDATE planning_conflict c SET keys = m.keys
    FROM (
        SELECT (one ->> 'key')::uuid AS key,
            ARRAY(SELECT jsonb_array_elements_text(one -> 'keys')) AS keys
        FROM jsonb_array_elements(%(moved)s::jsonb) one
    ) m WHERE m.key = c.key
"""
_COPY_CONFLICTS: Final = """
    COPY planning_conflict (
        key, version_id, identity, rule, family, parties, keys, first_run_id, by_edit_id, state
    ) FROM STDIN WITH (FORMAT csv)
"""
_COPY_FINDINGS: Final = """
    COPY planning_conflictfinding (
        conflict_id, version_id, from_run, severity, ground, place, area_m2, parcels, people,
        wards, values
    ) FROM STDIN WITH (FORMAT csv)
"""
