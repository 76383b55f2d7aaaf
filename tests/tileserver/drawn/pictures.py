"""Asking for pictures of a known ground, and reading them."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageColor

from landdata.models import Revision
from tests.ground import LATER
from tileserver.drawing import Order, draw


def newest() -> int:
    return Revision.objects.latest("number").number


def picture(layers, box, *, epsg=5897, width=400, height=400, **order):
    """Return the pixels of a picture, red, green, blue and opacity, its first row in the north."""
    content = draw(
        Order(tuple(layers), epsg, box, width, height, as_of=LATER, known_at=newest(), **order)
    )
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGBA")).astype(int)


def near(pixels, colour: str, tolerance: int = 24):
    """Return which pixels are opaque and nearly of a colour."""
    wanted = np.array(ImageColor.getrgb(colour))
    alike = np.abs(pixels[..., :3] - wanted).max(axis=2) <= tolerance
    return alike & (pixels[..., 3] > 200)


def mixed(colour: str, ground: str, share: float):
    """Return so much of a colour over an opaque other one."""
    over, below = (np.array(ImageColor.getrgb(c)) for c in (colour, ground))
    return share * over + (1 - share) * below
