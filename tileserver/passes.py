"""In which order lines are drawn, so that streets open into each other where they meet.

MapServer draws all strokes of one line before the next line. So a statement for lines gives each
row once for every pass, and a class draws the strokes of one rule in one pass: first all casings,
then all that lies in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tileserver.style import Line

if TYPE_CHECKING:
    from tileserver.layer import Layer
    from tileserver.style import Rule


@dataclass(frozen=True)
class Stroke:
    """One line of one colour; `added_px` is what a casing adds on both sides together."""

    part: Line
    colour: str
    added_px: float = 0.0

    def meets(self, other: Stroke) -> bool:
        """Say whether there is a zoom at which both are drawn."""
        return _window(self)[0] < _window(other)[1] and _window(other)[0] < _window(self)[1]


def passes(rule: Rule) -> list[list[Stroke]]:
    """Return the strokes of a rule for each pass: one lies above all earlier that it meets."""
    found: list[list[Stroke]] = []
    for stroke in _strokes(rule):
        below = [number for number, done in enumerate(found) if any(map(stroke.meets, done))]
        number = below[-1] + 1 if below else 0
        if number == len(found):
            found.append([])
        found[number].append(stroke)
    return found


def number_of_passes(layer: Layer) -> int:
    """Return how often the rows of a layer of lines are drawn."""
    return max((len(passes(rule)) for rule in layer.style.rules), default=1)


def _strokes(rule: Rule) -> list[Stroke]:
    strokes = []
    for part in rule.draw:
        if isinstance(part, Line):
            if part.casing is not None:
                strokes.append(Stroke(part, part.casing, 2 * part.casing_px))
            strokes.append(Stroke(part, part.colour))
    return strokes


def _window(stroke: Stroke) -> tuple[float, float]:
    part = stroke.part
    first = float("-inf") if part.from_zoom is None else part.from_zoom
    return first, float("inf") if part.to_zoom is None else part.to_zoom
