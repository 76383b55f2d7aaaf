"""Links between the resources, and the media types they are given out in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"

QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
SCHEMA_OF = "http://www.opengis.net/def/rel/ogc/1.0/schema"
CONFORMANCE = "http://www.opengis.net/def/rel/ogc/1.0/conformance"
DATA = "http://www.opengis.net/def/rel/ogc/1.0/data"

Link = dict[str, str]


def link(address: str, relation: str, media: str, title: str) -> Link:
    """Return a link (OGC 17-069r4, schema link.yaml)."""
    return {"href": address, "rel": relation, "type": media, "title": title}


def address(base: str, *parts: str, **parameters: Any) -> str:
    """Return the address of a resource below /ogc/."""
    path = "/".join(quote(part, safe=".:") for part in parts)
    query = f"?{urlencode(parameters, quote_via=quote)}" if parameters else ""
    return f"{base}ogc/{path}{query}"


def of_itself(
    here: str, parameters: Mapping[str, str], media: str, is_page: bool, titles: tuple[str, str]
) -> list[Link]:
    """Return the links of a resource to itself and to itself in the other format."""

    def in_format(name: str) -> str:
        return f"{here}?{urlencode({**parameters, 'f': name}, quote_via=quote, safe=',:/')}"

    formats = {"json": media, "html": HTML}
    shown = "html" if is_page else "json"
    return [
        link(
            in_format(name),
            "self" if name == shown else "alternate",
            kind,
            titles[0] if name == shown else titles[1],
        )
        for name, kind in formats.items()
    ]
