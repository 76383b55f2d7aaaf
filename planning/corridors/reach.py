"""How far corridors reach, in numbers: shapes come later.

A reach is a pair of metres: left and right of a line seen along it, upstream and downstream of an
intake, twice the same around anything else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planning.corridors.matching import Candidate, matching
from planning.corridors.words import EFFECTS, Doubt, Reference, Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planning.corridors.records import Rule, SourceObject

Pair = tuple[float, float]


@dataclass(frozen=True)
class Extent:
    """How far one rule reaches around one object."""

    #: None where nothing is certain.
    inner: Pair | None
    outer: Pair
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reached:
    """A corridor in numbers: `outer` less `without` is the ground on which it lies or may lie."""

    rule: Rule
    inner: Pair | None
    outer: Pair
    doubts: tuple[str, ...]
    #: What another rule of the family certainly covers already.
    without: Pair | None = None


@dataclass(frozen=True)
class Plan:
    """The candidates of all objects with one signature."""

    families: tuple[tuple[Candidate, ...], ...]
    #: What would hold for a road if it ran outside towns: the bound of a red line.
    outside: tuple[Candidate, ...] = ()


def plan_of(source: SourceObject, of_day: Sequence[tuple[Rule, bool]]) -> Plan:
    """Return which rules hold or may hold for the object, by family."""
    found = matching(source, of_day)
    families: dict[str, list[Candidate]] = {}
    for candidate in found:
        families.setdefault(candidate.rule.family, []).append(candidate)
    outside: tuple[Candidate, ...] = ()
    if any(candidate.rule.reference == Reference.RED_LINE for candidate in found):
        elsewhere = replace(source, attributes={**source.attributes, "is_urban": False})
        outside = tuple(
            c for c in matching(elsewhere, of_day) if c.rule.reference == Reference.STRIP
        )
    return Plan(tuple(tuple(members) for members in families.values()), outside)


def reached(source: SourceObject, plan: Plan) -> list[Reached]:
    """Return the corridors of one object in numbers."""
    return [found for family in plan.families for found in _family(source, family, plan.outside)]


def _family(
    source: SourceObject, members: Iterable[Candidate], outside: Sequence[Candidate]
) -> list[Reached]:
    """Settle the alternatives of one family.

    Where it is open which of them holds, what the narrowest covers is certain and what only the
    widest covers is not, unless it is open whether any of them holds at all.
    """
    extents = [(c, _extent(c.rule, source, outside)) for c in members]
    sure = [(c.rule, e) for c, e in extents if not c.unknown and c.holds_on_day]
    found = [Reached(rule, e.inner, e.outer, e.doubts) for rule, e in sure]
    maybe = [(c, e) for c, e in extents if c.unknown or not c.holds_on_day]
    if not maybe:
        return found
    doubts = _doubts(maybe)
    outer = _widest([e.outer for _, e in maybe])
    # The stricter of two that reach equally far is named as possible, the milder as certain.
    widest = max(maybe, key=lambda one: (sum(one[1].outer), EFFECTS.index(one[0].rule.effect)))
    if sure:
        covered = [e.inner for _, e in sure if e.inner is not None]
        without = _widest(covered) if covered else None
        return [*found, Reached(widest[0].rule, None, outer, doubts, without)]
    inners = [e.inner for c, e in maybe if e.inner is not None and _is_one_of(c)]
    if len(inners) < len(maybe):
        return [Reached(widest[0].rule, None, outer, doubts)]
    inner = (min(left for left, _ in inners), min(right for _, right in inners))
    narrowest = min(
        maybe, key=lambda one: (sum(one[1].inner or ()), EFFECTS.index(one[0].rule.effect))
    )
    if narrowest[0].rule == widest[0].rule or outer == inner:
        return [Reached(narrowest[0].rule, inner, outer, doubts)]
    return [
        Reached(narrowest[0].rule, inner, inner, doubts),
        Reached(widest[0].rule, None, outer, doubts, inner),
    ]


def _is_one_of(candidate: Candidate) -> bool:
    """Whether one rule of the family holds in any case."""
    return candidate.holds_on_day and not set(candidate.unknown) & set(candidate.rule.needs)


def _doubts(maybe: Sequence[tuple[Candidate, Extent]]) -> tuple[str, ...]:
    named: dict[str, None] = {}
    for candidate, extent in maybe:
        if not candidate.holds_on_day:
            named[Doubt.NO_RULE_ON_DAY] = None
        named.update(dict.fromkeys(f"{attribute}_unknown" for attribute in candidate.unknown))
        named.update(dict.fromkeys(extent.doubts))
    return tuple(str(doubt) for doubt in named)


def _widest(pairs: Sequence[Pair]) -> Pair:
    return max(left for left, _ in pairs), max(right for _, right in pairs)


def _extent(rule: Rule, source: SourceObject, outside: Sequence[Candidate]) -> Extent:
    if rule.reference == Reference.RED_LINE:
        return _to_the_red_line(source, outside)
    (near, far), doubts = _offsets(rule, source)
    (least, most), side_doubts = _figures(rule, source)
    factor = 1.0
    if rule.at_most_m is not None and rule.figure_m:
        factor = max(1.0, rule.at_most_m / rule.figure_m)
    if factor > 1 or not rule.is_certain:
        side_doubts = (*side_doubts, rule.band_doubt)
    return Extent(
        _added(near, least) if rule.is_certain else None,
        _added(far, (most[0] * factor, most[1] * factor)),
        (*doubts, *side_doubts),
    )


def _added(one: Pair, other: Pair) -> Pair:
    return one[0] + other[0], one[1] + other[1]


def _figures(rule: Rule, source: SourceObject) -> tuple[tuple[Pair, Pair], tuple[str, ...]]:
    """Return ((least, most), doubts) of the rule's figure by side, in metres."""
    figure = rule.figure_m or 0.0
    other = figure if rule.other_figure_m is None else rule.other_figure_m
    match rule.side:
        case Side.UPSTREAM:
            pair = (figure, 0.0)
        case Side.DOWNSTREAM:
            pair = (0.0, figure)
        case Side.PROTECTED if figure != other:
            protected = source.text("protected_side")
            if protected not in ("left", "right"):
                low, high = min(figure, other), max(figure, other)
                return ((low, low), (high, high)), ("protected_side_unknown",)
            pair = (figure, other) if protected == "left" else (other, figure)
        case _:
            pair = (figure, figure)
    return (pair, pair), ()


