"""The API as an OpenAPI 3.0 document, made from the same lists that the views obey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from tileserver.layers import LAYERS
from tileserver.ogcapi import links
from tileserver.ogcapi import parameters as p
from tileserver.ogcapi.documents import coordinate_systems
from tileserver.ogcapi.schemas import type_of
from tileserver.provider import provider
from tileserver.services import in_language

if TYPE_CHECKING:
    from tileserver.layer import Attribute, Layer

Node = dict[str, Any]

_VERSION = "1.0.0"
#: Every resource can refuse in these ways.
_PROBLEMS = {
    "400": "Parameter unknown or unreadable",
    "404": "No such resource",
    "406": "No such format",
    "429": "Too many requests; Retry-After says when to come back",
    "500": "The server failed",
    "503": "The database does not answer",
}


def definition(base: str) -> Node:
    """Return the definition of the API of the installation at `base`."""
    paths: Node = {
        "/": _resource("getLandingPage", gettext("Landing page"), "landingPage"),
        "/api": _resource("getApi", gettext("This definition"), "anything", media=links.OPENAPI),
        "/conformance": _resource(
            "getConformance", gettext("What the API conforms to"), "confClasses"
        ),
        "/collections": _resource("getCollections", gettext("The collections"), "collections"),
    }
    for layer in LAYERS:
        paths.update(_collection(layer))
    return {
        "openapi": "3.0.3",
        "info": {
            "title": gettext("Địa Đồ: land data and plans"),
            "version": _VERSION,
            "description": gettext("Features of all public layers; nothing about persons."),
            "contact": _contact(base),
        },
        "servers": [{"url": f"{base}ogc"}],
        "tags": [
            {"name": "API"},
            *(
                {"name": layer.id, "description": in_language(layer.title_vi, layer.title_en)}
                for layer in LAYERS
            ),
        ],
        "paths": paths,
        "components": {
            "parameters": _parameters(),
            "responses": {
                _problem_name(status): _problem(text) for status, text in _PROBLEMS.items()
            },
            "schemas": _SCHEMAS,
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            },
        },
        # A key is never needed; it gives a larger allowance.
        "security": [{}, {"key": []}],
    }


def _contact(base: str) -> Node:
    office = provider()
    made = {"name": office.name, "url": f"{base}layers/"}
    return made | ({"email": office.email} if office.email else {})


def _collection(layer: Layer) -> Node:
    title = in_language(layer.title_vi, layer.title_en)
    path, name = f"/collections/{layer.id}", _camel(layer.id)
    items = [_reference(one) for one in p.OF_ITEMS]
    attributes = [_attribute(attribute) for attribute in layer.attributes]
    feature_id = {
        "name": "featureId",
        "in": "path",
        "required": True,
        "schema": {"type": "string"},
        "example": f"{layer.id}.…",
    }
    return {
        path: _resource(f"get{name}", title, "collection", tag=layer.id),
        f"{path}/queryables": _resource(
            f"get{name}Queryables",
            gettext("What filters may name"),
            "anything",
            media=links.SCHEMA,
            tag=layer.id,
        ),
        f"{path}/schema": _resource(
            f"get{name}Schema",
            gettext("What a feature holds"),
            "anything",
            media=links.SCHEMA,
            tag=layer.id,
        ),
        f"{path}/items": _resource(
            f"get{name}Features",
            title,
            "featureCollection",
            media=links.GEOJSON,
            tag=layer.id,
            parameters=[*items, *attributes],
        ),
        f"{path}/items/{{featureId}}": _resource(
            f"get{name}Feature",
            title,
            "feature",
            media=links.GEOJSON,
            tag=layer.id,
            parameters=[feature_id, *(_reference(one) for one in p.OF_ITEM)],
        ),
    }


def _resource(
    operation: str,
    summary: str,
    schema: str,
    *,
    media: str = links.JSON,
    tag: str = "API",
    parameters: list[Node] | None = None,
) -> Node:
    return {
        "get": {
            "tags": [tag],
            "summary": summary,
            "operationId": operation,
            "parameters": [*(parameters or ()), *(_reference(one) for one in p.COMMON)],
            "responses": {
                "200": {
                    "description": summary,
                    "content": {
                        media: {"schema": {"$ref": f"#/components/schemas/{schema}"}},
                        links.HTML: {"schema": {"type": "string"}},
                    },
                },
                **{
                    status: {"$ref": f"#/components/responses/{_problem_name(status)}"}
                    for status in _PROBLEMS
                },
            },
        }
    }


def _reference(parameter: str) -> Node:
    return {"$ref": f"#/components/parameters/{parameter}"}


def _query(name: str, schema: Node, description: str, **further: Any) -> Node:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
        "style": "form",
        "explode": False,
        **further,
    }


def _parameters() -> Node:
    a_system = {"type": "string", "format": "uri", "enum": coordinate_systems()}
    core = coordinate_systems()[0]
    numbers = {"type": "array", "items": {"type": "number"}}
    text = {"type": "string"}
    found = (
        _query("f", {"type": "string", "enum": ["json", "html"]}, "Format; else by Accept"),
        _query("lang", {"type": "string", "enum": ["vi", "en"]}, "Language of titles"),
        _query("key", text, "Access key, for programs that cannot send a header"),
        _query(
            "limit",
            {
                "type": "integer",
                "minimum": 1,
                "maximum": p.GREATEST_LIMIT,
                "default": p.USUAL_LIMIT,
            },
            "Features on a page at most; more than the maximum is the maximum",
        ),
        _query(
            "bbox",
            {**numbers, "oneOf": [{"minItems": n, "maxItems": n} for n in (4, 6)]},
            "Only features that meet this box: least x, least y, greatest x, greatest y",
        ),
        _query("bbox-crs", {**a_system, "default": core}, "System of the box"),
        _query(
            "datetime",
            text,
            "A day or moment, or an interval of them with .. for an open end: features that hold"
            " then. Without it: those that hold today",
        ),
        _query("crs", {**a_system, "default": core}, "System of the coordinates given out"),
        _query("filter", text, "A condition in CQL2 text"),
        _query(
            "filter-lang",
            {"type": "string", "enum": [p.CQL2_TEXT], "default": p.CQL2_TEXT},
            "Language of the filter",
        ),
        _query("filter-crs", {**a_system, "default": core}, "System of the filter's coordinates"),
        _query(
            "sortby",
            {"type": "array", "items": {"type": "string", "pattern": "^[+-]?[a-z0-9_]+$"}},
            "Attributes to sort by, - before one for the greatest first",
        ),
        _query(
            "properties",
            {"type": "array", "items": text},
            "Attributes to give out; the geometry always goes along",
        ),
        _query(
            "resultType",
            {"type": "string", "enum": list(p.RESULT_TYPES), "default": p.RESULT_TYPES[0]},
            "hits: only how many features there are",
        ),
        _query(
            "known_at",
            {"type": "integer", "minimum": 0},
            "Answer from what was known at this revision; the newest by default",
        ),
        _query("next", text, "Where the page before ended; taken from its link"),
    )
    return {one["name"]: one for one in found}


def _attribute(of: Attribute) -> Node:
    title = in_language(of.title_vi, of.title_en)
    return _query(of.name, type_of(of), f"{title} ({of.unit})" if of.unit else title)


def _problem_name(status: str) -> str:
    return f"Problem{status}"


def _problem(text: str) -> Node:
    schema = {"$ref": "#/components/schemas/problem"}
    return {
        "description": text,
        "content": {"application/problem+json": {"schema": schema}},
    }


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _object(required: list[str], **properties: Node) -> Node:
    return {"type": "object", "required": required, "properties": properties}


def _list(of: str) -> Node:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{of}"}}


_TEXT: Node = {"type": "string"}
_WHOLE: Node = {"type": "integer", "minimum": 0}
_SCHEMAS: Node = {
    "anything": {"type": "object"},
    "link": _object(["href", "rel"], href=_TEXT, rel=_TEXT, type=_TEXT, title=_TEXT),
    "landingPage": _object(["links"], title=_TEXT, description=_TEXT, links=_list("link")),
    "confClasses": _object(["conformsTo"], conformsTo={"type": "array", "items": _TEXT}),
    "collections": _object(
        ["links", "collections"],
        links=_list("link"),
        crs={"type": "array", "items": _TEXT},
        collections=_list("collection"),
    ),
    "collection": _object(
        ["id", "links"],
        id=_TEXT,
        title=_TEXT,
        description=_TEXT,
        attribution=_TEXT,
        keywords={"type": "array", "items": _TEXT},
        links=_list("link"),
        extent={"type": "object"},
        itemType=_TEXT,
        crs={"type": "array", "items": _TEXT},
        storageCrs=_TEXT,
    ),
    "feature": _object(
        ["type", "geometry", "properties"],
        type={"type": "string", "enum": ["Feature"]},
        id=_TEXT,
        geometry={"type": "object", "nullable": True},
        properties={"type": "object", "nullable": True},
        links=_list("link"),
    ),
    "featureCollection": _object(
        ["type", "features"],
        type={"type": "string", "enum": ["FeatureCollection"]},
        features=_list("feature"),
        links=_list("link"),
        timeStamp={"type": "string", "format": "date-time"},
        numberMatched=_WHOLE,
        numberReturned=_WHOLE,
    ),
    "problem": _object(
        ["type", "status", "title", "detail"],
        type=_TEXT,
        status=_WHOLE,
        code=_TEXT,
        title=_TEXT,
        detail=_TEXT,
        values={"type": "object"},
    ),
}
