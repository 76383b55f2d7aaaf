"""Signs as small pictures: drawn four times too large and made smaller, for smooth edges."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from tileserver.glyphs import BOX, GLYPHS
from tileserver.layer import Shape
from tileserver.patterns import PATTERNS
from tileserver.style import GROUND, HALO, Fill, Hatch, Line, Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tileserver.patterns import Pattern
    from tileserver.style import Part

    Colour = Callable[[str], str]
    Dots = Sequence[tuple[float, float]]

_FINER = 4
#: A street in a legend is as wide as it is here on a map.
_STREET_M, _METRE_PX = 8.0, 0.55
#: Share of a badge that its glyph takes.
_GLYPH_SHARE = 0.62
_HALO_PX = 1.5


def cell(pattern: Pattern, colour: str, *, scale: int = 1) -> Image.Image:
    """Return a figure on nothing, as large as it takes to be repeated in both directions."""
    width, height = pattern.whole_width * scale, pattern.height * scale
    large = Image.new("RGBA", (3 * width * _FINER, 3 * height * _FINER), _clear(colour))
    draw, unit = ImageDraw.Draw(large), scale * _FINER
    for column in range(3):
        for row in range(3):
            for stroke in pattern.repeated:
                points = [
                    ((x + column * pattern.whole_width) * unit, (y + row * pattern.height) * unit)
                    for x, y in stroke
                ]
                draw.line(points, fill=colour, width=max(1, round(pattern.line_px * unit)))
    # The middle one of nine: strokes that cross its edge have both halves.
    middle = large.crop((width * _FINER, height * _FINER, 2 * width * _FINER, 2 * height * _FINER))
    return middle.resize((width, height), Image.Resampling.BOX)


def badge(mark: Mark, *, scale: int = 1) -> Image.Image:
    """Return a point's sign."""
    across = math.ceil(mark.size_px + 2 * _HALO_PX)
    large = Image.new("RGBA", (across * scale * _FINER,) * 2, _clear(HALO))
    _badge(ImageDraw.Draw(large), mark, across / 2, across / 2, scale * _FINER)
    return large.resize((across * scale,) * 2, Image.Resampling.LANCZOS)


def sign(
    shape: Shape,
    parts: Iterable[Part],
    colour_of: Colour,
    *,
    size: tuple[int, int] = (32, 18),
    scale: int = 1,
) -> Image.Image:
    """Return the sign of a surface, a line or a point on the map's ground, `size` CSS pixels."""
    width, height = size
    unit = scale * _FINER
    image = Image.new("RGB", (width * unit, height * unit), GROUND)
    for part in parts:
        match part:
            case Fill():
                _wash(image, _box(size, unit), colour_of(part.colour), part.opacity)
            case Hatch():
                _hatch(image, part, size, scale, colour_of(part.colour))
            case Line():
                points = _outline(size) if shape is not Shape.LINE else _bend(size)
                _line(image, part, points, unit, colour_of)
            case Mark():
                _badge(ImageDraw.Draw(image), part, width / 2, height / 2, unit)
    return image.resize((width * scale, height * scale), Image.Resampling.LANCZOS)


def _clear(colour: str) -> str:
    return f"{colour}00"


def _box(size: tuple[int, int], unit: int) -> tuple[int, int, int, int]:
    """Return the surface that stands for all surfaces: the sign without a rim of a pixel."""
    return (unit, unit, (size[0] - 1) * unit, (size[1] - 1) * unit)


def _outline(size: tuple[int, int]) -> Dots:
    right, bottom = size[0] - 1, size[1] - 1
    return [(1, 1), (right, 1), (right, bottom), (1, bottom), (1, 1)]


def _bend(size: tuple[int, int]) -> Dots:
    width, height = size
    return [(0, height * 0.72), (width * 0.45, height * 0.5), (width, height * 0.28)]


def _wash(image: Image.Image, box: tuple[int, int, int, int], colour: str, opacity: int) -> None:
    mask = Image.new("L", (box[2] - box[0], box[3] - box[1]), round(opacity * 2.55))
    image.paste(Image.new("RGB", mask.size, colour), box[:2], mask)


def _hatch(image: Image.Image, part: Hatch, size: tuple[int, int], scale: int, colour: str) -> None:
    one = cell(PATTERNS[part.pattern], colour, scale=scale * _FINER)
    left, top, right, bottom = _box(size, scale * _FINER)
    layer = Image.new("RGBA", (right - left, bottom - top))
    for x in range(0, layer.width, one.width):
        for y in range(0, layer.height, one.height):
            layer.paste(one, (x, y))
    image.paste(layer, (left, top), layer)


def _line(image: Image.Image, part: Line, points: Dots, unit: int, colour_of: Colour) -> None:
    width = part.width_px if part.width_from is None else _STREET_M * _METRE_PX
    width = max(width, part.width_px)
    if part.casing is not None:
        _stroke(image, points, unit, width + 2 * part.casing_px, colour_of(part.casing), (), 100)
    _stroke(image, points, unit, width, colour_of(part.colour), part.dash, part.opacity)


def _stroke(
    image: Image.Image,
    points: Dots,
    unit: int,
    width: float,
    colour: str,
    dash: tuple[float, ...],
    opacity: int,
) -> None:
    mask = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(mask)
    for piece in _dashed(points, dash) if dash else [points]:
        scaled = [(x * unit, y * unit) for x, y in piece]
        draw.line(
            scaled, fill=round(opacity * 2.55), width=max(1, round(width * unit)), joint="curve"
        )
    image.paste(Image.new("RGB", image.size, colour), (0, 0), mask)


def _dashed(points: Dots, dash: tuple[float, ...]) -> list[Dots]:
    """Return the strokes of a dashed line, without the gaps."""
    pieces: list[Dots] = []
    turn, left = 0, dash[0]
    for start, end in pairwise(points):
        length = math.dist(start, end)
        at = 0.0
        while at < length:
            step = min(left, length - at)
            if turn % 2 == 0:
                pieces.append([_between(start, end, place / length) for place in (at, at + step)])
            at, left = at + step, left - step
            if left <= 0:
                turn += 1
                left = dash[turn % len(dash)]
    return pieces


def _between(
    start: tuple[float, float], end: tuple[float, float], share: float
) -> tuple[float, float]:
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def _badge(draw: ImageDraw.ImageDraw, mark: Mark, x: float, y: float, unit: int) -> None:
    for radius, colour in (
        (mark.size_px / 2 + _HALO_PX / 2, HALO),
        (mark.size_px / 2, mark.colour),
    ):
        draw.ellipse(
            [(x - radius) * unit, (y - radius) * unit, (x + radius) * unit, (y + radius) * unit],
            fill=colour,
        )
    step = mark.size_px * _GLYPH_SHARE / BOX
    for ring in GLYPHS[mark.glyph]:
        points = [
            ((x + (a - BOX / 2) * step) * unit, (y + (b - BOX / 2) * step) * unit) for a, b in ring
        ]
        draw.polygon(points, fill=mark.ink)
