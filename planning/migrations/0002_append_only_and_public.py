"""The database's guard over published plans, and what the public may read of them."""

from __future__ import annotations

from django.db import migrations

from landdata.append_only import freeze, guard_revisioned
from landdata.public_views import public_view


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_plans"), ("landdata", "0003_append_only_and_public")]

    operations = [
        guard_revisioned("planning", "PlanFunction", "PlanTerritory", "Zone"),
        freeze("planning_plan"),
        freeze("planning_planversion", when="OLD.status = 'published'"),
        public_view(
            "public_plan_functions",
            """
            SELECT id, code, name_vi, name_en, "group", aci, colour, hatch_hint, source,
                confidence, valid_from, valid_to, from_revision, to_revision
            FROM planning_planfunction
            """,
        ),
        public_view(
            "public_plan_versions",
            """
            SELECT v.id, p.code AS plan_code, p.level, v.sequence, v.adjustment, v.name_vi,
                v.name_en, v.scale, v.information_code, v.authority, v.decision_number,
                v.decision_date, v.data_date, v.accuracy_m, v.published_in_id AS published_in
            FROM planning_planversion v JOIN planning_plan p ON p.id = v.plan_id
            WHERE v.status = 'published'
            """,
            filters_rows=True,
        ),
        public_view(
            "public_plan_territories",
            """
            SELECT t.id, t.version_id, p.code AS plan_code, p.level, t.boundary,
                t.valid_from, t.valid_to, t.from_revision, t.to_revision
            FROM planning_planterritory t JOIN planning_plan p ON p.id = t.plan_id
            """,
        ),
        public_view(
            "public_zones",
            """
            SELECT z.id, z.uid, p.code AS plan_code, p.level, z.introduced_by_id, z.label,
                z.function, z.land_use_code, z.density, z.density_min, z.density_max, z.storeys,
                z.storeys_min, z.storeys_max, z.floor_area_ratio, z.floor_area_ratio_min,
                z.floor_area_ratio_max, z.population, z.boundary, z.boundary_3857,
                z.valid_from, z.valid_to, z.from_revision, z.to_revision
            FROM planning_zone z JOIN planning_plan p ON p.id = z.plan_id
            """,
        ),
    ]
