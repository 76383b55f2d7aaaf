"""Boxes and shapes that callers draw in any published system, as conditions in the storage system.

A straight edge of one system is a curve in another. So long edges get corners in between before
they are transformed: then they are followed to about a millimetre, and a box in degrees is the
same box everywhere.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely
from django.conf import settings

from landdata import crs
from landdata.errors import Invalid
from tileserver import limits
from tileserver.features.conditions import Condition, InBox, Nothing, Relation, Spatial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from tileserver.features.systems import System

#: Around Viet Nam, in degrees. No feature lies outside, and beyond it a transverse Mercator grid
#: folds over: what is asked of the rest of the world is asked of nothing.
_REGION = (95.0, 0.0, 120.0, 30.0)
#: A parallel of Viet Nam leaves the chord of 200 m in a zone by 0.3 mm.
_LONGEST_EDGE_M = 200.0
_METRES_A_DEGREE = 111_320.0
#: Corners that a box gets on each side at most: a side of 200 km is still followed to 8 mm.
_MOST_PIECES = 200


def box(system: System, corners: Sequence[float]) -> Condition:
    """Return the condition that a feature meets a box (least x, least y, greatest x, greatest y).

    The numbers are in the system's own order of axes. Raises Invalid for a box that is none, or
    whose degrees do not exist.
    """
    one, two, three, four = corners
    west, south, east, north = (two, one, four, three) if system.north_first else corners
    if not all(map(math.isfinite, corners)) or west > east or south > north:
        raise Invalid("feature_box_upside_down", given=",".join(f"{x:g}" for x in corners))
    if system.epsg == crs.GEOGRAPHIC:
        _check_degrees(np.array([[west, south], [east, north]]))
    if system.epsg == settings.STORAGE_EPSG:
        return InBox(west, south, east, north)
    region = _region_in(system)
    west, south = max(west, region[0]), max(south, region[1])
    east, north = min(east, region[2]), min(north, region[3])
    if west > east or south > north:
        return Nothing()
    return Spatial(Relation.INTERSECTS, stored(system, shapely.box(west, south, east, north)))


def stored(system: System, shape: BaseGeometry) -> BaseGeometry:
    """Return a shape, given east before north, in the storage system.

    Raises Invalid for degrees that do not exist, for too many corners, and for a place so far away
    that the grid of the city cannot name it.
    """
    if shapely.get_num_coordinates(shape) > limits.MOST_CORNERS:
        raise Invalid("feature_shape_too_large", most=limits.MOST_CORNERS)
    xy = shapely.get_coordinates(shape)
    if not np.isfinite(xy).all():
        raise Invalid("feature_coordinates_unreadable")
    if system.epsg == crs.GEOGRAPHIC:
        _check_degrees(xy)
    if not shapely.is_valid(shape):
        raise Invalid("feature_shape_crosses_itself")
    if system.epsg == settings.STORAGE_EPSG or shape.is_empty:
        return shape
    _check_near(system, xy)
    cut = _with_corners_between(system, shape)
    moved: BaseGeometry = crs.transform(cut, system.epsg, settings.STORAGE_EPSG)
    return moved


def _with_corners_between(system: System, shape: BaseGeometry) -> BaseGeometry:
    unit = _METRES_A_DEGREE if system.epsg == crs.GEOGRAPHIC else 1.0
    # A shape keeps its size bounded: few long edges are cut finely, a long outline coarsely.
    longest = max(_LONGEST_EDGE_M / unit, shape.length / (4 * _MOST_PIECES))
    return shapely.segmentize(shape, longest)


def _check_degrees(xy: np.ndarray) -> None:
    if (np.abs(xy[:, 0]) > 180).any() or (np.abs(xy[:, 1]) > 90).any():
        raise Invalid("feature_degrees_out_of_range")


def _check_near(system: System, xy: np.ndarray) -> None:
    west, south, east, north = _region_in(system)
    inside = (xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north)
    if not inside.all():
        raise Invalid("feature_shape_far_away")


def _region_in(system: System) -> tuple[float, float, float, float]:
    """Return the box around the region in a system."""
    if system.epsg == crs.GEOGRAPHIC:
        return _REGION
    edge = shapely.segmentize(shapely.box(*_REGION), 1.0)
    west, south, east, north = crs.transform(edge, crs.GEOGRAPHIC, system.epsg).bounds
    return (west, south, east, north)
