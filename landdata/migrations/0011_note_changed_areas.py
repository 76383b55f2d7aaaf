"""The database notes where the map changed, and says when there is a new revision."""

from __future__ import annotations

from django.db import migrations

from landdata.changed_areas import NOTE_FUNCTION, SAY_FUNCTION, SAY_REVISIONS, note_changes

_AREAS = {
    "building": "buildings",
    "hazardsite": "hazard_sites",
    "parcelversion": "parcels",
    "protectedsite": "protected_sites",
    "waterbody": "water",
}
_LINES = {
    "dyke": "dykes",
    "pipeline": "pipelines",
    "powerline": "power_lines",
    "railway": "railways",
    "roadsegment": "roads",
}


class Migration(migrations.Migration):
    dependencies = [("landdata", "0010_views_name_their_data_set")]

    operations = [
        migrations.RunSQL(NOTE_FUNCTION, "DROP FUNCTION diado_note_changes()"),
        migrations.RunSQL(SAY_FUNCTION, "DROP FUNCTION diado_say_revision()"),
        migrations.RunSQL(
            SAY_REVISIONS, "DROP TRIGGER landdata_revision_said ON landdata_revision"
        ),
        *(note_changes(f"landdata_{t}", layer, "boundary_3857") for t, layer in _AREAS.items()),
        *(note_changes(f"landdata_{t}", layer, "axis_3857") for t, layer in _LINES.items()),
        note_changes("landdata_facility", "facilities", "position_3857"),
        note_changes(
            "landdata_administrativeunit", "wards", "boundary_3857", when="c.level = 'ward'"
        ),
    ]
