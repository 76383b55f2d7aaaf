"""Vector tiles and the static picture of a plot over HTTP."""

from __future__ import annotations

import datetime as dt
import gzip
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext

from landdata.errors import Invalid
from tileserver import tiles
from tileserver.drafts import draft_tile
from tileserver.picture import USUAL_PX, PictureUnavailable, draw_plot
from tileserver.sight import MINE, sight_of

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest

MVT = "application/vnd.mapbox-vector-tile"
#: Keep it, but ask every time whether it still holds: the tag makes that cheap.
ASK_AGAIN = "public, no-cache"


def vector_tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """Answer with one vector tile; a tile without features is an empty one, not an error."""
    today = timezone.localdate()
    sight = sight_of(request.user, on=today)
    draft_layer = sight.by_id.get(layer)
    if draft_layer is None:
        tile = tiles.current_tile(tiles.place(layer, z, x, y), today=today)
    else:
        tile = draft_tile(tiles.place_in(draft_layer, z, x, y), sight, today=today)
    packed = accepts_gzip(request.headers.get("Accept-Encoding", ""))
    etag = tile.etag if packed else f'{tile.etag[:-1]}-plain"'
    answer: HttpResponse
    if etag in tags(request.headers.get("If-None-Match", "")):
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(tile.body if packed else gzip.decompress(tile.body), content_type=MVT)
        if packed:
            answer["Content-Encoding"] = "gzip"
    answer["ETag"] = etag
    answer["Cache-Control"] = ASK_AGAIN if draft_layer is None else MINE
    patch_vary_headers(answer, ["Accept-Encoding"])
    if draft_layer is None:
        # Maps on pages of others may show them; nobody's cookie changes these.
        answer["Access-Control-Allow-Origin"] = "*"
    return answer


def accepts_gzip(header: str) -> bool:
    """Say whether an Accept-Encoding lets us answer gzipped (RFC 9110, 12.5.3)."""
    for coding in header.split(","):
        name, _, weight = coding.strip().partition(";")
        if name.strip().lower() in ("gzip", "x-gzip"):
            value = weight.replace(" ", "").lower().removeprefix("q=")
            return not value or value.strip("0.") != ""
    return False


def plot_picture(request: HttpRequest, parcel_id: uuid.UUID) -> HttpResponse:
    """Answer with a PNG of a plot; 503 says that there is no picture now, never a blank one."""
    try:
        picture = draw_plot(
            parcel_id,
            as_of=_day(request) or timezone.localdate(),
            known_at=_whole_number(request, "known_at"),
            width_px=_whole_number(request, "width") or USUAL_PX,
        )
    except PictureUnavailable:
        return HttpResponse(
            gettext("error.picture_unavailable"),
            status=503,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": "5", "Cache-Control": "no-store"},
        )
    answer: HttpResponse
    if picture.etag in tags(request.headers.get("If-None-Match", "")):
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(picture.content, content_type="image/png")
    answer["ETag"] = picture.etag
    answer["Cache-Control"] = ASK_AGAIN
    return answer


def _day(request: HttpRequest) -> dt.date | None:
    given = request.GET.get("as_of", "")
    try:
        return dt.date.fromisoformat(given) if given else None
    except ValueError as unreadable:
        raise Invalid("day_unreadable", given=given[:20]) from unreadable


def _whole_number(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise Invalid("number_unreadable", name=name, given=given[:20])
    return int(given)


def tags(header: str) -> set[str]:
    # A proxy may have weakened the tag; the comparison for GET is the weak one (RFC 9110 13.1.2).
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
