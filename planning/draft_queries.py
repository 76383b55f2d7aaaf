"""Reads of drafts for those who work on them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import connection, connections
from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone

from landdata.errors import Missing
from planning.editing.as_values import surface
from planning.models import (
    DraftEdit,
    DraftPresence,
    DraftZoneState,
    PlanLevel,
    PlanVersion,
    PublicPlanFunction,
)
from planning.permissions import drafts_open_to, may_draft

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from accounts.models import User

#: Zones with their boundaries in one answer; a view that shows more shows them as tiles.
MOST_DRAWN: Final = 6_000
#: Things to snap to in one answer.
MOST_GROUND: Final = 2_000
#: Edits in one page of history.
MOST_EDITS: Final = 100
#: Who was not heard of for so long is away.
AWAY_AFTER: Final = dt.timedelta(seconds=30)

Box = tuple[float, float, float, float]


def draft_open_to(user: User, draft: int, *, on: dt.date) -> PlanVersion:
    """Return a draft that the person may see. Raises Missing for any other, without a word more."""
    if draft not in drafts_open_to(user, on=on):
        raise Missing("draft", id=draft)
    return PlanVersion.objects.select_related("plan").get(pk=draft)


def drafts_of(user: User, *, on: dt.date, code: str | None = None) -> list[PlanVersion]:
    """Return the drafts that the person may see, the newest of each plan first.

    Each carries `zone_count` and `fault_count`, `changed_at` and `changed_by`.
    """
    last = DraftEdit.objects.filter(version_of=OuterRef("pk")).order_by("-number")
    drafts = PlanVersion.objects.filter(pk__in=drafts_open_to(user, on=on))
    if code is not None:
        drafts = drafts.filter(plan__code=code)
    counted = (
        drafts.select_related("plan")
        .annotate(
            zone_count=Count("drafts", distinct=True),
            fault_count=Count("faults", distinct=True),
            changed_at=Subquery(last.values("at")[:1]),
            changed_by=Subquery(last.values("by__username")[:1]),
            changed_by_name=Subquery(last.values("by__full_name")[:1]),
        )
        .order_by("plan__code", "-sequence")
    )
    return list(counted)


def brief_values(version: PlanVersion, user: User, *, on: dt.date) -> dict[str, Any]:
    """Return what a list of drafts says of one that `drafts_of` gave."""
    counted: Any = version
    return {
        "id": version.pk,
        "code": version.plan.code,
        "name_vi": version.name_vi,
        "name_en": version.name_en,
        "level": version.plan.level,
        "adjustment": version.adjustment,
        "sequence": version.sequence,
        "status": version.status,
        "scale": version.scale,
        "edit": version.edits,
        "zones": counted.zone_count,
        "faults": counted.fault_count,
        "may_edit": version.is_editable and may_draft(user, on=on, at=version.extent),
        "changed_at": counted.changed_at,
        "changed_by": counted.changed_by_name or counted.changed_by,
    }


def description_values(
    version: PlanVersion, user: User, *, on: dt.date, epsg: int, tolerance_m2: float
) -> dict[str, Any]:
    """Return what the workbench has to know of a draft before it shows a zone."""
    (counted,) = (v for v in drafts_of(user, on=on, code=version.plan.code) if v.pk == version.pk)
    return {
        **brief_values(counted, user, on=on),
        "epsg": epsg,
        "extent": surface(version.extent),
        "functions": functions_known_to(version),
        "tolerance_m2": tolerance_m2,
        "me": {"id": user.pk, "name": user.full_name or user.username},
    }


def functions_known_to(version: PlanVersion) -> list[dict[str, Any]]:
    """Return the functions that zones of a plan may have, with their colours."""
    if version.plan.level == PlanLevel.LAND_USE:
        return _codes(version)
    known = PublicPlanFunction.objects.known_now().order_by("group", "code")
    return [
        {
            "code": row.code,
            "name_vi": row.name_vi,
            "name_en": row.name_en,
            "colour": row.colour,
            "group": row.group,
        }
        for row in known
    ]


def _codes(version: PlanVersion) -> list[dict[str, Any]]:
    statement = """
        SELECT DISTINCT ON (code) code, name_vi, name_en, '#d9d4c5', "group"
        FROM public_land_use_codes
        WHERE to_revision IS NULL AND (
            daterange(valid_from, valid_to) @> %(first)s
            OR daterange(valid_from, valid_to) @> %(data)s)
        ORDER BY code, valid_from DESC
    """
    with connections["public"].cursor() as cursor:
        cursor.execute(statement, {"first": version.valid_from, "data": version.data_date})
        names = ("code", "name_vi", "name_en", "colour", "group")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


# Written by the database: 20,000 zones pass through no object of ours. Fifteen decimals print each
# double so that it reads back as the very same.
_ZONES = """
    SELECT '{{"uid":"' || uid || '","version":' || version
        || ',"label":' || to_json(label) || ',"function":' || to_json(function)
        || ',"land_use_code":' || to_json(land_use_code) || ',"density":' || to_json(density)
        || ',"storeys":' || to_json(storeys)
        || ',"floor_area_ratio":' || to_json(floor_area_ratio)
        || ',"population":' || coalesce(population::text, 'null')
        || ',"note":' || to_json(note)
        || ',"area_m2":' || ST_Area(boundary)
        || ',"box":[' || ST_XMin(boundary) || ',' || ST_YMin(boundary) || ',' || ST_XMax(boundary)
        || ',' || ST_YMax(boundary) || '],"boundary":' || {boundary} || '}}'
    FROM planning_draftzone
    WHERE version_of_id = %(draft)s {condition}
    ORDER BY id LIMIT %(most)s
