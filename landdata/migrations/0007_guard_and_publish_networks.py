"""The database's guard over networks, facilities and people, and what the public may read."""

from __future__ import annotations

from django.db import migrations

from landdata.append_only import guard_revisioned
from landdata.public_views import public_view

#: What every view of delivered objects shows.
_ROW = "id, source_key, valid_from, valid_to, from_revision, to_revision"
_NAMED = f"{_ROW}, name, name_en"
_LINE = "axis, axis_3857"
_AREA = "boundary, boundary_3857"
#: Streets and water gained columns that the triggers of before do not watch.
_WIDER = ("roadsegment", "waterbody")


def _let_go(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        [
            f"DROP TRIGGER landdata_{table}_{name} ON landdata_{table}"
            for name in ("opened", "closed", "frozen", "kept")
        ],
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    dependencies = [("landdata", "0006_networks_facilities_people")]

    operations = [
        *(_let_go(table) for table in _WIDER),
        guard_revisioned(
            "landdata",
            "Building",
            "Dyke",
            "Facility",
            "HazardSite",
            "NetworkNode",
            "ParcelAlias",
            "Pipeline",
            "Population",
            "PowerLine",
            "ProtectedSite",
            "Railway",
            "Raster",
            "RoadSegment",
            "WaterBody",
        ),
        migrations.RunSQL(["DROP VIEW public_roads", "DROP VIEW public_water"]),
        public_view(
            "public_roads",
            f"""
            SELECT {_NAMED}, road_class, technical_class, width_m, from_node, to_node, level,
                one_way, is_urban, strip_m, red_line_m, planned_by, {_LINE}
            FROM landdata_roadsegment
            """,
        ),
        public_view(
            "public_water",
            f"SELECT {_NAMED}, kind, function, is_urban, bank, {_AREA} FROM landdata_waterbody",
        ),
        public_view("public_network_nodes", f"SELECT {_ROW}, position FROM landdata_networknode"),
        public_view(
            "public_power_lines",
            f"""
            SELECT {_NAMED}, voltage_kv, conductor, placement, outer_conductor_m, {_LINE}
            FROM landdata_powerline
            """,
        ),
        public_view(
            "public_pipelines",
            f"""
            SELECT {_NAMED}, kind, diameter_mm, pressure_bar, outer_m, {_LINE}
            FROM landdata_pipeline
            """,
        ),
        public_view(
            "public_dykes",
            f"""
            SELECT {_NAMED}, kind, grade, protected_side, foot_left_m, foot_right_m, is_urban,
                {_LINE}
            FROM landdata_dyke
            """,
        ),
        public_view(
            "public_railways",
            f"SELECT {_NAMED}, kind, strip_m, is_urban, {_LINE} FROM landdata_railway",
        ),
        public_view(
            "public_facilities",
            f"""
            SELECT {_NAMED}, kind, capacity, capacity_unit, address, is_synthetic, source,
                position, position_3857
            FROM landdata_facility
            """,
        ),
        public_view(
            "public_hazard_sites",
            f"""
            SELECT {_NAMED}, kind, technology, capacity, capacity_unit, flow_deg, is_synthetic,
                source, {_AREA}
            FROM landdata_hazardsite
            """,
        ),
        public_view(
            "public_protected_sites",
            f"""
            SELECT {_NAMED}, kind, protection_zone, decision_number, decision_date, authority,
                source, {_AREA}
            FROM landdata_protectedsite
            """,
        ),
        public_view(
            "public_buildings",
            f"SELECT {_NAMED}, use, storeys, height_m, {_AREA} FROM landdata_building",
        ),
        public_view(
            "public_rasters",
            f"""
            SELECT {_NAMED}, kind, epsg, width, height, bands, data_type, cell_width, cell_height,
                no_data, minimum, maximum, unit, extent
            FROM landdata_raster
            """,
        ),
        public_view(
            "public_parcel_aliases",
            """
            SELECT id, parcel_id AS uuid, unit_code, sheet_number, number, valid_from, valid_to,
                from_revision, to_revision
            FROM landdata_parcelalias
            """,
        ),
    ]