def _offsets(rule: Rule, source: SourceObject) -> tuple[tuple[Pair, Pair], tuple[str, ...]]:
    """Return ((near, far), doubts): where the reference lies at least and at most, in metres.

    From the object's line. What is recorded lies where it lies; what is not lies somewhere between
    the line, or half a known width, and the rule's allowance beyond that.
    """
    match rule.reference:
        case Reference.OUTER_CONDUCTOR:
            return _one_offset(source, "outer_conductor_m", 0.0, rule.allowance_m)
        case Reference.OUTER_FACE:
            name = "outer_conductor_m" if source.kind == "power_line" else "outer_m"
            return _one_offset(source, name, 0.0, rule.allowance_m)
        case Reference.STRIP:
            return _one_offset(source, "strip_m", _half_width_m(source), rule.allowance_m)
        case Reference.FOOT:
            (left, one_doubt) = _one_offset(source, "foot_left_m", 0.0, rule.allowance_m)
            (right, other_doubt) = _one_offset(source, "foot_right_m", 0.0, rule.allowance_m)
            near, far = (left[0][0], right[0][0]), (left[1][0], right[1][0])
            return (near, far), (*one_doubt, *other_doubt)
        case _:
            return ((0.0, 0.0), (0.0, 0.0)), ()


def _one_offset(
    source: SourceObject, attribute: str, at_least_m: float, allowance_m: float
) -> tuple[tuple[Pair, Pair], tuple[str, ...]]:
    recorded = source.number(attribute)
    if recorded is not None:
        return ((recorded, recorded), (recorded, recorded)), ()
    farthest = at_least_m + allowance_m
    return ((at_least_m, at_least_m), (farthest, farthest)), (f"{attribute}_unknown",)


def _half_width_m(source: SourceObject) -> float:
    return (source.number("width_m") or 0.0) / 2


def _to_the_red_line(source: SourceObject, outside: Sequence[Candidate]) -> Extent:
    """Return the reach of a road in town: its red line, never wider than its class outside towns.

    Without a recorded red line only the carriageway is certain, and the class is the bound.
    """
    extents = [_extent(c.rule, source, ()) for c in outside]
    least = min((e.inner[0] if e.inner else 0.0 for e in extents), default=math.inf)
    most = max((e.outer[0] for e in extents), default=math.inf)
    red_line = source.number("red_line_m")
    carriageway = _half_width_m(source)
    if red_line is None:
        far = most if extents else carriageway
        near = min(carriageway, least)
        return Extent((near, near), (far, far), ("red_line_m_unknown",))
    near, far = min(red_line, least), min(red_line, most)
    doubts: dict[str, None] = {}
    if near < far:
        doubts.update(dict.fromkeys(f"{name}_unknown" for c in outside for name in c.unknown))
        doubts.update(dict.fromkeys(d for e in extents for d in e.doubts))
    return Extent((near, near), (far, far), tuple(doubts))
