"""The database notes where plans changed the map."""

from __future__ import annotations

from django.db import migrations

from landdata.changed_areas import note_changes


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0008_lines_name_their_data_set"),
        ("landdata", "0011_note_changed_areas"),
    ]

    operations = [
        note_changes("planning_zone", "zones", "boundary_3857"),
        note_changes("planning_controlline", "control_lines", "boundary_3857"),
    ]
