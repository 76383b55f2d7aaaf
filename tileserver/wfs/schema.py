"""The application schema of the feature types (OGC 07-036 clause 21), made from the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from tileserver.layer import Kind, Layer, Shape
from tileserver.wfs.collection import GML, SCHEMAS
from tileserver.wfs.names import NAMESPACE, PREFIX, SHAPE
from tileserver.wfs.problems import XML_LANG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tileserver.layer import Attribute

XSD = "http://www.w3.org/2001/XMLSchema"

TYPES = {
    Kind.TEXT: "xsd:string",
    Kind.INTEGER: "xsd:integer",
    Kind.NUMBER: "xsd:double",
    Kind.DATE: "xsd:date",
    Kind.TRUTH: "xsd:boolean",
    Kind.UUID: "xsd:string",
}
SHAPES = {
    Shape.AREA: "gml:MultiSurfacePropertyType",
    Shape.LINE: "gml:MultiCurvePropertyType",
    Shape.POINT: "gml:PointPropertyType",
}


def document(layers: Iterable[Layer]) -> bytes:
    """Return the schema of some layers. Every property may be missing: none is known of all."""
    root = etree.Element(
        f"{{{XSD}}}schema",
        nsmap={"xsd": XSD, "gml": GML, PREFIX: NAMESPACE},
        targetNamespace=NAMESPACE,
        elementFormDefault="qualified",
        version="1.0",
    )
    _add(root, "import", namespace=GML, schemaLocation=f"{SCHEMAS}/gml/3.2.1/gml.xsd")
    for layer in layers:
        _add(
            root,
            "element",
            name=layer.id,
            type=f"{PREFIX}:{layer.id}Type",
            substitutionGroup="gml:AbstractFeature",
        )
        kind = _add(root, "complexType", name=f"{layer.id}Type")
        _say(kind, layer.title_vi, layer.title_en)
        inner = _add(_add(kind, "complexContent"), "extension", base="gml:AbstractFeatureType")
        sequence = _add(inner, "sequence")
        for attribute in layer.attributes:
            element = _add(
                sequence, "element", name=attribute.name, type=TYPES[attribute.kind], minOccurs="0"
            )
            _say(element, *_titles(attribute))
        _add(sequence, "element", name=SHAPE, type=SHAPES[layer.shape], minOccurs="0")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _titles(attribute: Attribute) -> tuple[str, str]:
    unit = f" [{attribute.unit}]" if attribute.unit else ""
    return attribute.title_vi + unit, attribute.title_en + unit


def _add(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{XSD}}}{tag}", attributes)


def _say(parent: etree._Element, vi: str, en: str) -> None:
    annotation = _add(parent, "annotation")
    for language, text in (("vi", vi), ("en", en)):
        said = _add(annotation, "documentation")
        said.set(XML_LANG, language)
        said.text = text
