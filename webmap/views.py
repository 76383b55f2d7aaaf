"""The citizen's pages: one call for an answer, one template to print it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from landdata.api import messages
from landdata.errors import Invalid
from landdata.search.search import search
from planning.extract import build_extract
from planning.queries import revision_known_at
from webmap.answer import lay_out
from webmap.city_reach import headline
from webmap.examples import examples
from webmap.pieces import geometry
from webmap.texts import client_texts

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from planning.extract import ParcelExtract

#: Stands for a plot's identity where the client puts one in.
_ANY_PLOT = UUID(int=0)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the map page: the question first, then the map and the answer.

    Without script the page answers `?q=` with a list of links to the plots' own pages.
    """
    today = timezone.localdate()
    question = request.GET.get("q", "").strip()
    # With a plot in the address it is the client that asks; the list would be for nobody.
    found = search(question, as_of=today) if question and "plot" not in request.GET else None
    return render(
        request,
        "webmap/home.html",
        {
            "question": question,
            "found": found,
            "reach": headline(),
            "messages_of_search": messages(found) if found else [],
            "settings": _page_settings(examples(as_of=today)),
            "catalogue": {"catalog": client_texts(get_language() or settings.LANGUAGE_CODE)},
        },
    )


@require_safe
def plot(request: HttpRequest, parcel_id: UUID) -> HttpResponse:
    """Show the permanent page of a plot, whole without script."""
    extract = _extract(request, parcel_id)
    return render(request, "webmap/plot.html", _printed(extract))


@require_safe
def plot_answer(request: HttpRequest, parcel_id: UUID) -> JsonResponse:
    """Answer with the card of a plot and the geometry that belongs to its rows.

    The card is the permanent page's own part, so that map and page say the same.
    """
    extract = _extract(request, parcel_id)
    printed = _printed(extract)
    return JsonResponse(
        {
            "uuid": printed["answer"].uuid,
            "title": printed["answer"].title,
            "summary": printed["answer"].summary,
            "as_of": printed["answer"].as_of_iso,
            "html": render_to_string("webmap/answer.html", {**printed, "in_card": True}, request),
            **geometry(extract),
        }
    )


def _extract(request: HttpRequest, parcel_id: UUID) -> ParcelExtract:
    as_of, known_at = asked_day(request), asked_revision(request)
    return build_extract(parcel_id, as_of=as_of or timezone.localdate(), known_at=known_at)


def asked_day(request: HttpRequest) -> dt.date | None:
    """Return the day that the address names. Raises Invalid."""
    given = request.GET.get("as_of", "")
    try:
        return dt.date.fromisoformat(given) if given else None
    except ValueError as unreadable:
        raise Invalid("day_unreadable", given=given) from unreadable


def asked_revision(request: HttpRequest) -> int | None:
    """Return the revision that the address names. Raises Invalid."""
    given = request.GET.get("known_at", "")
    if not given:
        return None
    if not given.isascii() or not given.isdecimal():
        raise Invalid("revision_unreadable", given=given)
    return int(given)


def _printed(extract: ParcelExtract) -> dict[str, Any]:
    """Return what the templates need to print `extract`, with its own addresses."""
    uuid = extract.parcel.uuid
    fixed = f"?as_of={extract.as_of.isoformat()}&known_at={extract.known_at}"
    page = reverse("webmap:plot", args=[uuid])
    return {
        "answer": lay_out(extract),
        "page": page,
        "fixed_page": page + fixed,
        "data": _address("parcel-extract", uuid) + fixed,
        "picture": f"{page}map.png{fixed}",
        "has_boundary": extract.parcel.boundary is not None,
        "is_of_another_time": _is_of_another_time(extract),
    }


def _is_of_another_time(extract: ParcelExtract) -> bool:
    """Say whether asking now, about today, could give another answer than this one."""
    newest = revision_known_at(None).number
    return extract.as_of != timezone.localdate() or extract.known_at != newest


def _address(name: str, *args: UUID) -> str:
    return reverse(f"api:{name}", args=args)


def _page_settings(questions: list[str]) -> dict[str, Any]:
    """Return what the client must be told: addresses, language and examples."""
    return {
        "addresses": {
            "search": _address("search"),
            "at": _address("parcels_at"),
            "map": _address("map"),
            "answer": _template(reverse("webmap:plot-answer", args=[_ANY_PLOT])),
            "plot": _template(reverse("webmap:plot", args=[_ANY_PLOT])),
        },
        "sprite": static("webmap/icons.svg"),
        "language": get_language(),
        "examples": questions,
    }


def _template(address: str) -> str:
    return address.replace(str(_ANY_PLOT), "{uuid}")