"""


def zones_text(
    version: PlanVersion, *, box: Box | None, is_drawn: bool, uids: Sequence[uuid.UUID] = ()
) -> tuple[list[str], bool]:
    """Return the zones of a draft, each as JSON, and whether there are more than these."""
    condition = ""
    values: dict[str, Any] = {"draft": version.pk, "most": MOST_DRAWN + 1 if is_drawn else None}
    if box is not None:
        condition += " AND boundary && ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, %(srid)s)"
        values |= _corners(box)
    if uids:
        condition += " AND uid = ANY(%(uids)s::uuid[])"
        values["uids"] = [str(uid) for uid in uids]
    statement = _ZONES.format(
        boundary="ST_AsGeoJSON(boundary, 15, 0)" if is_drawn else "'null'", condition=condition
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = [text for (text,) in cursor.fetchall()]
    if is_drawn and len(rows) > MOST_DRAWN:
        return rows[:MOST_DRAWN], True
    return rows, False


def edits_values(
    version: PlanVersion,
    user: User,
    *,
    before: int | None = None,
    since: int | None = None,
    zone: uuid.UUID | None = None,
    is_mine: bool = False,
    most: int = MOST_EDITS,
) -> list[dict[str, Any]]:
    """Return edits of a draft, the newest first."""
    edits = DraftEdit.objects.filter(version_of=version)
    if before is not None:
        edits = edits.filter(number__lt=before)
    if since is not None:
        edits = edits.filter(number__gt=since)
    if zone is not None:
        edits = edits.filter(states__uid=zone)
    if is_mine:
        edits = edits.filter(by=user)
    return edit_values(list(edits.order_by("-number")[: min(most, MOST_EDITS)]), user)


#: Zones of an edit that are named; a bulk edit says how many there are besides.
_NAMED = 50


def edit_values(edits: list[DraftEdit], user: User) -> list[dict[str, Any]]:
    """Return what history says of edits, with the zones of each."""
    keys = [edit.pk for edit in edits]
    found = DraftEdit.objects.filter(pk__in=keys)
    who = {edit.pk: edit.by for edit in found.select_related("by")}
    undoes = dict(found.values_list("pk", "undoes__number"))
    undone = dict(DraftEdit.objects.filter(undoes__in=keys).values_list("undoes_id", "number"))
    zones: dict[int, list[tuple[str, str]]] = {key: [] for key in keys}
    states = (
        DraftZoneState.objects.filter(edit__in=keys)
        .exclude(edit__action="begin")
        .order_by("edit_id", "pk")
        .values_list("edit_id", "uid", "label")
    )
    for key, uid, label in states:
        zones[key].append((str(uid), label))
    return [
        {
            "number": edit.number,
            "action": edit.action,
            "why": edit.why,
            "by": who[edit.pk].full_name or who[edit.pk].username,
            "by_me": edit.by_id == user.pk,
            "at": edit.at,
            "undoes": undoes[edit.pk],
            "undone_by": undone.get(edit.pk),
            "accepted": edit.accepted,
            "zone_count": len(zones[edit.pk]),
            "zones": [uid for uid, _ in zones[edit.pk][:_NAMED]],
            "labels": [label for _, label in zones[edit.pk][:_NAMED]],
        }
        for edit in edits
    ]


@dataclass(frozen=True)
class News:
    """What happened to a draft since an edit."""

    edits: list[dict[str, Any]]
    #: JSON of each zone that changed and is still there.
    zones: list[str]
    removed: list[str]
    must_reload: bool


def news_since(version: PlanVersion, user: User, since: int) -> News:
    """Return what changed after edit number `since`; too much of it: read everything again."""
    if since > version.edits or version.edits - since > MOST_EDITS:
        return News([], [], [], since != version.edits)
    edits = edits_values(version, user, since=since)
    states = DraftZoneState.objects.filter(version_of=version, edit__number__gt=since)
    touched = list(states.values_list("uid", flat=True).distinct()[: MOST_DRAWN + 1])
    if len(touched) > MOST_DRAWN:
        return News(edits, [], [], True)
    if not touched:
        return News(edits, [], [], False)
    zones, _ = zones_text(version, box=None, is_drawn=True, uids=touched)
    there = {json.loads(text)["uid"] for text in zones}
    return News(edits, zones, [str(uid) for uid in touched if str(uid) not in there], False)


def people_at(draft: int, user: User) -> list[dict[str, Any]]:
    """Return who works on a draft just now."""
    now = timezone.now()
    rows = (
        DraftPresence.objects.filter(version_of=draft, seen_at__gt=now - AWAY_AFTER)
        .select_related("user")
        .order_by("user_id")
    )
    return [
        {
            "id": row.user_id,
            "name": row.user.full_name or row.user.username,
            "at": None if row.place is None else [*row.place.coords],
            "zone": None if row.zone is None else str(row.zone),
            "seen_s": round((now - row.seen_at).total_seconds()),
            "is_me": row.user_id == user.pk,
        }
        for row in rows
    ]


_GROUND = {
    "parcel": """
        SELECT 'parcel', uuid::text, number, ST_AsGeoJSON(boundary, 15, 0)
        FROM public_parcels
        WHERE to_revision IS NULL AND valid_to IS NULL AND boundary IS NOT NULL AND boundary && box
    """,
    "line": """
        SELECT 'line', id::text, source_key, ST_AsGeoJSON(boundary, 15, 0)
        FROM public_control_lines
        WHERE to_revision IS NULL AND valid_to IS NULL AND boundary && box
    """,
    "zone": """
        SELECT 'zone', uid::text, plan_code || ' ' || label, ST_AsGeoJSON(boundary, 15, 0)
        FROM public_zones
        WHERE to_revision IS NULL AND (valid_to IS NULL OR valid_to > current_date)
            AND boundary && box
    """,
}


def ground_text(kinds: Sequence[str], box: Box) -> tuple[list[str], bool]:
    """Return what one may snap to and copy, each as JSON, and whether there is more."""
    found: list[str] = []
    with connections["public"].cursor() as cursor:
        for kind in kinds:
            statement = _GROUND[kind].replace(
                "&& box", "&& ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, %(srid)s)"
            )
            cursor.execute(f"{statement} LIMIT {MOST_GROUND + 1}", _corners(box))
            for name, key, label, drawn in cursor.fetchall():
                head = json.dumps({"kind": name, "id": key, "label": label}, ensure_ascii=False)
                found.append(f'{head[:-1]},"boundary":{drawn}}}')
    return found[:MOST_GROUND], len(found) > MOST_GROUND


def _corners(box: Box) -> dict[str, Any]:
    west, south, east, north = box
    return {"w": west, "s": south, "e": east, "n": north, "srid": settings.STORAGE_SRID}
