"""Service exceptions: clause 6.11, annex E.2, and the codes of table E.1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tests.conformance import schemas
from tests.conformance.damages import (
    cut_short,
    dropped_all,
    emptied,
    marked,
    painted,
    put,
    refused,
    renamed,
    resized,
    retyped,
    turned_to,
)
from tests.conformance.wms import BOOK
from tests.conformance.wms.asking import (
    LAKE,
    assert_map,
    corners,
    get_capabilities,
    get_info,
    get_map,
)

if TYPE_CHECKING:
    from tests.conformance.answers import Answer
    from tests.conformance.assertions import Check

_EXCEPTION = "//ogc:ServiceException"


def assert_refusal(answer: Answer, code: str | None = None) -> None:
    """Hold an exception report against annex E.2; `code` is what table E.1 has for the error."""
    # The standard leaves the status open; 5xx would blame the server for the client's error.
    assert answer.status < 500, answer.status
    assert answer.media == "text/xml"
    schemas.assert_valid(answer, schemas.WMS_EXCEPTIONS)
    assert answer.xml.get("version") == "1.3.0"
    found = answer.one(_EXCEPTION)
    assert (found.text or "").strip()
    if code:
        assert found.get("code") == code


def refuses(code: str | None = None) -> Check:
    """Return the checker of an exception."""
    return lambda answer: assert_refusal(answer, code)


SPOILT = (
    retyped("text/html"),
    refused(500),
    renamed("/*", "ServiceException"),
    dropped_all(_EXCEPTION),
    put(_EXCEPTION, ""),
    cut_short(),
)
#: Where table E.1 has a code for what is wrong.
CODED = (*SPOILT, marked(_EXCEPTION, "code", "NoSuchCode"), marked(_EXCEPTION, "code", None))

_BAD_MAPS: dict[str, tuple[str | None, dict[str, str | None]]] = {
    "getmap.format.unknown": ("InvalidFormat", {"FORMAT": "image/unknown"}),
    "getmap.format.missing": (None, {"FORMAT": None}),
    "getmap.crs.unknown": ("InvalidCRS", {"CRS": "EPSG:32799"}),
    "getmap.crs.no-namespace": ("InvalidCRS", {"CRS": "undefined"}),
    "getmap.crs.missing": (None, {"CRS": None}),
    "getmap.layers.unknown": ("LayerNotDefined", {"LAYERS": "no_such_layer"}),
    "getmap.layers.first-unknown": ("LayerNotDefined", {"LAYERS": f"no_such_layer,{LAKE}"}),
    "getmap.layers.second-unknown": ("LayerNotDefined", {"LAYERS": f"{LAKE},no_such_layer"}),
    "getmap.layers.missing": (None, {"LAYERS": None}),
    "getmap.styles.unknown": ("StyleNotDefined", {"STYLES": "no_such_style"}),
    "getmap.styles.first-unknown": (
        "StyleNotDefined",
        {"LAYERS": f"{LAKE},zones", "STYLES": "no_such_style,"},
    ),
    "getmap.styles.second-unknown": (
        "StyleNotDefined",
        {"LAYERS": f"{LAKE},zones", "STYLES": ",no_such_style"},
    ),
    "getmap.styles.more-than-layers": (None, {"STYLES": ",,"}),
    "getmap.bbox.missing": (None, {"BBOX": None}),
    "getmap.bbox.minx-above-maxx": (None, {"BBOX": corners(1600, 0, 0, 400)}),
    "getmap.bbox.minx-equals-maxx": (None, {"BBOX": corners(400, 0, 400, 400)}),
    "getmap.bbox.miny-above-maxy": (None, {"BBOX": corners(0, 400, 1600, 0)}),
    "getmap.bbox.miny-equals-maxy": (None, {"BBOX": corners(0, 200, 1600, 200)}),
    "getmap.bbox.three-numbers": (None, {"BBOX": "1,2,3"}),
    "getmap.bbox.no-number": (None, {"BBOX": "west,south,east,north"}),
    "getmap.bbox.not-finite": (None, {"BBOX": "nan,0,inf,1"}),
    "getmap.width.missing": (None, {"WIDTH": None}),
    "getmap.width.zero": (None, {"WIDTH": "0"}),
    "getmap.width.negative": (None, {"WIDTH": "-1"}),
    "getmap.width.no-integer": (None, {"WIDTH": "20.5"}),
    "getmap.height.missing": (None, {"HEIGHT": None}),
    "getmap.height.zero": (None, {"HEIGHT": "0"}),
    "getmap.height.no-integer": (None, {"HEIGHT": "many"}),
}
_BAD_INFOS: dict[str, tuple[str | None, dict[str, str | None]]] = {
    "getfeatureinfo.i.negative": ("InvalidPoint", {"I": "-1"}),
    "getfeatureinfo.i.beyond-width": ("InvalidPoint", {"I": "400"}),
    "getfeatureinfo.i.no-integer": ("InvalidPoint", {"I": "1.5"}),
    "getfeatureinfo.i.missing": (None, {"I": None}),
    "getfeatureinfo.j.negative": ("InvalidPoint", {"J": "-1"}),
    "getfeatureinfo.j.beyond-height": ("InvalidPoint", {"J": "100"}),
    "getfeatureinfo.j.missing": (None, {"J": None}),
    "getfeatureinfo.info-format.unknown": ("InvalidFormat", {"INFO_FORMAT": "text/unknown"}),
    "getfeatureinfo.info-format.missing": (None, {"INFO_FORMAT": None}),
    "getfeatureinfo.query-layers.unknown": ("LayerNotDefined", {"QUERY_LAYERS": "no_such_layer"}),
    "getfeatureinfo.query-layers.second-unknown": (
        "LayerNotDefined",
        {"QUERY_LAYERS": f"{LAKE},no_such_layer"},
    ),
    "getfeatureinfo.query-layers.missing": (None, {"QUERY_LAYERS": None}),
    "getfeatureinfo.layers.unknown": ("LayerNotDefined", {"LAYERS": "no_such_layer"}),
    "getfeatureinfo.crs.unknown": ("InvalidCRS", {"CRS": "EPSG:32799"}),
    "getfeatureinfo.exceptions.default": ("LayerNotDefined", {"QUERY_LAYERS": "none"}),
    "getfeatureinfo.exceptions.xml": (
        "LayerNotDefined",
        {"QUERY_LAYERS": "none", "EXCEPTIONS": "XML"},
    ),
}
for _name, (_code, _changes) in _BAD_MAPS.items():
    BOOK.demands(_name, get_map(**_changes), refuses(_code), *(CODED if _code else SPOILT))
for _name, (_code, _changes) in _BAD_INFOS.items():
    BOOK.demands(_name, get_info(**_changes), refuses(_code), *(CODED if _code else SPOILT))

BOOK.demands("getmap.exceptions.default", get_map(CRS="EPSG:32799"), refuses("InvalidCRS"), *CODED)
BOOK.demands(
    "getmap.exceptions.xml",
    get_map(CRS="EPSG:32799", EXCEPTIONS="XML"),
    refuses("InvalidCRS"),
    *CODED,
)
BOOK.demands(
    "basic.request.unknown",
    get_capabilities(REQUEST="GetNothing"),
    refuses("OperationNotSupported"),
    *CODED,
)
BOOK.demands("basic.request.missing", get_capabilities(REQUEST=None), refuses(), *SPOILT)
BOOK.demands("basic.service.unknown", get_capabilities(SERVICE="WXS"), refuses(), *SPOILT)


@BOOK.states(
    "getmap.exceptions.inimage",
    get_map(CRS="EPSG:32799", EXCEPTIONS="INIMAGE"),
    retyped("text/xml"),
    resized(),
    painted((255, 255, 255, 255)),
    turned_to("BMP"),
    emptied(),
)
def exceptions_in_the_image(answer: Answer) -> None:
    assert_map(answer)
    assert len(np.unique(answer.pixels.reshape(-1, 4), axis=0)) > 1, "nothing is written on it"


@BOOK.states(
    "getmap.exceptions.blank",
    get_map(CRS="EPSG:32799", EXCEPTIONS="BLANK", BGCOLOR="0xFF0000"),
    painted((255, 255, 255, 255)),
    resized(),
    refused(),
    retyped("text/xml"),
)
def exceptions_as_a_blank_image(answer: Answer) -> None:
    assert_map(answer)
    assert (answer.pixels == (255, 0, 0, 255)).all()


@BOOK.states(
    "getmap.exceptions.blank-transparent",
    get_map(CRS="EPSG:32799", EXCEPTIONS="BLANK", TRANSPARENT="TRUE"),
    painted((255, 255, 255, 255)),
    resized(),
    retyped("text/xml"),
)
def exceptions_as_a_clear_image(answer: Answer) -> None:
    assert_map(answer)
    assert (answer.pixels[..., 3] == 0).all()


@BOOK.states(
    "getmap.exceptions.blank-format",
    get_map(CRS="EPSG:32799", EXCEPTIONS="BLANK", FORMAT="image/jpeg"),
    retyped("image/png"),
    turned_to("PNG"),
)
def blank_exceptions_have_the_format_asked(answer: Answer) -> None:
    assert answer.media == "image/jpeg"
    assert Image.MIME[str(answer.picture.format)] == "image/jpeg"
