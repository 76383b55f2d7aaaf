"""How a WMS says no: a service exception in the format and the version of the request."""

from __future__ import annotations

import io
import re
import textwrap
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpResponse
from django.utils.translation import gettext
from PIL import Image, ImageDraw, ImageFont

from tileserver.limits import LARGEST_PICTURE_PX
from tileserver.mapserver.mapfile import FONTS

if TYPE_CHECKING:
    from collections.abc import Mapping

#: BGCOLOR (OGC 06-042, 7.3.3.10).
COLOUR = re.compile(r"0[xX]([0-9A-Fa-f]{6})", re.ASCII)
XML, INIMAGE, BLANK = "XML", "INIMAGE", "BLANK"
#: EXCEPTIONS by the names of both versions (OGC 06-042, 7.3.3.11; OGC 01-068r3, 7.2.3.11).
FORMATS = {
    "XML": XML,
    "INIMAGE": INIMAGE,
    "BLANK": BLANK,
    "application/vnd.ogc.se_xml": XML,
    "application/vnd.ogc.se_inimage": INIMAGE,
    "application/vnd.ogc.se_blank": BLANK,
}
_PILLOW = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
_LETTERS_PX = 12


class ServiceException(Exception):
    """A refusal. `sentence` names a text `error.wms_…` of the catalogue, `values` fill it."""

    def __init__(
        self,
        sentence: str,
        *,
        code: str = "",
        locator: str = "",
        status: int = 200,
        **values: object,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.locator = locator
        #: 200 unless the fault is ours: clients show the text of an exception they received, and
        #: of a failed transfer its number only.
        self.status = status
        self.values = values

    def __str__(self) -> str:
        return gettext(f"error.wms_{self.sentence}") % self.values


def answer(refusal: ServiceException, version: str, given: Mapping[str, str]) -> HttpResponse:
    """Return the exception as EXCEPTIONS asks for it; nobody keeps it."""
    format_ = FORMATS.get(given.get("EXCEPTIONS", ""), XML)
    response: HttpResponse | None = None
    if format_ != XML and given.get("REQUEST", "").lower() in ("getmap", "map"):
        response = _picture(refusal, given, with_words=format_ == INIMAGE)
    if response is None:
        response = _report(refusal, version)
    response.status_code = refusal.status
    response["Cache-Control"] = "no-store"
    if refusal.status == 503:
        response["Retry-After"] = "5"
    return response


def _report(refusal: ServiceException, version: str) -> HttpResponse:
    code = f" code={quoteattr(refusal.code)}" if refusal.code else ""
    # The document type of 1.1.1 knows no locator (OGC 01-068r3, A.3).
    has_place = bool(refusal.locator) and version != "1.1.1"
    where = f" locator={quoteattr(refusal.locator)}" if has_place else ""
    exception = f"  <ServiceException{code}{where}>{escape(str(refusal))}</ServiceException>\n"
    if version == "1.1.1":
        return HttpResponse(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            "<!DOCTYPE ServiceExceptionReport SYSTEM"
            ' "http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd">\n'
            f'<ServiceExceptionReport version="1.1.1">\n{exception}</ServiceExceptionReport>\n',
            content_type="application/vnd.ogc.se_xml; charset=UTF-8",
        )
    return HttpResponse(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ServiceExceptionReport version="1.3.0" xmlns="http://www.opengis.net/ogc"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="http://www.opengis.net/ogc'
        ' http://schemas.opengis.net/wms/1.3.0/exceptions_1_3_0.xsd">\n'
        f"{exception}</ServiceExceptionReport>\n",
        content_type="text/xml; charset=UTF-8",
    )


def _picture(
    refusal: ServiceException, given: Mapping[str, str], *, with_words: bool
) -> HttpResponse | None:
    """Return a picture as large as the one asked for, or None if that cannot be told."""
    format_ = given.get("FORMAT", "").partition(";")[0].strip()
    width, height = given.get("WIDTH", ""), given.get("HEIGHT", "")
    if format_ not in _PILLOW or not all(
        s.isascii() and s.isdecimal() and len(s) < 6 and 0 < int(s) <= LARGEST_PICTURE_PX
        for s in (width, height)
    ):
        return None
    see_through = given.get("TRANSPARENT", "").upper() == "TRUE" and format_ != "image/jpeg"
    # OGC 06-042, 7.3.3.11: blank is the colour of the ground that was asked for.
    colour = COLOUR.fullmatch(given.get("BGCOLOR", ""))
    ground = (*bytes.fromhex(colour[1] if colour else "ffffff"), 0 if see_through else 255)
    picture = Image.new("RGBA", (int(width), int(height)), ground)
    if with_words:
        letters = max(1, int(int(width) / (_LETTERS_PX * 0.6)))
        text = "\n".join(textwrap.wrap(str(refusal), letters))
        ImageDraw.Draw(picture).multiline_text((4, 4), text, fill=(160, 0, 0, 255), font=_font())
    out = io.BytesIO()
    (picture.convert("RGB") if format_ == "image/jpeg" else picture).save(out, _PILLOW[format_])
    return HttpResponse(out.getvalue(), content_type=format_)


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS["noto"]), _LETTERS_PX)
