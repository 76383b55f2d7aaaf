"""Exceptions: tables 20, 24 and 26 of OGC 07-057r7, clause 8 of OWS Common (OGC 06-121r3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance import schemas
from tests.conformance.damages import (
    Damage,
    cut_short,
    dropped_all,
    marked,
    put,
    refused,
    retyped,
)
from tests.conformance.wmts import BOOK
from tests.conformance.wmts.asking import get_capabilities, get_info, get_tile

if TYPE_CHECKING:
    from tests.conformance.answers import Answer, Service
    from tests.conformance.assertions import Check

_EXCEPTION = "//ows:Exception"
MISSING, INVALID = "MissingParameterValue", "InvalidParameterValue"


def assert_refusal(answer: Answer, code: str, *locators: str) -> None:
    """Hold an exception report against its schema, code, place of the error and status."""
    assert answer.status == 400
    assert answer.media in ("text/xml", "application/xml")
    schemas.assert_valid(answer, schemas.OWS_EXCEPTIONS)
    found = answer.one(_EXCEPTION)
    assert found.get("exceptionCode") == code
    # The names of parameters have no case (OGC 07-057r7, 8).
    assert (found.get("locator") or "").lower() in locators
    assert (found.findtext("{*}ExceptionText") or "").strip()


def refuses(code: str, *locators: str) -> Check:
    """Return the checker of an exception."""
    return lambda answer: assert_refusal(answer, code, *locators)


SPOILT: tuple[Damage, ...] = (
    refused(200),
    refused(500),
    retyped("text/html"),
    marked(_EXCEPTION, "exceptionCode", "NoApplicableCode"),
    marked(_EXCEPTION, "locator", "elsewhere"),
    dropped_all(_EXCEPTION),
    put(f"{_EXCEPTION}/ows:ExceptionText", ""),
    cut_short(),
)


def _broken_query(service: Service) -> Answer:
    return service.ask_query("request~GetCapabilities!service~!'WMTS'version~'1.0.0'")


BOOK.demands("common.broken-query", _broken_query, refuses(MISSING, "service", "request"), *SPOILT)
for _name, _code, _locator, _changes in (
    ("common.service.unknown", INVALID, "service", {"SERVICE": "BOGUS"}),
    ("common.service.missing", MISSING, "service", {"SERVICE": None}),
    ("common.request.unknown", INVALID, "request", {"REQUEST": "GetBOGUS"}),
    ("common.request.missing", MISSING, "request", {"REQUEST": None}),
):
    BOOK.demands(_name, get_capabilities(**_changes), refuses(_code, _locator), *SPOILT)
BOOK.demands(
    "getcapabilities.acceptversions.none-served",
    get_capabilities(ACCEPTVERSIONS="2.0.0,7.7.7"),
    # OWS Common has no locator for it; some servers name the parameter.
    refuses("VersionNegotiationFailed", "", "acceptversions"),
    *SPOILT,
)

for _parameter in (
    *("VERSION", "LAYER", "STYLE", "FORMAT"),
    *("TILEMATRIXSET", "TILEMATRIX", "TILEROW", "TILECOL"),
):
    _low = _parameter.lower()
    BOOK.demands(
        f"gettile.{_low}.missing",
        get_tile(changes={_parameter: None}),
        refuses(MISSING, _low),
        *SPOILT,
    )
    if _low not in ("tilerow", "tilecol"):
        _unknown = {"VERSION": "9.9.9", "FORMAT": "image/unknown"}.get(_parameter, "unknown")
        BOOK.demands(
            f"gettile.{_low}.unknown",
            get_tile(changes={_parameter: _unknown}),
            refuses(INVALID, _low),
            *SPOILT,
        )

for _parameter in ("TILEROW", "TILECOL"):
    _low = _parameter.lower()
    for _what, _value in (("negative", "-1"), ("beyond-matrix", "99999999")):
        BOOK.demands(
            f"gettile.{_low}.{_what}",
            get_tile(changes={_parameter: _value}),
            refuses("TileOutOfRange", _low),
            *SPOILT,
        )
    BOOK.demands(
        f"gettile.{_low}.no-integer",
        get_tile(changes={_parameter: "1.5"}),
        refuses(INVALID, _low),
        *SPOILT,
    )

for _parameter in ("I", "J", "INFOFORMAT"):
    _low = _parameter.lower()
    BOOK.demands(
        f"getfeatureinfo.{_low}.missing",
        get_info(changes={_parameter: None}),
        refuses(MISSING, _low),
        *SPOILT,
    )
for _parameter in ("I", "J"):
    _low = _parameter.lower()
    for _what, _value in (("negative", "-1"), ("beyond-tile", "256")):
        BOOK.demands(
            f"getfeatureinfo.{_low}.{_what}",
            get_info(changes={_parameter: _value}),
            refuses("PointIJOutOfRange", _low),
            *SPOILT,
        )
for _parameter, _value, _code in (
    ("INFOFORMAT", "text/unknown", INVALID),
    ("LAYER", "unknown", INVALID),
    ("TILEMATRIX", "unknown", INVALID),
    ("TILEROW", "99999999", "TileOutOfRange"),
    ("TILECOL", "99999999", "TileOutOfRange"),
):
    BOOK.demands(
        f"getfeatureinfo.{_parameter.lower()}.unknown",
        get_info(changes={_parameter: _value}),
        refuses(_code, _parameter.lower()),
        *SPOILT,
    )
