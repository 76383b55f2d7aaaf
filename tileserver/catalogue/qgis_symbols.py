"""How QGIS draws features of a layer: one symbol, in the layer's colour or in the feature's own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tileserver.layer import Shape

if TYPE_CHECKING:
    from tileserver.layer import Layer

#: QGIS' names: of a symbol, of its drawing, and of the value that an attribute may give.
_SYMBOLS = {
    Shape.AREA: ("fill", "SimpleFill", "fillColor"),
    Shape.LINE: ("line", "SimpleLine", "outlineColor"),
    Shape.POINT: ("marker", "SimpleMarker", "fillColor"),
}
#: QGIS' number for a value that is taken from a field (QgsProperty::FieldBasedProperty).
_FROM_FIELD = "2"
#: QGIS' numbers for what a style of vector tiles is for (QgsWkbTypes::GeometryType).
_GEOMETRY_TYPES = {Shape.POINT: "0", Shape.LINE: "1", Shape.AREA: "2"}
#: Attribute that holds the colour in which a feature is to be drawn.
_OWN_COLOUR = "colour"
_SEE_THROUGH = 150


def renderer(layer: Layer) -> ET.Element:
    """Return the renderer of a layer of features."""
    element = ET.Element("renderer-v2", type="singleSymbol", symbollevels="0", enableorderby="0")
    ET.SubElement(element, "symbols").append(_symbol(layer))
    return element


def tile_renderer(layer: Layer) -> ET.Element:
    """Return the renderer of a layer of vector tiles."""
    element = ET.Element("renderer", type="basic")
    style = ET.SubElement(
        ET.SubElement(element, "styles"),
        "style",
        {"min-zoom": "-1", "max-zoom": "-1"},
        name=layer.title_vi,
        enabled="1",
        geometry=_GEOMETRY_TYPES[layer.shape],
        expression="",
        layer=layer.id,
    )
    ET.SubElement(style, "symbols").append(_symbol(layer))
    return element


def _symbol(layer: Layer) -> ET.Element:
    kind, drawing, coloured_by = _SYMBOLS[layer.shape]
    symbol = ET.Element("symbol", type=kind, name="0", alpha="1", clip_to_extent="1", force_rhr="0")
    part = ET.SubElement(symbol, "layer", {"class": drawing}, enabled="1", locked="0")
    options = ET.SubElement(part, "Option", type="Map")
    for name, value in _options(layer).items():
        ET.SubElement(options, "Option", type="QString", name=name, value=value)
    if _OWN_COLOUR in {attribute.name for attribute in layer.attributes}:
        part.append(_from_attribute(coloured_by))
    return symbol


def _options(layer: Layer) -> dict[str, str]:
    colour = _numbers(layer.colour)
    if layer.shape is Shape.LINE:
        return {"line_color": f"{colour},255", "line_width": "0.4", "line_width_unit": "MM"}
    if layer.shape is Shape.POINT:
        return {"name": "circle", "color": f"{colour},255", "outline_color": "255,255,255,255"}
    return {
        "color": f"{colour},{_SEE_THROUGH if layer.style.is_filled else 0}",
        "outline_color": f"{colour},255",
        "outline_width": "0.3",
        "outline_width_unit": "MM",
        "style": "solid",
    }


def _numbers(colour: str) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))


def _from_attribute(coloured_by: str) -> ET.Element:
    element = ET.Element("data_defined_properties")
    outer = ET.SubElement(element, "Option", type="Map")
    ET.SubElement(outer, "Option", type="QString", name="name", value="")
    properties = ET.SubElement(outer, "Option", type="Map", name="properties")
    one = ET.SubElement(properties, "Option", type="Map", name=coloured_by)
    ET.SubElement(one, "Option", type="bool", name="active", value="true")
    ET.SubElement(one, "Option", type="QString", name="field", value=_OWN_COLOUR)
    ET.SubElement(one, "Option", type="int", name="type", value=_FROM_FIELD)
    ET.SubElement(outer, "Option", type="QString", name="type", value="collection")
    return element
