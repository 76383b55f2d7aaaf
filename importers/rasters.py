"""Rasters of a GeoTIFF: the record knows their grid and their range, the file keeps the cells."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import shapely
from django.conf import settings

from importers import guard, sandbox
from importers.features.layers import CheckedLayer
from importers.features.places import in_the_country
from importers.features.run import About, FoundRows, WayIn
from importers.features.spec import LayerSpec
from importers.grids import keep_grid
from importers.relief import UNITS, shade_terrain
from landdata import crs
from landdata.errors import Invalid
from landdata.grids import KINDS
from landdata.models import Raster, RasterKind

if TYPE_CHECKING:
    from pathlib import Path

    from importers.issues import IssueLog

RASTER: Final = LayerSpec("raster", guard.SURFACE, "", (), Raster, is_the_file=True)
#: What measured values can be, in metres. A bottom of -9999 is a missing cell that nobody marked.
_PLAUSIBLE_M: Final = {
    RasterKind.TERRAIN: (-200.0, 4_000.0),
    RasterKind.SURFACE: (-200.0, 4_500.0),
    RasterKind.FLOOD_DEPTH: (0.0, 100.0),
}
_MOST_PICTURE_BANDS: Final = 4
_LONGEST_KEY: Final = 40
#: A straight edge in one system is a slight bow in another: so many points a side follow it.
_POINTS_A_SIDE: Final = 20


def raster_way(*, kind: str, epsg: int | None, unit: str) -> WayIn:
    """Return the way in of one raster, by what the operator says of it.

    `epsg` is the operator's word on the system, before the file's.
    """

    def read(path: Path, log: IssueLog) -> FoundRows:
        found = read_raster(path, kind=RasterKind(kind), chosen=epsg, unit=unit)
        if kind == RasterKind.TERRAIN and found.epsg is not None:
            # Before the row is known to anybody: no map can miss it.
            shade_terrain(path, epsg=found.epsg, unit=unit)
        if kind in KINDS and found.epsg is not None:
            keep_grid(path, epsg=found.epsg, unit=unit)
        return found

    return WayIn(
        kind="raster",
        formats=(guard.GEOTIFF,),
        about=About("rasters", "rasters", "Ảnh và mô hình số", "Rasters"),
        read=read,
        choices={"kind": kind, "epsg": str(epsg or ""), "unit": unit},
    )


def read_raster(path: Path, *, kind: RasterKind, chosen: int | None, unit: str) -> FoundRows:
    """Return the one row of a raster.

    Raises Invalid as the reader does; `raster_without_crs`, `crs_not_taken`, `raster_elsewhere`,
    `raster_bands`, `raster_empty`, `raster_values`.
    """
    is_measured = kind in _PLAUSIBLE_M
    found = sandbox.read_raster(path, is_measured=is_measured)
    epsg = _system(found, chosen)
    if not in_the_country(np.array([found["box"]]), epsg)[0]:
        raise Invalid("raster_elsewhere", epsg=epsg, box=_shown(found["box"]))
    if found["bands"] > (1 if is_measured else _MOST_PICTURE_BANDS):
        raise Invalid("raster_bands", bands=found["bands"], kind=kind.value)
    if is_measured:
        _check_values(found, kind, unit)
    row = {
        "row": 0,
        "source_key": _key(path.name),
        "name": path.name[:200],
        "kind": kind.value,
        "epsg": epsg,
        "unit": unit if is_measured else "",
        **{
            name: found[name]
            for name in (
                "width",
                "height",
                "bands",
                "data_type",
                "cell_width",
                "cell_height",
                "no_data",
                "minimum",
                "maximum",
            )
        },
    }
    extent = np.array([_extent(found["box"], epsg)], object)
    return FoundRows([CheckedLayer(RASTER, pa.Table.from_pylist([row]), extent)], epsg)


def _system(found: dict[str, Any], chosen: int | None) -> int:
    """Return the system: the operator's word before the file's."""
    if chosen is None and found["epsg"] is None:
        raise Invalid("raster_without_crs")
    epsg = crs.current_code(chosen if chosen is not None else int(found["epsg"]))
    if epsg not in (*crs.VN2000, crs.GEOGRAPHIC):
        raise Invalid("crs_not_taken", given=f"EPSG:{epsg}")
    return epsg


def _check_values(found: dict[str, Any], kind: RasterKind, unit: str) -> None:
    if found["minimum"] is None:
        raise Invalid("raster_empty")
    least, most = (bound / UNITS[unit] for bound in _PLAUSIBLE_M[kind])
    if found["minimum"] < least or found["maximum"] > most:
        raise Invalid(
            "raster_values",
            minimum=f"{found['minimum']:g}",
            maximum=f"{found['maximum']:g}",
            unit=unit,
        )


def _extent(box: list[float], epsg: int) -> shapely.Polygon:
    """Return the ground of a raster in the storage system."""
    west, south, east, north = box
    ground = shapely.box(west, south, east, north)
    if epsg == settings.STORAGE_EPSG:
        return ground
    step = max(east - west, north - south) / _POINTS_A_SIDE
    moved: shapely.Polygon = crs.transform(
        shapely.segmentize(ground, step), epsg, settings.STORAGE_EPSG
    )
    return moved


def _key(name: str) -> str:
    """Return what a raster is known by: its file's name, shortened where that is too long."""
    return name if len(name) <= _LONGEST_KEY else hashlib.sha256(name.encode()).hexdigest()[:40]


def _shown(box: list[float]) -> str:
    return " ".join(f"{number:.6g}" for number in box)
