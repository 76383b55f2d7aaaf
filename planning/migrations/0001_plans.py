import django.contrib.gis.db.models.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("landdata", "0002_land_data"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("general", "General"),
                            ("zoning", "Zoning"),
                            ("detailed", "Detailed"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="planning.plan",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanFunction",
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
                ("hatch_hint", models.CharField(blank=True, max_length=120)),
                ("source", models.TextField()),
                ("confidence", models.CharField(max_length=80)),
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
                        name="planning_planfunction_validity_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_revision__isnull", True),
                            ("to_revision__gt", models.F("from_revision")),
                            _connector="OR",
                        ),
                        name="planning_planfunction_closed_after_opened",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_revision", None)),
                        fields=("code", "valid_from"),
                        name="plan_function_known_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveSmallIntegerField()),
                (
                    "adjustment",
                    models.CharField(
                        choices=[("first", "First"), ("general", "General"), ("local", "Local")],
                        max_length=10,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("approved", "Approved"),
                            ("published", "Published"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("name_vi", models.CharField(max_length=300)),
                ("name_en", models.CharField(max_length=300)),
                ("scale", models.PositiveIntegerField()),
                ("information_code", models.CharField(blank=True, max_length=12)),
                ("authority", models.CharField(max_length=200)),
                ("decision_number", models.CharField(max_length=60)),
                ("decision_date", models.DateField()),
                (
                    "extent",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=settings.STORAGE_SRID
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("data_date", models.DateField()),
                ("accuracy_m", models.FloatField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "base",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planning.planversion",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="planning.plan",
                    ),
                ),
                (
                    "published_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="landdata.revision",
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
            name="PlanTerritory",
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
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=settings.STORAGE_SRID
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="territories",
                        to="planning.plan",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="territories",
                        to="planning.planversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Zone",
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
                        srid=settings.STORAGE_SRID
                    ),
                ),
                ("boundary_3857", django.contrib.gis.db.models.fields.MultiPolygonField(srid=3857)),
                (
                    "introduced_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="zones",
                        to="planning.planversion",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="zones",
                        to="planning.plan",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DraftZone",
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
                ("uid", models.UUIDField(default=uuid.uuid4)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=settings.STORAGE_SRID
                    ),
                ),
                ("source_row", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "version_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="planning.planversion",
                    ),
                ),
                (
                    "based_on",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planning.zone",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.UniqueConstraint(
                fields=("plan", "sequence"), name="plan_version_sequence_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="plan_version_validity_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("extent__isvalid", True)), name="plan_version_extent_valid"
            ),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_in__isnull", False), ("status", "published")),
                    models.Q(
                        models.Q(("status", "published"), _negated=True),
                        ("published_in__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="plan_version_published_in_a_revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="planterritory",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="planning_planterritory_validity_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="planterritory",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_revision__isnull", True),
                    ("to_revision__gt", models.F("from_revision")),
                    _connector="OR",
                ),
                name="planning_planterritory_closed_after_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="planterritory",
            constraint=models.CheckConstraint(
                condition=models.Q(("boundary__isvalid", True)), name="territory_boundary_valid"
            ),
        ),
        migrations.AddConstraint(
            model_name="zone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="planning_zone_validity_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="zone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_revision__isnull", True),
                    ("to_revision__gt", models.F("from_revision")),
                    _connector="OR",
                ),
                name="planning_zone_closed_after_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="zone",
            constraint=models.CheckConstraint(
                condition=models.Q(("boundary__isvalid", True)), name="zone_boundary_valid"
            ),
        ),
        migrations.AddConstraint(
            model_name="zone",
            constraint=models.UniqueConstraint(
                condition=models.Q(("to_revision", None)),
                fields=("uid", "introduced_by", "valid_from"),
                name="zone_known_once_from_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftzone",
            constraint=models.CheckConstraint(
                condition=models.Q(("boundary__isvalid", True)), name="draft_zone_boundary_valid"
            ),
        ),
        migrations.AddConstraint(
            model_name="draftzone",
            constraint=models.UniqueConstraint(
                fields=("version_of", "uid"), name="draft_zone_uid_once"
            ),
        ),
    ]
