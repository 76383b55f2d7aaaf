"""QGIS files made from the list of layers: a definition for each layer (.qlr), a project (.qgs).

What they hold is what QGIS 3.22 writes of the same sources itself; later versions read it too. The
project is in the city's own system and says how degrees and Web Mercator become metres there, since
QGIS would otherwise choose the operation that is 0.8 m off in the south.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from django.conf import settings

from landdata import crs
from tileserver.catalogue.qgis_symbols import renderer, tile_renderer
from tileserver.catalogue.services import feature_type, has_features
from tileserver.layer import Shape
from tileserver.layers import MAP_LAYERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tileserver.layer import Layer

#: Denominator of the scale at which a tile of zoom 0 is drawn, with pixels of 0.28 mm
#: (OGC 17-083r4, annex D: WebMercatorQuad).
SCALE_OF_ZOOM_0 = 559_082_264.028_717_9
#: QGIS knows shapes by these names (its wkbType).
_SHAPES = {
    Shape.AREA: ("Polygon", "MultiPolygon"),
    Shape.LINE: ("Line", "MultiLineString"),
    Shape.POINT: ("Point", "Point"),
}
_WRITTEN_FOR = "3.22.16-Białowieża"


@dataclass(frozen=True, slots=True)
class Words:
    """The titles that stand in the files, in one language."""

    language: str
    picture: str
    features: str
    collection: str
    tiles: str

    def title(self, layer: Layer) -> str:
        """Return the layer's title."""
        return layer.title_en if self.language == "en" else layer.title_vi

    def abstract(self, layer: Layer) -> str:
        """Return what the layer is."""
        return layer.abstract_en if self.language == "en" else layer.abstract_vi


@dataclass(frozen=True, slots=True)
class _Entry:
    """One layer of QGIS: the same content may come in several ways."""

    layer: Layer
    title: str
    #: Names QGIS gives to kinds of layers and to what reads them.
    kind: str
    provider: str
    source: str
    epsg: int
    is_checked: bool

    @property
    def id(self) -> str:
        return f"diado_{self.layer.id}_{self.provider.lower()}"


def layer_definition(layer: Layer, base: str, words: Words) -> bytes:
    """Return the .qlr of one layer: as a picture (shown), as features and as vector tiles."""
    entries = [_picture(layer, base, words, is_checked=True)]
    if has_features(layer):
        entries += [
            _features(layer, base, words),
            _collection(layer, base, words),
            _tiles(layer, base, words),
        ]
    root = ET.Element("qlr")
    outer = ET.SubElement(root, "layer-tree-group", name="", checked="Qt::Checked", expanded="1")
    _group(outer, words.title(layer), entries, is_expanded=True)
    layers = ET.SubElement(root, "maplayers")
    layers.extend(_map_layer(entry, words) for entry in entries)
    return _file(root, "qgis-layer-definition")


def project(
    base: str, words: Words, *, extent: tuple[float, float, float, float], title: str
) -> bytes:
    """Return the .qgs of all layers; `extent` is in the city's own system, in metres."""
    by_layer = [
        (
            layer,
            [
                _picture(layer, base, words, is_checked=layer.is_visible),
                *([_features(layer, base, words)] if has_features(layer) else []),
            ],
        )
        # In the tree what is on top of the map comes first.
        for layer in reversed(MAP_LAYERS)
    ]
    root = ET.Element("qgis", version=_WRITTEN_FOR, projectname=title)
    ET.SubElement(root, "homePath", path="")
    ET.SubElement(root, "title").text = title
    ET.SubElement(root, "projectCrs").append(_system(settings.STORAGE_EPSG))
    tree = ET.SubElement(root, "layer-tree-group")
    for layer, entries in by_layer:
        _group(tree, words.title(layer), entries, is_expanded=False)
    canvas = ET.SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    ET.SubElement(canvas, "units").text = "meters"
    canvas.append(_extent(extent))
    ET.SubElement(canvas, "destinationsrs").append(_system(settings.STORAGE_EPSG))
    layers = ET.SubElement(root, "projectlayers")
    layers.extend(_map_layer(entry, words) for _, entries in by_layer for entry in entries)
    root.append(_operations())
    # Without this QGIS does not read the project's own system.
    known = ET.SubElement(ET.SubElement(root, "properties"), "SpatialRefSys")
    ET.SubElement(known, "ProjectionsEnabled", type="int").text = "1"
    return _file(root, "qgis")


def _picture(layer: Layer, base: str, words: Words, *, is_checked: bool) -> _Entry:
    source = (
        f"contextualWMSLegend=0&crs=EPSG:{settings.STORAGE_EPSG}&dpiMode=7&featureCount=10"
        f"&format=image/png&layers={layer.id}&styles&url={base}wms"
    )
    return _Entry(layer, words.picture, "raster", "wms", source, settings.STORAGE_EPSG, is_checked)


