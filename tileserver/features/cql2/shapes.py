"""Shapes as CQL2 text writes them: well-known text, and boxes.

They are built from their coordinates here; no text of a caller reaches GEOS, whose reader ends the
process at a collection that is nested deeply enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from landdata.errors import Invalid
from tileserver import limits
from tileserver.features.cql2.words import Sort

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from shapely.geometry.base import BaseGeometry

    from tileserver.features.cql2.reading import Reading

    Part = TypeVar("Part")

Position = tuple[float, float]

#: Collections inside collections are of no use to a filter.
_BOX = ("BBOX", "ENVELOPE")


class ShapeReader:
    """Reads one shape at a time; counts corners over all of a text.

    `north_first` says that coordinates stand north before east. Public: `is_next`, `read`.
    """

    def __init__(self, reading: Reading, *, north_first: bool) -> None:
        self._reading = reading
        self._north_first = north_first
        self._corners = 0
        self._kinds: dict[str, Callable[[], BaseGeometry]] = {
            "POINT": self._point,
            "LINESTRING": self._line,
            "POLYGON": self._polygon,
            "MULTIPOINT": lambda: shapely.MultiPoint(self._list(self._point_of_many)),
            "MULTILINESTRING": lambda: shapely.MultiLineString(self._list(self._line)),
            "MULTIPOLYGON": lambda: shapely.MultiPolygon(self._list(self._polygon)),
            "GEOMETRYCOLLECTION": lambda: shapely.GeometryCollection(self._list(self._simple)),
        }

    def is_next(self) -> bool:
        """Say whether a shape begins at the word at hand."""
        return self._reading.word.says(*self._kinds, *_BOX)

    def read(self) -> BaseGeometry:
        """Return a shape, east before north. Raises Invalid for what is none."""
        if self._reading.takes(*_BOX):
            return self._box()
        return self._kind(self._kinds)

    def _simple(self) -> BaseGeometry:
        kinds = {n: k for n, k in self._kinds.items() if n != "GEOMETRYCOLLECTION"}
        return self._kind(kinds)

    def _kind(self, kinds: dict[str, Callable[[], BaseGeometry]]) -> BaseGeometry:
        name = self._reading.expect(*kinds).text.upper()
        # A third coordinate is read and left out: the data are flat.
        self._reading.takes("Z")
        at = self._reading.word.at
        try:
            return kinds[name]()
        except (ValueError, shapely.GEOSException) as broken:
            raise Invalid("cql2_no_shape", at=at) from broken

    def _list(self, part: Callable[[], Part]) -> list[Part]:
        self._reading.expect("(")
        parts = [part()]
        while self._reading.takes(","):
            parts.append(part())
        self._reading.expect(")")
        return parts

    def _position(self) -> Position:
        self._corners += 1
        if self._corners > limits.MOST_CORNERS:
            raise Invalid("feature_shape_too_large", most=limits.MOST_CORNERS)
        first, second = self._reading.number(), self._reading.number()
        if self._reading.word.sort is Sort.NUMBER or self._reading.word.says("-", "+"):
            self._reading.number()
        return (second, first) if self._north_first else (first, second)

    def _point(self) -> shapely.Point:
        self._reading.expect("(")
        position = self._position()
        self._reading.expect(")")
        return shapely.Point(position)

    def _point_of_many(self) -> shapely.Point:
        # Both ways of writing are about: the standard's with brackets and the one without.
        return self._point() if self._reading.word.says("(") else shapely.Point(self._position())

    def _line(self) -> shapely.LineString:
        return shapely.LineString(self._list(self._position))

    def _polygon(self) -> shapely.Polygon:
        outer, *holes = self._list(lambda: self._list(self._position))
        return shapely.Polygon(outer, holes)

    def _box(self) -> BaseGeometry:
        at = self._reading.word.at
        numbers = self._list(self._reading.number)
        if len(numbers) == 6:
            numbers = [*numbers[:2], *numbers[3:5]]
        if len(numbers) != 4:
            raise Invalid("cql2_no_shape", at=at)
        west, south, east, north = numbers
        if self._north_first:
            west, south, east, north = south, west, north, east
        if west > east or south > north:
            raise Invalid("cql2_no_shape", at=at)
        return shapely.box(west, south, east, north)
