"""Views of delivered objects say from which data set a row is and of which day its data are."""

from __future__ import annotations

from django.db import migrations

from landdata.public_views import public_view, widen_view

_ROW = "t.id, t.source_key, t.valid_from, t.valid_to, t.from_revision, t.to_revision"
_NAMED = f"{_ROW}, t.name, t.name_en"
_LINE = "t.axis, t.axis_3857"
_AREA = "t.boundary, t.boundary_3857"

#: View, table, the columns it had. Outer joins, so that who does not ask for them pays nothing.
_VIEWS = (
    (
        "public_roads",
        "roadsegment",
        f"{_NAMED}, t.road_class, t.technical_class, t.width_m, t.from_node, t.to_node, t.level,"
        f" t.one_way, t.is_urban, t.strip_m, t.red_line_m, t.planned_by, {_LINE}",
    ),
    (
        "public_water",
        "waterbody",
        f"{_NAMED}, t.kind, t.function, t.is_urban, t.bank, {_AREA}",
    ),
    (
        "public_power_lines",
        "powerline",
        f"{_NAMED}, t.voltage_kv, t.conductor, t.placement, t.outer_conductor_m, {_LINE}",
    ),
    (
        "public_pipelines",
        "pipeline",
        f"{_NAMED}, t.kind, t.diameter_mm, t.pressure_bar, t.outer_m, {_LINE}",
    ),
    (
        "public_dykes",
        "dyke",
        f"{_NAMED}, t.kind, t.grade, t.protected_side, t.foot_left_m, t.foot_right_m, t.is_urban,"
        f" {_LINE}",
    ),
    ("public_railways", "railway", f"{_NAMED}, t.kind, t.strip_m, t.is_urban, {_LINE}"),
    (
        "public_facilities",
        "facility",
        f"{_NAMED}, t.kind, t.capacity, t.capacity_unit, t.address, t.is_synthetic, t.source,"
        " t.position, t.position_3857",
    ),
    (
        "public_hazard_sites",
        "hazardsite",
        f"{_NAMED}, t.kind, t.technology, t.capacity, t.capacity_unit, t.flow_deg,"
        f" t.is_synthetic, t.source, {_AREA}",
    ),
    (
        "public_protected_sites",
        "protectedsite",
        f"{_NAMED}, t.kind, t.protection_zone, t.decision_number, t.decision_date, t.authority,"
        f" t.source, {_AREA}",
    ),
    ("public_buildings", "building", f"{_NAMED}, t.use, t.storeys, t.height_m, {_AREA}"),
    (
        "public_rasters",
        "raster",
        f"{_NAMED}, t.kind, t.epsg, t.width, t.height, t.bands, t.data_type, t.cell_width,"
        " t.cell_height, t.no_data, t.minimum, t.maximum, t.unit, t.extent",
    ),
)


def _widened(view: str, table: str, columns: str) -> migrations.RunSQL:
    return widen_view(
        view,
        f"""
        SELECT {columns}, d.code AS dataset, f.data_date
        FROM landdata_{table} t
        LEFT JOIN landdata_sourcefile f ON f.id = t.source_file_id
        LEFT JOIN landdata_dataset d ON d.id = f.dataset_id
        """,
    )


class Migration(migrations.Migration):
    dependencies = [("landdata", "0009_parcel_number_index")]

    operations = [
        *(_widened(*view) for view in _VIEWS),
        public_view(
            "public_datasets",
            """
            SELECT d.id, d.code, d.title_vi, d.title_en, d.kind, d.publisher, d.licence,
                (SELECT max(f.data_date) FROM landdata_sourcefile f WHERE f.dataset_id = d.id)
                    AS data_date
            FROM landdata_dataset d
            """,
        ),
    ]
