"""`manage.py import_raster FILE --kind KIND`: bring a raster in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from importers.commands import ImportCommand
from importers.rasters import raster_way
from importers.relief import UNITS
from landdata.models import RasterKind

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from importers.features.run import WayIn


class Command(ImportCommand):
    """Exit status 0: it came in. 2: nothing came in."""

    help = "Bring a raster in: a GeoTIFF, north up, in a VN-2000 system or in WGS 84."
    usual_dataset = "rasters"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the options."""
        super().add_arguments(parser)
        parser.add_argument(
            "--kind", required=True, choices=RasterKind.values, help="what the cells say"
        )
        parser.add_argument("--epsg", type=int, help="system, if the file does not say")
        parser.add_argument("--unit", choices=tuple(UNITS), default="m", help="of the values (m)")

    def chosen_way(self, given: dict[str, Any]) -> WayIn:
        """Return the way in for this kind of raster."""
        return raster_way(kind=given["kind"], epsg=given["epsg"], unit=given["unit"])
