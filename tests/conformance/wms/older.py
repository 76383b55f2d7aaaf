"""Version 1.1.1 (OGC 01-068r3), as far as GDAL, QGIS and OWSLib use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance import schemas
from tests.conformance.damages import (
    cut_short,
    dropped,
    dropped_all,
    marked,
    mirrored,
    painted,
    put,
    refused,
    renamed,
    resized,
    retyped,
)
from tests.conformance.wms import BOOK
from tests.conformance.wms.asking import (
    FRAME,
    INFO,
    MAP,
    assert_same,
    both,
    changed,
    degrees,
    get_map,
)
from tests.conformance.wms.basic import assert_capabilities
from tests.conformance.wms.info import SPOILT as SPOILT_INFO
from tests.conformance.wms.info import features

if TYPE_CHECKING:
    from tests.conformance.answers import Answer, Service
    from tests.conformance.assertions import Ask, Check

_MAP = changed(MAP, {"VERSION": "1.1.1", "CRS": None, "SRS": "EPSG:3857"})
_INFO = changed(
    INFO, {"VERSION": "1.1.1", "CRS": None, "SRS": "EPSG:3857", "I": None, "J": None}
) | {"X": "50", "Y": "50"}


def older(base: dict[str, str], **changes: str | None) -> Ask:
    """Return a request of version 1.1.1."""
    return lambda service: service.ask(**changed(base, changes))


def _capabilities(service: Service) -> Answer:
    return service.ask(SERVICE="WMS", VERSION="1.1.1", REQUEST="GetCapabilities")


@BOOK.states(
    "older.getcapabilities",
    _capabilities,
    marked("/*", "version", "1.3.0"),
    renamed("/*", "Other"),
    refused(),
    retyped("text/html"),
)
def capabilities_are_of_1_1_1(answer: Answer) -> None:
    assert_capabilities(answer, "1.1.1")
    # The standard's own type; several clients only take XML.
    assert answer.media in ("application/vnd.ogc.wms_xml", "text/xml")


@BOOK.states(
    "older.getcapabilities.dtd",
    _capabilities,
    dropped("//Service/Title"),
    dropped_all("//GetMap/Format"),
    renamed("//Layer/Layer", "Coat"),
)
def capabilities_fit_the_document_type(answer: Answer) -> None:
    schemas.assert_valid(answer, schemas.WMS_CAPABILITIES_111)


@BOOK.states(
    "older.geographic-box",
    _capabilities,
    dropped_all("//LatLonBoundingBox"),
    marked("//LatLonBoundingBox", "minx", "179"),
)
def layers_have_boxes_in_degrees(answer: Answer) -> None:
    found = answer.find("//Layer[Name][not(ancestor-or-self::Layer/LatLonBoundingBox)]")
    assert answer.find("//Layer/LatLonBoundingBox")
    assert not found
    for box in answer.find("//LatLonBoundingBox"):
        west, south, east, north = (float(box.get(n)) for n in ("minx", "miny", "maxx", "maxy"))
        assert 100 < west < east < 120
        assert 5 < south < north < 25


@BOOK.states(
    "older.srs",
    _capabilities,
    dropped_all("//SRS[contains(., '4326')]"),
    put("//SRS", "CRS:84"),
)
def systems_are_told(answer: Answer) -> None:
    found = {text for e in answer.find("//Layer/SRS") for text in e.text.split()}
    assert {"EPSG:4326", "EPSG:3857"} <= found
    assert all(name.startswith("EPSG:") for name in found)


def _as_in_1_3_0(**changes: str | None) -> Ask:
    return both(get_map(), older(_MAP, **changes))


BOOK.demands(
    "older.getmap", _as_in_1_3_0(), assert_same, painted((1, 2, 3, 255)), resized(), retyped("a/b")
)


@BOOK.states(
    "older.getmap.longitude-first",
    older(_MAP, SRS="EPSG:4326", BBOX=degrees(*FRAME, north_first=False)),
    mirrored(),
    painted((255, 255, 255, 255)),
)
def degrees_are_longitude_first(answer: Answer) -> None:
    assert answer.media == "image/png"
    bare = (answer.pixels == (255, 255, 255, 255)).all(axis=2)
    assert bare[:, 110:].all()
    assert not bare[5:95, 5:90].any()


def assert_older_refusal(answer: Answer, code: str | None) -> None:
    """Hold an exception against 01-068r3, annex A.3."""
    assert answer.status < 500
    assert answer.media == "application/vnd.ogc.se_xml"
    schemas.assert_valid(answer, schemas.WMS_EXCEPTIONS_111)
    assert answer.xml.get("version") == "1.1.1"
    found = answer.one("//ServiceException")
    assert (found.text or "").strip()
    assert code is None or found.get("code") == code


def _refuses(code: str) -> Check:
    return lambda answer: assert_older_refusal(answer, code)


_SPOILT = (
    retyped("text/html"),
    refused(),
    marked("//ServiceException", "code", "NoSuchCode"),
    dropped_all("//ServiceException"),
    put("//ServiceException", ""),
    marked("/*", "version", "1.3.0"),
    cut_short(),
)
for _name, _code, _changes in (
    ("older.refusal.srs", "InvalidSRS", {"SRS": "EPSG:32799"}),
    ("older.refusal.layer", "LayerNotDefined", {"LAYERS": "none"}),
    ("older.refusal.style", "StyleNotDefined", {"STYLES": "none"}),
    ("older.refusal.format", "InvalidFormat", {"FORMAT": "image/none"}),
):
    BOOK.demands(_name, older(_MAP, **_changes), _refuses(_code), *_SPOILT)


@BOOK.states("older.getfeatureinfo", older(_INFO), *SPOILT_INFO)
def the_lake_is_found(answer: Answer) -> None:
    assert [f["properties"]["name"] for f in features(answer)] == ["Hồ Thử"]
