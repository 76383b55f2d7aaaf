"""Requests of OGC API Features over the small city, and what its documents say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import shapely
from pyproj import Transformer

from tests.small_city.ground import LAKE, POND, SCHOOL, placed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.conformance.answers import Answer, Answers, Service

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
OPENAPI = "application/vnd.oai.openapi+json"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
WGS84, MERCATOR, CITY = f"{_EPSG}4326", f"{_EPSG}3857", f"{_EPSG}5897"
#: The city's system with the official datum (Quyết định 05/2007/QĐ-BTNMT), written out so that
#: no table of PROJ can choose another.
_CITY_SYSTEM = (
    "+proj=tmerc +lat_0=0 +lon_0=105 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84"
    " +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,"
    "0.252906278 +units=m +no_defs"
)
_SYSTEMS = {CRS84: "EPSG:4326", WGS84: "EPSG:4326", MERCATOR: "EPSG:3857", CITY: _CITY_SYSTEM}


def document(path: str = "", **parameters: object) -> Callable[[Service], Answer]:
    """Return a request for a resource below /ogc/."""
    return lambda service: service.ask(f"/ogc/{path}", **parameters)


def items(
    layer: str = "water", pairs: Iterable[tuple[str, str]] = ()
) -> Callable[[Service], Answer]:
    """Return a request for features, with parameters whose names may hold a hyphen."""
    return lambda service: service.ask_pairs(list(pairs), path=f"/ogc/collections/{layer}/items")


def several(*asks: Callable[[Service], Answer]) -> Callable[[Service], Answers]:
    """Return a request for each of these."""
    return lambda service: tuple(ask(service) for ask in asks)


def content(answer: Answer) -> Any:
    """Return an answer's JSON. Raises AssertionError when it is none."""
    try:
        return json.loads(answer.content)
    except ValueError as trouble:
        raise AssertionError(f"no JSON: {answer.content[:200]!r}") from trouble


def assert_ok(answer: Answer, media: str = JSON) -> Any:
    """Hold an answer's status and media type; return its content."""
    assert answer.status == 200, answer.content[:300]
    assert answer.media == media
    return content(answer)


def assert_features(answer: Answer) -> list[Any]:
    """Hold a page of features against GeoJSON (RFC 7946); return the features."""
    found = assert_ok(answer, GEOJSON)
    assert found["type"] == "FeatureCollection"
    for feature in found["features"]:
        assert feature["type"] == "Feature"
        assert isinstance(feature["properties"], dict)
        assert not shape(feature).is_empty
    features: list[Any] = found["features"]
    return features


def shape(feature: Any) -> Any:
    """Return the shape of a feature. Raises AssertionError when it has none that can be read."""
    try:
        return shapely.from_geojson(json.dumps(feature["geometry"]))
    except shapely.GEOSException as trouble:
        raise AssertionError(f"no geometry: {feature['geometry']}") from trouble


def links(found: Any, relation: str) -> list[Any]:
    """Return the links of a document with a relation; each has an address and a media type."""
    chosen = [link for link in found["links"] if link["rel"] == relation]
    for link in chosen:
        assert link["href"].startswith("http"), link
        assert "/" in link["type"], link
    return chosen


def one_link(found: Any, relation: str) -> Any:
    """Return the link of a document with a relation. Raises AssertionError unless there is one."""
    chosen = links(found, relation)
    assert len(chosen) == 1, f"{len(chosen)} links {relation}"
    return chosen[0]


def names(features: Iterable[Any]) -> set[str]:
    """Return the names of features."""
    return {feature["properties"]["name"] for feature in features}


def moved(point: tuple[float, float], system: str) -> tuple[float, float]:
    """Return a point of EPSG:3857 in a system, in the order of its axes."""
    back = Transformer.from_crs("EPSG:3857", _SYSTEMS[system], always_xy=True)
    x, y = back.transform(*point)
    return (y, x) if system == WGS84 else (x, y)


def box(corners: tuple[int, ...], system: str = CRS84, inset: float = 1.0) -> str:
    """Return a box within corners measured from the city's, as `bbox` in a system writes it."""
    west, south, east, north = placed(*corners)
    ring = [(west, south), (east, south), (east, north), (west, north)]
    middle = ((west + east) / 2, (south + north) / 2)
    inner = [
        tuple(m + (c - m) * (1 - inset / 100) for c, m in zip(corner, middle, strict=True))
        for corner in ring
    ]
    found = [moved((x, y), system) for x, y in inner]
    axes = list(zip(*found, strict=True))
    return ",".join(f"{end(axis):.9f}" for end in (min, max) for axis in axes)


LAKE_BOX, POND_BOX = box(LAKE), box(POND)
#: Where the school stands, in EPSG:3857.
SCHOOL_AT = (placed(*SCHOOL)[0], placed(*SCHOOL)[1])


def resolved(definition: Any, parameter: Any) -> Any:
    """Return a parameter of an OpenAPI document, looked up where it is a reference."""
    reference = parameter.get("$ref")
    if reference is None:
        return parameter
    assert reference.startswith("#/components/parameters/"), reference
    return definition["components"]["parameters"][reference.rpartition("/")[2]]


def parameter_of(definition: Any, path: str, name: str) -> Any:
    """Return one parameter of a path's GET. Raises AssertionError when it is not described."""
    described = definition["paths"][path]["get"]["parameters"]
    found = [p for p in (resolved(definition, one) for one in described) if p["name"] == name]
    assert len(found) == 1, f"{name} stands {len(found)} times at {path}"
    return found[0]
