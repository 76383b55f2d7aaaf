"""Features as GML 3.2 (OGC 07-036), in fragments that the database writes.

PostGIS gives a shape inside another the same gml:id as the outer one, and names no system of ours.
So it writes shapes without either, and both are put in here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tileserver.features.systems import System, geometry_sql
from tileserver.layer import Kind, Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from tileserver.features.sql import Source
    from tileserver.layer import Attribute

#: ST_AsGML: lines as gml:LineString; with the second also the first number to the north.
_PLAIN_LINES, _NORTH_FIRST = 4, 16
#: What XML cannot hold (XML 1.0, production 2): signs below the blank but tab and line ends.
_UNPRINTABLE = "".join(chr(n) for n in range(1, 32) if chr(n) not in "\t\n\r") + "\ufffe\uffff"


def columns(system: System, prefix: str, *, with_shape: bool) -> Callable[[Source], list[str]]:
    """Return what a row is selected as: its identity, its attributes as elements, its shape.

    An attribute without a value is left out.
    """

    def select(source: Source) -> list[str]:
        layer = source.query.layer
        wanted = source.query.attributes
        chosen = [a for a in layer.attributes if wanted is None or a.name in wanted]
        attributes = " || ".join(element_sql(source, a, prefix) for a in chosen) or "''"
        return [layer.identity.sql, attributes, shape_sql(source, system) if with_shape else "NULL"]

    return select


def element_sql(source: Source, of: Attribute, prefix: str) -> str:
    """Return the SQL of an attribute as an element, '' where it has no value.

    Put together from texts: xmlforest takes four times as long.
    """
    sql = f"({source.fill(of.sql)})::text"
    if of.kind is Kind.TEXT:
        sql = f"translate({sql}, {source.bound.place(_UNPRINTABLE)}, '')"
        for sign, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            sql = f"replace({sql}, '{sign}', '{written}')"
    name = f"{prefix}:{of.name}"
    return f"coalesce('<{name}>' || {sql} || '</{name}>', '')"


def shape_sql(source: Source, system: System) -> str:
    """Return the SQL of a row's shape as GML without names; of one kind throughout a layer."""
    layer = source.query.layer
    shape = geometry_sql(layer, system.epsg)
    if layer.shape is not Shape.POINT:
        shape = f"ST_Multi({shape})"
    options = _PLAIN_LINES + (_NORTH_FIRST if system.north_first else 0)
    return f"ST_AsGML(3, ST_SetSRID({shape}, 0), {system.digits}, {options}, 'gml')"


def named(shape: str, name: str, system: System) -> str:
    """Return a shape with gml:id on itself and the shapes within, and its system's name."""
    end = shape.index(">")
    head = f'{shape[:end]} gml:id="{name}" srsName="{system.name}"'
    tail = shape[end:]
    for inner in ("<gml:Polygon>", "<gml:LineString>", "<gml:Point>"):
        pieces = tail.split(inner)
        if len(pieces) > 1:
            opening = inner[:-1]
            tail = pieces[0] + "".join(
                f'{opening} gml:id="{name}.{at}">{piece}' for at, piece in enumerate(pieces[1:], 1)
            )
    return head + tail
