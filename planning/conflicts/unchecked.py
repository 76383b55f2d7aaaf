"""Saying what could not be checked, so that nobody takes silence for an all-clear."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from planning.conflicts.records import Finding, Party, PartyKind, Severity
from planning.topology.shapes import place_in

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator

    from planning.conflicts.facts import Facts
    from planning.conflicts.records import Rule

#: Marks findings that say that something could not be checked.
UNCHECKED = "unchecked"


def unchecked(facts: Facts, rule: Rule, reasons: Iterable[tuple[int, str]]) -> Iterator[Finding]:
    """Return one finding for each judged plan of which something could not be checked.

    `reasons` are rows of plans with a code of the reason, once for each thing that was not checked.
    The most frequent reason is named, of equally frequent ones the first by name.
    """
    if not facts.is_whole:
        return
    counts: dict[int, Counter[str]] = {}
    for row, reason in reasons:
        counts.setdefault(row, Counter())[reason] += 1
    for row, of_plan in sorted(counts.items()):
        plan = facts.plans[row]
        if not plan.is_judged or plan.ground.is_empty:
            continue
        reason = _commonest(of_plan)
        yield Finding(
            rule=rule.code,
            severity=Severity.NOTES,
            parties=(Party(PartyKind.PLAN, plan.code),),
            ground=None,
            place=place_in(plan.ground),
            area_m2=0.0,
            values={"reason": reason, "count": sum(of_plan.values()), "plan": plan.code},
            part=UNCHECKED,
        )


def counted_together(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings of a rule in which each plan is told once of what could not be checked.

    A judge may tell of one reason after the other.
    """
    found: list[Finding] = []
    doubts: dict[uuid.UUID, list[Finding]] = {}
    for one in findings:
        if one.part != UNCHECKED:
            found.append(one)
        else:
            doubts.setdefault(one.identity, []).append(one)
    for same in doubts.values():
        counts: Counter[str] = Counter()
        for one in same:
            counts[str(one.values["reason"])] += int(one.values["count"])
        values = {**same[0].values, "reason": _commonest(counts), "count": counts.total()}
        found.append(replace(same[0], values=values))
    return found


def _commonest(counts: Counter[str]) -> str:
    return min(counts, key=lambda code: (-counts[code], code))
