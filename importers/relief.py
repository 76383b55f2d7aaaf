"""Shading a received terrain model, so that maps never open the file itself."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING, Final

from django.conf import settings

from importers import sandbox
from landdata import crs
from landdata.errors import Invalid
from landdata.models import Raster, RasterKind
from landdata.relief import Terrain, file_name, write_shaded

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)

#: Metres in one unit of the values.
UNITS: Final = {"m": 1.0, "cm": 0.01}


def targets() -> tuple[int, int]:
    """Return the systems that maps are drawn in."""
    return crs.WEB_MERCATOR, settings.STORAGE_EPSG


def shade_terrain(path: Path, *, epsg: int, unit: str) -> list[Path]:
    """Shade a received terrain model below settings.RELIEF; return the files.

    Raises Invalid as the sandboxed reader does.
    """
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    terrain = terrain_of(path, epsg=epsg, unit=unit)
    return write_shaded(terrain, settings.RELIEF, sha256=sha256, unit=unit, targets=targets())


def terrain_of(path: Path, *, epsg: int, unit: str) -> Terrain:
    """Return the cells of a received file in metres.

    Raises Invalid as the sandboxed reader does.
    """
    header, cells = sandbox.read_cells(path)
    return Terrain(
        cells * UNITS[unit],
        epsg,
        header["west"],
        header["north"],
        header["cell_width"],
        header["cell_height"],
    )


def shade_missing() -> int:
    """Shade every terrain model of the record that has no shaded copy yet; return how many.

    The folder may be deleted at any time, as after a restore on another machine. A received file
    that is lost or unreadable is left out and said so.
    """
    shaded = 0
    terrains = Raster.objects.filter(kind=RasterKind.TERRAIN).select_related("source_file")
    for row in terrains.order_by("pk"):
        source = row.source_file
        names = [file_name(source.sha256, row.epsg, row.unit, target) for target in targets()]
        if all((settings.RELIEF / name).is_file() for name in names):
            continue
        try:
            shade_terrain(settings.RECEIVED / source.stored_as, epsg=row.epsg, unit=row.unit)
        except (Invalid, OSError) as trouble:
            logger.warning("no relief of raster %d: %s", row.pk, trouble)
            continue
        shaded += 1
    return shaded
