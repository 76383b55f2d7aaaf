"""Which of several corridors on one piece of ground governs (the table's road_overlap rows)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from planning.corridors.matching import in_force
from planning.corridors.words import ROAD_CLASSES, ObjectKind, Priority, Role

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from planning.corridors.records import Corridor, Rule

#: Two roads whose directions differ less than this run side by side. Our own choice.
PARALLEL_DEG = 15.0
#: Roads that come closer than this meet; they do not run side by side.
_MEETING_M = 0.5
_KINDS = (ObjectKind.RAILWAY, ObjectKind.DYKE, ObjectKind.ROAD)


@dataclass(frozen=True)
class Governed:
    """A corridor on a piece of ground, and what takes its place there."""

    corridor: Corridor
    superseded_by: Corridor | None = None
    #: The rule that says so.
    by_rule: Rule | None = None


def govern(
    corridors: Sequence[Corridor],
    rules: Iterable[Rule],
    *,
    on: dt.date,
    piece: BaseGeometry | None = None,
) -> list[Governed]:
    """Say of each corridor on a piece of ground which other one takes its place there.

    Those that govern come first: railways, dykes, then roads by class, then all others; what is
    superseded stays listed after them. `piece` is the ground; it decides which of two roads side by
    side is the outer one and on which side of a dyke we are. Without a priority rule in force on
    the day nothing is superseded.
    """
    priorities = [rule for rule in in_force(rules, on=on) if rule.role == Role.PRIORITY]
    at = None if piece is None else piece.representative_point()
    found = [_governed(corridor, corridors, priorities, at) for corridor in corridors]
    return sorted(found, key=lambda one: (one.superseded_by is not None, _rank(one.corridor)))


def _rank(corridor: Corridor) -> tuple[int, int]:
    kind = corridor.source.kind
    order = _KINDS.index(kind) if kind in _KINDS else len(_KINDS)
    return order, _class_rank(corridor) if kind == ObjectKind.ROAD else 0


def _class_rank(corridor: Corridor) -> int:
    recorded = corridor.source.text("technical_class")
    return ROAD_CLASSES.index(recorded) if recorded in ROAD_CLASSES else len(ROAD_CLASSES)


def _governed(
    corridor: Corridor,
    others: Sequence[Corridor],
    priorities: Sequence[Rule],
    at: BaseGeometry | None,
) -> Governed:
    if corridor.source.kind in (ObjectKind.RAILWAY, ObjectKind.DYKE, ObjectKind.ROAD):
        for rule in sorted(priorities, key=lambda r: list(Priority).index(Priority(r.priority))):
            for other in sorted(others, key=_rank):
                if other is not corridor and _supersedes(other, corridor, rule, at):
                    return Governed(corridor, other, rule)
    return Governed(corridor)


def _supersedes(winner: Corridor, loser: Corridor, rule: Rule, at: BaseGeometry | None) -> bool:
    match rule.priority:
        case Priority.ALWAYS:
            return winner.rule.family == rule.family and _is_road(loser)
        case Priority.UNLESS_WIDER:
            if winner.rule.family == rule.family and _is_road(loser):
                return _width_m(loser, at) <= _width_m(winner, at)
            if loser.rule.family == rule.family and _is_road(winner):
                return _width_m(winner, at) > _width_m(loser, at)
            return False
        case _:
            return _is_road(winner) and _is_road(loser) and _leads(winner, loser, at)


def _is_road(corridor: Corridor) -> bool:
    return corridor.source.kind == ObjectKind.ROAD


def _width_m(corridor: Corridor, at: BaseGeometry | None) -> float:
    """Return how far a corridor reaches from its own line, on the side of the ground if known."""
    left, right = corridor.reach_m
    if at is None or left == right:
        return max(left, right)
    start, end = _part_beside(corridor.source.shape, at)
    along, beside = end - start, shapely.get_coordinates(at)[0] - start
    return left if along[0] * beside[1] - along[1] * beside[0] > 0 else right


def figure_m(corridor: Corridor, ground: BaseGeometry) -> float | None:
    """Return the rule's figure on the side of the object on which the ground lies, in metres.

    Only dykes have two: theirs of the protected side where nobody recorded which side that is.
    """
    rule, protected = corridor.rule, corridor.source.text("protected_side")
    if rule.other_figure_m is None or protected not in ("left", "right"):
        return rule.figure_m
    at = ground.representative_point()
    start, end = _part_beside(corridor.source.shape, at)
    along, beside = end - start, shapely.get_coordinates(at)[0] - start
    is_left = along[0] * beside[1] - along[1] * beside[0] > 0
    return rule.figure_m if is_left == (protected == "left") else rule.other_figure_m


def _leads(winner: Corridor, loser: Corridor, at: BaseGeometry | None) -> bool:
    """Whether one road governs over another: the outer of two side by side, else the higher class.

    The outer one is the nearer to the ground. Roads of one class, or of none known, that cross or
    follow each other govern together.
    """
    if winner.source.id == loser.source.id:
        return False
    if at is not None and _run_side_by_side(winner.source.shape, loser.source.shape, at):
        return bool(winner.source.shape.distance(at) < loser.source.shape.distance(at))
    high, low = _class_rank(winner), _class_rank(loser)
    return high < low < len(ROAD_CLASSES)


def _run_side_by_side(one: BaseGeometry, other: BaseGeometry, at: BaseGeometry) -> bool:
    if one.distance(other) < _MEETING_M:
        return False
    (a0, a1), (b0, b1) = _part_beside(one, at), _part_beside(other, at)
    first, second = a1 - a0, b1 - b0
    cosine = abs(float(first @ second)) / (np.hypot(*first) * np.hypot(*second))
    return math.degrees(math.acos(min(1.0, cosine))) <= PARALLEL_DEG


def _part_beside(
    line: BaseGeometry, at: BaseGeometry
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Return the ends of the straight part of a line that is nearest to a point."""
    nearest = min(
        (
            shapely.LineString(pair)
            for part in shapely.get_parts(line)
            for pair in zip(part.coords[:-1], part.coords[1:], strict=True)
        ),
        key=lambda part: part.distance(at),
    )
    start, end = shapely.get_coordinates(nearest)
    return start, end
