"""Sketches of the examples in the catalogue of conflicts, from the data that the tests use.

Everything is worked out once in a process: the catalogue does not change while it runs.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from planning.conflict_rules import CATALOGUE, rules_by_code
from planning.conflicts.engine import judge
from planning.conflicts.examples import Reference, example_facts
from planning.corridors.table import read_rules as read_corridor_rules
from planning.norms import read_norms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

    from planning.conflicts.facts import Facts
    from planning.conflicts.records import Finding

#: Width of a sketch and the most that it may be tall, and the room around, in units of the picture.
WIDTH: Final = 320.0
_TALLEST: Final = 260.0
_ROOM: Final = 14.0
_LEAST_TALL: Final = 90.0
#: Longest bar of the scale, as a share of the width.
_BAR: Final = 0.3
#: Corners closer to a line than this are on it, in units of the picture.
_DETAIL: Final = 0.15
#: Height of a line of letters, and which names stand at the top (-1) or at the bottom (1).
_LABEL: Final = 12.0
_LETTER: Final = 6.6
_LABEL_AT: Final = {"above": -1, "plan": -1, "parcel": 1, "item": 1}
#: More cells of a grid are not drawn one by one.
_MOST_CELLS: Final = 2_500


#: Class of a shape → pattern of the page that fills it. A style sheet cannot name them: an address
#: there counts from the sheet.
_PATTERNS: Final = {
    "zone": "zone-dots",
    "corridor": "corridor-lines",
    "conflict": "conflict-hatch",
    "place": "conflict-hatch",
    "cell-unknown": "unknown-cross",
}


def pattern_of(kind: str) -> str:
    """Return the value of `fill` for shapes of a class, "" where the style sheet says it."""
    return f"url(#{_PATTERNS[kind]})" if kind in _PATTERNS else ""


@dataclass(frozen=True)
class Mark:
    """One shape of a sketch: `kind` is the class by which the page draws it, `d` its path."""

    kind: str
    d: str
    label: str = ""
    x: float = 0.0
    y: float = 0.0

    @property
    def fill(self) -> str:
        """What fills it where a pattern does."""
        return pattern_of(self.kind)


@dataclass(frozen=True)
class Sketch:
    """A drawing with its bar of scale, and what the rule finds in it."""

    marks: tuple[Mark, ...]
    width: float
    height: float
    bar: float
    bar_m: float
    findings: tuple[Finding, ...]
    #: Key and function of the zones, for the words below the drawing.
    zones: tuple[tuple[str, str], ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """What kinds of things it shows, each once."""
        return tuple(dict.fromkeys(mark.kind for mark in self.marks))


@lru_cache(maxsize=512)
def sketch_of(code: str, which: str) -> Sketch:
    """Return the sketch of an example ("violates" or "clean") of a rule."""
    rule = rules_by_code()[code]
    example = rule.violates if which == "violates" else rule.clean
    facts = example_facts(example, _reference())
    found = tuple(judge(facts, [rule]))
    return _drawn(facts, example, found)


@lru_cache(maxsize=1)
def _reference() -> Reference:
    folder = CATALOGUE.parent

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return Reference(
        norms=read_norms(rows("planning_norms.csv")),
        service_norms=rows("service_radii.csv"),
        corridor_rules=read_corridor_rules(folder),
    )


@lru_cache(maxsize=1)
def function_names() -> Mapping[str, tuple[str, str]]:
    """Return the names (vi, en) of functions, and of codes of land use, by code."""
    found: dict[str, tuple[str, str]] = {}
    with (CATALOGUE.parent / "plan_functions_tt16.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["layer_suffix_zoning_plan"]] = (row["name_vi"], row["name_en"])
    return found


def _drawn(facts: Facts, example: Mapping[str, Any], found: tuple[Finding, ...]) -> Sketch:
    shapes = list(_shapes(facts, example, found))
    # Corridors reach far beyond what they are about: the drawing ends before them.
    core = [shape for kind, shape, _ in shapes if kind != "corridor"]
    bounds = shapely.total_bounds(core or [shape for _, shape, _ in shapes])
    if np.isnan(bounds).any():
        bounds = np.array([0.0, 0.0, 1.0, 1.0])
    shapes = [
        (kind, _cut(shape, bounds) if kind == "corridor" else shape, label)
        for kind, shape, label in shapes
    ]
    west, south, east, north = bounds
    wide, tall = max(east - west, 1.0), max(north - south, 1.0)
    scale = min((WIDTH - 2 * _ROOM) / wide, (_TALLEST - 2 * _ROOM) / tall)
    height = max(_LEAST_TALL, tall * scale + 2 * _ROOM)
    top = (height - tall * scale) / 2
    left = (WIDTH - wide * scale) / 2

    def move(points: Any) -> Any:
        return np.column_stack(
            ((points[:, 0] - west) * scale + left, (north - points[:, 1]) * scale + top)
        )

    marks = tuple(
        _mark(kind, shapely.transform(shape, move), label) for kind, shape, label in shapes
    )
    bar_m = _round(WIDTH * _BAR / scale)
    zones = {
        str(key): str(function)
        for key, function in zip(facts.zones.key, facts.zones.function, strict=True)
    }
    return Sketch(
        marks,
        WIDTH,
        round(height, 1),
        round(bar_m * scale, 1),
        bar_m,
        found,
        tuple(zones.items()),
    )


def _cut(shape: BaseGeometry, bounds: Any) -> BaseGeometry:
    """Return what of a shape may be seen; where it is cut lies outside the drawing."""
    reach = max(bounds[2] - bounds[0], bounds[3] - bounds[1], 1.0)
    seen: BaseGeometry = shapely.box(*bounds).buffer(reach, join_style="mitre")
    return shape.intersection(seen)


def _shapes(facts: Facts, example: Mapping[str, Any], found: tuple[Finding, ...]) -> Any:
    """Yield (kind, shape, label) from the bottom up."""
    for plan, entry in zip(facts.plans, example.get("plans", ()), strict=True):
        if "ground" in entry:
            yield "plan", plan.ground, str(plan.code)
    lowest = _lowest(facts)
    for key, shape, row in zip(facts.zones.key, facts.zones.shape, facts.zones.plan, strict=True):
        yield ("zone" if row in lowest else "above"), shape, str(key)
    for grid in facts.grids:
        yield from _cells(grid)
    for corridor in facts.corridors:
        if corridor.certain is not None and not corridor.certain.is_empty:
            yield "corridor", corridor.certain, ""
    for name, table in (
        ("parcel", facts.parcels),
        ("building", facts.buildings),
        ("item", facts.items),
        ("line", facts.control_lines),
        ("road", facts.roads),
    ):
        if table is not None:
            for key, shape in zip(table.key, table.shape, strict=True):
                if shape is not None:
                    yield name, shape, str(key) if name in ("parcel", "item") else ""
    for source in facts.objects:
        yield "object", source.shape, str(source.name)
    for finding in found:
        if finding.ground is not None and not finding.ground.is_empty:
            yield "conflict", finding.ground, ""
        else:
            yield "place", shapely.Point(finding.place), ""


def _lowest(facts: Facts) -> set[int]:
    """Return the plans that no other is below: they are drawn as surfaces, the rest as lines."""
    above = {plan.parent for plan in facts.plans if plan.parent}
    own = {row for row, plan in enumerate(facts.plans) if plan.code not in above}
    first = min(own, default=0)
    # Plans side by side are drawn alike; a draft over what is in force is not.
    codes = {facts.plans[row].code for row in own}
    return own if len(codes) == len(own) else {first}


def _cells(grid: Any) -> Any:
    if grid.cells.size > _MOST_CELLS:
        return
    known = grid.cells[~np.isnan(grid.cells)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    for row, column in np.ndindex(grid.cells.shape):
        value = grid.cells[row, column]
        west = grid.west + column * grid.cell_width
        north = grid.north - row * grid.cell_height
        cell = shapely.box(west, north - grid.cell_height, west + grid.cell_width, north)
        if np.isnan(value):
            yield "cell-unknown", cell, ""
        else:
            share = 0.0 if high == low else (float(value) - low) / (high - low)
            yield f"cell-{round(share * 4)}", cell, ""


def _mark(kind: str, shape: BaseGeometry, label: str) -> Mark:
    plain = shapely.simplify(shape, _DETAIL)
    parts = shapely.get_parts(shapely.get_parts(plain))
    d = " ".join(_path(part) for part in parts if not part.is_empty)
    x, y = 0.0, 0.0
    if label and not shape.is_empty:
        place = shapely.point_on_surface(shape)
        (x, y) = shapely.get_coordinates(place)[0].round(1).tolist()
        if kind in _LABEL_AT:
            # Zones of two plans lie on each other: their names must not.
            top, bottom = shape.bounds[1], shape.bounds[3]
            y = round(min(top + _LABEL, y) if _LABEL_AT[kind] < 0 else max(bottom - _LABEL, y), 1)
        half = _LETTER * len(label) / 2
        x = round(min(max(x, half), max(half, WIDTH - half)), 1)
    return Mark(kind, d, label, x, y)


def _path(part: BaseGeometry) -> str:
    if part.geom_type == "Point":
        x, y = shapely.get_coordinates(part)[0].round(1).tolist()
        return f"M{x - 4} {y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z"
    if part.geom_type == "Polygon":
        return " ".join(_points(ring) + "Z" for ring in shapely.get_rings(part))
    return _points(part)


def _points(line: BaseGeometry) -> str:
    points = shapely.get_coordinates(line).round(1).tolist()
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _round(metres: float) -> float:
    """Return a round length that is no longer than this."""
    power = 10.0 ** np.floor(np.log10(metres))
    return float(max(n * power for n in (1, 2, 5) if n * power <= metres))
