"""`manage.py import_population FILE`: bring numbers of people in."""

from __future__ import annotations

from importers.commands import ImportCommand
from importers.ways_in import POPULATION


class Command(ImportCommand):
    """Exit status 0: every row came in. 3: some were refused. 2: nothing came in."""

    help = "Bring numbers of people in: a .csv as in docs/city-files.md, a census or an estimate."
    way = POPULATION
    usual_dataset = "population-census, population-estimate"
