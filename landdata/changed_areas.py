"""The database's own note of where the map changed: a migration step for each drawn table.

Statement triggers write the rows of `landdata_changedarea` in the transaction of the change, so no
way of writing can forget them. A row of a Revisioned table changes in one way only, by being
closed, and its geometry stays: what was opened or closed is where the map changed.
"""

from __future__ import annotations

from django.db import migrations

#: Up to so many rows a statement, each is noted by its own box.
EXACT_ROWS = 64
#: Above, the rows whose south-west corners lie in one square of this size share a box. A plot of
#: a city and its neighbours redraw a street then, not the city.
SQUARE_M = 500
#: By so much of EPSG:3857 a box is wider, since that of a point or a straight line is no polygon.
WIDER_M = 0.001

#: Channel on which the number of a new revision is said once its transaction is committed.
CHANNEL = "diado_revision"

# Arguments of the trigger: layer, SQL for the geometry of row `c` in EPSG:3857, condition on `c`.
NOTE_FUNCTION = f"""
CREATE FUNCTION diado_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    together text := 'c.place';
BEGIN
    IF EXISTS (SELECT FROM changed OFFSET {EXACT_ROWS}) THEN
        together := 'floor(ST_XMin(c.shape) / {SQUARE_M}), floor(ST_YMin(c.shape) / {SQUARE_M})';
    END IF;
    EXECUTE format(
        'INSERT INTO landdata_changedarea (layer, revision_id, extent_3857) '
        'SELECT $1, $2::integer, '
        '    ST_SetSRID(ST_Expand(ST_Extent(c.shape), {WIDER_M})::geometry, 3857) '
        'FROM (SELECT %s AS shape, row_number() OVER () AS place FROM changed c WHERE %s) c '
        'WHERE NOT ST_IsEmpty(c.shape) GROUP BY %s',
        TG_ARGV[1], TG_ARGV[2], together
    ) USING TG_ARGV[0], current_setting('diado.revision');
    RETURN NULL;
END $$
"""  # noqa: S608 - numbers of this module

SAY_FUNCTION = f"""
CREATE FUNCTION diado_say_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('{CHANNEL}', NEW.number::text);
    RETURN NULL;
END $$
"""

SAY_REVISIONS = (
    "CREATE TRIGGER landdata_revision_said AFTER INSERT ON landdata_revision FOR EACH ROW "
    "EXECUTE FUNCTION diado_say_revision()"
)


def note_changes(table: str, layer: str, geometry: str, *, when: str = "true") -> migrations.RunSQL:
    """Return the migration step after which changes of a Revisioned table are noted for a layer.

    `geometry` is the column in EPSG:3857; rows without one change no picture. `when` is an SQL
    condition on the row `c` for a layer that shows some of the rows only.
    """
    given = ", ".join("'{}'".format(a.replace("'", "''")) for a in (layer, f"c.{geometry}", when))
    triggers = {event: f"{table}_notes_{layer}_on_{event}" for event in ("insert", "update")}
    return migrations.RunSQL(
        [
            f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table} "
            "REFERENCING NEW TABLE AS changed FOR EACH STATEMENT "
            f"EXECUTE FUNCTION diado_note_changes({given})"
            for event, name in triggers.items()
        ],
        [f"DROP TRIGGER {name} ON {table}" for name in triggers.values()],
    )
