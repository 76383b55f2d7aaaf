"""Boundaries as they come: what is wrong with one by itself, and what it means on the ground."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from planning.topology.faults import SLIVER_WIDTH_M, Fault, Kind, fault
from planning.topology.shapes import mean_width_m, place_in, together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from planning.topology.shapes import Surface

_PLACE: Final = re.compile(r"\[(\S+) (\S+)\]")
_NOTHING: Final = shapely.Polygon()


def as_surface(shape: BaseGeometry | None) -> Surface:
    """Return the ground that a boundary encloses, mended if it is invalid; empty if it is none."""
    if shape is None or shape.is_empty or not np.isfinite(shapely.get_coordinates(shape)).all():
        return _NOTHING
    if not shape.is_valid:
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        parts = shapely.get_parts(shapely.get_parts(shape))
        parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
        shape = together(parts) if len(parts) else _NOTHING
    surface: Surface = shapely.force_2d(shape)  # type: ignore[assignment] # a surface stays one
    return surface


def ground_of(
    shapes: NDArray[np.object_], names: Sequence[str], extent: BaseGeometry
) -> tuple[NDArray[np.object_], list[Fault]]:
    """Return the ground of each zone, and what is wrong with each by itself: invalid or sliver."""
    kinds = shapely.get_type_id(shapes)
    surface = (kinds == shapely.GeometryType.POLYGON) | (kinds == shapely.GeometryType.MULTIPOLYGON)
    sound = surface & shapely.is_valid(shapes) & ~shapely.is_empty(shapes)
    ground = shapely.force_2d(shapes) if shapely.has_z(shapes).any() else shapes.copy()
    faults: list[Fault] = []
    for k in np.flatnonzero(~sound).tolist():
        ground[k] = as_surface(shapes[k])
        faults.append(_invalid(names[k], shapes[k], ground[k], extent))
    return ground, faults + _splinters(ground, names)


def _invalid(name: str, shape: BaseGeometry | None, mended: Surface, extent: BaseGeometry) -> Fault:
    """Return the fault of a boundary that is no valid surface.

    Its place is where it goes wrong; of one that has no place, inside the plan.
    """
    found = _PLACE.search(shapely.is_valid_reason(shape)) if shape is not None else None
    place = (float(found[1]), float(found[2])) if found else (np.nan, np.nan)
    if not np.isfinite(place).all():
        if not mended.is_empty:
            place = place_in(mended)
        elif not extent.is_empty:
            place = place_in(extent)
        else:
            place = (0.0, 0.0)
    return Fault(
        kind=Kind.INVALID,
        zones=(name,),
        area_m2=float(mended.area),
        width_m=float(mean_width_m(mended)),
        place=place,
        ground=None if mended.is_empty else mended,
    )


def _splinters(ground: NDArray[np.object_], names: Sequence[str]) -> list[Fault]:
    parts, owners = shapely.get_parts(ground, return_index=True)
    thin = np.flatnonzero((mean_width_m(parts) < SLIVER_WIDTH_M) & ~shapely.is_empty(parts))
    faults = []
    for owner in np.unique(owners[thin]):
        splinters = together(parts[thin[owners[thin] == owner]])
        faults.append(fault(Kind.SLIVER, [names[owner]], splinters))
    return faults
