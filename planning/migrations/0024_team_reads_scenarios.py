"""What-ifs for those who work on a draft: shared ones, and those that belong to the draft.

As with drafts, a reader who names no version sees nothing.
"""

from __future__ import annotations

from django.conf import settings
from django.db import migrations

# A change is taken back if a change in force takes it back: from the last to the first, each adds
# the number of what it takes back, unless it was taken back itself. Of each facility there is one
# row, of all its changes together: one that is added and closed again is not there.
_FUNCTION = """
CREATE FUNCTION team_scenarios(versions bigint[]) RETURNS TABLE (
    id bigint, scenario uuid, title varchar, is_part_of_draft boolean, edits integer,
    version_id bigint, plan_code varchar, facility varchar, name varchar, name_en varchar,
    kind varchar, action text, capacity double precision, why text,
    place geometry, place_3857 geometry,
    valid_from date, valid_to date, from_revision integer, to_revision integer
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE shown AS (
        SELECT s.key, s.title, s.is_part_of_draft, s.edits, s.version_id, p.code AS plan_code
        FROM planning_scenario s
        JOIN planning_planversion v ON v.id = s.version_id
        JOIN planning_plan p ON p.id = v.plan_id
        WHERE s.withdrawn_at IS NULL AND (s.is_shared OR s.is_part_of_draft)
            AND v.status <> 'published' AND v.id = ANY (versions)
    ), back AS (
        SELECT s.key, s.edits AS number, ARRAY[]::integer[] AS gone FROM shown s
        UNION ALL
        SELECT b.key, b.number - 1,
            CASE WHEN u.number IS NULL OR b.number = ANY (b.gone) THEN b.gone
                ELSE b.gone || u.number::integer END
        FROM back b
        LEFT JOIN planning_scenariochange c ON c.scenario_id = b.key AND c.number = b.number
        LEFT JOIN planning_scenariochange u ON u.id = c.undoes_id
        WHERE b.number > 0
    ), facilities AS (
        SELECT c.scenario_id AS key, c.target, max(c.id) AS id,
            bool_or(c.action = 'add') AS is_new, bool_or(c.action = 'close') AS is_closed,
            bool_or(c.action = 'move') AS is_moved,
            (array_agg(c.kind ORDER BY c.number DESC) FILTER (WHERE c.kind <> ''))[1] AS kind,
            (array_agg(c.why ORDER BY c.number DESC) FILTER (WHERE c.why <> ''))[1] AS why,
            (array_agg(c.capacity ORDER BY c.number DESC)
                FILTER (WHERE c.capacity IS NOT NULL))[1] AS capacity,
            (array_agg(c.place ORDER BY c.number DESC) FILTER (WHERE c.place IS NOT NULL))[1]
                AS place
        FROM planning_scenariochange c
        JOIN back b ON b.key = c.scenario_id AND b.number = 0 AND NOT c.number = ANY (b.gone)
        WHERE c.action IN ('add', 'move', 'close', 'enlarge')
        GROUP BY c.scenario_id, c.target
    )
    SELECT f.id, s.key, s.title, s.is_part_of_draft, s.edits, s.version_id, s.plan_code, f.target,
        coalesce(r.name, ''), coalesce(r.name_en, ''), f.kind,
        CASE WHEN f.is_new THEN 'add' WHEN f.is_closed THEN 'close' WHEN f.is_moved THEN 'move'
            ELSE 'enlarge' END,
        f.capacity, coalesce(f.why, ''), g.place, ST_Transform(g.place, 3857),
        '0001-01-01'::date, NULL::date, 0, NULL::integer
    FROM facilities f
    JOIN shown s ON s.key = f.key
    LEFT JOIN LATERAL (
        SELECT x.name, x.name_en, x.position
        FROM landdata_facility x
        JOIN landdata_sourcefile o ON o.id = x.source_file_id
        JOIN landdata_dataset d ON d.id = o.dataset_id
        WHERE x.to_revision IS NULL AND d.code = split_part(f.target, '/', 1)
            AND x.source_key = substr(f.target, length(split_part(f.target, '/', 1)) + 2)
        ORDER BY x.valid_from DESC, x.id DESC LIMIT 1
    ) r ON true
    CROSS JOIN LATERAL (SELECT coalesce(f.place, r.position) AS place) g
    WHERE g.place IS NOT NULL AND NOT (f.is_new AND f.is_closed)
$$
"""


class Migration(migrations.Migration):
    dependencies = [("planning", "0023_siting")]

    operations = [
        migrations.RunSQL(
            [
                _FUNCTION,
                "REVOKE ALL ON FUNCTION team_scenarios(bigint[]) FROM PUBLIC",
                f"GRANT EXECUTE ON FUNCTION team_scenarios(bigint[]) TO {settings.TEAM_ROLE}",
            ],
            "DROP FUNCTION team_scenarios(bigint[])",
        ),
    ]
