"""Exceptions: clause 7.5 and annex D of OGC 09-025r2, clause 8 of OWS Common (OGC 06-121r3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance import schemas
from tests.conformance.damages import cut_short, dropped_all, marked, put, refused, retyped
from tests.conformance.wfs import BOOK
from tests.conformance.wfs.asking import BY_ID, features, filtered, kvp, posted, query, several

if TYPE_CHECKING:
    from tests.conformance.answers import Answer
    from tests.conformance.assertions import Ask, Check
    from tests.conformance.damages import Damage

_EXCEPTION = "//ows:Exception"
MISSING, INVALID = "MissingParameterValue", "InvalidParameterValue"
UNSUPPORTED, UNREADABLE = "OperationNotSupported", "OperationParsingFailed"


def refuses(*codes: str, locators: tuple[str, ...] = (), status: int = 400) -> Check:
    """Return the checker of exception reports: schema, code, place of the error, status."""

    def check(*answers: Answer) -> None:
        for answer in answers:
            assert answer.status == status
            assert answer.media in ("text/xml", "application/xml")
            assert "no-store" in answer.headers.get("cache-control", "")
            schemas.assert_valid(answer, schemas.OWS_EXCEPTIONS)
            assert answer.xml.get("version")
            found = answer.one(_EXCEPTION)
            assert found.get("exceptionCode") in codes
            # The names of parameters have no case (OGC 09-025r2, 6.2.5.2).
            assert not locators or (found.get("locator") or "").lower() in locators
            assert (found.findtext("{*}ExceptionText") or "").strip()

    return check


def spoilt(*, with_locator: bool = True) -> tuple[Damage, ...]:
    """Return what an exception report is spoilt by."""
    return (
        refused(200),
        refused(500),
        retyped("text/html"),
        marked(_EXCEPTION, "exceptionCode", "NoApplicableCode"),
        *((marked(_EXCEPTION, "locator", "elsewhere"),) if with_locator else ()),
        dropped_all(_EXCEPTION),
        put(f"{_EXCEPTION}/ows:ExceptionText", ""),
        cut_short(),
    )


def _demand(name: str, ask: Ask, *codes: str, locators: tuple[str, ...] = ()) -> None:
    BOOK.demands(
        name, ask, refuses(*codes, locators=locators), *spoilt(with_locator=bool(locators))
    )


_CAPABILITIES = "GetCapabilities"
for _name, _ask, _code, _locators in (
    ("service.missing", kvp(_CAPABILITIES, SERVICE=None), MISSING, ("service",)),
    ("service.unknown", kvp(_CAPABILITIES, SERVICE="WMS"), INVALID, ("service",)),
    ("request.missing", kvp(_CAPABILITIES, REQUEST=None), MISSING, ("request",)),
    ("request.unknown", kvp("GetAll"), UNSUPPORTED, ("request",)),
    ("version.missing", features(VERSION=None), MISSING, ("version",)),
    ("version.unknown", features(VERSION="1.0.0"), INVALID, ("version",)),
    (
        "acceptversions.none-served",
        kvp(_CAPABILITIES, VERSION=None, ACCEPTVERSIONS="9.9.9"),
        "VersionNegotiationFailed",
        ("acceptversions",),
    ),
    ("typenames.missing", features(TYPENAMES=None), MISSING, ("typenames",)),
    ("typenames.unknown", features(TYPENAMES="diado:owners"), INVALID, ("typenames",)),
    (
        "describe.typenames.unknown",
        kvp("DescribeFeatureType", TYPENAMES="diado:owners"),
        INVALID,
        ("typename", "typenames"),
    ),
    ("srsname.unknown", features(SRSNAME="urn:ogc:def:crs:EPSG::32690"), INVALID, ("srsname",)),
    ("outputformat.unknown", features(OUTPUTFORMAT="application/x"), INVALID, ("outputformat",)),
    ("resulttype.unknown", features(RESULTTYPE="some"), INVALID, ("resulttype",)),
    ("count.negative", features(COUNT="-1"), INVALID, ("count",)),
    ("propertyname.unknown", features(PROPERTYNAME="owner"), INVALID, ("propertyname",)),
    ("sortby.unknown", features(SORTBY="owner"), INVALID, ("sortby",)),
    (
        "storedquery.unknown",
        kvp("GetFeature", STOREDQUERY_ID="urn:x:unknown"),
        INVALID,
        ("storedquery_id",),
    ),
    (
        "storedquery.describe.unknown",
        kvp("DescribeStoredQueries", STOREDQUERY_ID="urn:x:unknown"),
        INVALID,
        ("storedquery_id",),
    ),
    (
        "resourceid.other-type",
        features(RESOURCEID="roads.ground.x"),
        INVALID,
        ("resourceid",),
    ),
    (
        "bbox.degrees-that-do-not-exist",
        features(BBOX="21,105,22,206,urn:ogc:def:crs:EPSG::4326"),
        INVALID,
        ("bbox",),
    ),
    (
        "getpropertyvalue.valuereference.missing",
        kvp("GetPropertyValue", TYPENAMES="diado:water"),
        MISSING,
        ("valuereference",),
    ),
    (
        "getpropertyvalue.valuereference.unknown",
        kvp("GetPropertyValue", TYPENAMES="diado:water", VALUEREFERENCE="owner"),
        INVALID,
        ("valuereference",),
    ),
):
    _demand(_name, _ask, _code, locators=_locators)

_demand("xml.malformed", lambda s: s.post("<wfs:GetFeature"), UNREADABLE)
_demand(
    "xml.entities",
    lambda s: s.post('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    UNREADABLE,
)
_demand("join.refused", query(more='aliases="a"'), UNSUPPORTED, locators=("aliases", "typenames"))
_demand(
    "filter.unknown-property",
    filtered(
        "<fes:PropertyIsEqualTo><fes:ValueReference>owner</fes:ValueReference>"
        "<fes:Literal>x</fes:Literal></fes:PropertyIsEqualTo>"
    ),
    INVALID,
    UNREADABLE,
    "OperationProcessingFailed",
    locators=("filter",),
)
_demand(
    "filter.invalid-operand",
    filtered(
        "<fes:Intersects><fes:ValueReference>name</fes:ValueReference>"
        "<fes:Literal>x</fes:Literal></fes:Intersects>"
    ),
    INVALID,
    UNREADABLE,
    "OperationProcessingFailed",
    locators=("filter", "request"),
)
BOOK.demands(
    "storedquery.by-id.unknown-feature",
    several(
        kvp("GetFeature", STOREDQUERY_ID=BY_ID, ID="water.ground.nothing"),
        kvp("GetFeature", STOREDQUERY_ID=BY_ID, ID="uuid-0"),
        posted(
            "GetFeature",
            f'<wfs:StoredQuery id="{BY_ID}"><wfs:Parameter name="ID">uuid-0</wfs:Parameter>'
            "</wfs:StoredQuery>",
        ),
    ),
    refuses("NotFound", status=404),
    *spoilt(with_locator=False),
)
