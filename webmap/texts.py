"""The client's texts, from the same kind of catalogue as every other text."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation.trans_real import DjangoTranslation
from django.views.i18n import JavaScriptCatalog

LOCALE = Path(__file__).resolve().parent / "locale"


@lru_cache
def client_texts(language: str) -> dict[str, Any]:
    """Return {msgid: text or plural forms} of djangojs.po, as the client's gettext reads it.

    It goes into the page itself: an address of its own would cost every visitor a round trip.
    """
    catalogue = JavaScriptCatalog()
    catalogue.translation = DjangoTranslation(language, domain="djangojs", localedirs=[str(LOCALE)])
    texts: dict[str, Any] = catalogue.get_catalog()
    return texts
