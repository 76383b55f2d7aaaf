"""The database's own note of where and when the map changes: a migration step for each table.

Statement triggers write the rows of `landdata_changedarea` in the transaction of the change, so no
way of writing can forget them. A row of a Revisioned table changes in one way only, by being
closed, and its geometry stays: what was opened or closed is where the map changed. A row that
begins or ceases on a day still to come changes the map without an edit; `landdata_awaitedday`
keeps those days.
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

# The day of a revision is the legal one of the moment that it says itself, so that those who read
# it reckon with the same day (`tileserver.freshness.last_change`).
_MADE_ON = """
    SELECT (made_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM landdata_revision WHERE number =
"""

# Arguments of the trigger: layer, SQL for the geometry of row `c` in EPSG:3857, condition on `c`.
NOTE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION diado_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    revision integer := current_setting('diado.revision');
    together text := 'c.shape';
    made_on date;
BEGIN
    IF EXISTS (SELECT FROM changed OFFSET {EXACT_ROWS}) THEN
        together := 'floor(ST_XMin(c.shape) / {SQUARE_M}), floor(ST_YMin(c.shape) / {SQUARE_M})';
    END IF;
    EXECUTE format(
        'INSERT INTO landdata_changedarea (layer, revision_id, extent_3857) '
        'SELECT $1, $2, ST_SetSRID(ST_Expand(ST_Extent(c.shape), {WIDER_M})::geometry, 3857) '
        'FROM (SELECT %s AS shape FROM changed c WHERE %s) c '
        'WHERE NOT ST_IsEmpty(c.shape) GROUP BY %s',
        TG_ARGV[1], TG_ARGV[2], together
    ) USING TG_ARGV[0], revision;
    IF TG_OP = 'INSERT' THEN
        made_on := ({_MADE_ON} revision);
        EXECUTE format(
            'INSERT INTO landdata_awaitedday (layer, day) '
            'SELECT DISTINCT $1, d.day FROM changed c '
            'CROSS JOIN LATERAL (VALUES (c.valid_from), (c.valid_to)) d (day) '
            'WHERE (c.valid_from > $2 OR c.valid_to > $2) AND d.day > $2 AND %s '
            'ON CONFLICT DO NOTHING',
            TG_ARGV[2]
        ) USING TG_ARGV[0], made_on;
    END IF;
    RETURN NULL;
END $$
"""  # noqa: S608 - words and numbers of this module

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


#: What changes with a row that has no place: every picture that shows its values.
EVERYWHERE = "ST_MakeEnvelope(-20037509, -20037509, 20037509, 20037509, 3857)"


def note_changes(
    table: str, layer: str, geometry: str = "", *, when: str = "true"
) -> migrations.RunSQL:
    """Return the migration step after which changes of a Revisioned table are noted for a layer.

    `geometry` is the column in EPSG:3857; rows without one change no picture. A table without such
    a column changes all pictures, and `layer` is then the name of its public view. `when` is an
    SQL condition on the row `c` for a layer that shows some of the rows only.
    """
    shape = f"c.{geometry}" if geometry else EVERYWHERE
    given = ", ".join("'{}'".format(a.replace("'", "''")) for a in (layer, shape, when))
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


def note_days(table: str, layer: str, *, when: str = "true") -> migrations.RunSQL:
    """Return the migration step that notes the awaited days of rows that are there already."""
    return migrations.RunSQL(
        f"""
        INSERT INTO landdata_awaitedday (layer, day)
        SELECT DISTINCT '{layer}', d.day FROM {table} c
        CROSS JOIN LATERAL (VALUES (c.valid_from), (c.valid_to)) d (day)
        WHERE c.to_revision IS NULL AND {when} AND d.day > ({_MADE_ON} c.from_revision)
        ON CONFLICT DO NOTHING
        """,  # noqa: S608 - names given by migrations
        migrations.RunSQL.noop,
    )
