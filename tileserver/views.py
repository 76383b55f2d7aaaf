"""Vector tiles and the static picture of a plot over HTTP."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from tileserver import tiles

if TYPE_CHECKING:
    from django.http import HttpRequest

MVT = "application/vnd.mapbox-vector-tile"
#: Keep it, but ask every time whether it still holds: the tag makes that cheap.
ASK_AGAIN = "public, no-cache"


def vector_tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """Answer with one vector tile; a tile without features is an empty one, not an error."""
    tile = tiles.current_tile(tiles.place(layer, z, x, y), today=timezone.localdate())
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    etag = tile.etag if packed else f'{tile.etag[:-1]}-plain"'
    answer: HttpResponse
    if etag in _tags(request.headers.get("If-None-Match", "")):
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(tile.body if packed else gzip.decompress(tile.body), content_type=MVT)
        if packed:
            answer["Content-Encoding"] = "gzip"
    answer["ETag"] = etag
    answer["Cache-Control"] = ASK_AGAIN
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


def _tags(header: str) -> set[str]:
    # A proxy may have weakened the tag; the comparison for GET is the weak one (RFC 9110 13.1.2).
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
