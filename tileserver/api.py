"""What the map page has to know: layers, legend, extent, coordinate systems."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from landdata import crs
from tileserver import queries
from tileserver.layer import Layer
from tileserver.layers import LAYERS

router = Router(tags=["map"])


class LayerItem(Schema):
    """A layer of vector tiles; `url` takes layer, z, x and y (Web Mercator, y from the north)."""

    id: str
    title_vi: str
    title_en: str
    url: str
    min_zoom: int
    max_zoom: int
    visible: bool
    #: Heading under which the client offers to switch it; "" for what is always there.
    group: str
    #: "polygon", "line" or "point".
    shape: str
    colour: str


class LegendItem(Schema):
    """A function of planned land that occurs on the map, in its prescribed colour."""

    function: str
    name_vi: str
    name_en: str
    colour: str
    group: str


class Background(Schema):
    """A background map of others; none is asked unless the installation says so."""

    url: str
    attribution: str


class CrsItem(Schema):
    """A coordinate system with the official datum parameters spelled out."""

    epsg: int
    proj4: str
    name: str


class MapAnswer(Schema):
    """Everything a map client needs; coordinates are lon, lat in WGS 84 degrees."""

    extent: tuple[float, float, float, float]
    centre: tuple[float, float]
    storage_epsg: int
    layers: list[LayerItem]
    legend: list[LegendItem]
    attribution: list[str]
    outside_background: Background | None
    crs: list[CrsItem]


@router.get("/map", response=MapAnswer, url_name="map", summary="Layers, legend and extent")
def describe_map(request: HttpRequest) -> MapAnswer:
    """Return the layers of the map, the legend of zones in force, and how far the data reach."""
    west, south, east, north = queries.data_extent()
    background = settings.OUTSIDE_BACKGROUND
    return MapAnswer(
        extent=(west, south, east, north),
        centre=((west + east) / 2, (south + north) / 2),
        storage_epsg=settings.STORAGE_EPSG,
        layers=[_layer(layer) for layer in LAYERS],
        legend=[
            LegendItem.model_validate(entry, from_attributes=True)
            for entry in queries.legend(as_of=timezone.localdate())
        ],
        attribution=list(dict.fromkeys(y.attribution for y in LAYERS if y.attribution)),
        outside_background=Background(url=background, attribution="") if background else None,
        crs=[_system(epsg) for epsg in (crs.GEOGRAPHIC, crs.WEB_MERCATOR, *crs.VN2000)],
    )


def _layer(layer: Layer) -> LayerItem:
    return LayerItem(
        id=layer.id,
        title_vi=layer.title_vi,
        title_en=layer.title_en,
        # Written out: the client fills in the braces.
        url=f"/tiles/{layer.id}/{{z}}/{{x}}/{{y}}.pbf",
        min_zoom=layer.min_zoom,
        max_zoom=layer.max_zoom,
        visible=layer.is_visible,
        group=layer.group,
        shape=layer.shape.value,
        colour=layer.colour,
    )


def _system(epsg: int) -> CrsItem:
    return CrsItem(epsg=epsg, proj4=crs.definition(epsg), name=crs.title(epsg))
