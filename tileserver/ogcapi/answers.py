"""How the API answers: in the format asked for, or with a problem that says what to change."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext

from landdata.errors import Invalid, Missing, Refusal
from tileserver import services
from tileserver.ogcapi import links
from tileserver.services import language_asked
from tileserver.sight import with_drafts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest

    from tileserver.ogcapi.links import Link

_JSON_NAMES = frozenset(("json", "geojson"))
_PROBLEM = "application/problem+json"


class _NotAcceptable(Refusal):
    """No format that the caller takes is one of ours."""


@dataclass(frozen=True)
class Wanted:
    """What a request wants: its own address, its parameters, the format."""

    base: str
    #: The address without its query.
    here: str
    is_page: bool
    parameters: Mapping[str, str]

    def links(self, media: str, *, title: str) -> list[Link]:
        """Return the links of the resource to itself in both formats."""
        kept = {name: text for name, text in self.parameters.items() if name not in ("f", "key")}
        other = gettext("as data") if self.is_page else gettext("to read")
        titles = (title, f"{title}, {other}")
        return links.of_itself(self.here, kept, media, self.is_page, titles)


def answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view refuse: every refusal becomes a problem, in the caller's language."""

    @with_drafts
    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(language_asked(services.parameters(request), request)):
            try:
                response = view(request, *args, **kwargs)
            except (Invalid, Missing, _NotAcceptable) as refusal:
                response = _refused(request, refusal)
        patch_vary_headers(response, ["Accept", "Accept-Language"])
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "Content-Crs, ETag, Link"
        return response

    return answer


def wanted(request: HttpRequest, parameters: Mapping[str, str], media: str = links.JSON) -> Wanted:
    """Return what a request wants. Raises a refusal for a format that we do not have."""
    base = request.build_absolute_uri("/")
    here = request.build_absolute_uri(request.path)
    return Wanted(base, here, _wants_page(request, parameters, media), parameters)


def _wants_page(request: HttpRequest, parameters: Mapping[str, str], media: str) -> bool:
    name = parameters.get("f")
    if name is not None:
        if name in _JSON_NAMES or name == media:
            return False
        if name in ("html", links.HTML):
            return True
        raise Invalid("ogc_format_unknown", given=name[:40])
    ours = (media, links.JSON, links.GEOJSON, links.HTML)
    best = request.get_preferred_type([media.partition(";")[0], *ours[1:]])
    if best is None:
        raise _NotAcceptable("ogc_not_acceptable")
    return best == links.HTML


def document(
    request: HttpRequest,
    of: Wanted,
    content: Mapping[str, Any],
    template: str,
    context: Mapping[str, Any],
    *,
    media: str = links.JSON,
) -> HttpResponse:
    """Answer with a document as data, or with the page that shows it."""
    if of.is_page:
        return render(request, f"tileserver/ogc/{template}.html", {**content, **context, "of": of})
    response = JsonResponse(content, content_type=media, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-cache"
    return response


def unchanged(request: HttpRequest, tag: str) -> HttpResponse | None:
    """Return the answer that nothing changed, if the caller has what the tag names."""
    known = request.headers.get("If-None-Match", "").split(",")
    # The comparison for GET is the weak one (RFC 9110, 13.1.2).
    if tag.removeprefix("W/") not in {one.strip().removeprefix("W/") for one in known}:
        return None
    response = HttpResponseNotModified()
    response["ETag"] = tag
    return response


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    status = 404 if isinstance(refusal, Missing) else 400
    if isinstance(refusal, _NotAcceptable):
        status = 406
    detail = gettext(f"error.{refusal.code}") % refusal.values
    title = gettext(f"error.status.{status}")
    if status != 406 and request.GET.get("f") != "json" and _reads_pages(request):
        response = render(
            request,
            "tileserver/ogc/refused.html",
            {"title": title, "detail": detail},
            status=status,
        )
    else:
        response = JsonResponse(
            {
                "type": "about:blank",
                "status": status,
                "code": refusal.code,
                "title": title,
                "detail": detail,
                "values": refusal.values,
            },
            status=status,
            content_type=_PROBLEM,
            json_dumps_params={"ensure_ascii": False},
        )
    response["Cache-Control"] = "no-store"
    return response


def _reads_pages(request: HttpRequest) -> bool:
    """Say whether a person reads the answer: a browser names HTML itself."""
    return request.GET.get("f") == "html" or "text/html" in request.headers.get("Accept", "")
