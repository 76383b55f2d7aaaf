"""What the map page has to know: layers, legend, extent, coordinate systems."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from landdata import crs
from landdata.errors import Missing
from tileserver import limits, queries
from tileserver.changes import ChangedFeature, ChangePage, Place, changes
from tileserver.client_style import drawing, figures
from tileserver.layer import Layer
from tileserver.layers import BY_ID, LAYERS
from tileserver.layers.plans import ZONES
from tileserver.legend import legend_entries

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
    #: How it is drawn: `rules` of which a feature meets the first that fits, see docs/layers.md.
    drawing: dict[str, Any]


class LegendItem(Schema):
    """A function of planned land that is on the map, in its prescribed colour and hatch."""

    function: str
    name_vi: str
    name_en: str
    colour: str
    #: Figure of `patterns`, "" for none.
    hatch: str
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
    #: From the bottom of the map to its top.
    layers: list[LayerItem]
    #: The colour of the ground, and the figures that rules and legend name.
    figures: dict[str, Any]
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
        layers=[_layer(layer) for layer in LAYERS if not layer.part_of],
        figures=figures(),
        legend=[
            LegendItem(
                function=entry.value,
                name_vi=entry.title_vi,
                name_en=entry.title_en,
                colour=entry.colour,
                hatch=entry.hatch,
                group=entry.group,
            )
            for entry in legend_entries(ZONES, as_of=timezone.localdate())
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
        drawing=drawing(layer),
    )


def _system(epsg: int) -> CrsItem:
    return CrsItem(epsg=epsg, proj4=crs.definition(epsg), name=crs.title(epsg))


class RowItem(Schema):
    """When a row was believed and when it holds: half-open ranges, null is open.

    `to_revision` is as it stood at the revision that the answer goes through.
    """

    from_revision: int
    to_revision: int | None
    valid_from: dt.date
    valid_to: dt.date | None


class ChangeItem(Schema):
    """A feature whose rows were closed (`before`) or opened (`after`).

    `id` is that of the WFS and of OGC API Features. `revision` is the last that touched it.
    """

    id: str
    change: Literal["added", "changed", "withdrawn"]
    revision: int
    before: list[RowItem]
    after: list[RowItem]


class ChangesAnswer(Schema):
    """The net effect of all revisions after `since` up to and with `through`.

    Features stand where they last changed. `next` is the address of the following page; a page may
    hold fewer features than asked for, even none, and still have a next one. Ask for
    `since=<through>` later to go on from here. `joined_changed` says that names or colours that
    the layer takes from tables of codes changed too; those are not told feature by feature.
    """

    layer: str
    since: int
    through: int
    joined_changed: bool
    changes: list[ChangeItem]
    next: str | None


#: Revisions and rows are what PostgreSQL's integer and bigint hold.
_Revision = Annotated[int, Field(ge=0, lt=2**31)]


@router.get(
    "/layers/{layer_id}/changes",
    response=ChangesAnswer,
    url_name="layer_changes",
    summary="What was added, changed and withdrawn in a layer since a revision",
)
def list_changes(
    request: HttpRequest,
    layer_id: str,
    since: Annotated[_Revision, Query(description="Changes after this revision; 0 for all")],
    through: Annotated[
        _Revision | None, Query(description="Up to and with this revision; the newest by default")
    ] = None,
    limit: Annotated[
        int, Query(ge=1, le=limits.MOST_CHANGES, description="Features on a page at most")
    ] = limits.USUAL_CHANGES,
    after: Annotated[
        str | None,
        Query(pattern=r"^[0-9]{1,9}[.][0-9]{1,18}$", description="Where a page ended; from `next`"),
    ] = None,
) -> ChangesAnswer:
    """Return one page of a layer's changes; the same pair of revisions always answers the same."""
    page = changes(
        _layer_of_features(layer_id),
        since=since,
        through=through,
        after=Place(*map(int, after.split("."))) if after else None,
        look_at=limit,
    )
    return ChangesAnswer(
        layer=page.layer.id,
        since=page.since,
        through=page.through,
        joined_changed=page.joined_changed,
        changes=[_change(feature) for feature in page.changes],
        next=_next_changes(request, page, limit),
    )


def _layer_of_features(layer_id: str) -> Layer:
    layer = BY_ID.get(layer_id)
    if layer is None:
        raise Missing("layer", layer=layer_id[:40])
    return layer


def _change(feature: ChangedFeature) -> ChangeItem:
    return ChangeItem(
        id=feature.id,
        change=feature.change.value,
        revision=feature.revision,
        before=[RowItem.model_validate(row, from_attributes=True) for row in feature.before],
        after=[RowItem.model_validate(row, from_attributes=True) for row in feature.after],
    )


def _next_changes(request: HttpRequest, page: ChangePage, limit: int) -> str | None:
    if page.next is None:
        return None
    values = {
        "since": page.since,
        "through": page.through,
        "limit": limit,
        "after": f"{page.next.revision}.{page.next.row}",
    }
    return request.build_absolute_uri(f"{request.path}?{urlencode(values)}")
