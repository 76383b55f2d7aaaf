"""Territories of plans: over each other, outside of what is above, with ground between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from planning.conflicts.engine import judges
from planning.conflicts.overlay import Pieces, between, parted, pieces_of, polygons_of
from planning.conflicts.records import Finding, Party, PartyKind, Severity
from planning.conflicts.told import large, of_pairs
from planning.conflicts.unchecked import unchecked
from planning.topology.shapes import as_array, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry

    from planning.conflicts.facts import Facts
    from planning.conflicts.records import Rule
    from planning.topology.shapes import Surface

#: How far apart two outlines may lie that touch, in m: what closing a gap leaves of rounding.
_TOUCH_M: Final = 1e-3
#: How far corners may stand out where a gap is closed.
_MITRE: Final = 5.0


@judges("same_level_overlap")
def same_level_overlap(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell where two plans of one level both decide, and nobody decided which of them prevails.

    With different functions that has the severity of the rule. Where both say the same, and where
    only lines were drawn apart, it is noted.
    """
    known, zones = rule.parameters, facts.zones
    level = np.array([str(plan.level) for plan in facts.plans], dtype=object)
    code = np.array([plan.code for plan in facts.plans], dtype=object)
    # Each two plans once, in the order of their codes.
    related = (level[:, None] == level[None, :]) & (code[:, None] < code[None, :])
    one, other = between(facts, related)
    pieces = _undecided(facts, pieces_of(facts, one, other))
    broad, thin = parted(pieces, known["width_m"])
    differ = zones.function[broad.lower] != zones.function[broad.upper]
    for found, severity, verdict in (
        (broad.take(differ), rule.severity, "differ"),
        (broad.take(~differ), Severity(known["same_severity"]), "same"),
        (thin, Severity(known["thin_severity"]), "digitising"),
    ):
        part = "digitising" if verdict == "digitising" else ""
        said = {"verdict": verdict}
        yield from of_pairs(facts, rule, found, severity=severity, says=said, part=part)


def _undecided(facts: Facts, pieces: Pieces) -> Pieces:
    """Return the pieces without ground on which it was decided which of the two plans prevails."""
    decided: dict[frozenset[str], list[BaseGeometry]] = {}
    for gives_way, prevails, ground in facts.precedence:
        decided.setdefault(frozenset((gives_way, prevails)), []).append(ground)
    if not decided or not len(pieces.lower):
        return pieces
    codes = facts.plan_codes
    pairs = [frozenset(pair) for pair in zip(codes[pieces.lower], codes[pieces.upper], strict=True)]
    left = pieces.ground.copy()
    for k, pair in enumerate(pairs):
        for area in decided.get(pair, ()):
            left[k] = shapely.difference(left[k], area)
    return Pieces(*polygons_of(left, pieces.lower, pieces.upper))


@judges("outside_parent")
def outside_parent(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell of plans that reach beyond the territory of the plan above."""
    if not facts.with_plans:
        return
    known = rule.parameters
    orphans = []
    for row, plan in enumerate(facts.plans):
        if not plan.parent:
            continue
        above = [other for other in facts.plans if other.code == plan.parent]
        if not above:
            orphans.append((row, "parent_unknown"))
            continue
        if not (plan.is_judged or any(other.is_judged for other in above)):
            continue
        # The ground of a draft is only what it decides on anew.
        territory = shapely.union_all([other.ground for other in above])
        outside = as_array([shapely.difference(plan.ground, territory)])
        nothing = np.zeros(1, dtype=np.int64)
        broad, _ = parted(Pieces(*polygons_of(outside, nothing, nothing)), known["width_m"])
        yield from _of_plans(rule, [((plan.code, plan.parent), broad.ground)])
    yield from unchecked(facts, rule, orphans)


@judges("gap_between_plans")
def gap_between_plans(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell of narrow ground between plans of one level that none of them covers."""
    if not facts.with_plans:
        return
    width_m = rule.parameters["gap_m"]
    for level in rule.parameters["levels"]:
        of_level: dict[str, list[BaseGeometry]] = {}
        for plan in facts.plans:
            if plan.level == level:
                of_level.setdefault(plan.code, []).append(plan.ground)
        if len(of_level) < 2:
            continue
        codes = sorted(of_level)
        grounds = as_array(shapely.union_all(of_level[code]) for code in codes)
        judged = {plan.code for plan in facts.plans if plan.is_judged}
        found: dict[tuple[str, ...], list[Surface]] = {}
        for around, gap in _gaps(grounds, width_m):
            parties = tuple(codes[k] for k in around)
            if len(parties) > 1 and judged & set(parties):
                found.setdefault(parties, []).append(gap)
        yield from _of_plans(rule, [(who, as_array(gaps)) for who, gaps in sorted(found.items())])


def _gaps(grounds: np.ndarray, width_m: float) -> Iterator[tuple[list[int], Surface]]:
    """Return ground narrower than `width_m` that lies between grounds, with those around it."""
    covered = shapely.union_all(grounds)
    grown = shapely.buffer(covered, width_m / 2, join_style="mitre", mitre_limit=_MITRE)
    closed = shapely.buffer(grown, -width_m / 2, join_style="mitre", mitre_limit=_MITRE)
    nothing = np.zeros(1, dtype=np.int64)
    between_them = as_array([shapely.difference(closed, covered)])
    gaps = polygons_of(between_them, nothing, nothing)[2]
    if not len(gaps):
        return
    gap, around = shapely.STRtree(grounds).query(gaps, predicate="dwithin", distance=_TOUCH_M)
    for k, surface in enumerate(gaps):
        yield sorted(around[gap == k].tolist()), surface


def _of_plans(rule: Rule, found: list[tuple[tuple[str, ...], np.ndarray]]) -> Iterator[Finding]:
    """Tell of ground that is between plans, or outside one of them; the codes are the parties."""
    found = [(codes, parts) for codes, parts in found if len(parts)]
    grounds = [together(parts) for _, parts in found]
    for k, area_m2, place in large(grounds, rule.parameters["overlap_m2"]):
        codes = found[k][0]
        yield Finding(
            rule=rule.code,
            severity=rule.severity,
            parties=tuple(Party(PartyKind.PLAN, code) for code in codes),
            ground=grounds[k],
            place=place,
            area_m2=area_m2,
            values={
                "plan": codes[0],
                "above_plan": codes[1],
                "plans": ", ".join(codes),
                "area_m2": area_m2,
            },
        )
