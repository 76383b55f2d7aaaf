"""Elements of a request that we read ourselves, put into django-gisserver's registry.

The library hands shapes to GDAL with whatever system and size they come, knows fewer kinds of
them than clients send, parses no times, and takes what stands before the last dot of a feature's
id for a qualified name. These nodes take the place of its own; its parser calls them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely
from gisserver.parsers import fes20, wfs20  # noqa: F401 - fill the registry that is changed below
from gisserver.parsers.ast import tag_registry
from gisserver.parsers.fes20.identifiers import Id
from gisserver.parsers.fes20.operators import TemporalOperator, TemporalOperatorName
from gisserver.parsers.gml.base import GM_Object, TM_Object
from gisserver.parsers.xml import NSElement, xmlns

from landdata.errors import Invalid
from tileserver import limits
from tileserver.features import systems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry

_PLANE = 2


@dataclass
class ShapeNode(GM_Object):  # type: ignore[misc]  # the library has no types
    """A gml:Envelope or geometry: numbers as they were written, and the system they are in."""

    shape: BaseGeometry
    system: systems.System
    is_box: bool

    @classmethod
    def from_xml(cls, element: NSElement) -> ShapeNode:
        """Read a shape. Raises Invalid for what is no shape in the plane."""
        name = element.get("srsName")
        # GDAL sends an Envelope without one and means the type's default system.
        system = systems.named(name) if name else systems.default()
        return cls(_read(element), system, is_box=_local(element) == "Envelope")

    def east_north(self) -> BaseGeometry:
        """Return the shape with its numbers east before north."""
        if not self.system.north_first:
            return self.shape
        turned: BaseGeometry = shapely.transform(self.shape, lambda xy: xy[:, ::-1])
        return turned


@dataclass
class TimeNode(TM_Object):  # type: ignore[misc]  # the library has no types
    """A gml:TimeInstant, whose two texts are one, or a gml:TimePeriod."""

    begin: str
    end: str
    is_instant: bool

    @classmethod
    def from_xml(cls, element: NSElement) -> TimeNode:
        """Read the positions. Raises Invalid where there is none."""
        if _local(element) == "TimeInstant":
            (at,) = _texts(element, ("timePosition",))
            return cls(at, at, is_instant=True)
        begin = _texts(element, ("beginPosition",)) or _texts(_child(element, "begin"), _POSITION)
        end = _texts(element, ("endPosition",)) or _texts(_child(element, "end"), _POSITION)
        return cls(begin[0], end[0], is_instant=False)


_POSITION = ("timePosition",)


@dataclass
class NamedFeature(Id):  # type: ignore[misc]  # the library has no types
    """A fes:ResourceId; the name is what gml:id was."""

    rid: str

    @classmethod
    def from_xml(cls, element: NSElement) -> NamedFeature:
        """Read the name. Raises Invalid for one of an older version: those have none."""
        if any(element.get(name) for name in ("version", "startDate", "endDate", "previousRid")):
            raise Invalid("wfs_no_versions")
        return cls(element.get_str_attribute("rid"))


def _local(element: NSElement) -> str:
    return str(element.tag).rpartition("}")[2]


def _child(element: NSElement, *names: str) -> NSElement:
    for child in element:
        if _local(child) in names:
            return child
    raise Invalid("wfs_shape_unreadable", element=_local(element), wanted=" | ".join(names))


def _texts(element: NSElement, names: tuple[str, ...]) -> list[str]:
    return [(e.text or "").strip() for e in element.iter() if _local(e) in names]


def _numbers(text: str | None) -> list[float]:
    words = (text or "").replace(",", " ").split()
    if len(words) > _PLANE * limits.MOST_CORNERS:
        raise Invalid("feature_shape_too_large", most=limits.MOST_CORNERS)
    try:
        numbers = [float(word) for word in words]
    except ValueError as unreadable:
        raise Invalid("feature_coordinates_unreadable") from unreadable
    if not all(map(math.isfinite, numbers)):
        raise Invalid("feature_coordinates_unreadable")
    return numbers


def _positions(element: NSElement) -> list[tuple[float, float]]:
    """Return the positions of gml:posList, gml:pos, gml:coordinates or gml:pointProperty."""
    numbers: list[float] = []
    for child in element.iter():
        if _local(child) in ("posList", "pos", "coordinates"):
            if child.get("srsDimension", "2") != "2":
                raise Invalid("wfs_not_in_the_plane")
            numbers += _numbers(child.text)
    if not numbers or len(numbers) % _PLANE:
        raise Invalid("wfs_shape_unreadable", element=_local(element), wanted="posList")
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _members(element: NSElement) -> Iterator[NSElement]:
    """Yield the shapes within …Member, …Members and the like."""
    for holder in element:
        yield from holder


def _read(element: NSElement) -> BaseGeometry:
    if element.get("srsDimension", "2") != "2":
        raise Invalid("wfs_not_in_the_plane")
    reader = _READERS.get(_local(element))
    if reader is None:
        raise Invalid("wfs_shape_unknown", element=_local(element)[:60])
    try:
        return reader(element)
    except (shapely.errors.GEOSException, ValueError) as broken:
        raise Invalid(
            "wfs_shape_unreadable", element=_local(element), wanted=str(broken)[:80]
        ) from broken


def _envelope(element: NSElement) -> BaseGeometry:
    (low,), (high,) = (_positions_of(element, name) for name in ("lowerCorner", "upperCorner"))
    if low[0] > high[0] or low[1] > high[1]:
        raise Invalid("feature_box_upside_down", given=f"{low} {high}")
    return shapely.box(*low, *high)


def _positions_of(element: NSElement, name: str) -> list[tuple[float, float]]:
    numbers = _numbers(_child(element, name).text)
    if len(numbers) != _PLANE:
        raise Invalid("wfs_not_in_the_plane")
    return [(numbers[0], numbers[1])]


def _point(element: NSElement) -> BaseGeometry:
    (at,) = _positions(element)
    return shapely.Point(at)


def _curve(element: NSElement) -> BaseGeometry:
    for child in element.iter():
        if _local(child).startswith("Arc") or _local(child) in ("Circle", "BSpline", "Clothoid"):
            raise Invalid("wfs_shape_unknown", element=_local(child))
    return shapely.LineString(_positions(element))


def _polygon(element: NSElement) -> BaseGeometry:
    shell = _positions(_child(element, "exterior", "outerBoundaryIs"))
    holes = [_positions(c) for c in element if _local(c) in ("interior", "innerBoundaryIs")]
    return shapely.Polygon(shell, holes)


def _surface(element: NSElement) -> BaseGeometry:
    patches = [_polygon(e) for e in element.iter() if _local(e) == "PolygonPatch"]
    return patches[0] if len(patches) == 1 else shapely.union_all(patches)


def _many(element: NSElement) -> BaseGeometry:
    parts = [_read(member) for member in _members(element)]
    kinds = {part.geom_type for part in parts}
    if len(kinds) != 1:
        raise Invalid("wfs_shape_unreadable", element=_local(element), wanted="Member")
    kind: dict[str, Any] = {
        "Point": shapely.MultiPoint,
        "LineString": shapely.MultiLineString,
        "Polygon": shapely.MultiPolygon,
    }
    (one,) = kinds
    if one not in kind:
        raise Invalid("wfs_shape_unknown", element=one)
    made: BaseGeometry = kind[one](parts)
    return made


_READERS = {
    "Envelope": _envelope,
    "Point": _point,
    "LineString": _curve,
    "Curve": _curve,
    "LinearRing": _curve,
    "Polygon": _polygon,
    "Surface": _surface,
    "MultiPoint": _many,
    "MultiLineString": _many,
    "MultiCurve": _many,
    "MultiPolygon": _many,
    "MultiSurface": _many,
    "MultiGeometry": _many,
}


def _register() -> None:
    ours: dict[str, type[Any]] = {xmlns.fes20.qname("ResourceId"): NamedFeature}
    for namespace in (xmlns.gml32, xmlns.gml21):
        # The second is that of GML 3.1 too, which older clients put into filters of 2.0.
        ours |= {namespace.qname(name): ShapeNode for name in _READERS}
        ours |= {namespace.qname(name): TimeNode for name in ("TimeInstant", "TimePeriod")}
    for tag, node in ours.items():
        tag_registry.parsers[tag] = node
        # The list by which a parent knows which children it may have.
        node._xml_tags.append(tag)
    # The library hides these from parents, since it cannot carry them out.
    for name in TemporalOperatorName.__members__:
        TemporalOperator._xml_tags.append(xmlns.fes20.qname(name))


_register()
