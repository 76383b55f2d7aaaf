"""`manage.py import_facilities FILE`: bring facilities in."""

from __future__ import annotations

from importers.commands import ImportCommand
from importers.ways_in import FACILITIES


class Command(ImportCommand):
    """Exit status 0: every row came in. 3: some were refused. 2: nothing came in."""

    help = "Bring facilities, sites and buildings in: a .gpkg as in docs/city-files.md, or an .osm."
    way = FACILITIES
    usual_dataset = "facilities"
