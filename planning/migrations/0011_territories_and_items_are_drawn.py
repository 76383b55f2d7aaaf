"""Territories of plans and items of annual plans get the copies that maps draw from."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models
from django.db import migrations

from landdata.append_only import fill_revisioned
from landdata.changed_areas import note_changes
from landdata.public_views import widen_view


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0010_team_reads_drafts"),
        ("landdata", "0012_former_units_are_drawn"),
    ]

    operations = [
        migrations.AddField(
            model_name="planterritory",
            name="boundary_3857",
            field=models.MultiPolygonField(null=True, srid=3857),
        ),
        migrations.AddField(
            model_name="landuseplanitem",
            name="ground",
            field=models.MultiPolygonField(blank=True, null=True, srid=settings.STORAGE_SRID),
        ),
        migrations.AddField(
            model_name="landuseplanitem",
            name="ground_3857",
            field=models.MultiPolygonField(blank=True, null=True, srid=3857),
        ),
        fill_revisioned(
            "planning",
            "PlanTerritory",
            "UPDATE planning_planterritory"
            " SET boundary_3857 = ST_Multi(ST_Transform(boundary, 3857))",
        ),
        fill_revisioned(
            "planning",
            "LandUsePlanItem",
            """
            UPDATE planning_landuseplanitem i
            SET ground = g.ground, ground_3857 = ST_Multi(ST_Transform(g.ground, 3857))
            FROM (
                SELECT i.id, coalesce(i.boundary, (
                    SELECT ST_Multi(ST_UnaryUnion(ST_Collect(v.boundary)))
                    FROM planning_landuseplanitemparcel p
                    JOIN landdata_parcelversion v ON v.parcel_id = p.parcel_id
                    WHERE p.item_id = i.id AND v.to_revision IS NULL AND v.valid_to IS NULL
                )) AS ground
                FROM planning_landuseplanitem i
            ) g
            WHERE g.id = i.id AND g.ground IS NOT NULL
            """,
        ),
        note_changes("planning_planterritory", "plan_territories", "boundary_3857"),
        note_changes("planning_landuseplanitem", "land_use_items", "ground_3857"),
        migrations.AlterField(
            model_name="planterritory",
            name="boundary_3857",
            field=models.MultiPolygonField(srid=3857),
        ),
        widen_view(
            "public_plan_territories",
            """
            SELECT t.id, t.version_id, p.code AS plan_code, p.level, t.boundary,
                t.valid_from, t.valid_to, t.from_revision, t.to_revision,
                n.sequence, t.boundary_3857
            FROM planning_planterritory t
            JOIN planning_plan p ON p.id = t.plan_id
            JOIN planning_planversion n ON n.id = t.version_id
            """,
        ),
        widen_view(
            "public_land_use_items",
            """
            SELECT id, annual_plan_code, item_key, name_vi, name_en, kind, purpose, area_m2,
                first_listed_year, status, decision_number, decision_date, note, boundary,
                valid_from, valid_to, from_revision, to_revision,
                ground, ground_3857,
                CASE WHEN boundary IS NOT NULL THEN 'boundary'
                    WHEN ground IS NOT NULL THEN 'parcels' END AS ground_from,
                -- Without dots, so that plan and item can be joined by one.
                replace(replace(annual_plan_code, '%', '%25'), '.', '%2E') AS plan_key
            FROM planning_landuseplanitem
            """,
        ),
    ]
