"""Shapes as lines on paper: a box in mm, the shapes in metres, north up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

#: Corners closer than this are one on paper, in mm.
_DETAIL_MM: Final = 0.08
#: Around what is drawn, as a share of its longer side.
_AROUND: Final = 0.12
#: The scale bar has one of these lengths, in metres.
_BARS_M: Final = tuple(n * 10**power for power in range(-1, 6) for n in (1, 2, 5))
_SHORTEST_MM: Final = 12.0


@dataclass(frozen=True)
class Frame:
    """A piece of ground on a box of paper."""

    width_mm: float
    height_mm: float
    west: float
    north: float
    mm_per_m: float

    @classmethod
    def around(
        cls, bounds: tuple[float, float, float, float], width_mm: float, height_mm: float
    ) -> Frame:
        """Return the frame that shows a box of ground in the middle, with some around it."""
        west, south, east, north = bounds
        wide, tall = max(east - west, 1.0), max(north - south, 1.0)
        more = 1 + 2 * _AROUND
        scale = min(width_mm / (wide * more), height_mm / (tall * more))
        return cls(
            width_mm,
            height_mm,
            (west + east) / 2 - width_mm / scale / 2,
            (south + north) / 2 + height_mm / scale / 2,
            scale,
        )

    @property
    def ground(self) -> shapely.Polygon:
        """The ground that the frame shows."""
        south = self.north - self.height_mm / self.mm_per_m
        return shapely.box(self.west, south, self.west + self.width_mm / self.mm_per_m, self.north)

    def at(self, place: tuple[float, float]) -> tuple[float, float]:
        """Return where a place lies, in mm from the upper left corner."""
        east, north = place
        return (
            round((east - self.west) * self.mm_per_m, 2),
            round((self.north - north) * self.mm_per_m, 2),
        )

    def paths(self, shape: BaseGeometry | None) -> list[dict[str, Any]]:
        """Return the lines of a shape as paths in mm: rings of surfaces are closed.

        Each path is {"is_closed": …, "rings": [[[x, y], …], …]}; the rings of a surface belong
        together, its holes are filled by the even-odd rule.
        """
        if shape is None or shape.is_empty:
            return []
        shown = shapely.intersection(shapely.make_valid(shape), self.ground)
        plain = shapely.simplify(shown, _DETAIL_MM / self.mm_per_m)
        return [
            path
            for part in shapely.get_parts(shapely.get_parts(plain))
            if (path := self._path(part)) is not None
        ]

    def bar(self) -> dict[str, Any]:
        """Return the bar of the scale: {"m": …, "mm": …}."""
        shortest = _SHORTEST_MM / self.mm_per_m
        metres = next((bar for bar in _BARS_M if bar >= shortest), _BARS_M[-1])
        return {"m": metres, "mm": round(metres * self.mm_per_m, 2)}

    def _path(self, part: BaseGeometry) -> dict[str, Any] | None:
        if part.is_empty:
            return None
        if part.geom_type == "Polygon":
            rings = [self._points(ring) for ring in shapely.get_rings(part)]
            return {"is_closed": True, "rings": rings}
        if isinstance(part, shapely.Point):
            x, y = self.at((part.x, part.y))
            around = [[x - 0.6, y], [x, y - 0.6], [x + 0.6, y], [x, y + 0.6]]
            return {"is_closed": True, "rings": [around]}
        return {"is_closed": False, "rings": [self._points(part)]}

    def _points(self, line: BaseGeometry) -> list[list[float]]:
        coords = shapely.get_coordinates(line)
        x = (coords[:, 0] - self.west) * self.mm_per_m
        y = (self.north - coords[:, 1]) * self.mm_per_m
        points: list[list[float]] = np.round(np.column_stack((x, y)), 2).tolist()
        return points
