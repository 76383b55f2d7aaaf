"""GetCapabilities of the WMTS, made from the catalogue (OGC 07-057r7, clause 7.1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from lxml import etree

from tileserver.extents import Extent, extents
from tileserver.layers import MAP_LAYERS
from tileserver.mapproxy.grids import GRIDS, TILE_PX, VN2000, WEB_MERCATOR, Grid
from tileserver.mapproxy.tiles import PNG
from tileserver.provider import write_ows
from tileserver.services import in_language
from tileserver.wms import legends, tree
from tileserver.wms.info import WRITERS
from tileserver.wmts.parameters import ENDINGS, STYLE

WMTS = "http://www.opengis.net/wmts/1.0"
OWS = "http://www.opengis.net/ows/1.1"
XLINK = "http://www.w3.org/1999/xlink"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PLACES = "{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}"
# The empty prefix is None, which the types of lxml leave out.
_PREFIXES: Any = {None: WMTS, "ows": OWS, "xlink": XLINK, "xsi": XSI}
_SCHEMAS = f"{WMTS} http://schemas.opengis.net/wmts/1.0/wmtsGetCapabilities_response.xsd"


@dataclass(frozen=True)
class Addresses:
    """Where the service is by query and by path, as the asker names our host."""

    query: str
    path: str
    #: The Web Map Service, which draws the legends.
    wms: str
    #: The catalogue's page.
    catalogue: str


@dataclass(frozen=True)
class _Shown:
    id: str
    title: str
    abstract: str
    keywords: tuple[str, ...]
    extent: Extent
    #: Width and height of the layer's legend.
    legend_size: tuple[int, int] | None = None


#: Parts of the document that can be asked for alone (OGC 07-057r7, table 18).
SECTIONS = ("ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Contents")
#: A part that the standard knows and this document does not have.
EMPTY_SECTIONS = ("Themes",)


def document(
    addresses: Addresses, *, update_sequence: int, sections: tuple[str, ...] = SECTIONS
) -> bytes:
    """Return the capabilities, or some sections of them, in the active language."""
    root = etree.Element(
        f"{{{WMTS}}}Capabilities",
        {"version": "1.0.0", "updateSequence": str(update_sequence)},
        nsmap=_PREFIXES,
    )
    root.set(f"{{{XSI}}}schemaLocation", _SCHEMAS)
    if "ServiceIdentification" in sections:
        _identification(root)
    if "ServiceProvider" in sections:
        write_ows(root, _ows, site=addresses.catalogue)
    if "OperationsMetadata" in sections:
        _operations(root, addresses)
    if "Contents" in sections:
        _contents(root, addresses)
    _wmts(root, "ServiceMetadataURL").set(
        f"{{{XLINK}}}href", f"{addresses.path}WMTSCapabilities.xml"
    )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _contents(root: etree._Element, addresses: Addresses) -> None:
    contents = _wmts(root, "Contents")
    for shown in _layers():
        _layer(contents, shown, addresses)
    for grid in GRIDS:
        _matrix_set(contents, grid)


def _layers() -> list[_Shown]:
    reach = extents()
    sizes = legends.sizes(today=timezone.localdate())
    whole = reduce(Extent.joined, reach.values())
    return [
        _Shown(tree.ROOT, gettext("wms.root"), "", (), whole),
        *(
            _Shown(
                layer.id,
                in_language(layer.title_vi, layer.title_en),
                in_language(layer.abstract_vi, layer.abstract_en),
                layer.keywords,
                reach[layer.id],
                sizes[layer.id],
            )
            for layer in MAP_LAYERS
        ),
    ]


def _identification(root: etree._Element) -> None:
    service = _ows(root, "ServiceIdentification")
    _ows(service, "Title", gettext("wms.title"))
    _ows(service, "Abstract", gettext("wms.abstract"))
    _ows(service, "ServiceType", "OGC WMTS")
    _ows(service, "ServiceTypeVersion", "1.0.0")
    _ows(service, "Fees", "none")
    _ows(service, "AccessConstraints", gettext("wms.constraints"))


def _operations(root: etree._Element, addresses: Addresses) -> None:
    operations = _ows(root, "OperationsMetadata")
    for name in ("GetCapabilities", "GetTile", "GetFeatureInfo"):
        operation = _ows(operations, "Operation", name=name)
        http = _ows(_ows(operation, "DCP"), "HTTP")
        for href, encoding in ((f"{addresses.query}?", "KVP"), (addresses.path, "RESTful")):
            get = _ows(http, "Get")
            get.set(f"{{{XLINK}}}href", href)
            allowed = _ows(_ows(get, "Constraint", name="GetEncoding"), "AllowedValues")
            _ows(allowed, "Value", encoding)


def _layer(contents: etree._Element, shown: _Shown, addresses: Addresses) -> None:
    layer = _wmts(contents, "Layer")
    _ows(layer, "Title", shown.title)
    if shown.abstract:
        _ows(layer, "Abstract", shown.abstract)
    if shown.keywords:
        keywords = _ows(layer, "Keywords")
        for word in shown.keywords:
            _ows(keywords, "Keyword", word)
    west, south, east, north = shown.extent.degrees
    box = _ows(layer, "WGS84BoundingBox")
    _ows(box, "LowerCorner", f"{west:.7f} {south:.7f}")
    _ows(box, "UpperCorner", f"{east:.7f} {north:.7f}")
    _ows(layer, "Identifier", shown.id)
    # Of each grid's own coordinates: a client's way from degrees to VN-2000 may be 0.8 m off.
    for grid, edges in ((WEB_MERCATOR, shown.extent.mercator), (VN2000, shown.extent.stored)):
        west, south, east, north = edges
        box = _ows(layer, "BoundingBox", crs=_urn(grid))
        _ows(box, "LowerCorner", f"{west:.3f} {south:.3f}")
        _ows(box, "UpperCorner", f"{east:.3f} {north:.3f}")
    style = _wmts(layer, "Style", isDefault="true")
    _ows(style, "Title", gettext("wms.style"))
    _ows(style, "Identifier", STYLE)
    if shown.legend_size is not None:
        width, height = shown.legend_size
        _wmts(
            style,
            "LegendURL",
            format=legends.LEGEND_FORMAT,
            width=str(width),
            height=str(height),
        ).set(f"{{{XLINK}}}href", legends.address(addresses.wms, shown.id))
    _wmts(layer, "Format", PNG)
    for format_ in WRITERS:
        _wmts(layer, "InfoFormat", format_)
    for grid in GRIDS:
        _wmts(_wmts(layer, "TileMatrixSetLink"), "TileMatrixSet", grid.id)
    tile = f"{addresses.path}{shown.id}/{_PLACES}"
    _wmts(layer, "ResourceURL", format=PNG, resourceType="tile", template=f"{tile}.png")
    for ending, format_ in ENDINGS.items():
        _wmts(
            layer,
            "ResourceURL",
            format=format_,
            resourceType="FeatureInfo",
            template=f"{tile}/{{J}}/{{I}}.{ending}",
        )


def _matrix_set(contents: etree._Element, grid: Grid) -> None:
    matrices = _wmts(contents, "TileMatrixSet")
    _ows(matrices, "Identifier", grid.id)
    # East comes first in both systems, by the EPSG data set.
    west, south, east, north = grid.box
    box = _ows(matrices, "BoundingBox", crs=_urn(grid))
    _ows(box, "LowerCorner", f"{west!r} {south!r}")
    _ows(box, "UpperCorner", f"{east!r} {north!r}")
    _ows(matrices, "SupportedCRS", _urn(grid))
    if grid.well_known:
        _wmts(matrices, "WellKnownScaleSet", grid.well_known)
    for z in range(len(grid.resolutions)):
        columns, rows = grid.size(z)
        matrix = _wmts(matrices, "TileMatrix")
        _ows(matrix, "Identifier", str(z))
        _wmts(matrix, "ScaleDenominator", repr(grid.scale_denominator(z)))
        _wmts(matrix, "TopLeftCorner", f"{west!r} {north!r}")
        _wmts(matrix, "TileWidth", str(TILE_PX))
        _wmts(matrix, "TileHeight", str(TILE_PX))
        _wmts(matrix, "MatrixWidth", str(columns))
        _wmts(matrix, "MatrixHeight", str(rows))


def _urn(grid: Grid) -> str:
    return f"urn:ogc:def:crs:EPSG::{grid.epsg}"


def _wmts(
    parent: etree._Element, name: str, text: str = "", /, **attributes: str
) -> etree._Element:
    return _element(parent, WMTS, name, text, attributes)


def _ows(parent: etree._Element, name: str, text: str = "", /, **attributes: str) -> etree._Element:
    return _element(parent, OWS, name, text, attributes)


def _element(
    parent: etree._Element, space: str, name: str, text: str, attributes: dict[str, str]
) -> etree._Element:
    made = etree.SubElement(parent, f"{{{space}}}{name}", attributes)
    if text:
        made.text = text
    return made
