"""Requests as they come, by key-value pairs or as XML, turned into what they ask for.

django-gisserver reads both forms into one kind of object. Names of coordinate systems, boxes and
features' ids are taken out first and read here: the library means fewer systems by them, other
orders of axes, and other ids.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError, tostring

from django.core.exceptions import RequestDataTooBig
from django.utils import timezone
from gisserver.exceptions import OWSException
from gisserver.parsers import wfs20
from gisserver.parsers.ast import tag_registry
from gisserver.parsers.ows import BaseOwsRequest, KVPRequest, resolve_kvp_parser_class
from gisserver.parsers.xml import NSElement, parse_xml_from_string, xmlns

from landdata.errors import Refusal
from tileserver import limits
from tileserver.services import language_asked, parameters
from tileserver.wfs.guard import check_xml
from tileserver.wfs.names import NAMESPACE, PREFIX
from tileserver.wfs.problems import of_library, of_refusal, problem, unreadable

if TYPE_CHECKING:
    from django.http import HttpRequest

VERSION = "2.0.0"
#: Parameters that we read ourselves, each possibly a list in parentheses, one entry a query.
_OURS = ("BBOX", "SRSNAME", "RESOURCEID")
#: Ways of following references; there are none between our features.
RESOLVES = ("local", "remote", "all", "none")
#: What the library's parser stumbles over in a tree that is well-formed but of another shape.
_STUMBLES = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    ParseError,
)


@dataclass(frozen=True)
class Extras:
    """What of one query the library does not read: texts, "" for what was not said."""

    srs_name: str = ""
    box: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A request: the library's reading of it, and ours of the rest."""

    request: Any
    extras: tuple[Extras, ...]
    #: The same request as key-value pairs, for links; None where it is none.
    pairs: dict[str, str] | None
    as_of: dt.date | None
    known_at: int | None
    #: Token of a `next` link.
    page: str
    language: str


def read(request: HttpRequest) -> Asked:
    """Return what is asked. Raises Problem."""
    given = parameters(request)
    if given.get("QUERY", "").lstrip().startswith("<"):
        # OWSLib's name for a filter; ignored, it would answer with everything.
        given.setdefault("FILTER", given.pop("QUERY"))
    for name, value in given.items():
        if "\0" in name or "\0" in value:
            raise unreadable(name.replace("\0", "")[:40] or "request")
        if len(value) > limits.LONGEST_FILTER:
            raise problem(
                "OperationParsingFailed", name[:40], "wfs_too_long", most=limits.LONGEST_FILTER
            )
    try:
        if request.method == "POST":
            parsed, extras, pairs = _from_xml(_body(request))
        else:
            parsed, extras, pairs = _from_pairs(given)
    except OWSException as found:
        raise of_library(found) from found
    except Refusal as refusal:
        raise of_refusal(refusal, "filter") from refusal
    except _STUMBLES as broken:
        raise unreadable("filter" if "FILTER" in given else "request") from broken
    _check_service(parsed)
    return Asked(
        parsed,
        extras,
        pairs,
        as_of=_day(given.get("AS_OF", "")),
        known_at=_revision(given.get("KNOWN_AT", "")),
        page=given.get("PAGE", ""),
        language=_language(request, given, parsed),
    )


def _from_pairs(given: dict[str, str]) -> tuple[Any, tuple[Extras, ...], dict[str, str]]:
    pairs = dict(given)
    theirs = {name: value for name, value in pairs.items() if name not in _OURS}
    kvp = KVPRequest(theirs, ns_aliases={PREFIX: NAMESPACE, "app": NAMESPACE})
    kind = resolve_kvp_parser_class(kvp)
    if not issubclass(kind, wfs20.GetFeature | wfs20.GetPropertyValue):
        return kind.from_kvp_request(kvp), (), pairs
    if "RESOURCEID" in given and not ("TYPENAMES" in given or "TYPENAME" in given):
        # The library wants one or the other, and does not see ours.
        kvp.params["RESOURCEID"] = ""
    _check_choice("resultType", given.get("RESULTTYPE") or "results", ("results", "hits"))
    _check_choice("resolve", given.get("RESOLVE") or "none", RESOLVES)
    lists = {name: _listed(given[name]) for name in _OURS if given.get(name)}
    alone = [n for n in ("FILTER", "BBOX", "RESOURCEID") if given.get(n)]
    if len(alone) > 1:
        raise problem(
            "InvalidParameterValue", alone[0], "wfs_one_selection", names=", ".join(alone)
        )
    for text in _listed(given.get("FILTER", "")):
        if text:
            check_xml(_with_namespaces(text), locator="filter")
    parsed = kind.from_kvp_request(kvp)
    return parsed, _extras(lists, len(parsed.queries)), pairs


def _check_choice(name: str, given: str, known: tuple[str, ...]) -> None:
    # The library falls over what it does not know.
    if given.lower() not in known:
        raise problem("InvalidParameterValue", name, "wfs_invalid", locator=name)


def _extras(lists: dict[str, list[str]], queries: int) -> tuple[Extras, ...]:
    def of(name: str, at: int) -> str:
        values = lists.get(name, [""])
        if len(values) not in (1, queries):
            raise problem("OperationParsingFailed", name.lower(), "wfs_uneven_lists")
        return values[at if len(values) > 1 else 0]

    return tuple(
        Extras(
            of("SRSNAME", at),
            of("BBOX", at),
            tuple(name for name in of("RESOURCEID", at).split(",") if name),
        )
        for at in range(queries)
    )


