"""Clause 7.2: what GetCapabilities takes, and what it says of the service."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from tests.conformance import schemas
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
from tests.conformance.wms import BOOK
from tests.conformance.wms.asking import capabilities, each, get_capabilities
from tests.conformance.wms.basic import assert_capabilities
from tests.conformance.wms.refusals import assert_refusal

if TYPE_CHECKING:
    from tests.conformance.answers import Answer, Answers, Service
    from tests.conformance.assertions import Check

SPOILT: tuple[Damage, ...] = (
    retyped("application/json"),
    renamed("/*", "Capabilities"),
    emptied(),
    refused(),
)
_SERVICE = "/wms:WMS_Capabilities/wms:Service"
_REQUEST = "/wms:WMS_Capabilities/wms:Capability/wms:Request"


def assert_default_form(answer: Answer) -> None:
    """Hold an answer against the form that every server can give."""
    assert_capabilities(answer)
    assert answer.media == "text/xml"


BOOK.demands("getcapabilities.format.none", get_capabilities(), assert_default_form, *SPOILT)
BOOK.demands(
    "getcapabilities.format.unknown",
    get_capabilities(FORMAT="application/unknown"),
    assert_default_form,
    *SPOILT,
)


@BOOK.states(
    "getcapabilities.format.each",
    each(f"{_REQUEST}/wms:GetCapabilities/wms:Format", lambda kind: get_capabilities(FORMAT=kind)),
    retyped("text/plain"),
    renamed("/*", "Capabilities"),
)
def each_format_is_served(offered: Answer, *answers: Answer) -> None:
    assert answers
    for answer in answers:
        assert_capabilities(answer)
        assert answer.media == answer.asked["format"].partition(";")[0]


def _number(service: Service, *, change: int) -> Answers:
    """Ask with an update sequence below, at or above the present one, if there is one."""
    offered = capabilities(service)
    present = offered.xml.get("updateSequence")
    asked = "0" if present is None else str(int(present) + change)
    return offered, get_capabilities(UPDATESEQUENCE=asked)(service)


def _sequence(code: str | None) -> Check:
    def check(offered: Answer, answer: Answer) -> None:
        if offered.xml.get("updateSequence") is None or code is None:
            assert_default_form(answer)
        else:
            assert_refusal(answer, code)

    return check


for _name, _change, _code in (
    ("getcapabilities.updatesequence.current", 0, "CurrentUpdateSequence"),
    ("getcapabilities.updatesequence.lower", -1, None),
    ("getcapabilities.updatesequence.higher", 1, "InvalidUpdateSequence"),
):
    BOOK.demands(
        _name,
        functools.partial(_number, change=_change),
        _sequence(_code),
        emptied(),
        refused(),
        renamed("/*", "Other"),
    )


@BOOK.states(
    "getcapabilities.schema",
    capabilities,
    dropped(f"{_SERVICE}/wms:Title"),
    added(_SERVICE, "<wms:Unheard>of</wms:Unheard>"),
    marked("//wms:Layer/wms:BoundingBox", "minx", "west"),
    renamed("//wms:Layer/wms:Layer", "Coat"),
)
def capabilities_are_schema_valid(answer: Answer) -> None:
    schemas.assert_valid(answer, schemas.WMS_CAPABILITIES)


@BOOK.states(
    "getcapabilities.schema-location",
    capabilities,
    marked("/*", "xsi:schemaLocation", None),
    marked("/*", "xsi:schemaLocation", "http://example.org/ns http://example.org/ns.xsd"),
    marked("/*", "xsi:schemaLocation", "http://www.opengis.net/wms"),
)
def the_schema_is_named(answer: Answer) -> None:
    names = answer.one("/*/@xsi:schemaLocation").split()
    assert len(names) % 2 == 0
    pairs = dict(zip(names[::2], names[1::2], strict=True))
    assert pairs.get("http://www.opengis.net/wms", "").endswith("/wms/1.3.0/capabilities_1_3_0.xsd")


def _texts(*paths: str) -> Check:
    def check(answer: Answer) -> None:
        for path in paths:
            assert (answer.one(path).text or "").strip(), path

    return check


for _name, _path in {
    "service.title": f"{_SERVICE}/wms:Title",
    "service.abstract": f"{_SERVICE}/wms:Abstract",
    "service.fees": f"{_SERVICE}/wms:Fees",
    "service.access-constraints": f"{_SERVICE}/wms:AccessConstraints",
    "service.keywords": f"{_SERVICE}/wms:KeywordList/wms:Keyword",
}.items():
    BOOK.demands(_name, capabilities, _texts(_path), dropped_all(_path), put(_path, " "))


@BOOK.states("service.name", capabilities, put(f"{_SERVICE}/wms:Name", "OGC:WMS"))
def the_service_is_named_wms(answer: Answer) -> None:
    assert answer.one(f"{_SERVICE}/wms:Name").text == "WMS"


@BOOK.states("service.contact", capabilities, dropped_all(f"{_SERVICE}/wms:ContactInformation"))
def somebody_can_be_asked(answer: Answer) -> None:
    paths = ("wms:ContactAddress", "wms:ContactVoiceTelephone", "wms:ContactElectronicMailAddress")
    ways = [e for p in paths for e in answer.find(f"{_SERVICE}/wms:ContactInformation/{p}")]
    assert any("".join(way.itertext()).strip() for way in ways)


@BOOK.states(
    "service.online-resource",
    capabilities,
    marked(f"{_SERVICE}/wms:OnlineResource", "xlink:href", "the provider's page"),
    dropped(f"{_SERVICE}/wms:OnlineResource"),
)
def the_provider_has_an_address(answer: Answer) -> None:
    address = answer.one(f"{_SERVICE}/wms:OnlineResource/@xlink:href")
    assert address.startswith(("http://", "https://"))


for _name, _element in {
    "service.layer-limit": "LayerLimit",
    "service.max-width": "MaxWidth",
    "service.max-height": "MaxHeight",
}.items():

    def _is_a_number(answer: Answer, element: str = _element) -> None:
        text = answer.one(f"{_SERVICE}/wms:{element}").text
        assert text.isdecimal()
        assert int(text) > 0

    BOOK.demands(
        _name,
        capabilities,
        _is_a_number,
        put(f"{_SERVICE}/wms:{_element}", "0"),
        put(f"{_SERVICE}/wms:{_element}", "many"),
        dropped(f"{_SERVICE}/wms:{_element}"),
    )


@BOOK.states(
    "capability.url-prefixes",
    capabilities,
    marked("//wms:GetMap//wms:Get/wms:OnlineResource", "xlink:href", "http://example.org/wms"),
    marked("//wms:GetMap//wms:Get/wms:OnlineResource", "xlink:href", "http://example.org/?a=b"),
    marked("//wms:GetFeatureInfo//wms:Get/wms:OnlineResource", "xlink:href", ""),
)
def addresses_are_prefixes(answer: Answer) -> None:
    links = answer.find(f"{_REQUEST}/*/wms:DCPType/wms:HTTP/wms:Get/wms:OnlineResource/@xlink:href")
    assert len(links) >= 3
    for link in links:
        assert link.startswith("http")
        assert "?" in link
        assert link[-1] in "?&"


for _operation in ("GetCapabilities", "GetMap", "GetFeatureInfo"):

    def _is_offered(answer: Answer, operation: str = _operation) -> None:
        assert answer.find(f"{_REQUEST}/wms:{operation}/wms:DCPType/wms:HTTP/wms:Get")
        assert answer.find(f"{_REQUEST}/wms:{operation}/wms:Format")

    BOOK.demands(
        f"capability.{_operation.lower()}",
        capabilities,
        _is_offered,
        dropped(f"{_REQUEST}/wms:{_operation}"),
        dropped_all(f"{_REQUEST}/wms:{_operation}/wms:Format"),
    )


def _offers(path: str, text: str) -> Check:
    return lambda answer: _assert_in(text, [e.text for e in answer.find(path)])


def _assert_in(text: str, texts: list[str]) -> None:
    assert text in texts, texts


for _name, _where, _text in (
    ("capability.getcapabilities.text-xml", f"{_REQUEST}/wms:GetCapabilities", "text/xml"),
    ("capability.getmap.png", f"{_REQUEST}/wms:GetMap", "image/png"),
    ("capability.exceptions.xml", "//wms:Capability/wms:Exception", "XML"),
):
    BOOK.demands(
        _name,
        capabilities,
        _offers(f"{_where}/wms:Format", _text),
        put(f"{_where}/wms:Format[.='{_text}']", "other"),
        dropped_all(f"{_where}/wms:Format"),
    )
