"""Days on which the map changes without an edit, and changes of what has no place."""

from __future__ import annotations

from django.db import migrations, models

from landdata.changed_areas import NOTE_FUNCTION, note_changes, note_days
from landdata.public_views import public_view

_LAYERS = {
    "building": "buildings",
    "dyke": "dykes",
    "facility": "facilities",
    "hazardsite": "hazard_sites",
    "parcelversion": "parcels",
    "pipeline": "pipelines",
    "powerline": "power_lines",
    "protectedsite": "protected_sites",
    "railway": "railways",
    "roadsegment": "roads",
    "waterbody": "water",
}


class Migration(migrations.Migration):
    dependencies = [("landdata", "0012_former_units_are_drawn")]

    operations = [
        migrations.CreateModel(
            name="AwaitedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("layer", models.CharField(max_length=40)),
                ("day", models.DateField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("layer", "day"), name="awaited_day_once")
                ],
            },
        ),
        # The function knows these days since this table stands.
        migrations.RunSQL(NOTE_FUNCTION, migrations.RunSQL.noop),
        note_changes("landdata_landusecode", "public_land_use_codes"),
        # Names of units stand beside former ones.
        note_changes("landdata_administrativeunit", "public_units"),
        note_changes("landdata_unitsuccession", "public_unit_successions"),
        note_days("landdata_administrativeunit", "public_units"),
        note_days("landdata_unitsuccession", "public_unit_successions"),
        *(note_days(f"landdata_{table}", layer) for table, layer in _LAYERS.items()),
        note_days("landdata_administrativeunit", "wards", when="c.level = 'ward'"),
        note_days("landdata_administrativeunit", "provinces", when="c.level = 'province'"),
        note_days("landdata_administrativeunit", "former_units", when="c.valid_to IS NOT NULL"),
        note_days("landdata_landusecode", "public_land_use_codes"),
        public_view("public_awaited_days", "SELECT layer, day FROM landdata_awaitedday"),
    ]
