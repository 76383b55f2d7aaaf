"""The rules of a style as MapServer's classes, styles and labels.

Which rule a feature meets is decided in SQL (`sources.RULE`), so that a missing value means the
same everywhere and no text of others is ever part of a MapServer expression.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tileserver.layer import Shape
from tileserver.mapserver.mapfile.sources import LETTERS_COLUMN, RULE, width_column
from tileserver.mapserver.mapfile.twins import denominator, is_true_to_width
from tileserver.passes import Stroke, number_of_passes, passes
from tileserver.patterns import PATTERNS
from tileserver.style import GROUND, HALO, Fill, Hatch, Label, Line, Mark, Part, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tileserver.layer import Layer
    from tileserver.style import Rule

FONT, BOLD = "noto", "noto-bold"
#: The badge below a glyph.
BADGE = "badge"
#: Share of a badge that its glyph takes.
GLYPH_SHARE = 0.62
#: A true width ends nowhere; MapServer's own limit is 32 pixels.
_WIDEST_PX = 4096
#: No further than this may letters on a bent line turn, in degrees from one to the next.
_BEND = 22.5


def drawn(layer: Layer) -> list[str]:
    """Return the body of a LAYER that draws a layer; with its letters, unless these are apart."""
    if is_true_to_width(layer):
        # In a layer whose widths are metres the letters would be metres high too.
        return ["    SIZEUNITS METERS", *_classes(layer, letters=False)]
    return _classes(layer, letters=True)


def lettered(layer: Layer) -> list[str]:
    """Return the body of a LAYER that draws the letters alone."""
    return _classes(layer, letters=True, strokes=False)


def _classes(layer: Layer, *, letters: bool, strokes: bool = True) -> list[str]:
    labelled = letters and any(rule.label for rule in layer.style.rules)
    lines = [f'    LABELITEM "{LETTERS_COLUMN}"'] if labelled else []
    lines.append(f'    CLASSITEM "{RULE}"')
    for number, rule in enumerate(layer.style.rules):
        label = _label(rule.label, rule) if letters and rule.label else []
        if not strokes:
            lines += _class(f"{number}", label) if label else []
        elif layer.shape is Shape.LINE:
            lines += _lines(layer, number, label)
        else:
            lines += _class(f"{number}", [*_parts(rule), *label])
    return lines


def _lines(layer: Layer, number: int, label: list[str]) -> list[str]:
    """Return a class for each pass; the letters come with the last."""
    rule = layer.style.rules[number]
    last = number_of_passes(layer)
    drawn_in = passes(rule)
    lines = []
    for at in range(1, last + 1):
        strokes = drawn_in[at - 1] if at <= len(drawn_in) else []
        lines += _class(
            f"{number}.{at}" if last > 1 else f"{number}",
            [
                *(text for stroke in strokes for text in _stroke(layer, stroke)),
                *(label if at == last else ()),
            ],
        )
    return lines


def _class(value: str, body: Iterable[str]) -> list[str]:
    return ["    CLASS", f'      EXPRESSION "{value}"', *body, "    END"]


def _parts(rule: Rule) -> Iterable[str]:
    for part in rule.draw:
        match part:
            case Fill():
                yield from _fill(part)
            case Hatch():
                yield from _hatch(part)
            case Line():
                yield from _edge(part)
            case Mark():
                yield from _mark(part)


def _style(part: Part, *lines: str) -> list[str]:
    return ["      STYLE", *(f"        {line}" for line in (*lines, *_window(part))), "      END"]


def _window(part: Part) -> list[str]:
    """Return between which scales a part is drawn."""
    lines = []
    if part.from_zoom is not None:
        lines.append(f"MAXSCALEDENOM {denominator(part.from_zoom)}")
    if part.to_zoom is not None:
        lines.append(f"MINSCALEDENOM {denominator(part.to_zoom)}")
    return lines


def _fill(part: Fill) -> Iterable[str]:
    if part.hides:
        yield from _style(part, f'COLOR "{GROUND}"')
    yield from _style(part, f"COLOR {_colour(part.colour)}", *_opacity(part.opacity))


def _hatch(part: Hatch) -> Iterable[str]:
    pattern = PATTERNS[part.pattern]
    colour, width = f"COLOR {_colour(part.colour)}", f"WIDTH {pattern.line_px:g}"
    if pattern.families is None:
        yield from _style(part, f'SYMBOL "{pattern.id}"', colour, f"SIZE {pattern.height}", width)
        return
    for family in pattern.families:
        yield from _style(
            part,
            'SYMBOL "hatch"',
            colour,
            f"ANGLE {family.angle:.4f}",
            f"SIZE {family.spacing_px:.4f}",
            width,
        )


def _edge(part: Line) -> Iterable[str]:
    """Return the edge of a surface."""
    lines = [f"OUTLINECOLOR {_colour(part.colour)}", f"WIDTH {part.width_px:g}"]
    yield from _style(part, *lines, *_opacity(part.opacity), *_dashes(part))


def _stroke(layer: Layer, stroke: Stroke) -> Iterable[str]:
    part, width_px = stroke.part, stroke.part.width_px + stroke.added_px
    lines = [f"COLOR {_colour(stroke.colour)}", *_opacity(part.opacity)]
    if part.width_from is not None:
        column = width_column(part.width_from, stroke.added_px)
        lines += [f"WIDTH [{column}]", f"MINWIDTH {width_px:g}", f"MAXWIDTH {_WIDEST_PX}"]
    elif is_true_to_width(layer):
        # Here a bare width would be metres.
        lines += [f"{bound} {width_px:g}" for bound in ("WIDTH", "MINWIDTH", "MAXWIDTH")]
    else:
        lines.append(f"WIDTH {width_px:g}")
    caps = "BUTT" if part.dash else "ROUND"
    yield from _style(part, *lines, *_dashes(part), f"LINECAP {caps}", "LINEJOIN ROUND")


def _dashes(part: Line) -> list[str]:
    if not part.dash:
        return []
    return [f"PATTERN {' '.join(f'{length:g}' for length in part.dash)} END"]


def _mark(part: Mark) -> Iterable[str]:
    yield from _style(
        part,
        f'SYMBOL "{BADGE}"',
        f"COLOR {_colour(part.colour)}",
        f'OUTLINECOLOR "{HALO}"',
        "WIDTH 1.5",
        f"SIZE {part.size_px:g}",
    )
    yield from _style(
        part,
        f'SYMBOL "{part.glyph}"',
        f'COLOR "{part.ink}"',
        f"SIZE {part.size_px * GLYPH_SHARE:g}",
    )


def _label(label: Label, rule: Rule) -> list[str]:
    lines = [
        "TYPE TRUETYPE",
        f'FONT "{BOLD if label.bold else FONT}"',
        "ENCODING UTF-8",
        f"SIZE {label.size_px:g}",
        f'COLOR "{label.colour}"',
        f'OUTLINECOLOR "{label.halo}"',
        "OUTLINEWIDTH 3",
        "PARTIALS FALSE",
        "BUFFER 3",
        f"PRIORITY {label.priority}",
        f"MINDISTANCE {label.apart_px}",
        *(["MINFEATURESIZE AUTO"] if label.fits else []),
        *_place(label, rule),
        *_window(label),
    ]
    return ["      LABEL", *(f"        {line}" for line in lines), "      END"]


def _place(label: Label, rule: Rule) -> list[str]:
    if label.place is Place.ALONG:
        return ["ANGLE FOLLOW", f"MAXOVERLAPANGLE {_BEND}", "REPEATDISTANCE 500"]
    if label.place is Place.BESIDE:
        away = max((part.size_px for part in rule.draw if isinstance(part, Mark)), default=0.0)
        return ["POSITION LC", f"OFFSET 0 {round(away / 2) + 2}"]
    return ["POSITION CC"]


def _opacity(opacity: int) -> list[str]:
    return [f"OPACITY {opacity}"] if opacity < 100 else []


def _colour(colour: str) -> str:
    return colour if colour.startswith("[") else f'"{colour}"'
