"""DCAT and QGIS files over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from landdata import crs
from landdata.errors import Missing
from tileserver import queries
from tileserver.catalogue import dcat, qgis
from tileserver.catalogue.facts import facts_of
from tileserver.catalogue.services import has_features
from tileserver.catalogue.tilejson import tilejson
from tileserver.layers import MAP_BY_ID, MAP_LAYERS

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tileserver.layer import Layer

#: What people's machines know QGIS' files by.
_QLR = "application/x-qgis-layer-definition"
_QGS = "application/x-qgis-project"
#: A room around the data, so that nothing touches the window's edge.
_ROOM = 1.05


def base_of(request: HttpRequest) -> str:
    """Return the installation's own address as the caller knows it, with a slash at its end."""
    return request.build_absolute_uri("/")


def layer_of(layer_id: str) -> Layer:
    """Return the layer of this name. Raises Missing if there is none."""
    layer = MAP_BY_ID.get(layer_id)
    if layer is None:
        raise Missing("layer", layer=layer_id[:40])
    return layer


@require_safe
def dcat_document(request: HttpRequest) -> HttpResponse:
    """Answer with the catalogue as DCAT."""
    return JsonResponse(
        dcat.catalogue(MAP_LAYERS, facts_of(), base_of(request)),
        content_type="application/ld+json",
        json_dumps_params={"ensure_ascii": False},
    )


@require_safe
def tile_description(request: HttpRequest, layer: str) -> HttpResponse:
    """Answer with the TileJSON of a layer's vector tiles. Raises Missing for a layer without."""
    found = layer_of(layer)
    if not has_features(found):
        raise Missing("layer", layer=layer)
    response = JsonResponse(
        tilejson(found, facts_of([found])[found.id], base_of(request)),
        json_dumps_params={"ensure_ascii": False},
    )
    response["Cache-Control"] = "public, no-cache"
    # Maps on pages of others read it.
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def layer_definition(request: HttpRequest, layer: str) -> HttpResponse:
    """Answer with a layer's definition for QGIS."""
    content = qgis.layer_definition(layer_of(layer), base_of(request), _words())
    return _file(content, _QLR, f"diado-{layer}.qlr")


@require_safe
def project(request: HttpRequest) -> HttpResponse:
    """Answer with the project of all layers for QGIS."""
    content = qgis.project(
        base_of(request),
        _words(),
        extent=_extent_m(),
        title=gettext("Địa Đồ: land data and plans"),
    )
    return _file(content, _QGS, "diado.qgs")


def _extent_m() -> tuple[float, float, float, float]:
    """Return the box around the data in the city's own system."""
    box = crs.transform(shapely.box(*queries.data_extent()), crs.GEOGRAPHIC, settings.STORAGE_EPSG)
    west, south, east, north = shapely.affinity.scale(box, _ROOM, _ROOM).bounds
    return (west, south, east, north)


def _words() -> qgis.Words:
    return qgis.Words(
        language=get_language() or settings.LANGUAGE_CODE,
        picture=gettext("map picture, WMS"),
        features=gettext("features, WFS"),
        collection=gettext("features, OGC API"),
        tiles=gettext("vector tiles"),
    )


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-cache",
        },
    )
