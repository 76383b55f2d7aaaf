"""`manage.py make_city`: write the files of an invented city on a real street network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from fixtures.city.extracts import EXTRACTS, make_extract
from fixtures.city.files import make_city
from fixtures.city.recipe import FEWEST_PARCELS, MOST_PARCELS, PLACES, BadRecipe, recipe_for

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Write the files of a city; the same arguments give the same bytes."""

    help = "Tạo các tệp của một thành phố giả định. / Write the files of an invented city."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take size, seed, place and target directory, or the name of a real extract."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--parcels", type=int, help=f"{FEWEST_PARCELS} … {MOST_PARCELS}")
        what.add_argument(
            "--extract",
            metavar="|".join(EXTRACTS),
            help="write a real OpenStreetMap extract, network.osm, instead of a city",
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--place", default="hanoi", help=", ".join(PLACES))
        parser.add_argument(
            "--defects",
            action="store_true",
            help="break lots at the rates of real registers; defects.csv says which",
        )
        parser.add_argument("--out", type=Path, required=True, help="directory to write")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the city and say what was made."""
        try:
            if options["extract"] is not None:
                make_extract(options["extract"], options["out"], report=self.stdout.write)
                return
            recipe = recipe_for(
                place=options["place"],
                parcels=options["parcels"],
                seed=options["seed"],
                has_defects=options["defects"],
            )
            make_city(recipe, options["out"], report=self.stdout.write)
        except BadRecipe as refused:
            raise CommandError(str(refused), returncode=2) from refused
