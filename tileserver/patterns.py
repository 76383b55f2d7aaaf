"""Figures that surfaces are filled with: strokes in a cell that is repeated in both directions.

The regulation on planning drawings names hatches in words only, as AutoCAD's libraries of hatches
do (TT 16/2025/TT-BXD, Annex I, in the transcription of fixtures/reference/plan_functions_tt16.csv,
column `hatch_hint`). The strokes are our reading of these words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

Point = tuple[float, float]
Stroke = tuple[Point, Point]


@dataclass(frozen=True)
class Family:
    """Parallel lines through the cell's corner: what MapServer calls a hatch."""

    #: Degrees from the east, anticlockwise, below 180.
    angle: float
    #: Between two neighbours, at right angles, in pixels.
    spacing_px: float


@dataclass(frozen=True)
class Pattern:
    """Strokes in a cell; coordinates are pixels, the first to the right, the second downwards."""

    id: str
    width: float
    height: int
    strokes: tuple[Stroke, ...]
    #: So many cells beside each other are whole pixels wide.
    across: int = 1
    line_px: float = 1.0

    @property
    def whole_width(self) -> int:
        """Width in whole pixels of the least picture that can be repeated."""
        return round(self.width * self.across)

    @property
    def repeated(self) -> tuple[Stroke, ...]:
        """The strokes of all cells of that picture."""
        return tuple(
            tuple((x + cell * self.width, y) for x, y in stroke)  # type: ignore[misc] # two points
            for cell in range(self.across)
            for stroke in self.strokes
        )

    @property
    def families(self) -> tuple[Family, ...] | None:
        """The straight lines that the strokes join to, None where they are other figures.

        A stroke is part of a line that crosses all cells if it runs from corner to corner or along
        an edge.
        """
        found = tuple(self._family(stroke) for stroke in self.strokes)
        whole = tuple(family for family in found if family is not None)
        return whole if len(whole) == len(found) else None

    def _family(self, stroke: Stroke) -> Family | None:
        (x1, y1), (x2, y2) = stroke
        right, up = x2 - x1, y1 - y2
        corners = {(x, y) for x in (0, self.width) for y in (0, self.height)}
        if not {(x1, y1), (x2, y2)} <= corners:
            return None
        if up == 0:
            return Family(0.0, self.height)
        if right == 0:
            return Family(90.0, self.width)
        angle = math.degrees(math.atan2(up, right)) % 180
        return Family(angle, self.width * self.height / math.hypot(self.width, self.height))


_NET: Final = 128 / 7
_ACROSS: Final = ((0.0, 16.0), (16.0, 0.0))
_BACK: Final = ((0.0, 0.0), (16.0, 16.0))

#: How wide and high the repeated pictures are divides 512: tiles of that size fit together.
PATTERNS: Final[dict[str, Pattern]] = {
    pattern.id: pattern
    for pattern in (
        Pattern("slashes", 8, 8, (((0, 8), (8, 0)),)),
        Pattern("backslashes", 8, 8, (((0, 0), (8, 8)),)),
        Pattern("level", 16, 8, (((0, 0), (16, 0)),)),
        Pattern("upright", 8, 16, (((0, 0), (0, 16)),)),
        Pattern("upright-slashes", 16, 16, (((0, 0), (0, 16)), _ACROSS)),
        Pattern("crossed", 16, 16, (_ACROSS, _BACK)),
        # Seven cells are 128 pixels wide; their diagonals stand at 60.3°.
        Pattern(
            "net",
            _NET,
            32,
            (((0, 0), (_NET, 0)), ((0, 32), (_NET, 0)), ((0, 0), (_NET, 32))),
            across=7,
        ),
        Pattern(
            "triangles",
            16,
            16,
            (((3, 12), (8, 4)), ((8, 4), (13, 12)), ((13, 12), (3, 12))),
        ),
        Pattern(
            "herringbone",
            16,
            16,
            tuple(
                stroke
                for y in (0, 8)
                for stroke in (
                    ((0.0, y + 8.0), (8.0, float(y))),
                    ((8.0, float(y)), (16.0, y + 8.0)),
                )
            ),
        ),
    )
}

#: The hatch that the words of the regulation's annex mean. "plain/brick" leaves the choice: plain,
#: since housing covers most of a town and its plots are drawn on it.
OF_WORDS: Final[dict[str, str]] = {
    "vertical lines with slashes": "upright-slashes",
    "herringbone": "herringbone",
    "triangles": "triangles",
    "triangular net": "net",
    "double cross-hatch": "crossed",
}
#: Functions whose prescribed colour another one has too, or nearly, and whose hatch our
#: transcription of the annex lacks. The hatch is our choice: sports grounds, roads and rivers stay
#: plain.
OF_TWINS: Final[dict[str, str]] = {
    "DAT_Cayxanhhanche": "slashes",
    "DAT_HTKT_Baidoxe": "backslashes",
    "DAT_HTKT_Nghiatrang": "upright",
    "DAT_KHAC_Matnuocbien": "level",
}


def hatch_sql(words: str, code: str) -> str:
    """Return SQL for the figure of a function: from its words in the annex, else from its code."""
    cases = [
        *(f"WHEN {words} = '{text}' THEN '{figure}'" for text, figure in OF_WORDS.items()),
        *(f"WHEN {code} = '{name}' THEN '{figure}'" for name, figure in OF_TWINS.items()),
    ]
    return f"CASE {' '.join(cases)} ELSE '' END"
