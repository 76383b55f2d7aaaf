"""Who asks for no column of a plot's sheet or file does not pay for looking them up."""

from __future__ import annotations

from django.db import migrations

from landdata.public_views import widen_view


class Migration(migrations.Migration):
    dependencies = [("landdata", "0015_rasters_are_drawn")]

    operations = [
        # Each plot has one of both, so outer joins give the same rows; unlike inner ones they are
        # left out of a plan that needs none of their columns.
        widen_view(
            "public_parcels",
            """
            SELECT v.id, v.parcel_id AS uuid, v.national_id, v.sheet_id,
                s.unit_code AS sheet_unit_code, s.number AS sheet_number, s.scale AS sheet_scale,
                s.epsg AS sheet_epsg, s.datum_operation, v.number, v.boundary, v.boundary_3857,
                v.geometry_state, v.legal_area_m2, v.address, v.unit_code, v.is_disputed,
                f.name AS source_name, f.sha256 AS source_sha256, v.source_row, f.data_date,
                f.accuracy_m, v.valid_from, v.valid_to, v.from_revision, v.to_revision
            FROM landdata_parcelversion v
            LEFT JOIN landdata_cadastralsheet s ON s.id = v.sheet_id
            LEFT JOIN landdata_sourcefile f ON f.id = v.source_file_id
            """,
        ),
    ]
