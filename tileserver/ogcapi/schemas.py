"""Collections described as JSON Schema: what can be asked for, and what a feature holds."""

from __future__ import annotations

from typing import Any

from tileserver.features.cql2.grammar import GEOMETRY_NAMES
from tileserver.layer import Attribute, Kind, Layer, Shape
from tileserver.services import in_language

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: dict[Kind, dict[str, str]] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.TRUTH: {"type": "boolean"},
    Kind.UUID: {"type": "string", "format": "uuid"},
}
#: Areas and lines are stored as collections, which may hold one part.
_SHAPES = {
    Shape.AREA: "geometry-multipolygon",
    Shape.LINE: "geometry-multilinestring",
    Shape.POINT: "geometry-point",
}


def type_of(attribute: Attribute) -> dict[str, str]:
    """Return the type of an attribute's values as JSON Schema says it."""
    return dict(_TYPES[attribute.kind])


def queryables(layer: Layer, address: str) -> dict[str, Any]:
    """Return what filters on a collection may name (OGC 19-079r2, 6.2)."""
    return _schema(layer, address, {})


def schema(layer: Layer, address: str) -> dict[str, Any]:
    """Return what a feature of a collection holds."""
    return _schema(
        layer,
        address,
        {"id": {"type": "string", "x-ogc-role": "id", "title": in_language("Mã", "Identifier")}},
    )


def _schema(layer: Layer, address: str, first: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": DRAFT,
        "$id": address,
        "type": "object",
        "title": in_language(layer.title_vi, layer.title_en),
        "description": in_language(layer.abstract_vi, layer.abstract_en),
        "properties": {
            **first,
            GEOMETRY_NAMES[0]: {
                "title": in_language("Hình", "Geometry"),
                "format": _SHAPES[layer.shape],
                "x-ogc-role": "primary-geometry",
            },
            **{attribute.name: _property(attribute) for attribute in layer.attributes},
        },
        "additionalProperties": False,
    }


def _property(attribute: Attribute) -> dict[str, Any]:
    described: dict[str, Any] = {
        "title": in_language(attribute.title_vi, attribute.title_en),
        **type_of(attribute),
    }
    if attribute.unit:
        described["x-ogc-unit"] = attribute.unit
    return described
