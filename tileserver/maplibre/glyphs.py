"""Letters as MapLibre wants them: fields of distances to their edges, 256 letters to a file.

A field's pixel says how far it is from the edge of the letter: 192 on it, more inside, 32 a pixel.
Metrics are those of letters 24 pixels high; `top` counts from the font's ascender. Source: the
specification of glyphs in node-fontnik (glyphs.proto); MapLibre's TinySDF for radius and cut-off.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import distance_transform_edt

from tileserver.maplibre.style import BOLD, FONT
from tileserver.mapserver.mapfile import FONTS
from tileserver.mapserver.mapfile.classes import BOLD as BOLD_FILE
from tileserver.mapserver.mapfile.classes import FONT as FONT_FILE

if TYPE_CHECKING:
    from numpy.typing import NDArray

STACKS = {FONT: FONTS[FONT_FILE], BOLD: FONTS[BOLD_FILE]}
#: Letters in a file; MapLibre asks for none beyond the basic plane.
RANGE, LAST = 256, 65_536
_SIZE_PX, _EDGE_PX, _RADIUS_PX, _CUT_OFF = 24, 3, 8, 0.25
#: Distances are measured in a letter drawn so many times larger.
_FINER = 4


@lru_cache(maxsize=2 * LAST // RANGE)
def glyph_range(stack: str, first: int) -> bytes:
    """Return the protocol buffer of the letters from `first` on. Raises KeyError for a stack."""
    path = str(STACKS[stack])
    large = ImageFont.truetype(path, _SIZE_PX * _FINER)
    ascender = round(ImageFont.truetype(path, _SIZE_PX).getmetrics()[0])
    missing = large.getmask("\uffff").getbbox(), large.getlength("\uffff")
    glyphs = b""
    for code in range(first, first + RANGE):
        letter = chr(code)
        if not letter.isprintable() or (
            (large.getmask(letter).getbbox(), large.getlength(letter)) == missing and code != 0xFFFD
        ):
            continue
        glyphs += _field(3, _glyph(large, code, ascender))
    name = _field(1, stack.encode()) + _field(2, f"{first}-{first + RANGE - 1}".encode())
    return _field(1, name + glyphs)


def _glyph(font: ImageFont.FreeTypeFont, code: int, ascender: int) -> bytes:
    letter = chr(code)
    advance = round(font.getlength(letter) / _FINER)
    # Left, top, right, bottom from the baseline's beginning, in large pixels.
    box = font.getbbox(letter, anchor="ls")
    left, top = int(np.floor(box[0] / _FINER)), int(np.floor(box[1] / _FINER))
    width = int(np.ceil(box[2] / _FINER)) - left
    height = int(np.ceil(box[3] / _FINER)) - top
    body = _number(1, code)
    if width > 0 and height > 0 and not letter.isspace():
        body += _field(2, _distances(font, letter, left, top, width, height).tobytes())
    else:
        width = height = left = top = 0
    return (
        body
        + _number(3, width)
        + _number(4, height)
        + _signed(5, left)
        + _signed(6, -top - ascender)
        + _number(7, advance)
    )


def _distances(
    font: ImageFont.FreeTypeFont, letter: str, left: int, top: int, width: int, height: int
) -> NDArray[np.uint8]:
    wide, high = width + 2 * _EDGE_PX, height + 2 * _EDGE_PX
    image = Image.new("L", (wide * _FINER, high * _FINER))
    at = ((_EDGE_PX - left) * _FINER, (_EDGE_PX - top) * _FINER)
    ImageDraw.Draw(image).text(at, letter, fill=255, font=font, anchor="ls")
    inside = np.asarray(image) >= 128
    outwards = distance_transform_edt(~inside) - distance_transform_edt(inside)
    # The middle of each pixel lies between four large ones.
    blocks = outwards.reshape(high, _FINER, wide, _FINER)
    half = slice(_FINER // 2 - 1, _FINER // 2 + 1)
    away_px = blocks[:, half, :, half].mean(axis=(1, 3)) / _FINER
    shades = 255 - 255 * (away_px / _RADIUS_PX + _CUT_OFF)
    return np.asarray(np.clip(np.round(shades), 0, 255), np.uint8)


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def _number(tag: int, number: int) -> bytes:
    return _varint(tag << 3) + _varint(number)


def _signed(tag: int, number: int) -> bytes:
    # Zigzag: small numbers of both signs are short.
    return _number(tag, number * 2 if number >= 0 else -number * 2 - 1)


def _field(tag: int, content: bytes) -> bytes:
    return _varint(tag << 3 | 2) + _varint(len(content)) + content
