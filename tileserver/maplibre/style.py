"""The style document of one layer, or of the whole map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tileserver.layer import Shape
from tileserver.maplibre import expressions as ex
from tileserver.passes import passes
from tileserver.style import GROUND, Fill, Hatch, Label, Line, Mark, Part, Place, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tileserver.layer import Layer
    from tileserver.passes import Stroke

#: The spec's version of style documents.
VERSION = 8
FONT, BOLD = "Noto Sans Regular", "Noto Sans Bold"
#: MapLibre has no higher zoom.
_LAST_ZOOM = 24

Json = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """What a document is written with: the absolute address of our root, and the language."""

    base: str
    language: str


def document(layers: Sequence[Layer], title: str, written: Written) -> Json:
    """Return the style of some layers, the first lowest. Names stand above all that is drawn."""
    shown = [layer for layer in layers if layer.shape is not Shape.RASTER]
    return {
        "version": VERSION,
        "name": title,
        "sprite": f"{written.base}styles/sprite",
        "glyphs": f"{written.base}styles/fonts/{{fontstack}}/{{range}}.pbf",
        "sources": {layer.id: _source(layer, written) for layer in shown},
        "layers": [
            {"id": "ground", "type": "background", "paint": {"background-color": GROUND}},
            *(drawn for layer in shown for drawn in _drawn(layer)),
            *_letters(shown, written.language),
        ],
    }


def _source(layer: Layer, written: Written) -> Json:
    source: Json = {
        "type": "vector",
        "tiles": [f"{written.base}tiles/{layer.id}/{{z}}/{{x}}/{{y}}.pbf"],
        "minzoom": layer.min_zoom,
        "maxzoom": layer.max_zoom,
    }
    return source | ({"attribution": layer.attribution} if layer.attribution else {})


def _drawn(layer: Layer) -> Iterator[Json]:
    """Return what draws a layer. Values of `split_by` lie above each other as in pictures."""
    if layer.shape is Shape.LINE:
        yield from _lines(layer)
    elif layer.split_by is None:
        yield from _parts(layer, layer.style.rules, layer.id, True)
    else:
        column, values = layer.split_by
        for value in values:
            rules = layer.style.rules_where(column, value)
            yield from _parts(layer, rules, f"{layer.id}-{value}", ["==", ["get", column], value])


def _lines(layer: Layer) -> Iterator[Json]:
    """Return the strokes of all rules pass by pass, in each the first rule highest."""
    rules = layer.style.rules
    by_rule = [passes(rule) for rule in rules]
    for at in range(max(map(len, by_rule), default=0)):
        for number in reversed(range(len(rules))):
            strokes = by_rule[number][at] if at < len(by_rule[number]) else ()
            for place, stroke in enumerate(strokes):
                cap = "butt" if stroke.part.dash else "round"
                yield _layer(
                    layer,
                    f"{layer.id}-{at}-{number}-{place}",
                    "line",
                    stroke.part,
                    ex.met(rules, number),
                    paint=_stroke(stroke),
                    layout={"line-cap": cap, "line-join": "round"},
                )


def _parts(layer: Layer, rules: Sequence[Rule], name: str, only: ex.Expression) -> Iterator[Json]:
    """Return each part once, with a filter for all rules that draw it."""
    for place, part in enumerate(_in_order(rules)):
        numbers = [number for number, rule in enumerate(rules) if part in rule.draw]
        filtered = ex.every(only, _met_one(rules, numbers))
        own = f"{name}-{place}"
        match part:
            case Fill():
                if part.hides:
                    paint: Json = {"fill-color": GROUND, "fill-antialias": False}
                    yield _layer(layer, f"{own}-ground", "fill", part, filtered, paint=paint)
                paint = {"fill-color": ex.colour(part.colour), "fill-opacity": part.opacity / 100}
                yield _layer(layer, own, "fill", part, filtered, paint=paint)
            case Hatch():
                paint = {"fill-pattern": ex.image(part.pattern, part.colour)}
                yield _layer(layer, own, "fill", part, filtered, paint=paint)
            case Line():
                for at, done in enumerate(passes(Rule(draw=(part,)))):
                    for stroke in done:
                        paint = _stroke(stroke)
                        yield _layer(layer, f"{own}-{at}", "line", part, filtered, paint=paint)
            case Mark():
                layout: Json = {"icon-image": badge_name(part), "icon-allow-overlap": True}
                yield _layer(layer, own, "symbol", part, filtered, layout=layout)


def badge_name(mark: Mark) -> str:
    """Return how the sprite names a badge."""
    return f"{mark.glyph}-{mark.colour[1:]}-{mark.size_px:g}"


def _met_one(rules: Sequence[Rule], numbers: Sequence[int]) -> ex.Expression:
    if len(numbers) == len(rules) and not rules[-1].when:
        return True
    return ex.any_of([ex.met(rules, number) for number in numbers])


def _in_order(rules: Sequence[Rule]) -> list[Part]:
    """Return the parts of all rules, each once, so that every rule finds its own in order."""
    found: list[Part] = []
    for rule in rules:
        for place, part in enumerate(rule.draw):
            if part in found:
                continue
            above = [found.index(later) for later in rule.draw[place + 1 :] if later in found]
            found.insert(min(above, default=len(found)), part)
    return found


def _stroke(stroke: Stroke) -> Json:
    paint: Json = {"line-color": ex.colour(stroke.colour), "line-width": ex.width(stroke)}
    if stroke.part.opacity < 100:
        paint["line-opacity"] = stroke.part.opacity / 100
    if stroke.part.dash:
        # Counted in widths of the line.
        least = stroke.part.width_px + stroke.added_px
        paint["line-dasharray"] = [round(length / least, 3) for length in stroke.part.dash]
    return paint


def _letters(layers: Sequence[Layer], language: str) -> list[Json]:
    """Return the names of all layers; the last of two that want one place gets it."""
    found = [
        (rule.label.priority, layer, number, rule)
        for layer in layers
        for number, rule in enumerate(layer.style.rules)
        if rule.label is not None
    ]
    merged: dict[tuple[str, Label], tuple[int, Layer, list[int], Rule]] = {}
    for priority, layer, number, rule in found:
        if rule.label is not None:
            key = (layer.id, rule.label)
            merged.setdefault(key, (priority, layer, [], rule))[2].append(number)
    written = sorted(merged.values(), key=lambda one: one[0])
    return [_names(layer, numbers, rule, language) for _, layer, numbers, rule in written]


def _names(layer: Layer, numbers: list[int], rule: Rule, language: str) -> Json:
    label, rules = rule.label, layer.style.rules
    assert label is not None  # noqa: S101 - chosen by the caller
    found = _met_one(rules, numbers)
    once = ["==", ["get", "label_here"], True] if layer.is_labelled_once else True
    # What is not drawn has no name.
    column, values = layer.split_by or ("", ())
    seen = ["in", ["get", column], ["literal", list(values)]] if column else True
    layout: Json = {
        "text-field": ex.words(label, language),
        "text-font": [BOLD if label.bold else FONT],
        "text-size": label.size_px,
        "text-padding": 3,
    }
    if label.place is Place.ALONG:
        layout |= {
            "symbol-placement": "line",
            "symbol-spacing": max(label.apart_px, 250),
            "text-max-angle": 35,
        }
    if label.place is Place.BESIDE:
        marks = [part.size_px for part in rule.draw if isinstance(part, Mark)]
        away = (max(marks, default=0) / 2 + 2) / label.size_px
        layout |= {"text-anchor": "top", "text-offset": [0, round(away, 2)]}
    paint = {
        "text-color": label.colour,
        "text-halo-color": label.halo,
        "text-halo-width": 1.5,
    }
    name = f"{layer.id}-names-{numbers[0]}"
    return _layer(
        layer, name, "symbol", label, ex.every(found, once, seen), paint=paint, layout=layout
    )


def _layer(
    layer: Layer,
    name: str,
    kind: str,
    part: Part,
    filtered: ex.Expression,
    *,
    paint: Json | None = None,
    layout: Json | None = None,
) -> Json:
    made: Json = {
        "id": name,
        "type": kind,
        "source": layer.id,
        "source-layer": layer.id,
        "minzoom": max(part.from_zoom or 0, layer.min_zoom),
        "maxzoom": _LAST_ZOOM if part.to_zoom is None else part.to_zoom,
    }
    made |= {"filter": filtered} if filtered is not True else {}
    made |= {"layout": layout} if layout else {}
    return made | ({"paint": paint} if paint else {})
