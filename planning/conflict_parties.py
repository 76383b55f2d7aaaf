"""Names and drawings of those that contradict each other, read in bulk."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.utils.translation import get_language, gettext

from planning.conflicts.records import PartyKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Party = tuple[str, str]

# Each gives: key, name in Vietnamese, name in English, drawing as GeoJSON. `%(keys)s` is an array
# of keys.
_ZONES: Final = """
    SELECT k.key, coalesce(nullif(z.label, ''), z.function), coalesce(nullif(z.label, ''),
        z.function), {shape}
    FROM unnest(%(keys)s::text[]) AS k (key)
    CROSS JOIN LATERAL (
        SELECT * FROM (
            SELECT d.label, d.function, d.boundary, 0 AS rank FROM planning_draftzone d
            WHERE position('@' IN k.key) = 0 AND d.version_of_id = %(version)s
                AND d.uid = split_part(k.key, '@', 1)::uuid
            UNION ALL
            SELECT o.label, o.function, o.boundary, 1 FROM planning_zone o
            JOIN planning_planversion v ON v.id = o.introduced_by_id
            WHERE o.uid = split_part(k.key, '@', 1)::uuid AND o.to_revision IS NULL
                AND (position('@' IN k.key) = 0
                    OR v.sequence = split_part(k.key, '@', 2)::int)
        ) c ORDER BY rank LIMIT 1
    ) z
"""
_PLANS: Final = """
    SELECT DISTINCT ON (p.code) p.code, v.name_vi, v.name_en, {shape}
    FROM planning_plan p JOIN planning_planversion v ON v.plan_id = p.id
    WHERE p.code = ANY(%(keys)s) AND (v.status = 'published' OR v.id = %(version)s)
    ORDER BY p.code, (v.id = %(version)s) DESC, v.sequence DESC
"""
_PARCELS: Final = """
    SELECT t.parcel_id::text, t.number || '/' || s.number, t.number || '/' || s.number, {shape}
    FROM landdata_parcelversion t JOIN landdata_cadastralsheet s ON s.id = t.sheet_id
    WHERE t.parcel_id = ANY(%(keys)s::uuid[]) AND t.to_revision IS NULL AND t.valid_to IS NULL
"""
_ITEMS: Final = """
    SELECT a.code || '/' || t.item_key, t.name_vi, coalesce(nullif(t.name_en, ''), t.name_vi),
        {shape}
    FROM planning_landuseplanitem t
    JOIN planning_annuallanduseplan a ON a.code = t.annual_plan_code AND a.to_revision IS NULL
    WHERE t.to_revision IS NULL AND a.code || '/' || t.item_key = ANY(%(keys)s)
"""
_FEATURES: Final = """
    SELECT '{word}/' || coalesce(d.code, '') || '/' || t.source_key, t.name,
        coalesce(nullif(t.name_en, ''), t.name), {{shape}}
    FROM {table} t JOIN landdata_sourcefile f ON f.id = t.source_file_id
    LEFT JOIN landdata_dataset d ON d.id = f.dataset_id
    WHERE t.to_revision IS NULL AND t.source_key = ANY(%(source_keys)s)
        AND '{word}/' || coalesce(d.code, '') || '/' || t.source_key = ANY(%(keys)s)
"""
_TABLES: Final = {
    "building": ("landdata_building", "t.boundary"),
    "road": ("landdata_roadsegment", "t.axis"),
    "control_line": ("planning_controlline", "t.boundary"),
    "power_line": ("landdata_powerline", "t.axis"),
    "pipeline": ("landdata_pipeline", "t.axis"),
    "railway": ("landdata_railway", "t.axis"),
    "dyke": ("landdata_dyke", "t.axis"),
    "water": ("landdata_waterbody", "t.boundary"),
    "hazard_site": ("landdata_hazardsite", "t.boundary"),
    "protected_site": ("landdata_protectedsite", "t.boundary"),
}


def party_values(
    parties: Iterable[Sequence[str]], *, version_id: int | None, is_drawn: bool = False
) -> dict[Party, dict[str, Any]]:
    """Return what an answer says of parties, by kind and key: name and, if wanted, drawing.

    One that is no more has its key for a name. A statement for each kind of thing.
    """
    asked = {(kind, key) for kind, key in parties}
    wanted: dict[str, set[str]] = defaultdict(set)
    for kind, key in asked:
        wanted[_group(kind, key)].add(key)
    english = (get_language() or "").startswith("en")
    found: dict[tuple[str, str], dict[str, Any]] = {}
    with connection.cursor() as cursor:
        for group, keys in sorted(wanted.items()):
            statement, shape = _statement(group)
            if not statement:
                continue
            drawn = f"ST_AsGeoJSON({shape}, 15, 0)::json" if is_drawn else "NULL"
            cursor.execute(
                statement.format(shape=drawn),
                {
                    "keys": sorted(keys),
                    "version": version_id,
                    "source_keys": [key.rsplit("/", 1)[-1] for key in keys],
                },
            )
            for key, name_vi, name_en, boundary in cursor.fetchall():
                name = name_en if english else name_vi
                found[group, key] = {"name": _named(group, name, key), "boundary": boundary}
    values = {}
    for kind, key in asked:
        unnamed = {"name": _named(kind, "", key), "boundary": None}
        values[kind, key] = {
            "kind": kind,
            "key": key,
            **found.get((_group(kind, key), key), unnamed),
        }
    return values


def _group(kind: str, key: str) -> str:
    """Return the table that a party stands in: its kind, of objects the kind of object."""
    return key.split("/", 1)[0] if kind == PartyKind.OBJECT else kind


def _statement(group: str) -> tuple[str, str]:
    match group:
        case PartyKind.ZONE:
            return _ZONES, "z.boundary"
        case PartyKind.PLAN:
            return _PLANS, "v.extent"
        case PartyKind.PARCEL:
            return _PARCELS, "t.boundary"
        case PartyKind.ITEM:
            return _ITEMS, "t.ground"
        case _ if group in _TABLES:
            table, shape = _TABLES[group]
            return _FEATURES.format(table=table, word=group), shape
        case _:
            return "", ""


def _named(group: str, name: str, key: str) -> str:
    if name and group == PartyKind.PARCEL:
        number, sheet = name.split("/", 1)
        return gettext("conflict.plot") % {"number": number, "sheet": sheet}
    return name or key
