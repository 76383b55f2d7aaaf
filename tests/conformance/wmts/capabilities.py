"""Clause 7.1: what the service says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance import schemas
from tests.conformance.answers import NAMESPACES
from tests.conformance.damages import (
    Damage,
    added,
    dropped,
    dropped_all,
    emptied,
    marked,
    put,
    refused,
    renamed,
    retyped,
)
from tests.conformance.wmts import BOOK
from tests.conformance.wmts.asking import (
    LAYER,
    SET,
    capabilities,
    get_capabilities,
    with_capabilities,
)
from tests.conformance.wmts.refusals import assert_refusal

if TYPE_CHECKING:
    from tests.conformance.answers import Answer, Answers, Service
    from tests.conformance.assertions import Ask, Check

SPOILT: tuple[Damage, ...] = (
    renamed("/*", "WMTS_Capabilities"),
    marked("/*", "version", "2.0.0"),
    retyped("text/html"),
    emptied(),
    refused(),
)
_SECTIONS = {
    "ServiceIdentification": "ows:ServiceIdentification",
    "ServiceProvider": "ows:ServiceProvider",
    "OperationsMetadata": "ows:OperationsMetadata",
    "Contents": "wmts:Contents",
}


def assert_capabilities(answer: Answer) -> None:
    """Hold an answer against what a description of the service is at least."""
    assert answer.status == 200
    assert answer.media in ("application/xml", "text/xml")
    assert answer.xml.tag == f"{{{NAMESPACES['wmts']}}}Capabilities"
    assert answer.xml.get("version") == "1.0.0"


for _name, _changes in {
    "getcapabilities.query": {},
    "getcapabilities.acceptversions.served": {"ACCEPTVERSIONS": "1.0.0"},
    "getcapabilities.acceptversions.second": {"ACCEPTVERSIONS": "2.0.0,1.0.0"},
    "getcapabilities.acceptformats.none-served": {"ACCEPTFORMATS": "application/unknown"},
    "getcapabilities.unknown-parameter": {"BOGUS": "ignored"},
}.items():
    BOOK.demands(_name, get_capabilities(**_changes), assert_capabilities, *SPOILT)


def _mixed_case(service: Service) -> Answer:
    return service.ask(sErViCe="WMTS", rEqUeSt="GetCapabilities")


BOOK.demands("getcapabilities.case", _mixed_case, assert_capabilities, *SPOILT)


@BOOK.states("getcapabilities.default-format", get_capabilities(), retyped("text/xml"))
def the_default_format_is_application_xml(answer: Answer) -> None:
    assert answer.media == "application/xml"


@BOOK.states(
    "getcapabilities.schema",
    capabilities,
    dropped(f"{LAYER}/ows:Identifier"),
    added("/*", "<wmts:Unheard/>"),
    put(f"{SET}/wmts:TileMatrix/wmts:TileWidth", "wide"),
    renamed(f"{LAYER}/wmts:Style", "Fashion"),
)
def capabilities_are_schema_valid(answer: Answer) -> None:
    schemas.assert_valid(answer, schemas.WMTS_CAPABILITIES)


@BOOK.states(
    "getcapabilities.schema-location",
    capabilities,
    marked("/*", "xsi:schemaLocation", None),
    marked("/*", "xsi:schemaLocation", "http://www.opengis.net/wmts/1.0 http://example.org/x.xsd"),
)
def the_schema_is_named(answer: Answer) -> None:
    names = answer.one("/*/@xsi:schemaLocation").split()
    assert len(names) % 2 == 0
    pairs = dict(zip(names[::2], names[1::2], strict=True))
    assert pairs["http://www.opengis.net/wmts/1.0"].startswith(
        "http://schemas.opengis.net/wmts/1.0/wmts"
    )


def _has_sections(*names: str) -> Check:
    def check(answer: Answer) -> None:
        assert_capabilities(answer)
        for name, path in _SECTIONS.items():
            assert bool(answer.find(f"/*/{path}")) == (name in names), name

    return check


for _name, _sections in {
    "getcapabilities.all-sections": None,
    "getcapabilities.sections.all": "All",
    "getcapabilities.sections.several": ",".join(_SECTIONS),
}.items():
    BOOK.demands(
        _name,
        get_capabilities(SECTIONS=_sections),
        _has_sections(*_SECTIONS),
        *(dropped(f"/*/{path}") for path in _SECTIONS.values()),
    )
for _section, _path in _SECTIONS.items():
    BOOK.demands(
        f"getcapabilities.sections.{_section.lower()}",
        get_capabilities(SECTIONS=_section),
        _has_sections(_section),
        dropped(f"/*/{_path}"),
        renamed("/*", "Other"),
    )
BOOK.demands(
    "getcapabilities.sections.unknown",
    get_capabilities(SECTIONS="Nothing"),
    lambda answer: assert_refusal(answer, "InvalidParameterValue", "sections"),
    refused(200),
    emptied(),
    marked("//ows:Exception", "locator", "elsewhere"),
)


def _number(change: int) -> Ask:
    def ask(service: Service) -> Answers:
        offered = capabilities(service)
        present = int(offered.xml.get("updateSequence") or 0)
        return offered, get_capabilities(UPDATESEQUENCE=str(present + change))(service)

    return ask


@BOOK.states(
    "getcapabilities.updatesequence.current",
    _number(0),
    renamed("/*", "Other"),
    added("/*", "<wmts:Contents/>"),
    refused(),
    emptied(),
)
def nothing_new_is_said_shortly(offered: Answer, answer: Answer) -> None:
    assert_capabilities(answer)
    if offered.xml.get("updateSequence") is not None:
        assert not answer.find("/*/wmts:Contents")


@BOOK.states(
    "getcapabilities.updatesequence.lower", _number(-1), dropped("/*/wmts:Contents"), emptied()
)
def who_knows_less_gets_all(offered: Answer, answer: Answer) -> None:
    _has_sections(*_SECTIONS)(answer)


@BOOK.states(
    "getcapabilities.updatesequence.higher",
    _number(1),
    marked("//ows:Exception", "exceptionCode", "other"),
    refused(200),
)
def who_knows_more_is_refused(offered: Answer, answer: Answer) -> None:
    assert_refusal(answer, "InvalidUpdateSequence", "", "updatesequence")


@BOOK.states(
    "service.type",
    capabilities,
    put("//ows:ServiceType", "WMS"),
    dropped("//ows:ServiceTypeVersion"),
)
def the_service_tells_its_type(answer: Answer) -> None:
    assert answer.one("//ows:ServiceIdentification/ows:ServiceType").text == "OGC WMTS"
    assert "1.0.0" in [e.text for e in answer.find("//ows:ServiceTypeVersion")]


@BOOK.states("service.title", capabilities, dropped("//ows:ServiceIdentification/ows:Title"))
def the_service_has_a_title(answer: Answer) -> None:
    assert answer.one("//ows:ServiceIdentification/ows:Title").text.strip()


for _operation in ("GetCapabilities", "GetTile", "GetFeatureInfo"):

    def _is_offered(answer: Answer, operation: str = _operation) -> None:
        gets = answer.find(f"//ows:Operation[@name='{operation}']/ows:DCP/ows:HTTP/ows:Get")
        ways = {
            value.text: get.get(f"{{{NAMESPACES['xlink']}}}href")
            for get in gets
            for value in get.xpath(
                "ows:Constraint[@name='GetEncoding']/ows:AllowedValues/ows:Value",
                namespaces=NAMESPACES,
            )
        }
        assert set(ways) == {"KVP", "RESTful"}
        assert ways["KVP"][-1] in "?&"
        assert all(address.startswith("http") for address in ways.values())

    BOOK.demands(
        f"operation.{_operation.lower()}",
        capabilities,
        _is_offered,
        dropped(f"//ows:Operation[@name='{_operation}']"),
        put(f"//ows:Operation[@name='{_operation}']//ows:Value", "SOAP"),
        marked(f"//ows:Operation[@name='{_operation}']//ows:Get", "xlink:href", "here"),
    )


@BOOK.states(
    "getcapabilities.address-of-the-document",
    capabilities,
    dropped_all("//wmts:ServiceMetadataURL"),
    marked("//wmts:ServiceMetadataURL", "xlink:href", "here"),
)
def the_document_has_an_address(answer: Answer) -> None:
    assert answer.one("/*/wmts:ServiceMetadataURL/@xlink:href").startswith("http")


def _by_path(service: Service) -> Answer:
    link = capabilities(service).one("/*/wmts:ServiceMetadataURL/@xlink:href")
    return service.fetch(str(link))


@BOOK.states(
    "rest.getcapabilities",
    with_capabilities(_by_path),
    emptied(),
    refused(404),
    dropped("/*/wmts:Contents"),
)
def the_document_lies_at_its_address(offered: Answer, answer: Answer) -> None:
    assert_capabilities(answer)
    assert [e.text for e in answer.find(f"{LAYER}/ows:Identifier")] == [
        e.text for e in offered.find(f"{LAYER}/ows:Identifier")
    ]
