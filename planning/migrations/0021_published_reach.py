"""What the public may read of reach: plots without their people, grounds, figures of the city."""

from __future__ import annotations

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.db.models.deletion
import planning.models.published_reach
from django.conf import settings
from django.db import migrations, models

from landdata.append_only import freeze, guard_revisioned
from landdata.changed_areas import note_changes
from landdata.public_views import public_view
from landdata.revision_indexes import order_by_revision


class Migration(migrations.Migration):
    dependencies = [
        ("landdata", "0017_runway_elevation"),
        ("planning", "0020_reach"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublishedArea",
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
                ("kind", models.CharField(max_length=40)),
                ("mode", models.CharField(max_length=9)),
                ("from_m", models.FloatField()),
                ("band_m", models.FloatField()),
                (
                    "ring",
                    models.CharField(
                        choices=[("half", "Half"), ("limit", "Limit"), ("double", "Double")],
                        max_length=6,
                    ),
                ),
                ("norm", models.CharField(blank=True, max_length=10)),
                ("people", models.FloatField(blank=True, null=True)),
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
                        name="planning_publishedarea_validity_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_revision__isnull", True),
                            ("to_revision__gt", models.F("from_revision")),
                            _connector="OR",
                        ),
                        name="planning_publishedarea_closed_after_opened",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_revision", None)),
                        fields=("kind", "mode", "ring"),
                        name="published_area_known_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReachSummary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("revision", models.PositiveIntegerField()),
                ("values", models.JSONField(default=dict)),
                ("released_at", models.DateTimeField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planning.coveragerun",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PublishedReach",
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
                ("unit_code", models.CharField(blank=True, max_length=5)),
                (
                    "walk_m",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=planning.models.published_reach.RealField(), size=16
                    ),
                ),
                (
                    "straight_m",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=planning.models.published_reach.RealField(), size=16
                    ),
                ),
                (
                    "walk_minutes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=planning.models.published_reach.RealField(), size=16
                    ),
                ),
                (
                    "motorbike_minutes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=planning.models.published_reach.RealField(), size=16
                    ),
                ),
                (
                    "nearest",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(blank=True, max_length=160), size=16
                    ),
                ),
                ("states", models.CharField(max_length=16)),
                ("fingerprint", models.BinaryField(max_length=16)),
                (
                    "parcel",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="landdata.parcel",
                    ),
                ),
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
                        name="planning_publishedreach_validity_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_revision__isnull", True),
                            ("to_revision__gt", models.F("from_revision")),
                            _connector="OR",
                        ),
                        name="planning_publishedreach_closed_after_opened",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_revision", None)),
                        fields=("parcel",),
                        name="published_reach_known_once",
                    ),
                ],
            },
        ),
        guard_revisioned("planning", "PublishedReach", "PublishedArea"),
        freeze("planning_reachsummary"),
        # A row of a plot has no ground of its own: it is drawn with that of the plot.
        note_changes("planning_publishedreach", "public_reach"),
        note_changes("planning_publishedarea", "service_areas", "boundary_3857"),
        order_by_revision("planning_publishedreach", "parcel_id"),
        order_by_revision("planning_publishedarea", "kind", "mode", "ring"),
        public_view(
            "public_reach",
            """
            SELECT r.id, r.parcel_id AS parcel_uuid, r.unit_code, r.walk_m, r.straight_m,
                r.walk_minutes, r.motorbike_minutes, r.nearest, r.states,
                r.valid_from, r.valid_to, r.from_revision, r.to_revision
            FROM planning_publishedreach r
            """,
        ),
        public_view(
            "public_service_areas",
            """
            SELECT a.id, a.kind, a.mode, a.from_m, a.band_m, a.ring, a.norm,
                a.boundary, a.boundary_3857,
                a.valid_from, a.valid_to, a.from_revision, a.to_revision
            FROM planning_publishedarea a
            """,
        ),
        public_view(
            "public_reach_summary",
            """
            SELECT s.id, s."on" AS legal_day, s.revision, s."values",
                (s.released_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS released_on
            FROM planning_reachsummary s
            ORDER BY s.id DESC LIMIT 1
            """,
        ),
    ]
