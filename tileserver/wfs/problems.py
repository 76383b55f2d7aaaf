"""What could not be done, as the standard's exception report (OGC 06-121r3 clause 8).

Every report says it in Vietnamese and in English. It is never cached, and holds nothing of a
statement or a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext, override
from lxml import etree

from landdata.errors import Missing, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisserver.exceptions import OWSException

OWS = "http://www.opengis.net/ows/1.1"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: What somebody wrote comes back shortened: nobody searches pages of it.
_LONGEST_DETAIL = 600

#: Status of an exception code (OGC 09-025r2 table D.2); all others are 400.
_STATUS: Mapping[str, int] = {"NotFound": 404, "OperationProcessingFailed": 403}


class Problem(Exception):
    """An exception of the service, with its code and the parameter it is about."""

    def __init__(
        self, code: str, locator: str, vi: str, en: str, *, status: int | None = None
    ) -> None:
        super().__init__(code, locator)
        self.code = code
        self.locator = locator
        self.texts = (("vi", vi), ("en", en))
        self.status = status or _STATUS.get(code, 400)


def problem(code: str, locator: str, sentence: str, /, **values: object) -> Problem:
    """Return the problem whose sentence stands in the message catalogues under `error.…`."""
    vi, en = (_in(language, sentence, values) for language in ("vi", "en"))
    return Problem(code, locator, vi, en)


def of_refusal(refusal: Refusal, locator: str) -> Problem:
    """Return a refusal of the house as an exception about a parameter."""
    code = "InvalidParameterValue"
    if refusal.code == "feature_query_too_slow":
        code = "OperationProcessingFailed"
    elif isinstance(refusal, Missing) and refusal.code == "feature":
        code = "NotFound"
    return problem(code, locator, refusal.code, **refusal.values)


def of_library(found: OWSException) -> Problem:
    """Return what the parser said: its detail in English, of what kind it is in Vietnamese."""
    detail = found.text.replace("\0", "")[:_LONGEST_DETAIL]
    code = str(found.code)
    with override("vi"):
        vi = gettext(f"error.wfs_{_KINDS.get(code, 'unreadable')}") % {
            "locator": found.locator or ""
        }
    return Problem(code, found.locator or "request", vi, detail)


_KINDS = {
    "MissingParameterValue": "missing",
    "InvalidParameterValue": "invalid",
    "OperationNotSupported": "unsupported",
    "OptionNotSupported": "unsupported",
    "NotFound": "invalid",
}


def unreadable(locator: str) -> Problem:
    """Return the problem of a request that is no well-formed one."""
    return problem("OperationParsingFailed", locator, "wfs_unreadable", locator=locator)


def unavailable() -> Problem:
    """Return the problem of a database that does not answer."""
    found = problem("NoApplicableCode", "service", "database_away")
    found.status = 503
    return found


def report(found: Problem) -> HttpResponse:
    """Return the exception report."""
    root = etree.Element(f"{{{OWS}}}ExceptionReport", nsmap={"ows": OWS}, version="2.0.0")
    root.set(XML_LANG, "vi")
    exception = etree.SubElement(
        root, f"{{{OWS}}}Exception", exceptionCode=found.code, locator=_plain(found.locator)
    )
    for _, text in found.texts:
        etree.SubElement(exception, f"{{{OWS}}}ExceptionText").text = _plain(text)
    answer = HttpResponse(
        etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True),
        content_type="text/xml; charset=utf-8",
        status=found.status,
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _in(language: str, sentence: str, values: Mapping[str, object]) -> str:
    with override(language):
        return gettext(f"error.{sentence}") % values


def _plain(text: str) -> str:
    """Return a text without the signs that XML cannot hold (XML 1.0, production 2)."""
    return "".join(
        sign
        if sign >= " " and not 0xD800 <= ord(sign) <= 0xDFFF and sign not in "\ufffe\uffff"
        else "·"
        for sign in text
    )
