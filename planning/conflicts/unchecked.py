"""Saying what could not be checked, so that nobody takes silence for an all-clear."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planning.conflicts.records import Finding, Party, PartyKind, Severity
from planning.topology.shapes import place_in

if TYPE_CHECKING:
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
        reason = min(of_plan, key=lambda code: (-of_plan[code], code))
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
