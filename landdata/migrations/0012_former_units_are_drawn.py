"""Units of before 2025-07-01 get the copy that maps draw from, and a view that tells of them."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.db import migrations

from landdata.append_only import fill_revisioned
from landdata.changed_areas import note_changes
from landdata.public_views import public_view


class Migration(migrations.Migration):
    dependencies = [("landdata", "0011_note_changed_areas")]

    operations = [
        migrations.AddField(
            model_name="administrativeunit",
            name="point_3857",
            field=models.PointField(blank=True, null=True, srid=3857),
        ),
        migrations.AddIndex(
            model_name="administrativeunit",
            index=models.Index(fields=["code"], name="unit_code"),
        ),
        migrations.AddIndex(
            model_name="unitsuccession",
            index=models.Index(fields=["old_code"], name="succession_old"),
        ),
        fill_revisioned(
            "landdata",
            "AdministrativeUnit",
            "UPDATE landdata_administrativeunit SET point_3857 = ST_Transform(point, 3857)"
            " WHERE point IS NOT NULL",
        ),
        note_changes(
            "landdata_administrativeunit",
            "provinces",
            "boundary_3857",
            when="c.level = 'province'",
        ),
        note_changes(
            "landdata_administrativeunit",
            "former_units",
            "point_3857",
            when="c.valid_to IS NOT NULL",
        ),
        # That a unit is a former one holds from the day on which it ceased.
        public_view(
            "public_former_units",
            """
            SELECT id, code, level, name, name_en, full_name, parent_code, point, point_3857,
                source, confidence, valid_from AS existed_from, valid_to AS ceased_on,
                valid_to AS valid_from, NULL::date AS valid_to, from_revision, to_revision
            FROM landdata_administrativeunit
            WHERE level = 'ward' AND valid_to IS NOT NULL
            """,
        ),
    ]
