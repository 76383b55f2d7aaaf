"""What the public may read of conflicts: those of plans in force, and counts of drafts."""

from __future__ import annotations

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from landdata.append_only import freeze, guard_revisioned
from landdata.changed_areas import note_changes
from landdata.public_views import public_view
from landdata.revision_indexes import order_by_revision


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0017_conflicts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConflictSummary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("revision", models.PositiveIntegerField()),
                ("edits", models.PositiveIntegerField()),
                ("counts", models.JSONField(default=list)),
                (
                    "unchecked",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8), default=list, size=None
                    ),
                ),
                ("released_at", models.DateTimeField()),
                (
                    "released_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planning.conflictrun",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflict_summaries",
                        to="planning.planversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PublishedConflict",
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
                ("identity", models.UUIDField()),
                ("rule", models.CharField(max_length=8)),
                (
                    "severity",
                    models.CharField(
                        choices=[("blocks", "blocks"), ("warns", "warns"), ("notes", "notes")],
                        max_length=6,
                    ),
                ),
                ("title_vi", models.CharField(max_length=200)),
                ("title_en", models.CharField(max_length=200)),
                ("text_vi", models.TextField()),
                ("text_en", models.TextField()),
                ("legal_source", models.TextField()),
                (
                    "plans",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("area_m2", models.FloatField()),
                ("fingerprint", models.CharField(max_length=32)),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=settings.STORAGE_SRID
                    ),
                ),
                ("boundary_3857", django.contrib.gis.db.models.fields.MultiPolygonField(srid=3857)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="planning_publishedconflict_validity_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_revision__isnull", True),
                            ("to_revision__gt", models.F("from_revision")),
                            _connector="OR",
                        ),
                        name="planning_publishedconflict_closed_after_opened",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_revision", None)),
                        fields=("identity",),
                        name="published_conflict_known_once",
                    ),
                ],
            },
        ),
        guard_revisioned("planning", "PublishedConflict"),
        freeze("planning_conflictsummary"),
        note_changes("planning_publishedconflict", "conflicts", "boundary_3857"),
        order_by_revision("planning_publishedconflict", "identity"),
        public_view(
            "public_conflicts",
            """
            SELECT c.id, c.identity AS uid, c.rule, c.severity, c.title_vi, c.title_en,
                c.text_vi, c.text_en, c.legal_source, array_to_string(c.plans, ', ') AS plans,
                round(c.area_m2::numeric, 2)::float8 AS area_m2, c.boundary, c.boundary_3857,
                c.valid_from, c.valid_to, c.from_revision, c.to_revision
            FROM planning_publishedconflict c
            """,
        ),
        public_view(
            "public_conflict_summaries",
            """
            SELECT DISTINCT ON (v.id) s.id, p.code AS plan_code, v.sequence, v.name_vi, v.name_en,
                s."on" AS legal_day, s.revision, s.edits, s.counts, s.unchecked,
                (s.released_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS released_on
            FROM planning_conflictsummary s
            JOIN planning_planversion v ON v.id = s.version_id
            JOIN planning_plan p ON p.id = v.plan_id
            WHERE v.status <> 'published'
            ORDER BY v.id, s.id DESC
            """,
            filters_rows=True,
        ),
    ]
