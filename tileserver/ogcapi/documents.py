"""The documents that describe the API and its collections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext

from tileserver.catalogue.facts import Facts
from tileserver.catalogue.licences import licence_address
from tileserver.features import systems
from tileserver.ogcapi import links
from tileserver.ogcapi.links import Link, address, link
from tileserver.services import in_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tileserver.layer import Layer

GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"

_FEATURES = "http://www.opengis.net/spec/ogcapi-features-"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"
#: What this server keeps to, and the tests in tests/conformance hold it to.
CONFORMANCE: tuple[str, ...] = (
    f"{_FEATURES}1/1.0/conf/core",
    f"{_FEATURES}1/1.0/conf/oas30",
    f"{_FEATURES}1/1.0/conf/html",
    f"{_FEATURES}1/1.0/conf/geojson",
    f"{_FEATURES}2/1.0/conf/crs",
    f"{_FEATURES}3/1.0/conf/queryables",
    f"{_FEATURES}3/1.0/conf/queryables-query-parameters",
    f"{_FEATURES}3/1.0/conf/filter",
    f"{_FEATURES}3/1.0/conf/features-filter",
    f"{_CQL2}cql2-text",
    f"{_CQL2}basic-cql2",
    f"{_CQL2}advanced-comparison-operators",
    f"{_CQL2}case-insensitive-comparison",
    f"{_CQL2}basic-spatial-functions",
    f"{_CQL2}basic-spatial-functions-plus",
    f"{_CQL2}spatial-functions",
)


def landing(base: str, own: list[Link]) -> dict[str, Any]:
    """Return the landing page (17-069r4, 7.2)."""
    return {
        "title": gettext("Địa Đồ: land data and plans"),
        "description": gettext("Features of all public layers; nothing about persons."),
        "links": [
            *own,
            link(
                address(base, "api"), "service-desc", links.OPENAPI, gettext("The API as OpenAPI")
            ),
            link(
                address(base, "api", f="html"),
                "service-doc",
                links.HTML,
                gettext("The API, to read"),
            ),
            link(
                address(base, "conformance"),
                "conformance",
                links.JSON,
                gettext("What the API conforms to"),
            ),
            link(address(base, "collections"), "data", links.JSON, gettext("The collections")),
            link(f"{base}layers/", "describedby", links.HTML, gettext("The catalogue of layers")),
        ],
    }


def conformance(own: list[Link]) -> dict[str, Any]:
    """Return the classes that the API conforms to (17-069r4, 7.4)."""
    return {"conformsTo": list(CONFORMANCE), "links": own}


def coordinate_systems() -> list[str]:
    """Return the addresses of the systems of every collection, the one of the core first."""
    return [systems.CRS84_ADDRESS, *map(systems.address, systems.published())]


def collections(
    base: str,
    layers: Iterable[Layer],
    facts: Mapping[str, Facts],
    own: list[Link],
    own_of: Callable[[Layer], list[Link]],
) -> dict[str, Any]:
    """Return all collections (17-069r4, 7.13).

    `own_of` gives the links of a collection to itself: its own resource says the same of it.
    """
    return {
        "links": own,
        "crs": coordinate_systems(),
        "collections": [
            collection(base, layer, facts.get(layer.id, Facts()), own_of(layer)) for layer in layers
        ],
    }


def collection(base: str, layer: Layer, known: Facts, own: list[Link]) -> dict[str, Any]:
    """Return one collection (17-069r4, 7.14; 18-058r1, 6.2)."""
    title = in_language(layer.title_vi, layer.title_en)
    described: dict[str, Any] = {
        "id": layer.id,
        "title": title,
        "description": in_language(layer.abstract_vi, layer.abstract_en),
        "links": [*own, *_links(base, layer, known)],
        "itemType": "feature",
        "crs": coordinate_systems(),
        "storageCrs": systems.address(settings.STORAGE_EPSG),
    }
    if layer.attribution:
        described["attribution"] = layer.attribution
    if layer.keywords:
        described["keywords"] = list(layer.keywords)
    extent: dict[str, Any] = {}
    if known.extent:
        extent["spatial"] = {"bbox": [list(known.extent)], "crs": systems.CRS84_ADDRESS}
    if known.valid_from:
        begin = f"{known.valid_from.isoformat()}T00:00:00+07:00"
        extent["temporal"] = {"interval": [[begin, None]], "trs": GREGORIAN}
    if extent:
        described["extent"] = extent
    return described


def _links(base: str, layer: Layer, known: Facts) -> list[Link]:
    here = ("collections", layer.id)
    title = in_language(layer.title_vi, layer.title_en)
    found = [
        link(address(base, *here, "items", f="json"), "items", links.GEOJSON, title),
        link(address(base, *here, "items", f="html"), "items", links.HTML, title),
        link(
            address(base, *here, "queryables"),
            links.QUERYABLES,
            links.SCHEMA,
            gettext("What filters may name"),
        ),
        link(
            address(base, *here, "schema"),
            links.SCHEMA_OF,
            links.SCHEMA,
            gettext("What a feature holds"),
        ),
        link(
            f"{base}layers/{layer.id}/",
            "describedby",
            links.HTML,
            gettext("The layer in the catalogue"),
        ),
    ]
    words = dict.fromkeys(source.licence for source in known.sources if source.licence)
    for text in words:
        where = licence_address(text)
        if where:
            found.append(link(where, "license", links.HTML, text))
    return found
