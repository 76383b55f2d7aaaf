"""Runways are protected sites that know how high they lie: airport surfaces rise from there."""

from __future__ import annotations

from django.db import migrations, models

from landdata.public_views import widen_view


class Migration(migrations.Migration):
    dependencies = [("landdata", "0016_parcels_without_their_sheet")]

    operations = [
        migrations.AddField(
            model_name="protectedsite",
            name="elevation_m",
            field=models.FloatField(blank=True, null=True),
        ),
        widen_view(
            "public_protected_sites",
            """
            SELECT t.id, t.source_key, t.valid_from, t.valid_to, t.from_revision, t.to_revision,
                t.name, t.name_en, t.kind, t.protection_zone, t.decision_number, t.decision_date,
                t.authority, t.source, t.boundary, t.boundary_3857, d.code AS dataset, f.data_date,
                t.elevation_m
            FROM landdata_protectedsite t
            LEFT JOIN landdata_sourcefile f ON f.id = t.source_file_id
            LEFT JOIN landdata_dataset d ON d.id = f.dataset_id
            """,
        ),
    ]
