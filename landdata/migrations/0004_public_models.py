import django.contrib.gis.db.models.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("landdata", "0003_append_only_and_public"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicLandUseCode",
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
                ("code", models.CharField(max_length=10)),
                ("name_vi", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("group", models.CharField(max_length=10)),
                ("status", models.CharField(max_length=20)),
                ("colour", models.CharField(max_length=7)),
            ],
            options={
                "db_table": "public_land_use_codes",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PublicParcel",
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
                ("uuid", models.UUIDField()),
                ("national_id", models.CharField(max_length=12)),
                ("sheet_id", models.BigIntegerField()),
                ("sheet_unit_code", models.CharField(max_length=5)),
                ("sheet_number", models.CharField(max_length=20)),
                ("sheet_scale", models.PositiveIntegerField()),
                ("sheet_epsg", models.PositiveIntegerField()),
                ("datum_operation", models.CharField(max_length=20)),
                ("number", models.CharField(max_length=20)),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        null=True, srid=settings.STORAGE_SRID
                    ),
                ),
                (
                    "boundary_3857",
                    django.contrib.gis.db.models.fields.MultiPolygonField(null=True, srid=3857),
                ),
                ("geometry_state", models.CharField(max_length=7)),
                ("legal_area_m2", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("address", models.CharField(max_length=255)),
                ("unit_code", models.CharField(max_length=5)),
                ("is_disputed", models.BooleanField()),
                ("source_name", models.CharField(max_length=255)),
                ("source_sha256", models.CharField(max_length=64)),
                ("source_row", models.PositiveIntegerField()),
                ("data_date", models.DateField()),
                ("accuracy_m", models.FloatField(null=True)),
            ],
            options={
                "db_table": "public_parcels",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PublicParcelLandUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version_id", models.BigIntegerField()),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=10)),
                ("area_m2", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("term", models.CharField(max_length=40)),
            ],
            options={
                "db_table": "public_parcel_land_uses",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PublicRevision",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "public_revisions",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PublicSourceHealth",
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
                ("theme", models.CharField(max_length=20)),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=settings.STORAGE_SRID
                    ),
                ),
                ("trouble", models.CharField(max_length=60)),
            ],
            options={
                "db_table": "public_source_health",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PublicThemeCoverage",
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
                ("theme", models.CharField(max_length=20)),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=settings.STORAGE_SRID
                    ),
                ),
                ("is_complete", models.BooleanField()),
                ("data_date", models.DateField()),
                ("title_vi", models.CharField(max_length=200)),
                ("title_en", models.CharField(max_length=200)),
            ],
            options={
                "db_table": "public_theme_coverage",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PublicUnit",
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
                ("code", models.CharField(max_length=5)),
                ("level", models.CharField(max_length=8)),
                ("name", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=120)),
                ("full_name", models.CharField(max_length=160)),
                ("full_name_en", models.CharField(max_length=160)),
                ("folded", models.CharField(max_length=160)),
                ("tone_folded", models.CharField(max_length=160)),
                ("parent_code", models.CharField(max_length=5)),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        null=True, srid=settings.STORAGE_SRID
                    ),
                ),
                (
                    "boundary_3857",
                    django.contrib.gis.db.models.fields.MultiPolygonField(null=True, srid=3857),
                ),
                (
                    "point",
                    django.contrib.gis.db.models.fields.PointField(
                        null=True, srid=settings.STORAGE_SRID
                    ),
                ),
                ("source", models.TextField()),
                ("confidence", models.CharField(max_length=20)),
            ],
            options={
                "db_table": "public_units",
                "managed": False,
            },
        ),
    ]
