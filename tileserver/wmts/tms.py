"""The Tile Map Service 1.0.0 of OSGeo: the same kept tiles, their rows counted from the south.

https://wiki.osgeo.org/wiki/Tile_Map_Service_Specification
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from lxml import etree

from tileserver.drawing import PNG, NoPicture
from tileserver.layers import MAP_BY_ID
from tileserver.mapproxy.grids import GRID_BY_ID, GRIDS, TILE_PX
from tileserver.mapproxy.tiles import Place
from tileserver.services import in_language, language_asked, parameters
from tileserver.views import ASK_AGAIN
from tileserver.wms import tree
from tileserver.wms.parameters import short
from tileserver.wmts.views import tile_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from tileserver.mapproxy.grids import Grid

#: Stands between a layer and its grid in the name of a tile map.
_IN = "@"


class _NoSuch(Exception):
    """There is no such map or tile."""


def root(request: HttpRequest) -> HttpResponse:
    """Answer which versions there are."""

    def document() -> HttpResponse:
        services = etree.Element("Services")
        etree.SubElement(
            services,
            "TileMapService",
            title=gettext("wms.title"),
            version="1.0.0",
            href=request.build_absolute_uri(reverse("tms-service")),
        )
        return _xml(services)

    return _answered(request, document)


def service(request: HttpRequest) -> HttpResponse:
    """Answer which maps there are."""

    def document() -> HttpResponse:
        top = etree.Element(
            "TileMapService", version="1.0.0", services=request.build_absolute_uri(reverse("tms"))
        )
        etree.SubElement(top, "Title").text = gettext("wms.title")
        etree.SubElement(top, "Abstract").text = gettext("wms.abstract")
        maps = etree.SubElement(top, "TileMaps")
        for layer_id in _names():
            for grid in GRIDS:
                name = f"{layer_id}{_IN}{grid.id}"
                etree.SubElement(
                    maps,
                    "TileMap",
                    title=_title(layer_id),
                    srs=f"EPSG:{grid.epsg}",
                    profile="local",
                    href=request.build_absolute_uri(reverse("tms-map", args=[name])),
                )
        return _xml(top)

    return _answered(request, document)


def tile_map(request: HttpRequest, name: str) -> HttpResponse:
    """Answer what one map consists of."""

    def document() -> HttpResponse:
        layer_id, grid = _named(name)
        top = etree.Element(
            "TileMap",
            version="1.0.0",
            tilemapservice=request.build_absolute_uri(reverse("tms-service")),
        )
        etree.SubElement(top, "Title").text = _title(layer_id)
        etree.SubElement(top, "Abstract").text = _abstract(layer_id)
        etree.SubElement(top, "SRS").text = f"EPSG:{grid.epsg}"
        west, south, east, north = grid.box
        etree.SubElement(
            top,
            "BoundingBox",
            minx=repr(west),
            miny=repr(south),
            maxx=repr(east),
            maxy=repr(north),
        )
        etree.SubElement(top, "Origin", x=repr(west), y=repr(south))
        side = str(TILE_PX)
        etree.SubElement(
            top, "TileFormat", {"width": side, "height": side, "mime-type": PNG, "extension": "png"}
        )
        sets = etree.SubElement(top, "TileSets", profile="local")
        here = request.build_absolute_uri(reverse("tms-map", args=[name]))
        for z, resolution in enumerate(grid.resolutions):
            etree.SubElement(
                sets,
                "TileSet",
                {"href": f"{here}{z}", "units-per-pixel": repr(resolution), "order": str(z)},
            )
        return _xml(top)

    return _answered(request, document)


def tile(request: HttpRequest, name: str, z: int, x: int, y: int) -> HttpResponse:
    """Answer with a tile; `y` counts from the south."""

    def picture() -> HttpResponse:
        layer_id, grid = _named(name)
        if not grid.holds(z, x, y):
            raise _NoSuch(gettext("error.tile") % {"layer": layer_id, "z": z, "x": x, "y": y})
        _, rows = grid.size(z)
        return tile_answer(request, Place(layer_id, grid, z, x, rows - 1 - y))

    return _answered(request, picture)


def _answered(request: HttpRequest, carry_out: Callable[[], HttpResponse]) -> HttpResponse:
    with translation.override(language_asked(parameters(request), request)):
        try:
            response = carry_out()
        except _NoSuch as missing:
            response = _error(str(missing), 404)
        except NoPicture:
            response = _error(gettext("error.wms_no_picture"), 503)
            response["Retry-After"] = "5"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _error(message: str, status: int) -> HttpResponse:
    report = etree.Element("TileMapServerError")
    etree.SubElement(report, "Message").text = message
    response = _xml(report)
    response.status_code = status
    response["Cache-Control"] = "no-store"
    return response


def _xml(document: etree._Element) -> HttpResponse:
    content = etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    response = HttpResponse(content, content_type="text/xml; charset=UTF-8")
    response["Cache-Control"] = ASK_AGAIN
    return response


def _names() -> list[str]:
    return [tree.ROOT, *MAP_BY_ID]


def _named(name: str) -> tuple[str, Grid]:
    layer_id, _, grid_id = name.partition(_IN)
    grid = GRID_BY_ID.get(grid_id)
    if layer_id not in _names() or grid is None:
        raise _NoSuch(gettext("error.wms_layer") % {"layer": short(name)})
    return layer_id, grid


def _title(layer_id: str) -> str:
    layer = MAP_BY_ID.get(layer_id)
    return in_language(layer.title_vi, layer.title_en) if layer else gettext("wms.root")


def _abstract(layer_id: str) -> str:
    layer = MAP_BY_ID.get(layer_id)
    return in_language(layer.abstract_vi, layer.abstract_en) if layer else gettext("wms.abstract")
