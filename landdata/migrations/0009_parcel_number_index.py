"""Parcels found by number where nobody says the ward."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("landdata", "0008_parcel_aliases")]

    operations = [
        migrations.AddIndex(
            model_name="parcelversion",
            index=models.Index(
                fields=["number", "sheet"],
                condition=models.Q(to_revision=None),
                name="parcel_number_sheet_known_now",
            ),
        ),
    ]
