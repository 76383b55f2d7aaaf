"""Indexes by which the changes between two revisions are found: a migration step for each table."""

from __future__ import annotations

from django.db import migrations


def order_by_revision(table: str, *identity: str) -> migrations.RunSQL:
    """Return the migration step after which rows of a Revisioned table are found by revision.

    One index holds when rows were opened, one when they were closed; that of the closed is small.
    `identity` names the columns of what a row is a version of, where no index holds them yet.
    New rows go to the right end of the first: half a million more cost a tenth of a second.
    """
    kinds = {
        f"{table}_opened_in": "(from_revision, id)",
        f"{table}_closed_in": "(to_revision, id) WHERE to_revision IS NOT NULL",
    }
    if identity:
        kinds[f"{table}_identity"] = f"({', '.join(identity)})"
    return migrations.RunSQL(
        [f"CREATE INDEX {name} ON {table} {what}" for name, what in kinds.items()],
        [f"DROP INDEX {name}" for name in kinds],
    )
