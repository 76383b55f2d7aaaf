"""What is in conflict, and what was decided about it."""

from __future__ import annotations

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from landdata.append_only import freeze


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0016_draft_edits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Conflict",
            fields=[
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("identity", models.UUIDField()),
                ("rule", models.CharField(max_length=8)),
                (
                    "family",
                    models.CharField(
                        choices=[
                            ("plans", "plans"),
                            ("inside", "inside"),
                            ("ground", "ground"),
                            ("corridors", "corridors"),
                            ("terrain", "terrain"),
                            ("norms", "norms"),
                        ],
                        max_length=10,
                    ),
                ),
                ("parties", models.JSONField()),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("false_alarm", "False Alarm"),
                        ],
                        default="open",
                        max_length=11,
                    ),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by_edit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planning.draftedit",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to="planning.planversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ConflictEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("comment", "Comment"),
                            ("accept", "Accept"),
                            ("false_alarm", "False Alarm"),
                            ("reopen", "Reopen"),
                            ("assign", "Assign"),
                            ("decide", "Decide"),
                        ],
                        max_length=11,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("document", models.CharField(blank=True, max_length=200)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conflict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="planning.conflict",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ConflictRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("full", "Full"), ("partial", "Partial")], max_length=7
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("done", models.PositiveSmallIntegerField(default=0)),
                ("total", models.PositiveSmallIntegerField(default=0)),
                ("step", models.CharField(blank=True, max_length=20)),
                ("is_cancel_wanted", models.BooleanField(default=False)),
                ("on", models.DateField()),
                ("revision", models.PositiveIntegerField(default=0)),
                ("edits", models.PositiveIntegerField(default=0)),
                ("rules", models.JSONField(default=dict)),
                ("fingerprint", models.BinaryField(default=bytes, max_length=32)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("counts", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "edit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planning.draftedit",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflict_runs",
                        to="planning.planversion",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="conflict",
            name="first_run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="planning.conflictrun",
            ),
        ),
        migrations.CreateModel(
            name="PrecedenceDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=60)),
                ("date", models.DateField()),
                ("authority", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("prevails", models.CharField(max_length=40)),
                ("gives_way", models.CharField(max_length=40)),
                (
                    "ground",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=settings.STORAGE_SRID
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="conflict",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conflicts",
                to="planning.precedencedecision",
            ),
        ),
        migrations.CreateModel(
            name="ConflictFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_run", models.PositiveIntegerField()),
                ("to_run", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "severity",
                    models.CharField(
                        choices=[("blocks", "blocks"), ("warns", "warns"), ("notes", "notes")],
                        max_length=6,
                    ),
                ),
                (
                    "ground",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=settings.STORAGE_SRID
                    ),
                ),
                (
                    "place",
                    django.contrib.gis.db.models.fields.PointField(srid=settings.STORAGE_SRID),
                ),
                ("area_m2", models.FloatField()),
                ("parcels", models.PositiveIntegerField(blank=True, null=True)),
                ("people", models.FloatField(blank=True, null=True)),
                (
                    "wards",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5), default=list, size=None
                    ),
                ),
                ("values", models.JSONField(default=dict)),
                (
                    "conflict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="planning.conflict",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planning.planversion",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("to_run", None)),
                        fields=["version", "severity", "-area_m2"],
                        name="conflict_finding_now",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("to_run", None)),
                        fields=("conflict",),
                        name="conflict_found_once_now",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="conflictrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "done")),
                fields=("version", "number"),
                name="conflict_run_number_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="conflictrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number__isnull", False), ("state", "done")),
                    models.Q(models.Q(("state", "done"), _negated=True), ("number__isnull", True)),
                    _connector="OR",
                ),
                name="conflict_run_numbered_when_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="precedencedecision",
            constraint=models.UniqueConstraint(
                fields=("number", "date", "authority", "prevails", "gives_way"),
                name="precedence_decision_once",
            ),
        ),
        migrations.AddIndex(
            model_name="conflict",
            index=django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="conflict_keys"),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.UniqueConstraint(
                fields=("version", "identity"), name="conflict_once", nulls_distinct=False
            ),
        ),
        freeze("planning_conflictevent"),
        freeze("planning_precedencedecision"),
    ]
