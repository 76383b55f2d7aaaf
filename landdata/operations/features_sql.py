"""The statements of landdata/operations/features.py, made from the fields of a model."""

# ruff: noqa: S608  (every word put into a statement is a table or column name of a model)

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from django.contrib.gis.db.models import GeometryField
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import Field

    from landdata.models import DeliveredFeature

#: What the operation itself writes, whatever the layer.
_OURS: Final = frozenset(
    {"id", "valid_from", "valid_to", "from_revision", "to_revision", "source_file_id"}
    | {"source_row", "source_key"}
)


@dataclass(frozen=True)
class Target:
    """Where a layer is kept. Every word in a statement is a column or table name of a model."""

    table: str
    content: dict[str, Field[Any, Any]]
    shape: str
    #: The copy in Web Mercator, empty where the layer has none.
    mercator: str
    wants_multi: bool
    #: Whether the rows say themselves when they hold.
    dated: bool

    @classmethod
    def of(cls, model: type[DeliveredFeature], delivered: Collection[str]) -> Self:
        """Return the target of a model's rows.

        Raises ValueError for a delivered column that the model does not have.
        """
        fields = {str(field.column): field for field in model._meta.concrete_fields}
        drawn = {n: f for n, f in fields.items() if isinstance(f, GeometryField)}
        shape = next((name for name in drawn if not name.endswith("_3857")), "")
        content = {n: f for n, f in fields.items() if n not in _OURS and n not in drawn}
        unknown = set(delivered) - set(content) - {"row", "source_key", "valid_from", "valid_to"}
        if unknown:
            raise ValueError(f"{model.__name__} has no columns {sorted(unknown)}")
        return cls(
            table=model._meta.db_table,
            content=content,
            shape=shape,
            mercator=f"{shape}_3857" if f"{shape}_3857" in drawn else "",
            wants_multi=bool(shape) and str(drawn[shape].geom_type).startswith("MULTI"),
            dated="valid_from" in delivered,
        )

    @property
    def arriving(self) -> str:
        """Name of the staging table."""
        return f"arriving_{self.table}"

    @property
    def judged(self) -> str:
        """Name of the table of verdicts."""
        return f"judged_{self.table}"

    @property
    def staged(self) -> list[str]:
        """Columns that are copied, without the shapes."""
        own = ["valid_from", "valid_to"] if self.dated else []
        return ["row", "source_key", *self.content, *own]

    def default(self, name: str) -> Any:
        """Return what a row has in a column that was not delivered."""
        return self.content[name].get_default()

    def staging(self) -> str:
        """Make the staging table anew."""
        own = "valid_from date NOT NULL, valid_to date," if self.dated else ""
        columns = "".join(
            f"{_quoted(name)} {field.db_type(connection)}, " for name, field in self.content.items()
        )
        return f"""
            DROP TABLE IF EXISTS {self.arriving};
            CREATE TEMPORARY TABLE {self.arriving} (
                "row" bigint NOT NULL, source_key text NOT NULL, {columns} {own}
                shape geometry, shape_3857 geometry
            ) ON COMMIT DROP
        """

    def copying(self, columns: Collection[str]) -> str:
        """Copy CSV rows into the staging table."""
        listed = ", ".join(_quoted(name) for name in columns)
        return f"COPY {self.arriving} ({listed}) FROM STDIN WITH (FORMAT csv)"

    def judging(self) -> list[str]:
        """Compare what arrived with what stands; shapes are the same when they are bit for bit.

        A row that says itself when it held and ended before the day of the data is past, not gone.
        """
        # A row that ended stays known; only rows with dates of their own are compared with it.
        still = "" if self.dated else "AND t.valid_to IS NULL"
        past = "WHEN a.source_key IS NULL AND s.valid_to <= %(data_date)s THEN 'past'"
        own = ["valid_from", "valid_to"] if self.dated else []
        same = "".join(
            f"AND s.{_quoted(n)} IS NOT DISTINCT FROM a.{_quoted(n)} "
            for n in (*self.content, *own)
        )
        if self.shape:
            same += f"AND ST_AsBinary(s.{self.shape}) = ST_AsBinary(a.shape)"
        return [
            f"DROP TABLE IF EXISTS {self.judged}",
            f"""
            CREATE TEMPORARY TABLE {self.judged} ON COMMIT DROP AS
            SELECT s.id AS standing_id, a.source_key, s.valid_from AS standing_from,
                CASE
                    WHEN s.id IS NULL THEN 'new'
                    {past}
                    WHEN a.source_key IS NULL AND (NOT %(is_whole)s
                        OR s.source_key = ANY(%(withheld)s::text[])
                        OR split_part(s.source_key, '.', 1) = ANY(%(withheld)s::text[])
                    ) THEN 'kept'
                    WHEN a.source_key IS NULL THEN 'gone'
                    WHEN (NOT %(is_the_file)s OR s.file_sha256 = %(sha256)s) {same} THEN 'unchanged'
                    ELSE 'changed'
                END AS verdict
            FROM {self.arriving} a
            FULL JOIN (
                SELECT t.*, f.sha256 AS file_sha256
                FROM {self.table} t JOIN landdata_sourcefile f ON f.id = t.source_file_id
                WHERE f.dataset_id = %(dataset)s AND t.to_revision IS NULL {still}
            ) s USING (source_key)
            """,
            f"ANALYZE {self.judged}",
        ]

    def tally(self) -> str:
        """Count the verdicts."""
        return f"SELECT verdict, count(*) FROM {self.judged} GROUP BY verdict"

    def writing(self) -> list[str]:
        """Write what differs, in the order in which it must be done."""
        return [*self._closing(), self._opening()]

    def _closing(self) -> list[str]:
        content = self._listed("t.")
        # A row that said itself when it held is corrected as a whole; it only ends when it is gone.
        again = "AND j.verdict = 'gone'" if self.dated else ""
        return [
            f"""
            UPDATE {self.table} t SET to_revision = %(revision)s FROM {self.judged} j
            WHERE j.standing_id = t.id AND j.verdict IN ('changed', 'gone')
            """,
            f"""
            INSERT INTO {self.table} ({self._listed()}, source_file_id, source_row,
                valid_from, valid_to, from_revision)
            SELECT {content}, t.source_file_id, t.source_row,
                t.valid_from, %(data_date)s, %(revision)s
            FROM {self.table} t JOIN {self.judged} j ON j.standing_id = t.id
            WHERE j.verdict IN ('changed', 'gone') AND t.valid_from < %(data_date)s {again}
            """,
        ]

    def _opening(self) -> str:
        """Write the new rows.

        Data of the same day or an earlier one correct what was written: they hold from its day,
        and what had ended before does not come back to the days on which it already stood.
        """
        shapes = ["a.shape"] * bool(self.shape) + ["a.shape_3857"] * bool(self.mercator)
        content = ", ".join(["a.source_key", *(f"a.{_quoted(n)}" for n in self.content), *shapes])
        begins = (
            "a.valid_from, a.valid_to"
            if self.dated
            else "greatest(%(data_date)s, j.standing_from, e.ended), NULL::date"
        )
        return f"""
            INSERT INTO {self.table} ({self._listed()}, source_file_id, source_row,
                valid_from, valid_to, from_revision)
            SELECT {content}, %(source)s, a."row", {begins}, %(revision)s
            FROM {self.arriving} a JOIN {self.judged} j USING (source_key)
            LEFT JOIN (
                SELECT t.source_key, max(t.valid_to) AS ended
                FROM {self.table} t JOIN landdata_sourcefile f ON f.id = t.source_file_id
                WHERE f.dataset_id = %(dataset)s AND t.to_revision IS NULL
                GROUP BY t.source_key
            ) e USING (source_key)
            WHERE j.verdict IN ('new', 'changed')
        """

    def _listed(self, prefix: str = "") -> str:
        """Return the columns that a row carries over when it is written again."""
        names = ["source_key", *self.content, *filter(None, (self.shape, self.mercator))]
        return ", ".join(prefix + _quoted(name) for name in names)


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
