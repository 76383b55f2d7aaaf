"""Keeping our own copy of received heights and depths, so that rules never open the file itself."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING

from django.conf import settings

from importers.relief import terrain_of
from landdata.errors import Invalid
from landdata.grids import KINDS, file_name, write_grid
from landdata.models import Raster

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)


def keep_grid(path: Path, *, epsg: int, unit: str) -> Path:
    """Keep the cells of a received file below settings.GRIDS; return the copy.

    Raises Invalid as the sandboxed reader does.
    """
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    terrain = terrain_of(path, epsg=epsg, unit=unit)
    return write_grid(terrain, settings.GRIDS, sha256=sha256, unit=unit)


def keep_missing() -> int:
    """Keep every raster of the record that has no copy yet; return how many.

    A received file that is lost or unreadable is left out and said so.
    """
    kept = 0
    for row in Raster.objects.filter(kind__in=KINDS).select_related("source_file").order_by("pk"):
        source = row.source_file
        if (settings.GRIDS / file_name(source.sha256, row.epsg, row.unit)).is_file():
            continue
        try:
            keep_grid(settings.RECEIVED / source.stored_as, epsg=row.epsg, unit=row.unit)
        except (Invalid, OSError) as trouble:
            logger.warning("no grid of raster %d: %s", row.pk, trouble)
            continue
        kept += 1
    return kept
