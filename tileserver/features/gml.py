"""Features as GML 3.2 (OGC 07-036): shapes written by the database, elements around them here.

PostGIS gives a shape inside another the same gml:id as the outer one, and names no system of ours.
So it writes shapes without either, and both are put in here. Values come as texts and are made
elements here: whether any of them needs escaping is seen at once, where PostgreSQL would replace
signs in each.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from tileserver.features.systems import System, geometry_sql
from tileserver.features.table import chosen
from tileserver.layer import Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tileserver.features.sql import Source
    from tileserver.layer import Attribute

#: ST_AsGML: lines as gml:LineString; with the second also the first number to the north.
_PLAIN_LINES, _NORTH_FIRST = 4, 16
#: What XML cannot hold (XML 1.0, production 2): signs below the blank but tab and line ends.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: That, and what means something in XML.
_SPECIAL = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: What the shapes of a layer consist of.
_INNER = {Shape.AREA: "<gml:Polygon>", Shape.LINE: "<gml:LineString>", Shape.POINT: None}


def columns(system: System, *, with_shape: bool) -> Callable[[Source], list[str]]:
    """Return what a row is selected as: its identity, its shape, its attributes as texts."""

    def select(source: Source) -> list[str]:
        layer = source.query.layer
        attributes = chosen(layer, source.query.attributes)
        texts = [f"({source.fill(a.sql)})::text" for a in attributes]
        return [layer.identity.sql, shape_sql(source, system) if with_shape else "NULL", *texts]

    return select


def elements(attributes: Sequence[Attribute], prefix: str) -> Callable[[Sequence[str | None]], str]:
    """Return what writes values as elements; one without a value is left out."""
    tags = [(f"<{prefix}:{a.name}>", f"</{prefix}:{a.name}>") for a in attributes]

    def write(values: Sequence[str | None]) -> str:
        if _SPECIAL.search("".join([value for value in values if value])):
            values = [value and _written(value) for value in values]
        return "".join(
            [
                f"{begin}{value}{end}"
                for (begin, end), value in zip(tags, values, strict=True)
                if value is not None
            ]
        )

    return write


def _written(value: str) -> str:
    return escape(_UNPRINTABLE.sub("", value), {"\r": "&#13;"})


def shape_sql(source: Source, system: System) -> str:
    """Return the SQL of a row's shape as GML without names; of one kind throughout a layer."""
    layer = source.query.layer
    shape = geometry_sql(layer, system.epsg)
    if layer.shape is not Shape.POINT:
        shape = f"ST_Multi({shape})"
    options = _PLAIN_LINES + (_NORTH_FIRST if system.north_first else 0)
    return f"ST_AsGML(3, ST_SetSRID({shape}, 0), {system.digits}, {options}, 'gml')"


def named(shape: str, name: str, system: System, kind: Shape) -> str:
    """Return a shape with gml:id on itself and the shapes within, and its system's name."""
    end = shape.index(">")
    head = f'{shape[:end]} gml:id="{name}" srsName="{system.name}"'
    inner = _INNER[kind]
    if inner is None:
        return head + shape[end:]
    first, *pieces = shape[end:].split(inner)
    opening = f'{inner[:-1]} gml:id="{name}.'
    return f"{head}{first}" + "".join(
        [f'{opening}{at}">{piece}' for at, piece in enumerate(pieces, 1)]
    )
