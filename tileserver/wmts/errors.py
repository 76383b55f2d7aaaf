"""How a WMTS says no: an exception report of OWS Common (OGC 06-121r3, clause 8)."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from django.http import HttpResponse
from django.utils.translation import get_language, gettext

#: HTTP status by exception code (OGC 07-057r7, tables 24, 28 and 31).
_STATUS = {"OperationNotSupported": 501, "NoApplicableCode": 503}


class TileException(Exception):
    """A refusal. `sentence` names a text `error.wms_…` of the catalogue, `values` fill it."""

    def __init__(self, sentence: str, *, code: str, locator: str = "", **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.locator = locator
        self.values = values

    def __str__(self) -> str:
        return gettext(f"error.wms_{self.sentence}") % self.values


def answer(refusal: TileException) -> HttpResponse:
    """Return the report; nobody keeps it."""
    where = f" locator={quoteattr(refusal.locator)}" if refusal.locator else ""
    response = HttpResponse(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ExceptionReport xmlns="http://www.opengis.net/ows/1.1"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="http://www.opengis.net/ows/1.1'
        ' http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd"'
        f' version="1.1.0" xml:lang="{get_language()}">\n'
        f"  <Exception exceptionCode={quoteattr(refusal.code)}{where}>\n"
        f"    <ExceptionText>{escape(str(refusal))}</ExceptionText>\n"
        "  </Exception>\n</ExceptionReport>\n",
        status=_STATUS.get(refusal.code, 400),
        content_type="text/xml; charset=UTF-8",
    )
    response["Cache-Control"] = "no-store"
    if response.status_code == 503:
        response["Retry-After"] = "5"
    return response
