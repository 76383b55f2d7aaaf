"""Days on which plans change the map without an edit, and changes of the functions they name."""

from __future__ import annotations

from django.db import migrations

from landdata.changed_areas import note_changes, note_days


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0011_territories_and_items_are_drawn"),
        ("landdata", "0013_awaited_days"),
    ]

    operations = [
        note_changes("planning_planfunction", "public_plan_functions"),
        note_changes("planning_annuallanduseplan", "public_annual_plans"),
        note_days("planning_annuallanduseplan", "public_annual_plans"),
        note_days("planning_planfunction", "public_plan_functions"),
        note_days("planning_planterritory", "plan_territories"),
        note_days("planning_landuseplanitem", "land_use_items"),
        note_days("planning_zone", "zones"),
        note_days("planning_controlline", "control_lines"),
    ]
