"""Hillshades of terrain models: computed once, kept as pictures that a map server only copies.

Received files are never opened for a map: the cells come through the sandboxed reader (importers),
and what is written here is our own file. Heights and distances are metres, so that a slope is a
slope. Source of the slope and of the shade: B. K. P. Horn, Hill shading and the reflectance map
(Proceedings of the IEEE 69, 1981), with the lamp in the north-west at 45°.
"""

from __future__ import annotations

import math
import os
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from landdata import crs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

#: Cities of deltas are flat: heights are taken so many times as high.
EXAGGERATION: Final = 4.0
LAMP_AZIMUTH, LAMP_HEIGHT = math.radians(315.0), math.radians(45.0)
#: How bright level ground is: the sine of the lamp's height.
LEVEL: Final = math.sin(LAMP_HEIGHT)
_SHADOW, _LIGHT = (58, 44, 24), (255, 253, 244)
#: How much of what lies below the deepest shadow hides, of 255.
_DEEPEST: Final = 190
_METRES_A_DEGREE: Final = 111_319.49
_OVERVIEWS: Final = (2, 4, 8, 16)


@dataclass(frozen=True)
class Terrain:
    """Heights in metres, the first row in the north; NaN where nothing is known."""

    heights: Floats
    epsg: int
    west: float
    north: float
    cell_width: float
    cell_height: float

    @property
    def cell_m(self) -> tuple[float, float]:
        """Width and height of a cell in metres."""
        if self.epsg != crs.GEOGRAPHIC:
            return self.cell_width, self.cell_height
        middle = self.north - self.cell_height * self.heights.shape[0] / 2
        narrower = math.cos(math.radians(middle))
        return self.cell_width * _METRES_A_DEGREE * narrower, self.cell_height * _METRES_A_DEGREE


def hillshade(
    heights: Floats, cell_width_m: float, cell_height_m: float, *, exaggeration: float = 1.0
) -> Floats:
    """Return how bright each cell is, from 0 to 1; NaN where its height is unknown.

    A neighbour without a height counts as high as the cell itself.

    >>> float(hillshade(np.zeros((3, 3), np.float32), 10, 10)[1, 1])  # level ground
    0.7071067690849304
    """
    padded = np.pad(heights, 1, constant_values=np.nan)
    rows, columns = heights.shape

    def beside(down: int, right: int) -> Floats:
        near = padded[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        return np.where(np.isnan(near), heights, near)

    east = beside(-1, 1) + 2 * beside(0, 1) + beside(1, 1)
    west = beside(-1, -1) + 2 * beside(0, -1) + beside(1, -1)
    north = beside(-1, -1) + 2 * beside(-1, 0) + beside(-1, 1)
    south = beside(1, -1) + 2 * beside(1, 0) + beside(1, 1)
    to_east = exaggeration * (east - west) / (8 * cell_width_m)
    to_north = exaggeration * (north - south) / (8 * cell_height_m)
    # The lamp's direction and the ground's normal, both pointing up.
    lamp_east = math.cos(LAMP_HEIGHT) * math.sin(LAMP_AZIMUTH)
    lamp_north = math.cos(LAMP_HEIGHT) * math.cos(LAMP_AZIMUTH)
    lit = math.sin(LAMP_HEIGHT) - to_east * lamp_east - to_north * lamp_north
    shade = np.clip(lit / np.sqrt(1 + to_east**2 + to_north**2), 0, 1)
    return np.asarray(np.where(np.isnan(heights), np.nan, shade), np.float32)


def tinted(shade: Floats) -> NDArray[np.uint8]:
    """Return red, green, blue and opacity: shadows and lights that let the map shine through.

    Level ground is clear, and so is what is unknown.
    """
    known = np.nan_to_num(shade, nan=LEVEL)
    dark = np.clip((LEVEL - known) / LEVEL, 0, 1)
    light = np.clip((known - LEVEL) / (1 - LEVEL), 0, 1)
    colours = np.where((known < LEVEL)[..., None], _SHADOW, _LIGHT)
    opacity = np.round(_DEEPEST * np.maximum(dark, light))
    return np.asarray(np.dstack([colours, opacity]), np.uint8)


def file_name(sha256: str, epsg: int, unit: str, target: int) -> str:
    """Return the name of the shaded copy of a received file in a target system.

    `epsg` and `unit` are what the operator said of the file: they change what its cells mean.
    """
    return f"{sha256}-{epsg}-{unit}-{target}.tif"


def write_shaded(
    terrain: Terrain, folder: Path, *, sha256: str, unit: str, targets: tuple[int, ...]
) -> list[Path]:
    """Write the shaded terrain in each target system below `folder`, unless it is there; return it.

    It is moved by the pinned definitions and shaded before that, in its own grid.
    """
    names = [folder / file_name(sha256, terrain.epsg, unit, target) for target in targets]
    missing = [pair for pair in zip(names, targets, strict=True) if not pair[0].is_file()]
    if not missing:
        return names
    folder.mkdir(parents=True, exist_ok=True)
    shade = hillshade(terrain.heights, *terrain.cell_m, exaggeration=EXAGGERATION)
    for path, target in missing:
        _write(shade, terrain, path, target)
    return names


def moved_to(cells: Floats, terrain: Terrain, target: int) -> tuple[Floats, Any]:
    """Return cells of a terrain in another system by the pinned definitions, and their place.

    Cells outside are NaN; the place is rasterio's affine map.
    """
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.transform import from_origin
    from rasterio.warp import calculate_default_transform, reproject

    place = from_origin(terrain.west, terrain.north, terrain.cell_width, terrain.cell_height)
    if target == terrain.epsg:
        return cells, place
    source = rasterio.CRS.from_string(crs.definition(terrain.epsg))
    wanted = rasterio.CRS.from_string(crs.definition(target))
    rows, columns = cells.shape
    edges = rasterio.transform.array_bounds(rows, columns, place)
    moved_place, width, height = calculate_default_transform(source, wanted, columns, rows, *edges)
    moved = np.full((height, width), np.nan, np.float32)
    reproject(
        cells,
        moved,
        src_transform=place,
        src_crs=source,
        src_nodata=np.nan,
        dst_transform=moved_place,
        dst_crs=wanted,
        dst_nodata=np.nan,
        resampling=Resampling.bilinear,
    )
    return moved, moved_place


def _write(shade: Floats, terrain: Terrain, path: Path, target: int) -> None:
    import rasterio
    from rasterio.enums import Resampling

    moved, moved_place = moved_to(shade, terrain, target)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tif")
    os.close(handle)
    with rasterio.open(
        name,
        "w",
        driver="GTiff",
        height=moved.shape[0],
        width=moved.shape[1],
        count=4,
        dtype="uint8",
        transform=moved_place,
        photometric="RGB",
        alpha="YES",
        tiled=True,
        compress="deflate",
    ) as written:
        for band, values in enumerate(_bands(moved), start=1):
            written.write(values, band)
        written.build_overviews(list(_OVERVIEWS), Resampling.average)
    os.replace(name, path)


def _bands(shade: Floats) -> Iterator[NDArray[np.uint8]]:
    picture = tinted(shade)
    for band in range(4):
        yield picture[..., band]
