"""Where the shapes of a layer lie: the system of the file, the country, our storage system.

Source of the boxes: importers/parcels/coordinates.py for metres; in degrees, Việt Nam with its
islands lies between 102 and 118 east and 6 and 24 north.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.conf import settings

from importers import guard, rings
from importers.features.spec import note
from importers.parcels.coordinates import EAST_M, NORTH_M
from landdata import crs
from landdata.errors import Invalid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from importers.features.spec import LayerSpec
    from importers.issues import IssueLog
    from importers.sandbox import Layer

_LONGITUDE: Final = (102.0, 118.0)
_LATITUDE: Final = (6.0, 24.0)


def system_of(layer: Layer) -> int:
    """Return the EPSG code of a layer: a VN-2000 grid or WGS 84.

    Raises Invalid `crs_unknown` without a usable one, `crs_not_taken` for another.
    """
    epsg = layer.header["epsg"]
    if epsg is None:
        raise Invalid("crs_unknown", text=str(layer.header.get("definition"))[:80])
    if epsg not in (*crs.VN2000, crs.GEOGRAPHIC):
        raise Invalid("crs_not_taken", given=f"EPSG:{epsg}")
    return int(epsg)


def in_the_country(boxes: NDArray[np.float64], epsg: int) -> NDArray[np.bool_]:
    """Return which boxes (west, south, east, north) can lie in Việt Nam in a system."""
    across, up = (_LONGITUDE, _LATITUDE) if epsg == crs.GEOGRAPHIC else (EAST_M, NORTH_M)
    west, south, east, north = boxes.T
    inside = (west >= across[0]) & (east <= across[1]) & (south >= up[0]) & (north <= up[1])
    return np.asarray(inside, bool)


def to_storage(
    layer: Layer, spec: LayerSpec, log: IssueLog, good: NDArray[np.bool_]
) -> NDArray[Any]:
    """Return the shapes in the storage system; clear `good` where there is none that can be used.

    Within the storage system the coordinates stay as they are, bit for bit. Raises Invalid for a
    system that is none of ours, `axes_swapped` and `coordinates_implausible` if that holds for
    most rows.
    """
    epsg = system_of(layer)
    numbers = np.asarray(layer.table.column("row"))
    problems = np.array(layer.table.column("problem"), object)
    if not spec.shape_needed:
        problems[problems == rings.NO_SHAPE] = None
    for problem in sorted({p for p in problems if p is not None}):
        note(problem, spec, "", numbers[problems == problem], log)
    good &= problems == None  # noqa: E711  (compares element by element)
    heights = np.asarray(layer.table.column("has_height"), bool) & good
    note("height_dropped", spec, "", numbers[heights], log, refuses=False)

    shapes = from_reader(layer.table.column("shape").to_pylist(), spec.shape)
    shapes[~good] = None
    there = ~shapely.is_missing(shapes)
    boxes = shapely.bounds(shapes)
    inside = in_the_country(boxes, epsg)
    if there.any() and inside.sum() * 2 <= there.sum():
        if in_the_country(boxes[:, [1, 0, 3, 2]], epsg).sum() * 2 > there.sum():
            raise Invalid("axes_swapped_in_layer", layer=spec.name)
        first = int(np.flatnonzero(there & ~inside)[0])
        raise Invalid(
            "layer_implausible",
            layer=spec.name,
            row=int(numbers[first]),
            east=round(float(boxes[first][0]), 3),
            north=round(float(boxes[first][1]), 3),
        )
    note("coordinates_implausible", spec, "", numbers[there & ~inside], log)
    good &= inside | ~there
    shapes[~good] = None
    moved = crs.transform(shapes, epsg, settings.STORAGE_EPSG)
    torn = good & there & ~shapely.is_valid(moved)
    note("geometry_invalid_here", spec, "", numbers[torn], log)
    good &= ~torn
    return np.asarray(moved)


def from_reader(wkbs: list[bytes | None], wanted: str) -> NDArray[Any]:
    """Return shapes of WKB that came out of a reader, which may have been taken over.

    Raises Invalid `reader_ended` for bytes that the reader should have refused.
    """
    for wkb in wkbs:
        problem = guard.wkb_problem(wkb, wanted) if wkb is not None else None
        if problem is not None:
            raise Invalid("reader_ended", status=problem, timed_out=False)
    return np.asarray(shapely.from_wkb(np.array([*wkbs, None], object)[:-1]))
