"""What the OGC services have in common: keys and values, languages, words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

#: Languages by the ways in which they are named: RFC 5646, ISO 639-2 as INSPIRE has it.
_LANGUAGES = {"vi": "vi", "vie": "vi", "en": "en", "eng": "en"}


def parameters(request: HttpRequest) -> dict[str, str]:
    """Return the query's parameters by their names in capitals.

    Names are not case sensitive, values are (OGC 06-042, 6.8.1); of a name that stands twice the
    first one counts.
    """
    found: dict[str, str] = {}
    for name, values in request.GET.lists():
        found.setdefault(name.upper(), values[0])
    return found


def language_asked(given: Mapping[str, str], request: HttpRequest) -> str:
    """Return the language of an answer: by parameter, else by cookie, else by header."""
    wanted = given.get("LANGUAGE") or given.get("ACCEPTLANGUAGES") or given.get("LANG")
    if wanted is None and settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return get_language() or settings.LANGUAGE_CODE
    if wanted is None:
        wanted = request.headers.get("Accept-Language", "")
    for tag in wanted.replace(" ", ",").split(","):
        bare = tag.partition(";")[0].strip().lower().partition("-")[0]
        if bare in _LANGUAGES:
            return _LANGUAGES[bare]
    return settings.LANGUAGE_CODE


def in_language(vi: str, en: str) -> str:
    """Return the one of two texts that the active language asks for."""
    return en if get_language() == "en" else vi
