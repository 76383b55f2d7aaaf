"""`manage.py import_network FILE`: bring streets, lines, water and the like in."""

from __future__ import annotations

from importers.commands import ImportCommand
from importers.ways_in import NETWORK


class Command(ImportCommand):
    """Exit status 0: every row came in. 3: some were refused. 2: nothing came in."""

    help = "Bring networks in: a .gpkg as in docs/city-files.md, or an .osm as it is."
    way = NETWORK
    usual_dataset = "network"
