"""GetMap: one drawing for all layers, so that their labels keep out of each other's way."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image

from tileserver.drawing import JPEG, PNG, NoPicture, Order, TooMuchAsked, draw, made_by
from tileserver.sight import drafts_in_sight
from tileserver.wms.errors import ServiceException
from tileserver.wms.parameters import WEBP, MapRequest

if TYPE_CHECKING:
    import datetime as dt

    from tileserver.cache import Edition

_PILLOW = {PNG: "PNG", JPEG: "JPEG", WEBP: "WEBP"}


def order_of(asked: MapRequest, *, today: dt.date, newest: Edition) -> Order:
    """Return what is to be drawn; both of its times are spelled out."""
    return Order(
        layers=tuple(layer.id for layer in asked.visible_layers),
        epsg=asked.system.epsg,
        box=asked.box,
        width_px=asked.width_px,
        height_px=asked.height_px,
        as_of=asked.day or today,
        known_at=newest.revision,
        format=JPEG if asked.format == JPEG else PNG,
        is_transparent=asked.is_transparent and asked.format != JPEG,
        background=asked.background,
        drafts=drafts_in_sight(),
    )


def tag_of(order: Order, asked: MapRequest, newest: Edition) -> str:
    """Return the tag that changes whenever the picture may have."""
    shown = f"{order} {asked.format} {newest.made_at_us} {made_by()}"
    return f'"{hashlib.sha256(shown.encode()).hexdigest()[:24]}"'


def picture_of(order: Order, format_: str) -> bytes:
    """Return the picture in the format that was asked for. Raises ServiceException."""
    if not order.layers:
        # Every layer is out of its range of scales.
        return _blank(
            order.width_px, order.height_px, order.is_transparent, order.background, format_
        )
    try:
        content = _first_row(order) if order.height_px == 1 else draw(order)
    except TooMuchAsked as trouble:
        raise ServiceException("too_slow") from trouble
    except NoPicture as trouble:
        raise ServiceException("no_picture", status=503) from trouble
    return _as_webp(content) if format_ == WEBP else content


def _first_row(order: Order) -> bytes:
    """Draw two rows and keep the upper one. Raises NoPicture.

    In a picture one pixel high MapServer 8.0.0 asks for rasters in a box of no numbers.
    """
    west, south, east, north = order.box
    content = draw(replace(order, height_px=2, box=(west, 2 * south - north, east, north)))
    with Image.open(io.BytesIO(content)) as picture:
        return _encoded(picture.crop((0, 0, order.width_px, 1)), order.format)


@lru_cache(maxsize=64)
def _blank(width: int, height: int, is_transparent: bool, background: str, format_: str) -> bytes:
    mode, colour = ("RGBA", (0, 0, 0, 0)) if is_transparent else ("RGB", background)
    return _encoded(Image.new(mode, (width, height), colour), format_)


def _as_webp(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as picture:
        return _encoded(picture, WEBP)


def _encoded(picture: Image.Image, format_: str) -> bytes:
    out = io.BytesIO()
    if format_ == WEBP:
        # Without loss: a map is lines and letters. Method 1 packs within 5 % of the best.
        picture.save(out, "WEBP", lossless=True, method=1)
    else:
        picture.save(out, _PILLOW[format_])
    return out.getvalue()
