"""A layer's vector tiles as TileJSON 3.0.0: what a client needs to draw them.

Source: the specification at github.com/mapbox/tilejson-spec, 3.0.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tileserver.layer import Kind
from tileserver.services import in_language

if TYPE_CHECKING:
    from tileserver.catalogue.facts import Facts
    from tileserver.layer import Attribute, Layer

VERSION = "3.0.0"
#: What a vector tile can hold, in the words that TileJSON's examples use.
_KINDS = {Kind.INTEGER: "Number", Kind.NUMBER: "Number", Kind.TRUTH: "Boolean"}


def tilejson(layer: Layer, known: Facts, base: str) -> dict[str, Any]:
    """Return the description of a layer's tiles at `base`, an address that ends in a slash."""
    zooms = {"minzoom": layer.min_zoom, "maxzoom": layer.max_zoom}
    description = in_language(layer.abstract_vi, layer.abstract_en)
    found: dict[str, Any] = {
        "tilejson": VERSION,
        "name": in_language(layer.title_vi, layer.title_en),
        "description": description,
        "tiles": [f"{base}tiles/{layer.id}/{{z}}/{{x}}/{{y}}.pbf"],
        "scheme": "xyz",
        **zooms,
        "vector_layers": [
            {
                "id": layer.id,
                "description": description,
                **zooms,
                "fields": {a.name: _field(a) for a in layer.tile_attributes},
            }
        ],
    }
    if layer.attribution:
        found["attribution"] = layer.attribution
    if known.extent:
        found["bounds"] = list(known.extent)
    return found


def _field(of: Attribute) -> str:
    title = in_language(of.title_vi, of.title_en)
    unit = f", {of.unit}" if of.unit else ""
    return f"{_KINDS.get(of.kind, 'String')}: {title}{unit}"
