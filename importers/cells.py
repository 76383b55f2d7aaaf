"""Describe a raster, inside the sandboxed reader: its grid, its system, what its cells say.

GDAL opens the file as GeoTIFF or not at all, without side files, network or threads, and only after
importers/geotiff.py has looked at it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from importers.geotiff import check_geotiff
from landdata.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

#: Cells held at once: 64 MB of float32.
_CELLS_AT_ONCE: Final = 16_000_000
#: Cells that one answer holds: finer than any map of a city shows.
MOST_CELLS: Final = 16_000_000
_GDAL: Final = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_NUM_THREADS": "1",
    "GDAL_CACHEMAX": 64,
    "GTIFF_HONOUR_NEGATIVE_SCALEY": "YES",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
}


def describe_raster(path: Path, *, is_measured: bool) -> dict[str, Any]:
    """Return what a raster says of itself; with `is_measured` also what its cells say.

    Cells are read window by window, so memory does not grow with the file.

    Raises Invalid as `check_geotiff` does, and `raster_broken`, `raster_type`.
    """
    check_geotiff(path)
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with rasterio.Env(**_GDAL), rasterio.open(path, driver="GTiff") as raster:
            if len(set(raster.dtypes)) != 1 or "complex" in raster.dtypes[0]:
                raise Invalid("raster_type", types=", ".join(sorted(set(raster.dtypes))))
            place = raster.transform
            if place.b or place.d or place.a <= 0 or place.e >= 0:
                raise Invalid("raster_rotated")
            lowest, highest = _extremes(raster) if is_measured else (None, None)
            return {
                "width": raster.width,
                "height": raster.height,
                "bands": raster.count,
                "data_type": raster.dtypes[0],
                "cell_width": place.a,
                "cell_height": -place.e,
                "no_data": raster.nodata,
                "minimum": lowest,
                "maximum": highest,
                "box": list(raster.bounds),
                "system": raster.crs.to_wkt() if raster.crs else None,
            }
    except RasterioError as broken:
        raise Invalid("raster_broken") from broken


def read_cells(path: Path) -> tuple[dict[str, float], NDArray[Any]]:
    """Return where the grid lies, and the cells of band 1 as float32, NaN where there is no value.

    A raster of more than MOST_CELLS is thinned by averaging, so that its cells fit into memory.

    Raises Invalid as `check_geotiff` does, and `raster_broken`.
    """
    check_geotiff(path)
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.errors import RasterioError

    try:
        with rasterio.Env(**_GDAL), rasterio.open(path, driver="GTiff") as raster:
            thinner = max(1.0, (raster.width * raster.height / MOST_CELLS) ** 0.5)
            shape = (
                max(1, int(raster.height / thinner)),
                max(1, int(raster.width / thinner)),
            )
            cells = raster.read(
                1, out_shape=shape, masked=True, out_dtype="float32", resampling=Resampling.average
            ).filled(np.nan)
            bounds = raster.bounds
    except RasterioError as broken:
        raise Invalid("raster_broken") from broken
    place = {
        "west": bounds.left,
        "north": bounds.top,
        "cell_width": (bounds.right - bounds.left) / shape[1],
        "cell_height": (bounds.top - bounds.bottom) / shape[0],
        "rows": shape[0],
        "columns": shape[1],
    }
    return place, np.where(np.isfinite(cells), cells, np.nan)


def _extremes(raster: Any) -> tuple[float | None, float | None]:
    """Return the lowest and highest value of band 1, None if no cell has one."""
    lowest, highest = np.inf, -np.inf
    for values in _windows(raster):
        if len(values):
            lowest = min(lowest, float(values.min()))
            highest = max(highest, float(values.max()))
    return (lowest, highest) if lowest <= highest else (None, None)


def _windows(raster: Any) -> Iterator[NDArray[Any]]:
    """Yield the cells that hold a value, some whole rows of blocks at a time."""
    from rasterio.windows import Window

    block_height, block_width = raster.block_shapes[0]
    rows = max(block_height, _CELLS_AT_ONCE // raster.width // block_height * block_height)
    columns = max(block_width, _CELLS_AT_ONCE // rows // block_width * block_width)
    for top in range(0, raster.height, rows):
        for left in range(0, raster.width, columns):
            window = Window(
                left, top, min(columns, raster.width - left), min(rows, raster.height - top)
            )
            cells = raster.read(1, window=window, masked=True).compressed()
            yield cells[np.isfinite(cells)]
