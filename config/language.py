"""In which language an answer is given: Vietnamese, unless somebody chose otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

#: Answers that hold words. Tiles and pictures do not, and a `Vary` would spoil their caching.
_HOLD_WORDS = ("text/html", "application/json", "application/problem+json", "text/javascript")


class VietnameseFirst:
    """Speak the language of `?lang=` (this answer only), else of the cookie, else Vietnamese.

    The browser's Accept-Language is not asked: many Vietnamese use an English browser, and one
    address shall show one text. Sign-in writes the user's own choice into the cookie, so that no
    request needs the database to know its language.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the chosen language, and say so in the headers."""
        request.LANGUAGE_CODE = language_of(request)
        with translation.override(request.LANGUAGE_CODE):
            response = self.get_response(request)
        if response.get("Content-Type", "").startswith(_HOLD_WORDS):
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            patch_vary_headers(response, ("Cookie",))
        return response


def language_of(request: HttpRequest) -> str:
    """Return the code of the language asked for, "vi" for anything we do not speak."""
    known = dict(settings.LANGUAGES)
    for asked in (request.GET.get("lang"), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)):
        if asked in known:
            return str(asked)
    return settings.LANGUAGE_CODE
