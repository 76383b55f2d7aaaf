"""A legend as a picture: the answer to a WMS client's GetLegendGraphic."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext, override
from PIL import Image, ImageDraw, ImageFont

from tileserver.legend.entries import LegendEntry, legend_entries
from tileserver.legend.sketch import sign
from tileserver.mapserver.mapfile import FONTS
from tileserver.mapserver.mapfile.classes import BOLD, FONT
from tileserver.style import INK

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from tileserver.layer import Layer, Shape

#: All in CSS pixels.
_SIGN = (32, 18)
_EDGE, _GAP = 8, 8
_TITLE, _HEADING, _ENTRY = (14, 28), (12, 24), (12, 24)
_PAPER = "#ffffff"


@dataclass(frozen=True)
class _Row:
    """A title or a heading; with an entry, its sign and what it means."""

    text: str
    letters_px: int
    height_px: int
    is_bold: bool
    shape: Shape | None = None
    entry: LegendEntry | None = None

    @property
    def left_px(self) -> int:
        """Where the letters begin."""
        return _EDGE + (_SIGN[0] + _GAP if self.entry else 0)

    def right(self, scale: int) -> float:
        """Return where the letters end, in pixels of a picture so much larger."""
        letters = _font(BOLD if self.is_bold else FONT, self.letters_px * scale)
        return self.left_px * scale + letters.getlength(self.text)


def legend_png(
    layers: Sequence[Layer],
    *,
    as_of: dt.date,
    known_at: int | None = None,
    language: str = "vi",
    scale: int = 1,
) -> bytes:
    """Return the legends of some layers below each other, as large as their entries need.

    `scale` is pixels to a CSS pixel. Titles are in "vi" or "en"; a layer of one sign has no title
    besides what that sign means.
    """
    rows = [
        row
        for layer in layers
        for row in _rows(layer, legend_entries(layer, as_of=as_of, known_at=known_at), language)
    ]
    width = max((row.right(scale) for row in rows), default=0) + _EDGE * scale
    height = (sum(row.height_px for row in rows) + 2 * _EDGE) * scale
    image = Image.new("RGB", (round(width), height), _PAPER)
    draw, top = ImageDraw.Draw(image), _EDGE * scale
    for row in rows:
        middle = top + row.height_px * scale / 2
        if row.entry is not None and row.shape is not None:
            picture = sign(row.shape, row.entry.parts, row.entry.colour_of, size=_SIGN, scale=scale)
            image.paste(picture, (_EDGE * scale, round(middle - picture.height / 2)))
        font = _font(BOLD if row.is_bold else FONT, row.letters_px * scale)
        draw.text((row.left_px * scale, middle), row.text, fill=INK, font=font, anchor="lm")
        top += row.height_px * scale
    content = io.BytesIO()
    image.save(content, "PNG", optimize=True)
    return content.getvalue()


def _rows(layer: Layer, entries: Sequence[LegendEntry], language: str) -> Iterator[_Row]:
    if len(entries) != 1:
        title = layer.title_en if language == "en" else layer.title_vi
        yield _Row(title, *_TITLE, is_bold=True)
    for group, members in groupby(entries, key=lambda entry: entry.group):
        if group:
            yield _Row(group_title(group, language), *_HEADING, is_bold=True)
        for entry in members:
            yield _Row(entry.title(language), *_ENTRY, False, layer.shape, entry)


def group_title(group: str, language: str) -> str:
    """Return a heading of the reference table in a language."""
    key = f"legend.group.{group.lower().replace(' ', '-')}"
    with override(language):
        text = gettext(key)
    # A heading that the catalogues do not know stays as the table has it.
    return group if text == key else text


@lru_cache(maxsize=16)
def _font(name: str, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS[name]), size_px)
