"""The database's own guard over rows that answers rest on.

Migrations lay these triggers on every Revisioned table. They cost nothing measurable on bulk
writes: what is checked per row stands in WHEN, which runs without a call of PL/pgSQL.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION diado_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % on % refused (%)', TG_OP, TG_TABLE_NAME, TG_ARGV[0]
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

_TRIGGERS = ("opened", "closed", "frozen", "kept")
_OUTSIDE = "IS DISTINCT FROM current_setting('diado.revision', true)"


def _guard_sql(table: str, frozen: list[str]) -> list[str]:
    columns = ", ".join(f'"{c}"' for c in frozen)
    return [
        f"CREATE TRIGGER {table}_opened BEFORE INSERT ON {table} FOR EACH ROW "
        f"WHEN (NEW.from_revision::text {_OUTSIDE} OR NEW.to_revision IS NOT NULL) "
        f"EXECUTE FUNCTION diado_refuse('rows are added open, in the open revision')",
        f"CREATE TRIGGER {table}_closed BEFORE UPDATE ON {table} FOR EACH ROW "
        f"WHEN (OLD.to_revision IS NOT NULL OR NEW.to_revision::text {_OUTSIDE}) "
        f"EXECUTE FUNCTION diado_refuse('rows are closed once, in the open revision')",
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OF {columns} ON {table} "
        f"EXECUTE FUNCTION diado_refuse('only to_revision may change')",
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
        f"EXECUTE FUNCTION diado_refuse('rows are closed, not deleted')",
    ]


def _lay_guard(meta: Any, schema_editor: Any) -> None:
    frozen = [f.column for f in meta.concrete_fields if f.column != "to_revision"]
    for statement in _guard_sql(meta.db_table, frozen):
        schema_editor.execute(statement)


def guard_revisioned(app: str, *models: str) -> migrations.RunPython:
    """Return the migration step that makes these Revisioned models append-only."""

    def lay(apps: Any, schema_editor: Any) -> None:
        for name in models:
            _lay_guard(apps.get_model(app, name)._meta, schema_editor)

    return migrations.RunPython(lay, migrations.RunPython.noop)


def fill_revisioned(app: str, model: str, *statements: str) -> migrations.RunPython:
    """Return the migration step that fills columns which the migration added to a Revisioned table.

    For what follows from the rows as they stand, such as a copy in another system: nothing is known
    anew, so there is no revision. No trigger hears of it, and afterwards the guard covers the new
    columns too.
    """

    def fill(apps: Any, schema_editor: Any) -> None:
        meta = apps.get_model(app, model)._meta
        table = meta.db_table
        schema_editor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            schema_editor.execute(statement)
        schema_editor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for trigger in _TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER {table}_{trigger} ON {table}")
        _lay_guard(meta, schema_editor)

    return migrations.RunPython(fill, migrations.RunPython.noop)


def freeze(table: str, *, when: str = "") -> migrations.RunSQL:
    """Return the migration step after which rows of `table` neither change nor go.

    `when` limits it to rows for which an SQL condition on OLD holds.
    """
    condition = f"WHEN ({when}) " if when else ""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
        f"{condition}EXECUTE FUNCTION diado_refuse('the row is part of the record')",
        f"DROP TRIGGER {table}_frozen ON {table}",
    )
