"""How a layer is drawn, said once for MapServer, MapLibre, the web client and the legend.

Zooms are those of vector tiles, which are seen 512 pixels wide: at zoom z a pixel is
78,271.5 m / 2^z of EPSG:3857. They may be fractions. Sizes are CSS pixels, which MapServer draws
one to one. Colours are #rrggbb, or [name] for an attribute that holds one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What lies below everything: paper.
GROUND = "#f5f2ea"
#: Letters, and the halo that keeps them apart from what lies below.
INK, HALO = "#1b2a27", "#fffdf8"
#: Once around the equator in EPSG:3857 metres, over the width of a vector tile.
_METRES_A_PIXEL = 2 * 20_037_508.342789244 / 512


def resolution(zoom: float) -> float:
    """Return how many metres of EPSG:3857 a pixel is at a zoom.

    >>> round(resolution(15), 3)
    2.389
    """
    return float(_METRES_A_PIXEL / 2**zoom)


@dataclass(frozen=True)
class Is:
    """The attribute has one of these values."""

    attribute: str
    values: tuple[str, ...]

    def is_met(self, said: Mapping[str, object]) -> bool:
        """Say whether a feature with these attributes meets it; a missing value meets nothing."""
        return said.get(self.attribute) in self.values


@dataclass(frozen=True)
class AtLeast:
    """The attribute is a number, and not below this one."""

    attribute: str
    least: float

    def is_met(self, said: Mapping[str, object]) -> bool:
        """Say whether a feature with these attributes meets it; a missing value meets nothing."""
        value = said.get(self.attribute)
        return isinstance(value, int | float) and value >= self.least


Condition = Is | AtLeast


@dataclass(frozen=True, kw_only=True)
class Part:
    """Something that is drawn between two zooms: from the first on, up to but without the last."""

    from_zoom: float | None = None
    to_zoom: float | None = None

    def is_seen(self, zoom: float) -> bool:
        """Say whether it is drawn at a zoom."""
        if self.from_zoom is not None and zoom < self.from_zoom:
            return False
        return self.to_zoom is None or zoom < self.to_zoom


@dataclass(frozen=True, kw_only=True)
class Fill(Part):
    """A surface in one colour."""

    colour: str
    #: In hundredths.
    opacity: int = 100
    #: Whether the ground is painted first, so that it hides what lies below it.
    hides: bool = False


@dataclass(frozen=True, kw_only=True)
class Hatch(Part):
    """A surface filled with a figure of tileserver/patterns.py."""

    pattern: str
    colour: str


@dataclass(frozen=True, kw_only=True)
class Line(Part):
    """A stroke along a line or the edge of a surface."""

    colour: str
    width_px: float = 1.0
    #: Attribute that holds the true width in metres; `width_px` is then the least.
    width_from: str | None = None
    #: A wider line below all lines of the layer, of which so much is seen on each side.
    casing: str | None = None
    casing_px: float = 1.0
    #: Lengths of strokes and gaps, in pixels.
    dash: tuple[float, ...] = ()
    #: In hundredths.
    opacity: int = 100


@dataclass(frozen=True, kw_only=True)
class Mark(Part):
    """A figure of tileserver/glyphs.py in `ink` on a round badge."""

    glyph: str
    colour: str
    ink: str = "#ffffff"
    #: Across the badge.
    size_px: float = 16.0


class Place(Enum):
    """Where the letters stand."""

    INSIDE = "inside"
    ALONG = "along"
    BESIDE = "beside"


@dataclass(frozen=True, kw_only=True)
class Label(Part):
    """A text that never lies over another one: the one with the higher priority stays."""

    attribute: str
    #: Attribute to read instead in English, where it is not empty.
    english: str | None = None
    size_px: float = 11.0
    colour: str = INK
    halo: str = HALO
    bold: bool = False
    #: From 1 to 10.
    priority: int = 5
    place: Place = Place.INSIDE
    #: Whether it is left out where it is larger than what it names.
    fits: bool = False
    #: The same text stands again no nearer than this.
    apart_px: int = 150


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How the features are drawn that meet all conditions, and no rule before this one.

    Parts lie above each other, the first lowest. Without a title it is not in the legend.
    """

    draw: tuple[Part, ...] = ()
    when: tuple[Condition, ...] = ()
    label: Label | None = None
    title_vi: str = ""
    title_en: str = ""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A legend from the data: one entry for each pair of group and value that is in force.

    Titles are attributes; `group`, `order` and `symbol` are SQL like that of an attribute.
    """

    value: str
    title_vi: str
    title_en: str
    group: str
    order: str
    #: Stands before the title.
    symbol: str = "''"


@dataclass(frozen=True, kw_only=True)
class Style:
    """The rules of a layer in the order in which they are asked; among lines the last lies lowest.

    `listing` replaces the titles of the rules in the legend.
    """

    rules: tuple[Rule, ...]
    listing: Listing | None = None

    def rule_for(self, said: Mapping[str, object]) -> Rule | None:
        """Return the rule by which a feature with these attributes is drawn, None for no rule."""
        for rule in self.rules:
            if all(condition.is_met(said) for condition in rule.when):
                return rule
        return None

    def rules_where(self, attribute: str, value: str) -> tuple[Rule, ...]:
        """Return the rules that features with a value can meet, without that condition."""
        return tuple(
            replace(rule, when=tuple(one for one in rule.when if one.attribute != attribute))
            for rule in self.rules
            if all(
                one.is_met({attribute: value}) for one in rule.when if one.attribute == attribute
            )
        )

    @property
    def is_filled(self) -> bool:
        """Whether surfaces have a colour, and not only an edge."""
        return any(isinstance(part, Fill) for rule in self.rules for part in rule.draw)

    @property
    def colour_attributes(self) -> frozenset[str]:
        """Names of the attributes that hold colours."""
        return frozenset(
            colour[1:-1]
            for rule in self.rules
            for part in rule.draw
            for colour in colours_of(part)
            if colour.startswith("[")
        )

    @property
    def attributes(self) -> frozenset[str]:
        """Names of all attributes that drawing needs."""
        names = set(self.colour_attributes)
        for rule in self.rules:
            names |= {condition.attribute for condition in rule.when}
            if rule.label is not None:
                names |= {rule.label.attribute, rule.label.english or rule.label.attribute}
            names |= {
                part.width_from
                for part in rule.draw
                if isinstance(part, Line) and part.width_from is not None
            }
        return frozenset(names)


def colours_of(part: Part) -> list[str]:
    """Return the colours of a part."""
    match part:
        case Fill() | Hatch() | Mark():
            return [part.colour]
        case Line():
            return [part.colour, *([part.casing] if part.casing else [])]
    return []


def plain(
    *,
    fill: str | None = None,
    outline: str | None = None,
    width_px: float = 1.0,
    opacity: int = 100,
    dash: tuple[float, ...] = (),
    label: Label | None = None,
) -> Style:
    """Return a style that draws every feature alike: a surface, an edge, or both."""
    parts: list[Part] = []
    if fill is not None:
        parts.append(Fill(colour=fill, opacity=opacity))
    if outline is not None:
        parts.append(Line(colour=outline, width_px=width_px, dash=dash))
    return Style(rules=(Rule(draw=tuple(parts), label=label),))


def marked(*, glyph: str, colour: str, label: Label | None = None, size_px: float = 16.0) -> Style:
    """Return a style that draws every point alike."""
    return Style(
        rules=(Rule(draw=(Mark(glyph=glyph, colour=colour, size_px=size_px),), label=label),)
    )
