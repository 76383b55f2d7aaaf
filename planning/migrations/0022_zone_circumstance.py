"""What kind of area zones lie in, as norms ask."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from landdata.append_only import freeze


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0021_published_reach"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ZoneCircumstance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("zone_uid", models.UUIDField(db_index=True)),
                ("development", models.CharField(blank=True, max_length=8)),
                ("terrain", models.CharField(blank=True, max_length=8)),
                ("setting", models.CharField(blank=True, max_length=5)),
                ("place", models.CharField(blank=True, max_length=9)),
                ("source", models.TextField(blank=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("development__in", ("", "new", "existing"))),
                        name="zone_circumstance_development_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("terrain__in", ("", "plain", "complex", "mountain"))),
                        name="zone_circumstance_terrain_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("setting__in", ("", "urban", "rural"))),
                        name="zone_circumstance_setting_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place__in", ("", "centre", "elsewhere"))),
                        name="zone_circumstance_place_known",
                    ),
                ],
            },
        ),
        freeze("planning_zonecircumstance"),
    ]