def _features(layer: Layer, base: str, words: Words) -> _Entry:
    source = (
        " pagingEnabled='true' preferCoordinatesForWfsT11='false'"
        " restrictToRequestBBOX='1'"
        f" srsname='EPSG:{settings.STORAGE_EPSG}' typename='{feature_type(layer)}'"
        f" url='{base}wfs' version='2.0.0'"
    )
    return _Entry(
        layer, words.features, "vector", "WFS", source, settings.STORAGE_EPSG, is_checked=False
    )


def _collection(layer: Layer, base: str, words: Words) -> _Entry:
    source = (
        f" restrictToRequestBBOX='1' srsname='OGC:CRS84' typename='{layer.id}' url='{base}ogc/'"
    )
    return _Entry(
        layer, words.collection, "vector", "OAPIF", source, crs.GEOGRAPHIC, is_checked=False
    )


def _tiles(layer: Layer, base: str, words: Words) -> _Entry:
    source = (
        f"type=xyz&url={base}tiles/{layer.id}/%7Bz%7D/%7Bx%7D/%7By%7D.pbf"
        f"&zmax={layer.max_zoom}&zmin={layer.min_zoom}"
    )
    return _Entry(
        layer, words.tiles, "vector-tile", "vectortile", source, crs.WEB_MERCATOR, is_checked=False
    )


def _group(parent: ET.Element, title: str, entries: Iterable[_Entry], *, is_expanded: bool) -> None:
    entries = list(entries)
    group = ET.SubElement(
        parent,
        "layer-tree-group",
        name=title,
        checked="Qt::Checked",
        expanded=str(int(is_expanded)),
    )
    for entry in entries:
        ET.SubElement(
            group,
            "layer-tree-layer",
            id=entry.id,
            name=entry.title,
            source=entry.source,
            providerKey=entry.provider,
            checked="Qt::Checked" if entry.is_checked else "Qt::Unchecked",
            expanded="0",
        )


def _map_layer(entry: _Entry, words: Words) -> ET.Element:
    layer = entry.layer
    element = ET.Element("maplayer", type=entry.kind, maxScale="0")
    if entry.kind != "vector-tile":
        # Beyond it a city's worth of plots would be fetched at once.
        element.set("hasScaleBasedVisibilityFlag", "1")
        element.set("minScale", f"{SCALE_OF_ZOOM_0 / 2**layer.min_zoom:.0f}")
    if entry.kind == "vector":
        geometry, wkb = _SHAPES[layer.shape]
        element.set("geometry", geometry)
        element.set("wkbType", wkb)
        element.set("readOnly", "1")
    ET.SubElement(element, "id").text = entry.id
    ET.SubElement(element, "datasource").text = entry.source
    ET.SubElement(element, "layername").text = f"{words.title(layer)} ({entry.title})"
    ET.SubElement(element, "abstract").text = words.abstract(layer)
    if layer.attribution:
        ET.SubElement(element, "attribution").text = layer.attribution
    ET.SubElement(element, "srs").append(_system(entry.epsg))
    ET.SubElement(element, "provider", encoding="UTF-8").text = entry.provider
    if entry.kind == "vector":
        element.append(renderer(layer))
        element.append(_field_titles(layer, words))
    elif entry.kind == "vector-tile":
        element.append(tile_renderer(layer))
    return element


def _field_titles(layer: Layer, words: Words) -> ET.Element:
    aliases = ET.Element("aliases")
    for index, attribute in enumerate(layer.attributes):
        title = attribute.title_en if words.language == "en" else attribute.title_vi
        if attribute.unit:
            title += f" ({attribute.unit})"
        ET.SubElement(aliases, "alias", index=str(index), field=attribute.name, name=title)
    return aliases


def _operations() -> ET.Element:
    """Return how coordinates of other systems become the city's own, official parameters only."""
    context = ET.Element("transformContext")
    for source in (crs.GEOGRAPHIC, crs.WEB_MERCATOR):
        pair = ET.SubElement(
            context,
            "srcDest",
            coordinateOp=crs.pipeline(source, settings.STORAGE_EPSG),
            allowFallback="0",
        )
        ET.SubElement(pair, "src").append(_system(source))
        ET.SubElement(pair, "dest").append(_system(settings.STORAGE_EPSG))
    return context


def _system(epsg: int) -> ET.Element:
    system = ET.Element("spatialrefsys")
    # QGIS looks at the authority's code only where a number of its own stands before it.
    ET.SubElement(system, "srsid").text = str(epsg)
    ET.SubElement(system, "authid").text = f"EPSG:{epsg}"
    return system


def _extent(box: Sequence[float]) -> ET.Element:
    extent = ET.Element("extent")
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True):
        ET.SubElement(extent, name).text = f"{value:.3f}"
    return extent


def _file(root: ET.Element, kind: str) -> bytes:
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="utf-8")
    # QGIS tells the kinds of its files apart by this line.
    return f"<!DOCTYPE {kind}>\n".encode() + content + b"\n"
