import django.contrib.gis.db.models.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("landdata", "0001_spatial_reference_systems"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Dataset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, unique=True)),
                ("title_vi", models.CharField(max_length=200)),
                ("title_en", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=40)),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("licence", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("uuid", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="AdministrativeUnit",
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
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "Province"),
                            ("district", "District"),
                            ("ward", "Ward"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=120)),
                ("full_name", models.CharField(max_length=160)),
                ("full_name_en", models.CharField(max_length=160)),
                ("folded", models.CharField(max_length=160)),
                ("tone_folded", models.CharField(max_length=160)),
                ("parent_code", models.CharField(blank=True, max_length=5)),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=settings.STORAGE_SRID
                    ),
                ),
                (
                    "boundary_3857",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=3857
                    ),
                ),
                (
                    "point",
                    django.contrib.gis.db.models.fields.PointField(
                        blank=True, null=True, srid=settings.STORAGE_SRID
                    ),
                ),
                ("source", models.TextField()),
                ("confidence", models.CharField(max_length=20)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["folded"], name="unit_folded"),
                    models.Index(fields=["tone_folded"], name="unit_tone_folded"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="landdata_administrativeunit_validity_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_revision__isnull", True),
                            ("to_revision__gt", models.F("from_revision")),
                            _connector="OR",
                        ),
                        name="landdata_administrativeunit_closed_after_opened",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_revision", None)),
                        fields=("level", "code", "valid_from"),
                        name="unit_known_once_from_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CadastralSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit_code", models.CharField(max_length=5)),
                ("number", models.CharField(max_length=20)),
                ("scale", models.PositiveIntegerField()),
                ("epsg", models.PositiveIntegerField()),
                ("datum_operation", models.CharField(default="EPSG:6960", max_length=20)),
                ("survey_date", models.DateField(blank=True, null=True)),
                ("accuracy_m", models.FloatField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit_code", "number", "scale"),
                        name="sheet_unique_in_unit_and_scale",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LandUseCode",
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
                ("parent", models.CharField(blank=True, max_length=10)),
                ("status", models.CharField(max_length=20)),
                ("replaced_by", models.CharField(blank=True, max_length=60)),
                ("colour", models.CharField(blank=True, max_length=7)),
                ("source", models.TextField()),
                ("confidence", models.CharField(max_length=20)),
                ("confidence_colour", models.CharField(blank=True, max_length=20)),
                ("note", models.TextField(blank=True)),
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
                        name="landdata_landusecode_validity_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_revision__isnull", True),
                            ("to_revision__gt", models.F("from_revision")),
                            _connector="OR",
                        ),
                        name="landdata_landusecode_closed_after_opened",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_revision", None)),
                        fields=("code", "valid_from"),
                        name="land_use_code_known_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("size_bytes", models.BigIntegerField()),
                ("stored_as", models.CharField(max_length=255)),
                ("epsg", models.PositiveIntegerField(blank=True, null=True)),
                ("datum_operation", models.CharField(default="EPSG:6960", max_length=20)),
                ("accuracy_m", models.FloatField(blank=True, null=True)),
                ("data_date", models.DateField()),
                ("encodings", models.JSONField(blank=True, default=dict)),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                (
                    "chosen_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="landdata.dataset",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("why", models.TextField()),
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
                    "source_file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="landdata.sourcefile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ParcelVersion",
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
                ("national_id", models.CharField(blank=True, max_length=12)),
                ("number", models.CharField(max_length=20)),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=settings.STORAGE_SRID
                    ),
                ),
                (
                    "boundary_3857",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=3857
                    ),
                ),
                (
                    "geometry_state",
                    models.CharField(
                        choices=[
                            ("valid", "Valid"),
                            ("invalid", "Invalid"),
                            ("missing", "Missing"),
                        ],
                        max_length=7,
                    ),
                ),
                (
                    "legal_area_m2",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True),
                ),
                ("address", models.CharField(blank=True, max_length=255)),
                ("unit_code", models.CharField(max_length=5)),
                ("is_disputed", models.BooleanField(default=False)),
                ("source_row", models.PositiveIntegerField()),
                ("fingerprint", models.BinaryField(max_length=32)),
                (
                    "parcel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="landdata.parcel",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="landdata.cadastralsheet",
                    ),
                ),
                (
                    "source_file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="landdata.sourcefile",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SourceHealth",
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
                    "theme",
                    models.CharField(
                        choices=[
                            ("general_plan", "General Plan"),
                            ("zoning_plan", "Zoning Plan"),
                            ("detailed_plan", "Detailed Plan"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=settings.STORAGE_SRID
                    ),
                ),
                ("trouble", models.SlugField(max_length=60)),
                ("detail", models.TextField(blank=True)),
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
                        name="landdata_sourcehealth_validity_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_revision__isnull", True),
                            ("to_revision__gt", models.F("from_revision")),
                            _connector="OR",
                        ),
                        name="landdata_sourcehealth_closed_after_opened",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("boundary__isvalid", True)),
                        name="trouble_boundary_valid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ThemeCoverage",
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
                    "theme",
                    models.CharField(
                        choices=[
                            ("general_plan", "General Plan"),
                            ("zoning_plan", "Zoning Plan"),
                            ("detailed_plan", "Detailed Plan"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=settings.STORAGE_SRID
                    ),
                ),
                ("is_complete", models.BooleanField()),
                ("data_date", models.DateField()),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="landdata.dataset",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UnitSuccession",
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
                ("old_code", models.CharField(max_length=5)),
                ("new_code", models.CharField(max_length=5)),
                (
                    "kind",
                    models.CharField(choices=[("whole", "Whole"), ("part", "Part")], max_length=5),
                ),
                ("is_default", models.BooleanField()),
                ("share", models.FloatField(blank=True, null=True)),
                ("source", models.TextField()),
                ("confidence", models.CharField(max_length=20)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["new_code"], name="succession_new")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="landdata_unitsuccession_validity_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_revision__isnull", True),
                            ("to_revision__gt", models.F("from_revision")),
                            _connector="OR",
                        ),
                        name="landdata_unitsuccession_closed_after_opened",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_revision", None)),
                        fields=("old_code", "new_code", "valid_from"),
                        name="succession_known_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WaterBody",
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
                ("source_key", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("name_en", models.CharField(blank=True, max_length=200)),
                ("kind", models.CharField(max_length=40)),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=settings.STORAGE_SRID
                    ),
                ),
                ("boundary_3857", django.contrib.gis.db.models.fields.MultiPolygonField(srid=3857)),
                ("source_row", models.PositiveIntegerField()),
                (
                    "source_file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="landdata.sourcefile",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ParcelLandUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=10)),
                (
                    "area_m2",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True),
                ),
                ("term", models.CharField(blank=True, max_length=40)),
                ("origin", models.CharField(blank=True, max_length=40)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="land_uses",
                        to="landdata.parcelversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "position"), name="land_use_position_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangedArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("layer", models.CharField(max_length=40)),
                ("extent_3857", django.contrib.gis.db.models.fields.PolygonField(srid=3857)),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="landdata.revision",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["layer", "revision"], name="changed_area_layer_revision")
                ],
            },
        ),
        migrations.CreateModel(
            name="RoadSegment",
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
                ("source_key", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("name_en", models.CharField(blank=True, max_length=200)),
                ("road_class", models.CharField(max_length=40)),
                ("width_m", models.FloatField(blank=True, null=True)),
                (
                    "axis",
                    django.contrib.gis.db.models.fields.MultiLineStringField(
                        srid=settings.STORAGE_SRID
                    ),
                ),
                ("axis_3857", django.contrib.gis.db.models.fields.MultiLineStringField(srid=3857)),
                ("source_row", models.PositiveIntegerField()),
                (
                    "source_file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="landdata.sourcefile",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["source_key"], name="road_source_key")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="landdata_roadsegment_validity_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_revision__isnull", True),
                            ("to_revision__gt", models.F("from_revision")),
                            _connector="OR",
                        ),
                        name="landdata_roadsegment_closed_after_opened",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="parcelversion",
            index=models.Index(fields=["unit_code", "number"], name="parcel_unit_number"),
        ),
        migrations.AddIndex(
            model_name="parcelversion",
            index=models.Index(fields=["national_id"], name="parcel_national_id"),
        ),
        migrations.AddConstraint(
            model_name="parcelversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="landdata_parcelversion_validity_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="parcelversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_revision__isnull", True),
                    ("to_revision__gt", models.F("from_revision")),
                    _connector="OR",
                ),
                name="landdata_parcelversion_closed_after_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="parcelversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("is_disputed", False),
                    ("to_revision", None),
                    ("valid_to", None),
                    models.Q(("number", "KXD"), _negated=True),
                ),
                fields=("sheet", "number"),
                name="parcel_number_unique_while_current",
            ),
        ),
        migrations.AddConstraint(
            model_name="parcelversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("to_revision", None)),
                fields=("parcel", "valid_from"),
                name="parcel_version_known_once_from_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="parcelversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("boundary__isnull", False), ("geometry_state", "valid")),
                    models.Q(
                        models.Q(("geometry_state", "valid"), _negated=True),
                        ("boundary__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="parcel_boundary_exactly_if_valid",
            ),
        ),
        migrations.AddConstraint(
            model_name="themecoverage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="landdata_themecoverage_validity_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="themecoverage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_revision__isnull", True),
                    ("to_revision__gt", models.F("from_revision")),
                    _connector="OR",
                ),
                name="landdata_themecoverage_closed_after_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="themecoverage",
            constraint=models.CheckConstraint(
                condition=models.Q(("boundary__isvalid", True)), name="coverage_boundary_valid"
            ),
        ),
        migrations.AddIndex(
            model_name="waterbody",
            index=models.Index(fields=["source_key"], name="water_source_key"),
        ),
        migrations.AddConstraint(
            model_name="waterbody",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="landdata_waterbody_validity_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="waterbody",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_revision__isnull", True),
                    ("to_revision__gt", models.F("from_revision")),
                    _connector="OR",
                ),
                name="landdata_waterbody_closed_after_opened",
            ),
        ),
    ]
