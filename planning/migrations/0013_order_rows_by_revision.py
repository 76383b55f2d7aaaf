"""Rows of the layers are found by the revision that opened or closed them."""

from __future__ import annotations

from django.db import migrations

from landdata.revision_indexes import order_by_revision


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0012_awaited_days"),
        ("landdata", "0014_order_rows_by_revision"),
    ]

    operations = [
        order_by_revision("planning_zone", "uid"),
        order_by_revision("planning_controlline"),
        order_by_revision("planning_planterritory"),
        order_by_revision("planning_landuseplanitem"),
    ]
