"""The view of lines says from which data set a row is and of which day its data are."""

from __future__ import annotations

from django.db import migrations

from landdata.public_views import widen_view


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0007_find_unmatched_plots"),
        ("landdata", "0010_views_name_their_data_set"),
    ]

    operations = [
        widen_view(
            "public_control_lines",
            """
            SELECT t.id, t.source_key, t.name, t.name_en, t.kind, t.plan_code, t.decision_number,
                t.decision_date, t.authority, t.boundary, t.boundary_3857, t.valid_from,
                t.valid_to, t.from_revision, t.to_revision, d.code AS dataset, f.data_date
            FROM planning_controlline t
            LEFT JOIN landdata_sourcefile f ON f.id = t.source_file_id
            LEFT JOIN landdata_dataset d ON d.id = f.dataset_id
            """,
        ),
    ]
