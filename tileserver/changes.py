"""What changed in a layer between two revisions, feature by feature.

The feed tells the net effect: of a feature that was added and withdrawn in between nothing is
told, of one that changed five times the last state. It rests on rows that are never changed but
only closed, so the same pair of revisions gives the same answer for ever.

Every feature stands where it last changed. A page looks at a bounded number of rows in the order
(revision, row), which two indexes hold; a row that is not its feature's last is passed over, so a
page can hold fewer features than rows were looked at.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connections

from landdata.errors import Invalid, Missing
from tileserver import limits
from tileserver.freshness import ALIAS
from tileserver.freshness import newest as newest_edition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tileserver.layer import Layer


class Change(Enum):
    """What became of a feature."""

    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Row:
    """When a row was believed and when it holds; `to_revision` as it stood at the later revision.

    `[from_revision, to_revision)` and `[valid_from, valid_to)`; None is open.
    """

    from_revision: int
    to_revision: int | None
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class ChangedFeature:
    """A feature, what became of it, and its rows that were closed and that were opened."""

    id: str
    change: Change
    #: The last revision that closed or opened one of these rows.
    revision: int
    before: tuple[Row, ...]
    after: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the last row that was looked at, by the revision that touched it."""

    revision: int
    row: int


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Changes after `since` up to and with `through`; `next` is None on the last page."""

    layer: Layer
    since: int
    through: int
    changes: tuple[ChangedFeature, ...]
    next: Place | None
    #: Whether rows changed that the layer takes values from, such as the names of functions. They
    #: are not told feature by feature: who keeps those values has to read them anew.
    joined_changed: bool


#: Greater than the number of any row.
_AFTER_ALL_ROWS = 2**63 - 1


def changes(
    layer: Layer,
    *,
    since: int,
    through: int | None = None,
    after: Place | None = None,
    look_at: int = limits.USUAL_CHANGES,
) -> ChangePage:
    """Return one page of what changed; `look_at` is how many rows are looked at for it.

    Raises Missing for a revision that there is not yet, Invalid for one before `since`, for a
    page of no rows or too many, and for a place outside these revisions.
    """
    newest = newest_edition().revision
    through = newest if through is None else through
    for number in (since, through):
        if not 0 <= number <= newest:
            raise Missing("revision", number=number)
    if through < since:
        raise Invalid("changes_backwards", since=since, through=through)
    if not 0 < look_at <= limits.MOST_CHANGES:
        raise Invalid("changes_page_size", most=limits.MOST_CHANGES)
    if after and not since < after.revision <= through:
        raise Invalid("feature_page_unknown")
    values = {
        "since": since,
        "through": through,
        "at_revision": after.revision if after else since,
        "at_row": after.row if after else _AFTER_ALL_ROWS,
        "most": look_at + 1,
    }
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_changes_sql(layer), values)
        rows = cursor.fetchall()
        joined = False
        for view in _joined(layer):
            cursor.execute(_JOINED.format(view=view), values)
            joined = joined or bool(cursor.fetchone()[0])
    # A row beyond the page only says that there is one.
    looked_at = rows[:look_at]
    follows = len(rows) > look_at
    last = looked_at[-1] if looked_at else None
    return ChangePage(
        layer=layer,
        since=since,
        through=through,
        changes=tuple(_feature(layer, row) for row in looked_at if row[3]),
        next=Place(last[1], last[2]) if last and follows else None,
        joined_changed=joined,
    )


#: Rows that the later revision knows and the earlier one does not, then those that it no longer
#: knows. What was opened and closed in between is in neither.
_OPENED = """v.from_revision <= %(through)s
    AND (v.to_revision IS NULL OR v.to_revision > %(through)s)"""
_CLOSED = "v.to_revision <= %(through)s AND v.from_revision <= %(since)s"

_CHANGES = """
    WITH looked_at AS MATERIALIZED (
        SELECT e.*, row_number() OVER (ORDER BY e.event, e.id) AS n
        FROM (({opened}) UNION ALL ({closed})) e
        ORDER BY e.event, e.id LIMIT %(most)s
    )
    SELECT l.n, l.event, l.id,
        max(ARRAY[w.event, w.id]) FILTER (WHERE w.event IS NOT NULL) = ARRAY[l.event, l.id],
        l.identity, bool_or(w.was_known), bool_or(w.is_known),
        json_agg(json_build_array(w.from_revision, w.to_revision, w.valid_from, w.valid_to)
            ORDER BY w.valid_from, w.id) FILTER (WHERE w.is_closed),
        json_agg(json_build_array(w.from_revision, NULL, w.valid_from, w.valid_to)
            ORDER BY w.valid_from, w.id) FILTER (WHERE w.is_opened)
    FROM looked_at l JOIN (
        SELECT v.*,
            CASE WHEN {is_opened} THEN v.from_revision WHEN {is_closed} THEN v.to_revision END
                ::bigint AS event,
            {is_opened} AS is_opened, {is_closed} AS is_closed,
            v.from_revision <= %(since)s
                AND (v.to_revision IS NULL OR v.to_revision > %(since)s) AS was_known,
            v.from_revision <= %(through)s
                AND (v.to_revision IS NULL OR v.to_revision > %(through)s) AS is_known
        FROM {view} v {where}
    ) w ON {same}
    GROUP BY l.n, l.event, l.id, l.identity
    ORDER BY l.n
