"""The conditions, colours and widths of a style in MapLibre's expressions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tileserver.style import AtLeast, Condition, Is, resolution

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tileserver.passes import Stroke
    from tileserver.style import Label, Rule

#: An expression, or a value that stands for itself.
Expression = Any

#: Zooms at which a true width is told; between two of them it doubles.
_WIDTH_ZOOMS = range(8, 23)
#: A metre on the ground of Viet Nam's middle (16° north) in metres of EPSG:3857. Expressions cannot
#: ask where a feature lies; from Cà Mau to Hà Giang this is within 4 %.
_STRETCH = 1 / math.cos(math.radians(16))


def met(rules: Sequence[Rule], number: int) -> Expression:
    """Return the filter of features that meet a rule, and none before it. True for all."""
    before = [_all(rule.when) for rule in rules[:number]]
    own = _all(rules[number].when)
    # Rules whose first condition excludes each other need not be named.
    needed = [
        ["!", condition]
        for rule, condition in zip(rules, before, strict=False)
        if not _excluded(rule, rules[number])
    ]
    return _every([*([own] if own is not True else []), *needed])


def any_of(filters: Sequence[Expression]) -> Expression:
    """Return the filter of features that one of some filters lets through."""
    if any(one is True for one in filters):
        return True
    return filters[0] if len(filters) == 1 else ["any", *filters]


def every(*filters: Expression) -> Expression:
    """Return the filter of features that all of some filters let through."""
    return _every([one for one in filters if one is not True])


def colour(text: str) -> Expression:
    """Return a colour of a part."""
    return ["to-color", ["get", text[1:-1]], "#bfbfbf"] if text.startswith("[") else text


def image(name: str, text: str) -> Expression:
    """Return the name of a figure in a colour, as the sprite has it."""
    if text.startswith("["):
        return ["concat", f"{name}-", ["slice", ["get", text[1:-1]], 1]]
    return f"{name}-{text[1:]}"


def width(stroke: Stroke) -> Expression:
    """Return the width of a stroke in pixels, true to the ground where the data know it."""
    least = stroke.part.width_px + stroke.added_px
    if stroke.part.width_from is None:
        return least
    metres = ["to-number", ["get", stroke.part.width_from], 0]
    stops: list[Expression] = []
    for zoom in _WIDTH_ZOOMS:
        per_metre = round(_STRETCH / resolution(zoom), 6)
        stops += [zoom, ["max", least, ["+", ["*", metres, per_metre], stroke.added_px]]]
    return ["interpolate", ["exponential", 2], ["zoom"], *stops]


def words(label: Label, language: str) -> Expression:
    """Return the text of a label; in English the English one where there is one."""
    own = ["to-string", ["get", label.attribute]]
    if language != "en" or label.english is None:
        return own
    english = ["to-string", ["get", label.english]]
    return ["case", ["==", english, ""], own, english]


def _excluded(one: Rule, other: Rule) -> bool:
    """Say whether no feature can meet both: they want different values of one attribute."""
    return any(
        isinstance(a, Is)
        and isinstance(b, Is)
        and a.attribute == b.attribute
        and not set(a.values) & set(b.values)
        for a in one.when
        for b in other.when
    )


def _all(conditions: Sequence[Condition]) -> Expression:
    return _every([_condition(condition) for condition in conditions])


def _every(filters: Sequence[Expression]) -> Expression:
    if not filters:
        return True
    return filters[0] if len(filters) == 1 else ["all", *filters]


def _condition(condition: Condition) -> Expression:
    value = ["get", condition.attribute]
    match condition:
        case Is():
            return ["in", value, ["literal", list(condition.values)]]
        case AtLeast():
            return [
                "all",
                ["has", condition.attribute],
                [">=", ["to-number", value, condition.least - 1], condition.least],
            ]
