"""Sites that can be had, what the plans permit on them, and what the public may read of both."""

from __future__ import annotations

import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from landdata.append_only import freeze, guard_revisioned
from landdata.changed_areas import note_changes
from landdata.public_views import public_view
from landdata.revision_indexes import order_by_revision

# One row for each span of days on which neither the site nor what is permitted on it changes.
_SITES = """
    SELECT u.id, s.code, s.title_vi, s.title_en, s.legal_basis, s.status,
        s.area_m2::float8 AS area_m2, s.area_from,
        round(ST_Area(s.boundary)::numeric, 2)::float8 AS measured_m2, s.shape_from, s.unit_code,
        (
            SELECT string_agg(
                p.unit_code || '/' || p.sheet_number || '/' || p.number, '; ' ORDER BY p.id
            )
            FROM planning_availablesiteparcel p WHERE p.site_id = s.id
        ) AS parcels,
        u.function, u.function_share, u.level, u.plan_code,
        u.density, u.density_min, u.density_max, u.storeys, u.storeys_min, u.storeys_max,
        u.floor_area_ratio, u.floor_area_ratio_min, u.floor_area_ratio_max, u.is_mixed,
        (
            SELECT string_agg(
                f.function || ' ' || trim(to_char(100 * f.share, 'FM990.0')) || ' %',
                '; ' ORDER BY f.share DESC, f.function
            )
            FROM (
                SELECT z ->> 'function' AS function, sum((z ->> 'share')::numeric) AS share
                FROM jsonb_array_elements(u.zones) z GROUP BY 1
            ) f
        ) AS functions,
        u.zones, u.land_use_code, u.silent_share, u.unplanned_share, u.contested_share,
        s.price_basis, o.name_vi AS contact_vi, o.name_en AS contact_en, s.contact_phone,
        s.offered_from, s.offered_until,
        (s.published_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS published_on,
        s.boundary, u.boundary_3857,
        u.valid_from, u.valid_to, u.from_revision, u.to_revision
    FROM planning_availablesiteuse u
    JOIN planning_availablesite s ON s.id = u.site_id
    JOIN accounts_office o ON o.id = s.contact_office_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_access_keys"),
        ("landdata", "0014_order_rows_by_revision"),
        ("planning", "0013_order_rows_by_revision"),
    ]

    operations = [
        migrations.CreateModel(
            name="AvailableSite",
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
                ("code", models.CharField(max_length=40, verbose_name="site.code")),
                ("title_vi", models.CharField(max_length=200, verbose_name="site.title_vi")),
                ("title_en", models.CharField(max_length=200, verbose_name="site.title_en")),
                ("legal_basis", models.TextField(verbose_name="site.legal_basis")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("free", "site.free"),
                            ("offered", "site.offered"),
                            ("allocated", "site.allocated"),
                        ],
                        max_length=10,
                        verbose_name="site.status",
                    ),
                ),
                (
                    "shape_from",
                    models.CharField(
                        choices=[("parcels", "site.from_parcels"), ("drawn", "site.drawn")],
                        max_length=8,
                    ),
                ),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=settings.STORAGE_SRID
                    ),
                ),
                (
                    "area_m2",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, verbose_name="site.area_m2"
                    ),
                ),
                (
                    "area_from",
                    models.CharField(
                        choices=[
                            ("stated", "site.area_stated"),
                            ("register", "site.area_register"),
                            ("measured", "site.area_measured"),
                        ],
                        max_length=8,
                    ),
                ),
                ("unit_code", models.CharField(max_length=5)),
                ("price_basis", models.TextField(blank=True, verbose_name="site.price_basis")),
                (
                    "contact_phone",
                    models.CharField(blank=True, max_length=20, verbose_name="site.contact_phone"),
                ),
                (
                    "offered_from",
                    models.DateField(blank=True, null=True, verbose_name="site.offered_from"),
                ),
                (
                    "offered_until",
                    models.DateField(blank=True, null=True, verbose_name="site.offered_until"),
                ),
                ("published_at", models.DateTimeField()),
                (
                    "contact_office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.office",
                        verbose_name="site.contact_office",
                    ),
                ),
            ],
            options={
                "verbose_name": "site.one",
                "verbose_name_plural": "site.many",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AvailableSiteParcel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit_code", models.CharField(max_length=5)),
                ("sheet_number", models.CharField(max_length=20)),
                ("scale", models.PositiveIntegerField()),
                ("number", models.CharField(max_length=20)),
                (
                    "parcel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="landdata.parcel",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parcels",
                        to="planning.availablesite",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AvailableSiteUse",
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
                ("boundary_3857", django.contrib.gis.db.models.fields.MultiPolygonField(srid=3857)),
                ("function", models.CharField(blank=True, max_length=60)),
                ("function_share", models.FloatField(default=0)),
                ("level", models.CharField(blank=True, max_length=8)),
                ("plan_code", models.CharField(blank=True, max_length=40)),
                ("density", models.CharField(blank=True, max_length=60)),
                ("density_min", models.FloatField(blank=True, null=True)),
                ("density_max", models.FloatField(blank=True, null=True)),
                ("storeys", models.CharField(blank=True, max_length=60)),
                ("storeys_min", models.FloatField(blank=True, null=True)),
                ("storeys_max", models.FloatField(blank=True, null=True)),
                ("floor_area_ratio", models.CharField(blank=True, max_length=60)),
                ("floor_area_ratio_min", models.FloatField(blank=True, null=True)),
                ("floor_area_ratio_max", models.FloatField(blank=True, null=True)),
                ("is_mixed", models.BooleanField(default=False)),
                ("zones", models.JSONField(default=list)),
                ("land_use_code", models.CharField(blank=True, max_length=60)),
                ("silent_share", models.FloatField(default=0)),
                ("unplanned_share", models.FloatField(default=0)),
                ("contested_share", models.FloatField(default=0)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="planning.availablesite",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="availablesite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="planning_availablesite_validity_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="availablesite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_revision__isnull", True),
                    ("to_revision__gt", models.F("from_revision")),
                    _connector="OR",
                ),
                name="planning_availablesite_closed_after_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="availablesite",
            constraint=models.UniqueConstraint(
                condition=models.Q(("to_revision", None)),
                fields=("code", "valid_from"),
                name="available_site_known_once_from_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="availablesite",
            constraint=models.CheckConstraint(
                condition=models.Q(("boundary__isvalid", True)),
                name="available_site_boundary_valid",
            ),
        ),
        migrations.AddConstraint(
            model_name="availablesite",
            constraint=models.CheckConstraint(
                condition=models.Q(("area_m2__gt", 0)), name="available_site_area_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="availablesite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("offered_from__isnull", True),
                    ("offered_until__isnull", True),
                    ("offered_until__gte", models.F("offered_from")),
                    _connector="OR",
                ),
                name="available_site_offer_lasts",
            ),
        ),
        migrations.AddConstraint(
            model_name="availablesiteparcel",
            constraint=models.UniqueConstraint(
                fields=("site", "parcel"), name="available_site_parcel_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="availablesiteuse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="planning_availablesiteuse_validity_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="availablesiteuse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_revision__isnull", True),
                    ("to_revision__gt", models.F("from_revision")),
                    _connector="OR",
                ),
                name="planning_availablesiteuse_closed_after_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="availablesiteuse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("to_revision", None)),
                fields=("site", "valid_from"),
                name="available_site_use_known_once_from_a_day",
            ),
        ),
        guard_revisioned("planning", "AvailableSite", "AvailableSiteUse"),
        freeze("planning_availablesiteparcel"),
        note_changes("planning_availablesiteuse", "available_sites", "boundary_3857"),
        order_by_revision("planning_availablesite", "code"),
        order_by_revision("planning_availablesiteuse", "site_id"),
        public_view("public_available_sites", _SITES),
        public_view(
            "public_available_site_parcels",
            """
            SELECT p.id, s.code, p.site_id, p.unit_code, p.sheet_number, p.scale, p.number,
                p.parcel_id AS uuid, s.from_revision, s.to_revision, s.valid_from, s.valid_to
            FROM planning_availablesiteparcel p JOIN planning_availablesite s ON s.id = p.site_id
            """,
        ),
    ]
