import django.contrib.gis.db.models.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0002_append_only_and_public"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicPlanFunction",
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
                ("code", models.CharField(max_length=60)),
                ("name_vi", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("group", models.CharField(max_length=60)),
                ("aci", models.PositiveSmallIntegerField()),
                ("colour", models.CharField(max_length=7)),
                ("hatch_hint", models.CharField(max_length=120)),
                ("confidence", models.CharField(max_length=80)),
            ],
            options={
                "db_table": "public_plan_functions",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PublicPlanTerritory",
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
                ("plan_code", models.CharField(max_length=40)),
                ("level", models.CharField(max_length=8)),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=settings.STORAGE_SRID
                    ),
                ),
            ],
            options={
                "db_table": "public_plan_territories",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PublicPlanVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("plan_code", models.CharField(max_length=40)),
                ("level", models.CharField(max_length=8)),
                ("sequence", models.PositiveSmallIntegerField()),
                ("adjustment", models.CharField(max_length=10)),
                ("name_vi", models.CharField(max_length=300)),
                ("name_en", models.CharField(max_length=300)),
                ("scale", models.PositiveIntegerField()),
                ("information_code", models.CharField(max_length=12)),
                ("authority", models.CharField(max_length=200)),
                ("decision_number", models.CharField(max_length=60)),
                ("decision_date", models.DateField()),
                ("data_date", models.DateField()),
                ("accuracy_m", models.FloatField(null=True)),
                ("published_in", models.PositiveIntegerField()),
            ],
            options={
                "db_table": "public_plan_versions",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PublicZone",
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
                ("uid", models.UUIDField()),
                ("plan_code", models.CharField(max_length=40)),
                ("level", models.CharField(max_length=8)),
                ("label", models.CharField(max_length=60)),
                ("function", models.CharField(max_length=60)),
                ("land_use_code", models.CharField(max_length=10)),
                ("density", models.CharField(max_length=60)),
                ("storeys", models.CharField(max_length=60)),
                ("floor_area_ratio", models.CharField(max_length=60)),
                ("population", models.PositiveIntegerField(null=True)),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=settings.STORAGE_SRID
                    ),
                ),
                ("boundary_3857", django.contrib.gis.db.models.fields.MultiPolygonField(srid=3857)),
            ],
            options={
                "db_table": "public_zones",
                "managed": False,
            },
        ),
    ]
