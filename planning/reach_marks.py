"""Marks of the record: they are the same exactly as long as what was read stays the same.

Most of what comes in changes nobody's ways, so the newest revision is no such mark. Of each table
that is read the newest revision that began or ended a row counts, with the instant at which it was
made, which no other database shares; and the last day on which a row began or ceased to be valid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planning.conflict_tables import Moment

ROADS: Final = ("landdata_roadsegment", "landdata_networknode")
BARRIERS: Final = ("landdata_waterbody", "landdata_railway")
HEIGHTS: Final = ("landdata_raster",)
PARCELS: Final = ("landdata_parcelversion",)
PEOPLE: Final = ("landdata_population",)
FACILITIES: Final = ("landdata_facility",)


class Marks(NamedTuple):
    """What parts of a city rest on."""

    network: Any
    parcels: Any


_MARKS: Final = """
    SELECT '{table}', began.number, began.made_at, ended.number, ended.made_at,
        days.first_day, days.last_day
    FROM (
        SELECT max(from_revision) FROM {table} WHERE from_revision <= %(revision)s
    ) f (number)
    LEFT JOIN landdata_revision began USING (number)
    CROSS JOIN (
        SELECT max(to_revision) FROM {table} WHERE to_revision <= %(revision)s
    ) t (number)
    LEFT JOIN landdata_revision ended ON ended.number = t.number
    CROSS JOIN (
        SELECT max(valid_from) FILTER (WHERE valid_from <= %(on)s),
            max(valid_to) FILTER (WHERE valid_to <= %(on)s)
        FROM {table} WHERE from_revision <= %(revision)s
    ) days (first_day, last_day)
"""


def marks(cursor: Any, moment: Moment, tables: Sequence[str]) -> list[list[str]]:
    """Return what the rows of tables of the record, as known and valid at a moment, rest on."""
    asked = " UNION ALL ".join(_MARKS.format(table=table) for table in tables)
    cursor.execute(asked, {"on": moment.on, "revision": moment.revision})
    return sorted([str(value) for value in row] for row in cursor.fetchall())
