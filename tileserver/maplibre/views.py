"""Styles, sprites and letters over HTTP."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext, override

from landdata.errors import Missing
from tileserver import freshness
from tileserver.catalogue.views import base_of, layer_of
from tileserver.layer import Shape
from tileserver.layers import LAYERS
from tileserver.maplibre.glyphs import LAST, RANGE, STACKS, glyph_range
from tileserver.maplibre.sprite import Sprite, sprite
from tileserver.maplibre.style import Written, document
from tileserver.services import in_language, language_asked, parameters
from tileserver.views import ASK_AGAIN, tags

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpRequest

    from tileserver.cache import Edition

_PBF = "application/x-protobuf"
#: The whole map under the name that services give it.
WHOLE = "diado"


def style(request: HttpRequest, layer: str) -> HttpResponse:
    """Answer with the style of a layer, or of the whole map; `language` is vi or en."""
    language = language_asked(parameters(request), request)
    with override(language):
        if layer == WHOLE:
            shown, title = [y for y in LAYERS if y.is_visible], gettext("wms.title")
        else:
            one = layer_of(layer)
            if one.shape is Shape.RASTER:
                raise Missing("tile_layer", layer=layer[:40])
            shown, title = [one], in_language(one.title_vi, one.title_en)
        made = document(shown, title, Written(base_of(request), language))
    answer = _answer(request, _json(made), "application/json")
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer


def sprite_index(request: HttpRequest, scale: int = 1) -> HttpResponse:
    """Answer with where each image is in the sprite."""
    return _answer(request, _json(_sprite(scale).index), "application/json")


def sprite_picture(request: HttpRequest, scale: int = 1) -> HttpResponse:
    """Answer with the picture of the sprite."""
    return _answer(request, _sprite(scale).png, "image/png")


def letters(request: HttpRequest, fontstack: str, first: int, last: int) -> HttpResponse:
    """Answer with 256 letters of the first font of a stack that we have."""
    stack = next((name for name in fontstack.split(",") if name in STACKS), None)
    if stack is None or first % RANGE or last != first + RANGE - 1 or first >= LAST:
        raise Missing("glyphs", fonts=fontstack[:60], first=first, last=last)
    return _answer(request, glyph_range(stack, first), _PBF)


def _sprite(scale: int) -> Sprite:
    return _kept_sprite(freshness.newest(), timezone.localdate(), scale)


@lru_cache(maxsize=4)
def _kept_sprite(newest: Edition, today: dt.date, scale: int) -> Sprite:
    return sprite(as_of=today, known_at=newest.revision, scale=scale)


def _json(made: dict[str, Any]) -> bytes:
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def _answer(request: HttpRequest, content: bytes, kind: str) -> HttpResponse:
    etag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    answer: HttpResponse
    if etag in tags(request.headers.get("If-None-Match", "")):
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(content, content_type=kind)
    answer["ETag"] = etag
    answer["Cache-Control"] = ASK_AGAIN
    # Maps on pages of others may show them.
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
