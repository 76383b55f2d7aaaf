"""The WMS over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from tileserver.cache import etag_of
from tileserver.freshness import newest as newest_edition
from tileserver.services import language_asked, parameters
from tileserver.sight import with_drafts
from tileserver.views import ASK_AGAIN, tags
from tileserver.wms import capabilities, drawn, errors, info, legends
from tileserver.wms.errors import ServiceException
from tileserver.wms.parameters import (
    VERSIONS,
    info_request,
    legend_request,
    map_request,
    missing,
    negotiated,
    short,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest


@with_drafts
def wms(request: HttpRequest) -> HttpResponse:
    """Answer a request of any version; a wrong one is answered by a service exception."""
    given = parameters(request)
    with translation.override(language_asked(given, request)):
        try:
            response = _answer(request, given)
        except ServiceException as refusal:
            response = errors.answer(refusal, _version_of_errors(given), given)
        response.headers.setdefault("Content-Language", translation.get_language() or "vi")
    # Any page may draw our maps: they are public, and no cookie decides about their content.
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _answer(request: HttpRequest, given: Mapping[str, str]) -> HttpResponse:
    service = given.get("SERVICE", "WMS")
    if service.upper() != "WMS":
        raise ServiceException(
            "service", code="InvalidParameterValue", locator="SERVICE", given=short(service)
        )
    asked = given.get("REQUEST", "")
    if not asked:
        raise missing("REQUEST")
    operation = _OPERATIONS.get(asked.lower())
    if operation is None:
        raise ServiceException(
            "operation", code="OperationNotSupported", locator="REQUEST", given=short(asked)
        )
    return operation(request, given)


def _capabilities(request: HttpRequest, given: Mapping[str, str]) -> HttpResponse:
    if "SERVICE" not in given:
        raise missing("SERVICE")
    version = negotiated(given.get("VERSION") or given.get("WMTVER") or "")
    newest = newest_edition()
    _hold_sequence(given.get("UPDATESEQUENCE", ""), newest.revision)
    addresses = capabilities.Addresses(
        service=request.build_absolute_uri(reverse("wms")),
        catalogue=request.build_absolute_uri("/layers/"),
    )
    content = capabilities.document(version, addresses, update_sequence=newest.revision)
    is_130 = version == "1.3.0"
    response = HttpResponse(
        content,
        content_type=f"{'text/xml' if is_130 else 'application/vnd.ogc.wms_xml'}; charset=UTF-8",
    )
    response["Cache-Control"] = ASK_AGAIN
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def _hold_sequence(asked: str, ours: int) -> None:
    """Refuse a sequence number that is ours already or that we never gave (OGC 06-042, 7.2.3.5)."""
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 12):
        return
    if int(asked) == ours:
        raise ServiceException(
            "sequence_current", code="CurrentUpdateSequence", locator="UPDATESEQUENCE"
        )
    if int(asked) > ours:
        raise ServiceException(
            "sequence_ahead", code="InvalidUpdateSequence", locator="UPDATESEQUENCE"
        )


def _map(request: HttpRequest, given: Mapping[str, str]) -> HttpResponse:
    asked = map_request(given)
    today, newest = timezone.localdate(), newest_edition()
    order = drawn.order_of(asked, today=today, newest=newest)
    tag = drawn.tag_of(order, asked, newest)
    response: HttpResponse
    if tag in tags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(drawn.picture_of(order, asked.format), content_type=asked.format)
    response["ETag"] = tag
    response["Cache-Control"] = ASK_AGAIN
    if asked.day is None:
        # OGC 06-042, C.4.2 and C.3.3: the answer says which value stood in for the one left out.
        response["Warning"] = f'99 diado "Default value used: time={today.isoformat()} ISO8601"'
    return response


def _info(request: HttpRequest, given: Mapping[str, str]) -> HttpResponse:
    asked = info_request(given, tuple(info.WRITERS))
    shown = asked.map
    west, _, east, _ = shown.box
    question = info.Question(
        point=asked.point,
        epsg=shown.system.epsg,
        pixel=(east - west) / shown.width_px,
        as_of=shown.day or timezone.localdate(),
        known_at=newest_edition().revision,
        count=asked.count,
    )
    content = info.WRITERS[asked.format](info.features_at(question, asked.layers))
    response = HttpResponse(content, content_type=f"{asked.format}; charset=UTF-8")
    response["Cache-Control"] = "no-cache"
    return response


def _legend(request: HttpRequest, given: Mapping[str, str]) -> HttpResponse:
    content = legends.legend(legend_request(given), today=timezone.localdate())
    tag = etag_of(content)
    response: HttpResponse
    if tag in tags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(content, content_type=legends.LEGEND_FORMAT)
    response["ETag"] = tag
    response["Cache-Control"] = ASK_AGAIN
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def _version_of_errors(given: Mapping[str, str]) -> str:
    """Return the version in which an exception is written, whatever else is wrong."""
    asked = given.get("VERSION") or given.get("WMTVER") or ""
    return asked if asked in VERSIONS else negotiated(asked)


_OPERATIONS: dict[str, Callable[[HttpRequest, Mapping[str, str]], HttpResponse]] = {
    "getcapabilities": _capabilities,
    # By its name in 1.0.0, which some old programs still send with newer versions.
    "capabilities": _capabilities,
    "getmap": _map,
    "map": _map,
    "getfeatureinfo": _info,
    "feature_info": _info,
    "getlegendgraphic": _legend,
}
