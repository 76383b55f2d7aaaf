"""Drafts for those who work on them: a function that gives out what it is told to, by number.

A reader who names no version sees nothing, so a forgotten condition shows nobody's draft.
"""

from __future__ import annotations

from django.conf import settings
from django.db import migrations

# An installation in a database of its own administrator may come without the role.
_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{settings.TEAM_ROLE}') THEN
        CREATE ROLE {settings.TEAM_ROLE} NOLOGIN;
    END IF;
END $$
"""

# It runs with its owner's rights: the role itself may read no table. The columns of time make it
# look like every other source of a layer; a draft holds on every day and is known always.
_FUNCTION = """
CREATE FUNCTION team_draft_zones(versions bigint[]) RETURNS TABLE (
    id bigint, uid uuid, version_id bigint, plan_code varchar, level varchar, label varchar,
    function varchar, land_use_code varchar, density varchar, storeys varchar,
    floor_area_ratio varchar, population integer, edits integer,
    boundary geometry, boundary_3857 geometry,
    valid_from date, valid_to date, from_revision integer, to_revision integer
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.id, d.uid, v.id, p.code, p.level, d.label, d.function, d.land_use_code, d.density,
        d.storeys, d.floor_area_ratio, d.population, d.version,
        d.boundary, ST_Transform(d.boundary, 3857),
        '0001-01-01'::date, NULL::date, 0, NULL::integer
    FROM planning_draftzone d
    JOIN planning_planversion v ON v.id = d.version_of_id
    JOIN planning_plan p ON p.id = v.plan_id
    WHERE v.status <> 'published' AND v.id = ANY (versions)
$$
"""


class Migration(migrations.Migration):
    dependencies = [("planning", "0009_note_changed_areas")]

    operations = [
        migrations.RunSQL(_ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(
            [
                _FUNCTION,
                "REVOKE ALL ON FUNCTION team_draft_zones(bigint[]) FROM PUBLIC",
                f"GRANT EXECUTE ON FUNCTION team_draft_zones(bigint[]) TO {settings.TEAM_ROLE}",
                # The prescribed colours and names belong to the same picture.
                *(
                    f"GRANT SELECT ON {view} TO {settings.TEAM_ROLE}"
                    for view in (
                        "public_plan_functions",
                        "public_land_use_codes",
                        "public_revisions",
                    )
                ),
            ],
            "DROP FUNCTION team_draft_zones(bigint[])",
        ),
    ]
