"""Things at the origin from which corridors are measured, and how far they reach."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import shapely

from planning.corridors import ObjectKind, SourceObject, corridors_of
from planning.corridors.table import read_rules

TABLES = Path(__file__).parents[2] / "fixtures" / "reference"
RULES = read_rules(TABLES)
#: A day on which all but the rules on dams hold.
TODAY = dt.date(2026, 6, 1)
LINE = shapely.LineString([(0, -1000), (0, 1000)])
SITE = shapely.box(-5, -5, 5, 5)


def thing(layer, shape, *, number=1, **attributes):
    return SourceObject(ObjectKind(layer), number, f"key {number}", "", "", shape, attributes)


def sea_dyke(shape, *, protected="left"):
    return thing(
        "dyke",
        shape,
        kind="sea",
        grade="I",
        protected_side=protected,
        foot_left_m=10.0,
        foot_right_m=10.0,
        is_urban=False,
    )


def measured(source, rule, *, rules=RULES, on=TODAY):
    """The one corridor by a rule."""
    (found,) = [c for c in corridors_of(source, rules, on=on) if c.rule.id == rule]
    return found


def east(shape):
    """How far a shape reaches to the east along the axis of x; None where it does not."""
    met = shape.intersection(shapely.LineString([(0.001, 0), (5000, 0)]))
    return None if met.is_empty else round(met.bounds[2], 2)


def west(shape):
    met = shape.intersection(shapely.LineString([(-0.001, 0), (-5000, 0)]))
    return None if met.is_empty else round(-met.bounds[0], 2)
