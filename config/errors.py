"""How a refusal looks over HTTP: the only place that knows status codes.

Programs get problem details (RFC 9457) with the refusal's code and values, people get a page.
The sentence stands in the message catalogues under `error.<code>`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from landdata.errors import Forbidden, Invalid, Missing, Refusal, Stale

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest

logger = logging.getLogger(__name__)

STATUS: dict[type[Refusal], int] = {Missing: 404, Forbidden: 403, Stale: 412, Invalid: 422}


def sentence(refusal: Refusal) -> str:
    """Return what a person can act on, in the active language."""
    return gettext(f"error.{refusal.code}") % refusal.values


def problem(
    status: int, code: str, detail: str, values: Mapping[str, Any] | None = None
) -> JsonResponse:
    """Return problem details for a program."""
    return JsonResponse(
        {
            "type": "about:blank",
            "status": status,
            "code": code,
            "title": gettext(f"error.status.{status}"),
            "detail": detail,
            "values": dict(values or {}),
        },
        status=status,
        content_type="application/problem+json",
        # A person at curl reads this as well.
        json_dumps_params={"ensure_ascii": False},
    )


def answer(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str,
    values: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Return a page for a person, problem details for a program."""
    if wants_page(request):
        title = gettext(f"error.status.{status}")
        context = {"title": title, "detail": detail, "status": status}
        return render(request, "refused.html", context, status=status)
    return problem(status, code, detail, values)


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a request that was refused."""
    return answer(request, STATUS[type(refusal)], refusal.code, sentence(refusal), refusal.values)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer while the database does not: nothing was found out, and that is what we say."""
    return answer(request, 503, "database_away", gettext("error.database_away"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer at an address that does not exist."""
    if wants_page(request):
        return render(request, "404.html", status=404)
    return problem(404, "not_found", gettext("error.not_found"))


def wants_page(request: HttpRequest) -> bool:
    """Say whether a person reads the answer: a page, not a program's address."""
    return not request.path.startswith(("/api/", "/tiles/")) and request.accepts("text/html")


class ErrorAnswers:
    """Turn the four refusals, and a database that is away, into answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on: exceptions come back through `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the answer to an exception we know; any other is a bug and looks like one."""
        if isinstance(error, Refusal):
            return refuse(request, error)
        if isinstance(error, OperationalError):
            logger.exception("database away")
            return unavailable(request)
        return None