def _listed(text: str) -> list[str]:
    """Return the entries of a parameter list (OGC 09-025r2 6.2.5.3).

    >>> _listed("(a)(b)"), _listed("a,b")
    (['a', 'b'], ['a,b'])
    """
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].split(")(")
    return [text]


def _with_namespaces(text: str) -> str:
    """Return a filter as the library reads it: without a declaration it is of the standard's."""
    first, bracket, rest = text.lstrip().partition(">")
    if "xmlns" not in first and first.startswith("<Filter"):
        return f'{first} xmlns="{xmlns.fes20}" xmlns:gml="{xmlns.gml32}"{bracket}{rest}'
    return text


def _body(request: HttpRequest) -> bytes:
    try:
        if int(request.headers.get("Content-Length") or 0) > limits.LARGEST_BODY_BYTES:
            raise RequestDataTooBig
        return request.body
    except (RequestDataTooBig, ValueError):
        raise problem(
            "OperationParsingFailed", "request", "wfs_too_long", most=limits.LARGEST_BODY_BYTES
        ) from None


def _from_xml(body: bytes) -> tuple[Any, tuple[Extras, ...], dict[str, str] | None]:
    check_xml(body, locator="request")
    # OWSLib uses the prefix of the capabilities without declaring it.
    root = parse_xml_from_string(body, extra_ns_aliases={PREFIX: NAMESPACE})
    _check_choice("resultType", root.get("resultType", "results"), ("results", "hits"))
    _check_choice("resolve", root.get("resolve", "none"), RESOLVES)
    extras: list[Extras] = []
    filters: list[str] = []
    for query in (e for e in root if e.tag in (_QUERY, _STORED)):
        extras.append(Extras(query.attrib.pop("srsName", "")))
        filters += [tostring(e, encoding="unicode") for e in query if e.tag == _FILTER]
        for name in query.findall("PropertyName"):
            # OWSLib writes it in no namespace.
            name.tag = xmlns.wfs20.qname("PropertyName")
        for parameter in query.findall(_PARAMETER):
            # The standard calls it ID, the library reads "id".
            parameter.set("name", parameter.get("name", "").lower())
    described = _described(root)
    parsed = tag_registry.node_from_xml(root, allowed_types=(BaseOwsRequest,))
    if described is not None:
        parsed.storedQueryId = described
    return parsed, tuple(extras), _as_pairs(parsed, extras, filters)


_QUERY, _STORED = xmlns.wfs20.qname("Query"), xmlns.wfs20.qname("StoredQuery")
_PARAMETER, _FILTER = xmlns.wfs20.qname("Parameter"), xmlns.fes20.qname("Filter")


def _described(root: NSElement) -> list[str] | None:
    """Return the stored queries that are to be described; the library looks for another element."""
    if root.tag != xmlns.wfs20.qname("DescribeStoredQueries"):
        return None
    return [e.text or "" for e in root if e.tag == xmlns.wfs20.qname("StoredQueryId")] or None


def _as_pairs(parsed: Any, extras: list[Extras], filters: list[str]) -> dict[str, str] | None:
    """Return an XML request for features as key-value pairs, None if it has no such form."""
    queries = getattr(parsed, "queries", None)
    if not queries or len(queries) > 1 or not isinstance(queries[0], wfs20.AdhocQuery):
        return None
    (query,) = queries
    pairs = {
        "SERVICE": "WFS",
        "VERSION": VERSION,
        "REQUEST": type(parsed).__name__,
        "TYPENAMES": ",".join(name.rpartition("}")[2] for name in query.typeNames),
        "OUTPUTFORMAT": parsed.outputFormat,
        "SRSNAME": extras[0].srs_name,
        "FILTER": filters[0] if filters else "",
        "SORTBY": query.sortBy.as_kvp() if query.sortBy else "",
        "PROPERTYNAME": ",".join(p.xpath for p in query.property_names or ()),
    }
    reference = getattr(parsed, "valueReference", None)
    if reference is not None:
        pairs["VALUEREFERENCE"] = reference.xpath
    return {name: value for name, value in pairs.items() if value}


def _check_service(parsed: Any) -> None:
    if str(parsed.service).upper() != "WFS":
        raise problem(
            "InvalidParameterValue", "service", "wfs_service", given=str(parsed.service)[:20]
        )
    if isinstance(parsed, wfs20.GetCapabilities):
        if parsed.acceptVersions and VERSION not in parsed.acceptVersions:
            given = ",".join(str(v) for v in parsed.acceptVersions)[:40]
            raise problem("VersionNegotiationFailed", "AcceptVersions", "wfs_version", given=given)
    elif parsed.version != VERSION:
        given = str(parsed.version)[:20]
        raise problem("InvalidParameterValue", "version", "wfs_version", given=given)


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not limits.FIRST_DAY <= day.isoformat() <= limits.LAST_DAY:
        raise problem("InvalidParameterValue", "AS_OF", "day_unreadable", given=text[:20])
    return day


def _revision(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise problem(
            "InvalidParameterValue",
            "KNOWN_AT",
            "number_unreadable",
            name="KNOWN_AT",
            given=text[:20],
        )
    return int(text)


def _language(request: HttpRequest, given: dict[str, str], parsed: Any) -> str:
    """Return the language of titles; an XML request names it in an element."""
    named = getattr(parsed, "acceptLanguages", None) if request.method == "POST" else None
    wanted = {"ACCEPTLANGUAGES": ",".join(map(str, named))} if named else {}
    return language_asked({**wanted, **given}, request)


def today() -> dt.date:
    """Return the legal day."""
    return timezone.localdate()
