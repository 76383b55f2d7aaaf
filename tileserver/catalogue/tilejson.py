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
                "fields": _fields(layer),
            }
        ],
    }
    if layer.attribution:
        found["attribution"] = layer.attribution
    if known.extent:
        found["bounds"] = list(known.extent)
    return found


def _fields(layer: Layer) -> dict[str, str]:
    fields = {a.name: _field(a, layer) for a in layer.tile_attributes}
    if layer.is_labelled_once:
        fields["label_here"] = in_language(
            "Boolean: Có trong đúng một ô, ô chứa điểm bên trong của đối tượng",
            "Boolean: In one tile only, the one that holds an inner point of the feature",
        )
    return fields


def _field(of: Attribute, layer: Layer) -> str:
    """Return kind, title, unit, and from which zoom on tiles carry it if not all do."""
    parts = [in_language(of.title_vi, of.title_en)]
    if of.unit:
        parts.append(of.unit)
    if of.from_zoom > layer.min_zoom:
        parts.append(in_language(f"từ mức {of.from_zoom}", f"from zoom {of.from_zoom}"))
    return f"{_KINDS.get(of.kind, 'String')}: {', '.join(parts)}"
