"""What the API's pages for people print."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from tileserver.ogcapi import items
from tileserver.ogcapi.links import address
from tileserver.services import in_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tileserver.features.read import Page
    from tileserver.layer import Layer
    from tileserver.ogcapi.answers import Wanted
    from tileserver.ogcapi.items import Asked
    from tileserver.ogcapi.links import Link

#: Columns of a table that a screen can hold; the page of a feature has them all.
_COLUMNS = 6


def resources(definition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the paths of an OpenAPI document with what they give and take."""
    parts = definition["components"]["parameters"]

    def named(parameter: Mapping[str, Any]) -> str:
        reference = parameter.get("$ref")
        resolved = parts[reference.rpartition("/")[2]] if reference else parameter
        return str(resolved["name"])

    return [
        {
            "path": path,
            "summary": way["get"]["summary"],
            "parameters": [named(parameter) for parameter in way["get"].get("parameters", ())],
        }
        for path, way in definition["paths"].items()
    ]


def properties(schema: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the properties of a schema, one to a row."""
    return [
        {
            "name": name,
            "title": described.get("title", ""),
            "type": described.get("format") or described.get("type", ""),
            "unit": described.get("x-ogc-unit", ""),
        }
        for name, described in schema["properties"].items()
    ]


def feature_page(
    layer: Layer, found: Page, asked: Asked, of: Wanted, own: list[Link]
) -> dict[str, Any]:
    """Return what a page of features prints."""
    # The identity stands in the first column already.
    told = [a for a in layer.attributes if a.name not in layer.identity.columns]
    shown = [a for a in told if _is_chosen(a.name, asked)][:_COLUMNS]
    rows = []
    for (text,) in found:
        feature = json.loads(text)
        rows.append(
            {
                "id": feature["id"],
                "address": address(
                    of.base, "collections", layer.id, "items", feature["id"], f="html"
                ),
                "values": [feature["properties"].get(a.name) for a in shown],
            }
        )
    token = items.next_token(found, asked)
    (self_link,) = [one for one in own if one["rel"] == "self"]
    following = None
    if token is not None:
        kept = {n: t for n, t in of.parameters.items() if n not in ("next", "f", "key")}
        following = _address(of.here, {**kept, "f": "html", "next": token})
    return {
        "of": of,
        "title": in_language(layer.title_vi, layer.title_en),
        "collection": address(of.base, "collections", layer.id, f="html"),
        "columns": [in_language(a.title_vi, a.title_en) for a in shown],
        "rows": rows,
        "returned": found.returned,
        "matched": items.matched(found, asked),
        "following": following,
        "itself": self_link["href"],
        "links": own,
    }


def feature(
    layer: Layer, content: Mapping[str, Any], of: Wanted, own: list[Link]
) -> dict[str, Any]:
    """Return what the page of a feature prints."""
    given = content["properties"]
    return {
        "of": of,
        "title": content["id"],
        "layer": in_language(layer.title_vi, layer.title_en),
        "collection": address(of.base, "collections", layer.id, f="html"),
        "facts": [
            {
                "title": in_language(a.title_vi, a.title_en),
                "value": given[a.name],
                "unit": a.unit,
            }
            for a in layer.attributes
            if given.get(a.name) is not None
        ],
        "geometry": (content["geometry"] or {}).get("type"),
        "links": own,
    }


def _is_chosen(name: str, asked: Asked) -> bool:
    chosen = asked.query.attributes
    return chosen is None or name in chosen


def _address(here: str, parameters: Mapping[str, str]) -> str:
    return f"{here}?{urlencode(parameters, quote_via=quote, safe=',:/')}"
