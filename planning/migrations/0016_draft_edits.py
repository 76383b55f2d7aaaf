"""What was done to drafts, for ever, and the faults that they have now."""

from __future__ import annotations

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from landdata.append_only import freeze


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0015_safety_corridors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="planversion",
            name="edits",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="planversion",
            name="edits_head",
            field=models.BinaryField(default=bytes, max_length=32),
        ),
        migrations.CreateModel(
            name="DraftEdit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("begin", "Begin"),
                            ("draw", "Draw"),
                            ("redraw", "Redraw"),
                            ("move", "Move"),
                            ("rotate", "Rotate"),
                            ("hole", "Hole"),
                            ("reshape", "Reshape"),
                            ("split", "Split"),
                            ("merge", "Merge"),
                            ("cut", "Cut"),
                            ("buffer", "Buffer"),
                            ("offset", "Offset"),
                            ("copy", "Copy"),
                            ("vertex", "Vertex"),
                            ("numeric", "Numeric"),
                            ("attributes", "Attributes"),
                            ("bulk", "Bulk"),
                            ("paste", "Paste"),
                            ("remove", "Remove"),
                            ("repair", "Repair"),
                            ("resolve", "Resolve"),
                            ("undo", "Undo"),
                        ],
                        max_length=10,
                    ),
                ),
                ("why", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("accepted", models.TextField(blank=True)),
                ("key", models.UUIDField(default=uuid.uuid4)),
                ("request_digest", models.BinaryField(max_length=32)),
                ("previous_digest", models.BinaryField(max_length=32)),
                ("digest", models.BinaryField(max_length=32)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft_edits",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undoes",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="planning.draftedit",
                    ),
                ),
                (
                    "version_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="history",
                        to="planning.planversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftFault",
            fields=[
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("overlap", "Overlap"),
                            ("gap", "Gap"),
                            ("sliver", "Sliver"),
                            ("outside", "Outside"),
                            ("invalid", "Invalid"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "zones",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                ),
                ("area_m2", models.FloatField()),
                ("width_m", models.FloatField()),
                (
                    "place",
                    django.contrib.gis.db.models.fields.PointField(
                        spatial_index=False, srid=settings.STORAGE_SRID
                    ),
                ),
                (
                    "ground",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=settings.STORAGE_SRID
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opened",
                        to="planning.draftedit",
                    ),
                ),
                (
                    "version_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="faults",
                        to="planning.planversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftPresence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    django.contrib.gis.db.models.fields.PointField(
                        blank=True, null=True, spatial_index=False, srid=settings.STORAGE_SRID
                    ),
                ),
                ("zone", models.UUIDField(blank=True, null=True)),
                ("seen_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="planning.planversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftVariant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=60)),
                ("function", models.CharField(max_length=60)),
                ("land_use_code", models.CharField(blank=True, max_length=10)),
                ("density", models.CharField(blank=True, max_length=60)),
                ("density_min", models.FloatField(blank=True, null=True)),
                ("density_max", models.FloatField(blank=True, null=True)),
                ("storeys", models.CharField(blank=True, max_length=60)),
                ("storeys_min", models.FloatField(blank=True, null=True)),
                ("storeys_max", models.FloatField(blank=True, null=True)),
                ("floor_area_ratio", models.CharField(blank=True, max_length=60)),
                ("floor_area_ratio_min", models.FloatField(blank=True, null=True)),
                ("floor_area_ratio_max", models.FloatField(blank=True, null=True)),
                ("population", models.PositiveIntegerField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                ("uid", models.UUIDField()),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        spatial_index=False, srid=settings.STORAGE_SRID
                    ),
                ),
                ("why", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="variants",
                        to="planning.planversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftZoneState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=60)),
                ("function", models.CharField(max_length=60)),
                ("land_use_code", models.CharField(blank=True, max_length=10)),
                ("density", models.CharField(blank=True, max_length=60)),
                ("density_min", models.FloatField(blank=True, null=True)),
                ("density_max", models.FloatField(blank=True, null=True)),
                ("storeys", models.CharField(blank=True, max_length=60)),
                ("storeys_min", models.FloatField(blank=True, null=True)),
                ("storeys_max", models.FloatField(blank=True, null=True)),
                ("floor_area_ratio", models.CharField(blank=True, max_length=60)),
                ("floor_area_ratio_min", models.FloatField(blank=True, null=True)),
                ("floor_area_ratio_max", models.FloatField(blank=True, null=True)),
                ("population", models.PositiveIntegerField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                ("uid", models.UUIDField()),
                ("version", models.PositiveIntegerField()),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, spatial_index=False, srid=settings.STORAGE_SRID
                    ),
                ),
                (
                    "edit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="states",
                        to="planning.draftedit",
                    ),
                ),
                (
                    "version_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planning.planversion",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="draftedit",
            constraint=models.UniqueConstraint(
                fields=("version_of", "number"), name="draft_edit_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="draftedit",
            constraint=models.UniqueConstraint(
                fields=("version_of", "by", "key"), name="draft_edit_key_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="draftpresence",
            constraint=models.UniqueConstraint(
                fields=("version_of", "user"), name="draft_presence_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="draftvariant",
            constraint=models.CheckConstraint(
                condition=models.Q(("boundary__isvalid", True)), name="draft_variant_boundary_valid"
            ),
        ),
        migrations.AddConstraint(
            model_name="draftzonestate",
            constraint=models.UniqueConstraint(
                fields=("version_of", "uid", "version"), name="draft_zone_state_once"
            ),
        ),
        freeze("planning_draftedit"),
        freeze("planning_draftzonestate"),
        # Lost at a crash, and nobody misses it.
        migrations.RunSQL(
            "ALTER TABLE planning_draftpresence SET UNLOGGED",
            "ALTER TABLE planning_draftpresence SET LOGGED",
        ),
    ]
