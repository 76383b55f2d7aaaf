"""MapServer's symbols: hatches, figures that fill, badges and what stands on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tileserver.glyphs import GLYPHS
from tileserver.mapserver.mapfile.classes import BADGE
from tileserver.patterns import PATTERNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tileserver.glyphs import Ring
    from tileserver.patterns import Pattern

#: How MapServer writes that the pen is lifted.
_LIFTED = "-99 -99"


def symbols() -> str:
    """Return every SYMBOL that a class may name."""
    blocks = [
        _symbol("hatch", "HATCH"),
        _symbol(BADGE, "ELLIPSE", "FILLED TRUE", "POINTS 1 1 END"),
        *(_figure(pattern) for pattern in PATTERNS.values() if pattern.families is None),
        *(_glyph(name, rings) for name, rings in GLYPHS.items()),
    ]
    return "\n".join(blocks)


def _figure(pattern: Pattern) -> str:
    # The corners of the cell hold its size; a lone point draws nothing.
    corners = [[(0.0, 0.0)], [(float(pattern.width), float(pattern.height))]]
    return _symbol(pattern.id, "VECTOR", "FILLED FALSE", _points([*pattern.strokes, *corners]))


def _glyph(name: str, rings: tuple[Ring, ...]) -> str:
    return _symbol(name, "VECTOR", "FILLED TRUE", _points([(*ring, ring[0]) for ring in rings]))


def _points(strokes: Iterable[Iterable[tuple[float, float]]]) -> str:
    written = (" ".join(f"{x:g} {y:g}" for x, y in stroke) for stroke in strokes)
    return f"POINTS {f' {_LIFTED} '.join(written)} END"


def _symbol(name: str, kind: str, *lines: str) -> str:
    body = (f'NAME "{name}"', f"TYPE {kind}", *lines)
    return "\n".join(["  SYMBOL", *(f"    {line}" for line in body), "  END"])
