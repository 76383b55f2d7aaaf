"""A still picture of one plot and what lies around it, for pages without script."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from landdata.errors import Invalid, Missing
from planning.queries import parcel_row, revision_known_at
from tileserver.mapserver.fastcgi import Client, MapServerError
from tileserver.mapserver.mapfile import PLOT, pictured_layers

if TYPE_CHECKING:
    import datetime as dt
    import uuid

logger = logging.getLogger(__name__)

SMALLEST_PX, LARGEST_PX, USUAL_PX = 200, 1600, 800
#: Width over height.
PROPORTION = 4 / 3
#: The plot takes at most this share of the picture, so that its neighbours are seen.
SHARE_OF_PICTURE = 0.45
#: A small plot is not magnified beyond a picture this wide, in EPSG:3857 metres.
LEAST_WIDTH_M = 90.0


class PictureUnavailable(Exception):
    """MapServer gave no picture; the reason is in the log."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a picture shows: west, south, east, north in EPSG:3857 metres, and its size."""

    box: tuple[float, float, float, float]
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and the tag of what it shows."""

    content: bytes
    etag: str


def draw_plot(
    plot: uuid.UUID, *, as_of: dt.date, known_at: int | None, width_px: int = USUAL_PX
) -> Picture:
    """Draw a plot with streets, neighbours and the zones of every plan level.

    Raises Missing for an unknown plot or one without a boundary, Invalid for a size beyond the
    limits or an unknown revision, PictureUnavailable when MapServer gives none.
    """
    if not SMALLEST_PX <= width_px <= LARGEST_PX:
        raise Invalid("picture_size", smallest=SMALLEST_PX, largest=LARGEST_PX, asked=width_px)
    revision = revision_known_at(known_at)
    row = parcel_row(plot, as_of=as_of, known_at=revision.number)
    if row is None:
        raise Missing("parcel", uuid=str(plot), known_at=revision.number)
    if row.boundary_3857 is None:
        raise Missing("parcel_picture", uuid=str(plot))
    frame = frame_around(row.boundary_3857.extent, width_px)
    content = _ask(frame, row=row.pk, as_of=as_of, known_at=revision.number)
    return Picture(content, f'"{plot}-{as_of:%Y%m%d}-{revision.number}-{width_px}"')


def frame_around(box: tuple[float, float, float, float], width_px: int) -> Frame:
    """Return the frame around a plot's box, the plot in its middle."""
    west, south, east, north = box
    height_px = round(width_px / PROPORTION)
    width_m = max(
        (east - west) / SHARE_OF_PICTURE,
        (north - south) / SHARE_OF_PICTURE * PROPORTION,
        LEAST_WIDTH_M,
    )
    # Square pixels exactly: the height follows from the whole number of pixels.
    half_width_m, half_height_m = width_m / 2, width_m * height_px / width_px / 2
    middle_east, middle_north = (west + east) / 2, (south + north) / 2
    return Frame(
        (
            middle_east - half_width_m,
            middle_north - half_height_m,
            middle_east + half_width_m,
            middle_north + half_height_m,
        ),
        width_px,
        height_px,
    )


def _ask(frame: Frame, *, row: int, as_of: dt.date, known_at: int) -> bytes:
    layers = [*pictured_layers(), PLOT]
    parameters = {
        "SERVICE": "WMS",
        "VERSION": "1.3.0",
        "REQUEST": "GetMap",
        "LAYERS": ",".join(layers),
        "STYLES": "," * (len(layers) - 1),
        "CRS": "EPSG:3857",
        "BBOX": ",".join(f"{edge!r}" for edge in frame.box),
        "WIDTH": str(frame.width_px),
        "HEIGHT": str(frame.height_px),
        "FORMAT": "image/png",
        "as_of": as_of.isoformat(),
        "known_at": str(known_at),
        "row": str(row),
    }
    try:
        answer = Client(settings.MAPSERVER_SOCKET).request(parameters)
    except MapServerError as trouble:
        logger.warning("no picture: %s", trouble)
        raise PictureUnavailable from trouble
    if answer.status != 200 or answer.content_type != "image/png":
        logger.error("no picture: %s %r", answer.content_type, answer.body[:500])
        raise PictureUnavailable
    return answer.body