"""


@cache
def _changes_sql(layer: Layer) -> str:
    """Return the statement for a page; parameters since, through, at_…, most, page."""
    keys = layer.identity.columns
    named = ", ".join(f"v.{column} AS key_{n}" for n, column in enumerate(keys))

    def touched(by: str, condition: str) -> str:
        where = f" AND {layer.where}" if layer.where else ""
        return (
            f"SELECT v.{by}::bigint AS event, v.id, {layer.identity.sql} AS identity, {named}"  # noqa: S608 - made of our own list of layers only
            f" FROM {layer.view} v"
            f" WHERE (v.{by}, v.id) > (%(at_revision)s, %(at_row)s) AND {condition}{where}"
            f" ORDER BY v.{by}, v.id LIMIT %(most)s"
        )

    return _CHANGES.format(
        opened=touched("from_revision", _OPENED),
        closed=touched("to_revision", _CLOSED),
        is_opened=f"(v.from_revision > %(since)s AND {_OPENED})",
        is_closed=f"coalesce(v.to_revision > %(since)s AND {_CLOSED}, false)",
        view=layer.view,
        where=f"WHERE {layer.where}" if layer.where else "",
        same=" AND ".join(f"w.{column} = l.key_{n}" for n, column in enumerate(keys)),
    )


_JOINED = """
    SELECT EXISTS (
        SELECT FROM {view} v
        WHERE (v.from_revision > %(since)s AND v.from_revision <= %(through)s)
            OR (v.to_revision > %(since)s AND v.to_revision <= %(through)s)
    )
"""
_HAS_REVISIONS = """
    SELECT EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'to_revision'
    )
"""


@cache
def _joined(layer: Layer) -> tuple[str, ...]:
    """Return the further views that a layer reads and whose rows have revisions of their own.

    Rows without belong to a row of another view for ever.
    """
    with connections[ALIAS].cursor() as cursor:
        found = []
        for view in layer.also_reads:
            cursor.execute(_HAS_REVISIONS, [view])
            if cursor.fetchone()[0]:
                found.append(view)
    return tuple(found)


def _feature(layer: Layer, row: Sequence[Any]) -> ChangedFeature:
    _, revision, _, _, identity, was_known, is_known, before, after = row
    if was_known and is_known:
        change = Change.CHANGED
    else:
        change = Change.ADDED if is_known else Change.WITHDRAWN
    return ChangedFeature(
        id=f"{layer.id}.{identity}",
        change=change,
        revision=revision,
        before=_rows(before),
        after=_rows(after),
    )


def _rows(found: list[list[Any]] | None) -> tuple[Row, ...]:
    return tuple(
        Row(
            from_revision,
            to_revision,
            dt.date.fromisoformat(valid_from),
            dt.date.fromisoformat(valid_to) if valid_to else None,
        )
        for from_revision, to_revision, valid_from, valid_to in found or ()
    )
