"""The database's guard over land-use plans and lines, and what the public may read of them."""

from __future__ import annotations

from django.db import migrations

from landdata.append_only import freeze, guard_revisioned
from landdata.public_views import public_view

_TIMES = "valid_from, valid_to, from_revision, to_revision"


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0004_land_use_plans_and_lines"),
        ("landdata", "0007_guard_and_publish_networks"),
    ]

    operations = [
        guard_revisioned("planning", "AnnualLandUsePlan", "ControlLine", "LandUsePlanItem"),
        freeze("planning_landuseplanitemparcel"),
        public_view(
            "public_annual_plans",
            f"""
            SELECT id, code, name_vi, name_en, year, authority, decision_number, decision_date,
                data_date, boundary, {_TIMES}
            FROM planning_annuallanduseplan
            """,
        ),
        public_view(
            "public_land_use_items",
            f"""
            SELECT id, annual_plan_code, item_key, name_vi, name_en, kind, purpose, area_m2,
                first_listed_year, status, decision_number, decision_date, note, boundary, {_TIMES}
            FROM planning_landuseplanitem
            """,
        ),
        public_view(
            "public_land_use_item_parcels",
            """
            SELECT id, item_id, unit_code, sheet_number, scale, number, parcel_id AS uuid
            FROM planning_landuseplanitemparcel
            """,
        ),
        public_view(
            "public_control_lines",
            f"""
            SELECT id, source_key, name, name_en, kind, plan_code, decision_number, decision_date,
                authority, boundary, boundary_3857, {_TIMES}
            FROM planning_controlline
            """,
        ),
        public_view(
            "public_plot_share_states",
            "SELECT parcel_version_id, through_revision FROM planning_plotsharestate",
        ),
        public_view(
            "public_plot_shares",
            "SELECT parcel_version_id, zone_id, piece FROM planning_plotshare",
        ),
    ]
