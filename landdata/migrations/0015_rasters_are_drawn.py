"""Terrain models are drawn on maps: where their shaded copies lie, and that a change is noted."""

from __future__ import annotations

from django.db import migrations

from landdata.changed_areas import note_changes, note_days
from landdata.public_views import widen_view


class Migration(migrations.Migration):
    dependencies = [("landdata", "0014_order_rows_by_revision")]

    operations = [
        widen_view(
            "public_rasters",
            """
            SELECT t.id, t.source_key, t.valid_from, t.valid_to, t.from_revision, t.to_revision,
                t.name, t.name_en, t.kind, t.epsg, t.width, t.height, t.bands,
                t.data_type, t.cell_width, t.cell_height, t.no_data, t.minimum, t.maximum, t.unit,
                t.extent, d.code AS dataset, f.data_date,
                f.sha256 AS file_sha256, ST_Transform(t.extent, 3857) AS extent_3857
            FROM landdata_raster t
            LEFT JOIN landdata_sourcefile f ON f.id = t.source_file_id
            LEFT JOIN landdata_dataset d ON d.id = f.dataset_id
            """,
        ),
        # Rasters come seldom and reach far: every picture that shows them is made again.
        note_changes("landdata_raster", "public_rasters"),
        note_days("landdata_raster", "public_rasters"),
    ]
