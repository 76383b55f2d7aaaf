"""Rows of the layers are found by the revision that opened or closed them."""

from __future__ import annotations

from django.db import migrations

from landdata.revision_indexes import order_by_revision

_TABLES = (
    "parcelversion",
    "roadsegment",
    "waterbody",
    "powerline",
    "pipeline",
    "dyke",
    "railway",
    "facility",
    "hazardsite",
    "protectedsite",
    "building",
)


class Migration(migrations.Migration):
    dependencies = [("landdata", "0013_awaited_days")]

    operations = [
        *(order_by_revision(f"landdata_{table}") for table in _TABLES),
        order_by_revision("landdata_administrativeunit", "code"),
    ]
