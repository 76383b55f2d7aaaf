"""How high anything may be near a runway: its obstacle limitation surfaces.

Our own reading, from memory, of ICAO Annex 14 volume I, table 4-1, instrument runways of code
number 4, which NĐ 32/2016/NĐ-CP follows; every figure is a parameter of the rule that uses it.
Low confidence: what it says has to be confirmed by the authority that decided the surfaces.

Above a runway of one height they are, from the inside:

- strip: the runway and `strip_end_m` beyond its ends, `strip_half_m` to either side; nothing may
  stand on it;
- approach, from each end of the strip: widens by `approach_spread` a metre on each side; rises in
  `approach_sections` (length, slope), the last of which may be level;
- take-off climb, from each end: begins `takeoff_half_m` to either side, widens to
  `takeoff_most_half_m`, rises at `takeoff_slope`;
- transitional, from the sides of strip and approach: rises at `transitional_slope` up to the inner
  horizontal surface;
- inner horizontal: level at `inner_m` within `inner_radius_m` of the strip's axis;
- conical: from its edge at `conical_slope` up by `conical_m`.

The lowest one holds. Outer surfaces and those inside the strip are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Runway:
    """The axis of a runway, from end to end, and its height above the sea, in metres."""

    start: tuple[float, float]
    end: tuple[float, float]
    elevation_m: float

    @classmethod
    def of(cls, ground: BaseGeometry, elevation_m: float) -> Runway:
        """Return the runway whose paved ground is a long rectangle."""
        corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(ground))[:4]
        sides = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
        first = int(np.argmin(sides[:2]))
        a, b, c, d = np.roll(corners, -first, axis=0)
        start, end = (a + b) / 2, (c + d) / 2
        return cls((float(start[0]), float(start[1])), (float(end[0]), float(end[1])), elevation_m)


def limit_height_m(
    runway: Runway, points: Floats, figures: Mapping[str, Any]
) -> NDArray[np.float64]:
    """Return for points (n, 2) how high above the sea anything may be; inf beyond the surfaces.

    >>> figures = dict(
    ...     strip_end_m=60, strip_half_m=140, approach_spread=0.15,
    ...     approach_sections=[(3000, 0.02), (3600, 0.025), (8400, 0.0)],
    ...     takeoff_half_m=90, takeoff_spread=0.125, takeoff_most_half_m=900,
    ...     takeoff_slope=0.02, takeoff_m=15000, transitional_slope=0.143,
    ...     inner_m=45, inner_radius_m=4000, conical_slope=0.05, conical_m=100)
    >>> runway = Runway((0.0, 0.0), (3000.0, 0.0), 5.0)
    >>> limit_height_m(runway, np.array([[1500.0, 0.0], [4060.0, 0.0], [0.0, 5000.0]]), figures)
    array([  5.,  25., 100.])
    """
    start, end = np.array(runway.start), np.array(runway.end)
    length = float(np.hypot(*(end - start)))
    along = (end - start) / length
    off = np.asarray(points, dtype=float) - (start + end) / 2
    beyond = np.abs(off @ along) - (length / 2 + figures["strip_end_m"])
    aside = np.abs(off @ np.array([-along[1], along[0]]))
    away = np.hypot(np.maximum(beyond, 0.0), aside)
    limit = np.full(len(off), np.inf)
    inner, radius = figures["inner_m"], figures["inner_radius_m"]
    cone = inner + figures["conical_slope"] * (away - radius)
    limit[away <= radius + figures["conical_m"] / figures["conical_slope"]] = inner
    limit = np.where(np.isfinite(limit), np.maximum(inner, cone), limit)
    half = figures["strip_half_m"] + figures["approach_spread"] * np.maximum(beyond, 0.0)
    rises = np.where(beyond > 0, _risen(beyond, figures["approach_sections"]), 0.0)
    limit = np.where(aside <= half, np.minimum(limit, rises), limit)
    side = rises + figures["transitional_slope"] * (aside - half)
    limit = np.where((aside > half) & (side <= inner), np.minimum(limit, side), limit)
    narrow = figures["takeoff_half_m"] + figures["takeoff_spread"] * np.maximum(beyond, 0.0)
    narrow = np.minimum(narrow, figures["takeoff_most_half_m"])
    climbs = (beyond > 0) & (beyond <= figures["takeoff_m"]) & (aside <= narrow)
    limit = np.where(climbs, np.minimum(limit, figures["takeoff_slope"] * beyond), limit)
    return np.asarray(runway.elevation_m + limit, dtype=np.float64)


def reach_m(figures: Mapping[str, Any]) -> float:
    """Return how far from the runway any surface reaches, in metres; its corners included."""
    ahead = max(sum(length for length, _ in figures["approach_sections"]), figures["takeoff_m"])
    wide = figures["strip_half_m"] + figures["approach_spread"] * ahead
    cone = figures["inner_radius_m"] + figures["conical_m"] / figures["conical_slope"]
    return float(max(np.hypot(ahead, wide), cone) + figures["strip_end_m"])


def _risen(distance_m: Floats, sections: Sequence[Sequence[float]]) -> Floats:
    """Return how high an approach is so far from its inner edge; inf beyond its end."""
    height, begin = np.zeros(len(distance_m)), 0.0
    for length, slope in sections:
        height += slope * np.clip(distance_m - begin, 0.0, length)
        begin += length
    return np.where(distance_m <= begin, height, np.inf)
