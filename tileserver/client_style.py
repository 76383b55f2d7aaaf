"""The drawing of a layer for our own web client: the rules of its style as they stand, as JSON.

The client compiles them for OpenLayers (webmap/client/map/drawing.ts).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tileserver.glyphs import BOX, GLYPHS
from tileserver.patterns import PATTERNS
from tileserver.style import GROUND, AtLeast, Condition, Is, Part

if TYPE_CHECKING:
    from tileserver.layer import Layer
    from tileserver.style import Label, Rule


def drawing(layer: Layer) -> dict[str, Any]:
    """Return the rules of a layer; keys that are missing have no value."""
    return {
        "rules": [_rule(rule) for rule in layer.style.rules],
        # A client that shows one value at a time says which.
        "split_by": layer.split_by[0] if layer.split_by else None,
        "is_labelled_once": layer.is_labelled_once,
    }


def figures() -> dict[str, Any]:
    """Return what rules name: figures that fill surfaces, and those that stand on badges."""
    return {
        "ground": GROUND,
        "patterns": {
            pattern.id: {
                "width": pattern.whole_width,
                "height": pattern.height,
                "line_px": pattern.line_px,
                "strokes": pattern.repeated,
            }
            for pattern in PATTERNS.values()
        },
        "glyphs": {"box": BOX, "rings": GLYPHS},
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "when": [_condition(condition) for condition in rule.when],
        "draw": [_part(part) for part in rule.draw],
        "label": _label(rule.label) if rule.label else None,
    }


def _condition(condition: Condition) -> dict[str, Any]:
    match condition:
        case Is():
            return {"attribute": condition.attribute, "values": list(condition.values)}
        case AtLeast():
            return {"attribute": condition.attribute, "least": condition.least}


def _part(part: Part) -> dict[str, Any]:
    return {"kind": type(part).__name__.lower()} | _said(part)


def _label(label: Label) -> dict[str, Any]:
    return _said(label) | {"place": label.place.value}


def _said(part: Part) -> dict[str, Any]:
    return {name: value for name, value in asdict(part).items() if value is not None}
