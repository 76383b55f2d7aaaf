"""Places of the small city, and which layer's colour stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyproj import Transformer

from tests.small_city.ground import LAKE, placed

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: In metres from the city's corner: within the lake, away from its name; on bare ground, between
#: the lake and the pond.
WET, DRY = (60, 340), (700, 600)
#: Around the lake: 500 m wide, so that 250 pixels are 2 m each.
AROUND = (-50.0, -50.0, 450.0, 450.0)
SIZE_PX = 250
WHITE = (255, 255, 255)
_TO_DEGREES = Transformer.from_crs(3857, 4326, always_xy=True)


def box(frame: tuple[float, ...] = AROUND) -> tuple[float, ...]:
    """Return a frame, or the one around the lake, in EPSG:3857."""
    return placed(*frame)


def box_in_degrees() -> tuple[float, ...]:
    """Return the frame around the lake as west, south, east, north in degrees."""
    west, south, east, north = box()
    return (*_TO_DEGREES.transform(west, south), *_TO_DEGREES.transform(east, north))


def assert_shows_the_lake(
    pixels: NDArray[np.integer], frame: tuple[float, ...] = AROUND, slack_px: float = 2.5
) -> None:
    """Hold each pixel of a picture against the lake's edges, but for some pixels around them.

    `pixels`: rows, columns and bands, white or clear where nothing is. `frame`: west, south, east,
    north in metres from the city's corner.
    """
    rows, columns = pixels.shape[:2]
    west, south, east, north = frame
    x = west + (np.arange(columns) + 0.5) * (east - west) / columns
    y = north - (np.arange(rows) + 0.5) * (north - south) / rows
    across = np.minimum(x - LAKE[0], LAKE[2] - x)
    along = np.minimum(y - LAKE[1], LAKE[3] - y)
    inside = np.minimum(across[np.newaxis, :], along[:, np.newaxis])
    slack = slack_px * (east - west) / columns
    drawn = (pixels[..., :3] != WHITE).any(axis=2)
    if pixels.shape[2] == 4:
        drawn &= pixels[..., 3] > 0
    assert (inside > slack).any()
    assert (inside < -slack).any()
    assert drawn[inside > slack].all()
    assert not drawn[inside < -slack].any()
