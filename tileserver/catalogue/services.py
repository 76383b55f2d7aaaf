"""Under which addresses a layer is to be had.

Addresses are whole ones, since people copy them into other programs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from tileserver.layer import Shape

if TYPE_CHECKING:
    from tileserver.layer import Layer


class Protocol(Enum):
    """The ways in which layers go out, with the standard each keeps to."""

    WMS = "WMS"
    WMTS = "WMTS"
    WFS = "WFS"
    FEATURES = "OGC API Features"
    TILES = "TileJSON"


#: What says what a service keeps to: the identifiers that OGC publishes.
STANDARDS: dict[Protocol, str] = {
    Protocol.WMS: "http://www.opengis.net/def/serviceType/ogc/wms",
    Protocol.WMTS: "http://www.opengis.net/def/serviceType/ogc/wmts",
    Protocol.WFS: "http://www.opengis.net/def/serviceType/ogc/wfs",
    Protocol.FEATURES: "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    Protocol.TILES: "https://github.com/mapbox/tilejson-spec/tree/master/3.0.0",
}


@dataclass(frozen=True, slots=True)
class Service:
    """One way out: what a program is given to connect, and what describes it."""

    protocol: Protocol
    #: What a person pastes into a program.
    endpoint: str
    #: The document that says what the service can do.
    description: str


def services(base: str) -> tuple[Service, ...]:
    """Return the services of the installation at `base`, an address that ends in a slash."""
    return (
        Service(
            Protocol.WMS,
            f"{base}wms",
            f"{base}wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities",
        ),
        Service(
            Protocol.WMTS,
            f"{base}wmts/1.0.0/WMTSCapabilities.xml",
            f"{base}wmts/1.0.0/WMTSCapabilities.xml",
        ),
        Service(
            Protocol.WFS,
            f"{base}wfs",
            f"{base}wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetCapabilities",
        ),
        Service(Protocol.FEATURES, f"{base}ogc/", f"{base}ogc/api"),
    )


@dataclass(frozen=True, slots=True)
class WayOut:
    """How one layer is asked for over one service."""

    protocol: Protocol
    #: The service's address to connect to, or the layer's own where there is one.
    address: str
    #: What the layer is called there.
    name: str


def ways_out(layer: Layer, base: str) -> tuple[WayOut, ...]:
    """Return every way in which this layer goes out; a picture has no features."""
    of = {service.protocol: service for service in services(base)}
    pictures = tuple(
        WayOut(protocol, of[protocol].endpoint, layer.id)
        for protocol in (Protocol.WMS, Protocol.WMTS)
    )
    if not has_features(layer):
        return pictures
    return (
        *pictures,
        WayOut(Protocol.WFS, of[Protocol.WFS].endpoint, feature_type(layer)),
        WayOut(Protocol.FEATURES, f"{base}ogc/collections/{layer.id}", layer.id),
        WayOut(Protocol.TILES, f"{base}tiles/{layer.id}.json", layer.id),
    )


def has_features(layer: Layer) -> bool:
    """Say whether the layer is more than a picture."""
    return layer.shape is not Shape.RASTER


def feature_type(layer: Layer) -> str:
    """Return the layer's name as a feature type of the WFS."""
    return f"diado:{layer.id}"


def spreadsheet(layer: Layer, base: str) -> str:
    """Return the address of the layer's attributes as a table (CSV), for spreadsheets."""
    return (
        f"{base}wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature"
        f"&TYPENAMES={feature_type(layer)}&OUTPUTFORMAT=csv"
    )
