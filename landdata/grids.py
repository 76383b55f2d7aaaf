"""Our own copies of received heights and depths, which rules on terrain read.

Received files are opened by nobody but the sandboxed reader (importers). What it hands over is kept
below settings.GRIDS as our own GeoTIFF: float32, metres, in the storage system, first row in the
north. The folder may be deleted; `manage.py keep_grids` makes it again. Copies are as fine as the
reader's: a raster of more cells than fit into memory is thinned by averaging.
"""

from __future__ import annotations

import logging
import os
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from django.conf import settings

from landdata.models import Raster, RasterKind
from landdata.relief import moved_to

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from numpy.typing import NDArray

    from landdata.relief import Terrain

logger = logging.getLogger(__name__)

#: What rules on terrain look at.
KINDS: Final = (RasterKind.TERRAIN, RasterKind.FLOOD_DEPTH)


@dataclass(frozen=True, eq=False)
class HeightGrid:
    """Heights or depths in metres on some ground; NaN where they are not known.

    Cells lie in the storage system, the first row in the north; `west` and `north` are the outer
    corner of the first cell. `key` is "raster/<data set>/<sender's key>".
    """

    kind: str
    key: str
    cells: NDArray[np.float32]
    west: float
    north: float
    cell_width: float
    cell_height: float


def file_name(sha256: str, epsg: int, unit: str) -> str:
    """Return the name of the copy of a received file.

    `epsg` and `unit` are what the operator said of the file: they change what its cells mean.
    """
    return f"{sha256}-{epsg}-{unit}-{settings.STORAGE_EPSG}.tif"


def write_grid(terrain: Terrain, folder: Path, *, sha256: str, unit: str) -> Path:
    """Write heights or depths in the storage system below `folder`, unless they are there.

    Between the cells of another grid it is interpolated; beside an unknown cell nothing is guessed.
    """
    path = folder / file_name(sha256, terrain.epsg, unit)
    if path.is_file():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    import rasterio

    cells = np.asarray(terrain.heights, np.float32)
    cells, place = moved_to(cells, terrain, settings.STORAGE_EPSG)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=".tif")
    os.close(handle)
    with rasterio.open(
        name,
        "w",
        driver="GTiff",
        height=cells.shape[0],
        width=cells.shape[1],
        count=1,
        dtype="float32",
        transform=place,
        nodata=np.nan,
        tiled=True,
        compress="deflate",
        predictor=3,
    ) as written:
        written.write(cells, 1)
    os.replace(name, path)
    return path


def height_grids(
    *,
    on: dt.date,
    known_at: int | None = None,
    box: tuple[float, float, float, float] | None = None,
) -> list[HeightGrid]:
    """Return heights and depths of a day, of all ground or what lies in a box (w, s, e, n).

    Finer grids come before coarser ones. A copy that is missing is left out and said so in the
    log: then nobody knows the ground there, and rules have to say that.
    """
    found = []
    for row, path in _copies(on, known_at):
        if not path.is_file():
            logger.warning("no copy of raster %d: run keep_grids", row.pk)
            continue
        key = f"raster/{row.source_file.dataset.code}/{row.source_key}"
        grid = _read(path, row.kind, key, box)
        if grid is not None:
            found.append(grid)
    return sorted(found, key=lambda grid: grid.cell_width)


def kept_copies(*, on: dt.date, known_at: int | None = None) -> list[str]:
    """Return the names of the copies that `height_grids` would read."""
    return [path.name for _, path in _copies(on, known_at) if path.is_file()]


def _copies(on: dt.date, known_at: int | None) -> list[tuple[Raster, Path]]:
    """Return the rasters of a day, finer ones first, and where the copy of each belongs."""
    rows = Raster.objects.known_now() if known_at is None else Raster.objects.known_at(known_at)
    rows = rows.valid_on(on).filter(kind__in=KINDS).select_related("source_file__dataset")
    return [
        (row, settings.GRIDS / file_name(row.source_file.sha256, row.epsg, row.unit))
        for row in rows.order_by("cell_width", "source_key", "pk")
    ]


def _read(
    path: Path, kind: str, key: str, box: tuple[float, float, float, float] | None
) -> HeightGrid | None:
    """Return the cells that meet a box, None where there are none."""
    import rasterio
    from rasterio.windows import Window

    with rasterio.open(path) as file:
        place = file.transform
        first_column, first_row, last_column, last_row = 0, 0, file.width, file.height
        if box is not None:
            west, south, east, north = box
            first_column = max(0, int(np.floor((west - place.c) / place.a)))
            last_column = min(file.width, int(np.ceil((east - place.c) / place.a)))
            first_row = max(0, int(np.floor((north - place.f) / place.e)))
            last_row = min(file.height, int(np.ceil((south - place.f) / place.e)))
        if first_column >= last_column or first_row >= last_row:
            return None
        window = Window.from_slices((first_row, last_row), (first_column, last_column))
        return HeightGrid(
            kind=kind,
            key=key,
            cells=file.read(1, window=window),
            west=place.c + first_column * place.a,
            north=place.f + first_row * place.e,
            cell_width=place.a,
            cell_height=-place.e,
        )
