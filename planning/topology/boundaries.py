"""Boundaries as they come: what is wrong with one by itself, and what it means on the ground."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from planning.topology.faults import SLIVER_WIDTH_M, Fault, Kind, faults_on
from planning.topology.shapes import as_array, mean_width_m, place_in, together

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


def plain_surfaces(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the shapes without heights, None for what is no surface, whether valid or not."""
    kinds = shapely.get_type_id(shapes)
    surface = (kinds == shapely.GeometryType.POLYGON) | (kinds == shapely.GeometryType.MULTIPOLYGON)
    plain = shapes.copy()
    plain[~surface | shapely.is_empty(shapes)] = None
    return shapely.force_2d(plain) if shapely.has_z(plain).any() else plain


def mend(
    shapes: NDArray[np.object_],
    unsound: NDArray[np.intp],
    names: Sequence[str],
    extent: BaseGeometry,
) -> tuple[NDArray[np.object_], list[Fault]]:
    """Return the ground of the unsound shapes and what is wrong with each of them."""
    ground = as_array(as_surface(shapes[k]) for k in unsound)
    faults = [
        _invalid(names[k], shapes[k], mended, extent)
        for k, mended in zip(unsound.tolist(), ground, strict=True)
    ]
    return ground, faults


def splinters(ground: NDArray[np.object_], names: Sequence[str]) -> list[Fault]:
    """Return what is too thin to be meant among the parts of valid surfaces."""
    parts, owners = shapely.get_parts(ground, return_index=True)
    thin = np.flatnonzero((mean_width_m(parts) < SLIVER_WIDTH_M) & ~shapely.is_empty(parts))
    found = [
        ([names[owner]], together(parts[thin[owners[thin] == owner]]))
        for owner in np.unique(owners[thin])
    ]
    return faults_on(Kind.SLIVER, found)


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
