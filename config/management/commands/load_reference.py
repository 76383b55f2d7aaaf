"""Bring the reference tables up to date."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from landdata.operations import reference
from planning.operations.reference import load_plan_functions


class Command(BaseCommand):
    """Take the tables below fixtures/ into the record; a second run changes nothing."""

    help = "Bring units, codes and plan functions up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        units = settings.BASE_DIR / "fixtures" / "units"
        tables = settings.BASE_DIR / "fixtures" / "reference"
        for name, counts in (
            ("units", reference.load_units(units, by=None)),
            ("succession", reference.load_succession(units, by=None)),
            (
                "land-use codes",
                reference.load_land_use_codes(tables / "land_use_codes.csv", by=None),
            ),
            ("plan functions", load_plan_functions(tables / "plan_functions_tt16.csv", by=None)),
        ):
            self.stdout.write(
                f"{name}: read {counts.read}, new {counts.new}, changed {counts.changed}, "
                f"unchanged {counts.unchanged}, gone {counts.gone}"
            )
