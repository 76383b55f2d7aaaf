"""Corridors worked out beforehand, and what the public may read of them."""

from __future__ import annotations

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from landdata.append_only import guard_revisioned
from landdata.changed_areas import note_changes
from landdata.public_views import public_view
from landdata.revision_indexes import order_by_revision


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0014_available_sites"),
    ]

    operations = [
        migrations.CreateModel(
            name="SafetyCorridor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("from_revision", models.PositiveIntegerField()),
                ("to_revision", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "object",
                    models.CharField(
                        choices=[
                            ("power_line", "power_line"),
                            ("pipeline", "pipeline"),
                            ("road", "road"),
                            ("railway", "railway"),
                            ("dyke", "dyke"),
                            ("water", "water"),
                            ("hazard_site", "hazard_site"),
                            ("protected_site", "protected_site"),
                        ],
                        max_length=16,
                    ),
                ),
                ("object_row", models.BigIntegerField()),
                ("dataset", models.CharField(max_length=60)),
                ("source_key", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("name_en", models.CharField(blank=True, max_length=200)),
                (
                    "part",
                    models.CharField(
                        choices=[("certain", "Certain"), ("uncertain", "Uncertain")], max_length=9
                    ),
                ),
                ("reach_left_m", models.FloatField()),
                ("reach_right_m", models.FloatField()),
                (
                    "doubts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("fingerprint", models.CharField(max_length=32)),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=settings.STORAGE_SRID
                    ),
                ),
                ("boundary_3857", django.contrib.gis.db.models.fields.MultiPolygonField(srid=3857)),
                (
                    "rule_row",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planning.corridorrule",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["object", "object_row"], name="safety_corridor_object")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="planning_safetycorridor_validity_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_revision__isnull", True),
                            ("to_revision__gt", models.F("from_revision")),
                            _connector="OR",
                        ),
                        name="planning_safetycorridor_closed_after_opened",
                    ),
                ],
            },
        ),
        guard_revisioned("planning", "SafetyCorridor"),
        note_changes("planning_safetycorridor", "safety_corridors", "boundary_3857"),
        order_by_revision("planning_safetycorridor", "object", "dataset", "source_key"),
        public_view(
            "public_safety_corridors",
            """
            SELECT c.id, c.object, c.dataset, c.source_key, c.name, c.name_en, r.rule, r.measure,
                c.part, r.theme, r.effect, r.restricts, r.name_vi AS rule_vi,
                r.name_en AS rule_en, r.condition_vi, r.condition_en, r.legal_source,
                r.confidence, c.reach_left_m, c.reach_right_m,
                array_to_string(c.doubts, ', ') AS doubts, c.boundary, c.boundary_3857,
                c.valid_from, c.valid_to, c.from_revision, c.to_revision
            FROM planning_safetycorridor c JOIN planning_corridorrule r ON r.id = c.rule_row_id
            """,
        ),
    ]
