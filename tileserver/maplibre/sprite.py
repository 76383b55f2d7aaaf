"""The sprite: every hatch and every badge that a style names, in one picture with an index."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL import Image

from tileserver.layers import LAYERS
from tileserver.legend.entries import legend_entries
from tileserver.legend.sketch import badge, cell
from tileserver.maplibre.style import badge_name
from tileserver.patterns import PATTERNS
from tileserver.style import Hatch, Mark

if TYPE_CHECKING:
    import datetime as dt

#: Pixels that the picture is wide, at scale 1.
_WIDTH = 512
#: Between two images, so that one never shines into the other.
_GAP = 2


@dataclass(frozen=True)
class Sprite:
    """The picture as PNG, and where in it each image is."""

    png: bytes
    index: dict[str, dict[str, Any]]


def sprite(*, as_of: dt.date, known_at: int | None = None, scale: int = 1) -> Sprite:
    """Return the images of all layers' styles; hatches in the colours of what is in force."""
    images = _images(as_of, known_at, scale)
    index: dict[str, dict[str, Any]] = {}
    left = top = row = 0
    places: list[tuple[Image.Image, tuple[int, int]]] = []
    for name, image in sorted(images.items(), key=lambda one: (-one[1].height, one[0])):
        if left + image.width > _WIDTH * scale:
            left, top, row = 0, top + row + _GAP * scale, 0
        places.append((image, (left, top)))
        index[name] = {
            "x": left,
            "y": top,
            "width": image.width,
            "height": image.height,
            "pixelRatio": scale,
        }
        left, row = left + image.width + _GAP * scale, max(row, image.height)
    sheet = Image.new("RGBA", (_WIDTH * scale, max(top + row, 1)))
    for image, place in places:
        sheet.paste(image, place)
    content = io.BytesIO()
    sheet.save(content, "PNG", optimize=True)
    return Sprite(content.getvalue(), index)


def _images(as_of: dt.date, known_at: int | None, scale: int) -> dict[str, Image.Image]:
    images: dict[str, Image.Image] = {}
    for layer in LAYERS:
        for part in (part for rule in layer.style.rules for part in rule.draw):
            if isinstance(part, Mark):
                images[badge_name(part)] = badge(part, scale=scale)
            elif isinstance(part, Hatch) and not part.colour.startswith("["):
                images[f"{part.pattern}-{part.colour[1:]}"] = cell(
                    PATTERNS[part.pattern], part.colour, scale=scale
                )
        if layer.style.colour_attributes:
            for entry in legend_entries(layer, as_of=as_of, known_at=known_at):
                for part in entry.parts:
                    if isinstance(part, Hatch):
                        colour = entry.colour_of(part.colour)
                        figure = cell(PATTERNS[part.pattern], colour, scale=scale)
                        images[f"{part.pattern}-{colour[1:]}"] = figure
    return images
