"""Clause 6: versions, requests over HTTP, parameter rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.answers import NAMESPACES
from tests.conformance.damages import (
    Damage,
    emptied,
    first,
    marked,
    painted,
    refused,
    renamed,
    resized,
    retyped,
    rewritten,
)
from tests.conformance.wms import BOOK
from tests.conformance.wms.asking import (
    INFO,
    MAP,
    assert_map,
    assert_same,
    both,
    capabilities,
    get_capabilities,
    get_info,
    get_map,
)

if TYPE_CHECKING:
    from tests.conformance.answers import Answer, Answers, Service

ROOT = f"{{{NAMESPACES['wms']}}}WMS_Capabilities"


def assert_capabilities(answer: Answer, version: str = "1.3.0") -> None:
    """Hold an answer against what a description of the service is at least."""
    assert answer.status == 200
    assert answer.xml.tag == (ROOT if version == "1.3.0" else "WMT_MS_Capabilities")
    assert answer.xml.get("version") == version


SPOILT: tuple[Damage, ...] = (
    renamed("/*", "Capabilities"),
    marked("/*", "version", "1.1.1"),
    emptied(),
    refused(),
)
for _name, _version in {
    "basic.version.none": None,
    "basic.version.same": "1.3.0",
    "basic.version.higher": "1.3.1",
    "basic.version.much-higher": "100.0.0",
}.items():
    BOOK.demands(_name, get_capabilities(VERSION=_version), assert_capabilities, *SPOILT)

OLDER: tuple[Damage, ...] = (
    marked("/*", "version", "1.3.0"),
    rewritten("WMT_MS_Capabilities", "WMS_Capabilities"),
    emptied(),
)
for _name, _version in {
    "basic.version.between": "1.2.0",
    "basic.version.lower": "0.0.1",
}.items():
    BOOK.demands(
        _name,
        get_capabilities(VERSION=_version),
        lambda answer: assert_capabilities(answer, "1.1.1"),
        *OLDER,
    )


@BOOK.states(
    "basic.version.number",
    capabilities,
    marked("/*", "version", "1.3"),
    marked("/*", "version", "01.3.0.0"),
)
def version_is_three_integers(answer: Answer) -> None:
    parts = answer.xml.get("version").split(".")
    assert len(parts) == 3
    assert all(part.isdecimal() and int(part) < 100 and str(int(part)) == part for part in parts)


def _escaped(service: Service) -> Answer:
    every = "".join(f"%{ord(letter):02X}" for letter in "GetCapabilities")
    return service.ask_query(f"SERVICE=WMS&VERSION=1.3.0&REQUEST={every}")


BOOK.demands("basic.http.escaped-characters", _escaped, assert_capabilities, *SPOILT)


def _spaces(service: Service) -> Answers:
    query = "&".join(f"{n}={v}" for n, v in MAP.items() if n != "LAYERS")
    return tuple(service.ask_query(f"{query}&LAYERS=no{space}layer") for space in ("%20", "+"))


@BOOK.states("basic.http.plus-is-space", _spaces, rewritten("no layer", "no+layer"))
def a_plus_is_a_space(escaped: Answer, plus: Answer) -> None:
    assert "no layer" in escaped.xml.xpath("string(/)")
    assert plus.content == escaped.content


def _other_order(service: Service) -> Answers:
    turned = list(reversed(MAP.items()))
    return service.ask(**MAP), service.ask_pairs(turned)


BOOK.demands(
    "basic.parameters.order", _other_order, assert_same, painted((1, 2, 3, 255)), resized()
)


def _other_case(service: Service) -> Answers:
    mixed = [
        ("".join(c.lower() if i % 2 else c for i, c in enumerate(n)), v) for n, v in MAP.items()
    ]
    return service.ask(**MAP), service.ask_pairs(mixed)


BOOK.demands("basic.parameters.case", _other_case, assert_same, painted((1, 2, 3, 255)), resized())
BOOK.demands(
    "basic.parameters.unknown-in-getcapabilities",
    get_capabilities(BOGUS="ignored"),
    assert_capabilities,
    *SPOILT,
)
BOOK.demands(
    "basic.parameters.unknown-in-getmap",
    both(get_map(), get_map(BOGUS="ignored")),
    assert_same,
    painted((1, 2, 3, 255)),
    retyped("text/xml"),
)


@BOOK.states(
    "basic.parameters.unknown-in-getfeatureinfo",
    both(get_info(), get_info(BOGUS="ignored")),
    retyped("text/xml"),
    emptied(),
)
def unknown_parameters_are_ignored(plain: Answer, extra: Answer) -> None:
    assert plain.status == extra.status == 200
    assert extra.media == INFO["INFO_FORMAT"]
    assert extra.content == plain.content


def _advertised(service: Service) -> Answers:
    offered = capabilities(service)
    prefix = str(offered.one("//wms:Request/wms:GetMap//wms:Get/wms:OnlineResource/@xlink:href"))
    query = "&".join(f"{n}={v}" for n, v in MAP.items())
    return offered, service.fetch(prefix + query, asked={n.lower(): v for n, v in MAP.items()})


@BOOK.states(
    "basic.http.advertised-address", _advertised, retyped("text/xml"), resized(), refused(404)
)
def the_advertised_address_answers(offered: Answer, picture: Answer) -> None:
    assert_capabilities(offered)
    assert_map(picture)


@BOOK.states(
    "basic.formats.are-media-types",
    capabilities,
    rewritten("<Format>image/png</Format>", "<Format>png</Format>"),
    rewritten("<Format>text/xml</Format>", "<Format>XML</Format>"),
)
def formats_are_media_types(answer: Answer) -> None:
    formats = [e.text for e in answer.find("//wms:Request//wms:Format")]
    assert formats
    assert all(kind.count("/") == 1 and " " not in kind.strip() for kind in formats)


@BOOK.states(
    "basic.parameters.list-of-layers",
    both(get_map(LAYERS="water,zones", STYLES=","), get_map(LAYERS="water")),
    painted((255, 255, 255, 255)),
    first(painted((1, 2, 3, 255))),
)
def lists_are_parted_by_commas(together: Answer, alone: Answer) -> None:
    assert_map(together)
    assert_map(alone)
    # The zones cover the right-hand three quarters, where the lake alone leaves the ground.
    assert (together.pixels[:, :90] == alone.pixels[:, :90]).all()
    assert (together.pixels[:, 110:] != alone.pixels[:, 110:]).any(axis=2).mean() > 0.9
