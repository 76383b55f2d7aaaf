"""A picture of layers, drawn by MapServer at one pair of times.

Every picture names its day and its revision, so a commit while it is drawn does not get into it.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

from landdata import crs
from tileserver.limits import DRAWING_S, DRAWINGS_AT_ONCE, WAIT_FOR_DRAWING_S
from tileserver.mapserver.fastcgi import Client, MapServerError, TooSlow
from tileserver.mapserver.mapfile import mapfile, ms_layers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

#: West, south, east, north in the units of the system that is asked for.
Box = tuple[float, float, float, float]

PNG, JPEG = "image/png", "image/jpeg"
#: The systems that maps are drawn in. A VN-2000 zone is drawn from its own columns and never
#: reprojected: that would be up to 0.8 m off.
SYSTEMS = (crs.WEB_MERCATOR, crs.GEOGRAPHIC, settings.STORAGE_EPSG)


class NoPicture(Exception):
    """MapServer gave none; the reason is in the log."""


class TooMuchAsked(NoPicture):
    """The picture was not ready in time, or nobody was free to draw it."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to draw: ids of layers from the bottom to the top, where, how large, at which times."""

    layers: tuple[str, ...]
    epsg: int
    box: Box
    width_px: int
    height_px: int
    as_of: dt.date
    known_at: int
    format: str = PNG
    is_transparent: bool = True
    #: #rrggbb below everything when nothing shines through; "" for the map's own ground.
    background: str = ""
    #: Versions of plans whose drafts may be shown.
    drafts: tuple[int, ...] = ()
    #: MapServer's RESOLUTION, by which lines and letters grow from 72 on; 0: its own, for a screen.
    dpi: int = 0


def draw(order: Order) -> bytes:
    """Return the picture. Raises NoPicture."""
    parameters = {
        "SERVICE": "WMS",
        # 1.1.1 takes x before y in every system.
        "VERSION": "1.1.1",
        "REQUEST": "GetMap",
        "LAYERS": ",".join(y for one in order.layers for y in ms_layers([one], order.epsg)),
        "STYLES": "",
        "SRS": f"EPSG:{order.epsg}",
        "BBOX": ",".join(repr(edge) for edge in order.box),
        "WIDTH": str(order.width_px),
        "HEIGHT": str(order.height_px),
        "FORMAT": order.format,
        "TRANSPARENT": "TRUE" if order.is_transparent else "FALSE",
        "as_of": order.as_of.isoformat(),
        "known_at": str(order.known_at),
    }
    if order.drafts:
        parameters["drafts"] = ",".join(map(str, order.drafts))
    if order.dpi:
        parameters["map_resolution"] = str(order.dpi)
    if order.background:
        parameters["BGCOLOR"] = order.background.replace("#", "0x")
    try:
        with _place():
            answer = Client(settings.MAPSERVER_SOCKET, timeout_s=DRAWING_S).request(parameters)
    except TooSlow as trouble:
        logger.warning("no picture of %s: %s", ",".join(order.layers), trouble)
        raise TooMuchAsked from trouble
    except MapServerError as trouble:
        logger.warning("no picture: %s", trouble)
        raise NoPicture from trouble
    if answer.status != 200 or answer.content_type != order.format:
        logger.error("no picture: %s %r", answer.content_type, answer.body[:500])
        raise NoPicture
    return answer.body


_places = threading.BoundedSemaphore(DRAWINGS_AT_ONCE)


@contextmanager
def _place() -> Iterator[None]:
    """Keep a web worker's threads from all waiting for MapServer at once."""
    if not _places.acquire(timeout=WAIT_FOR_DRAWING_S):
        raise TooSlow(f"nobody free in {WAIT_FOR_DRAWING_S:g} s")
    try:
        yield
    finally:
        _places.release()


@lru_cache(maxsize=1)
def made_by() -> str:
    """Return a mark of how pictures are made, so that a new way finds no old ones."""
    nobody = dict.fromkeys(("HOST", "PORT", "NAME", "USER", "PASSWORD"), "")
    # Where an installation lies changes no picture.
    text = mapfile(nobody, "fonts.list", team=nobody).replace(str(settings.RELIEF), "")
    return hashlib.sha256(text.encode()).hexdigest()[:10]
