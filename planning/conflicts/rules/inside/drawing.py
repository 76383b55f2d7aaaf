"""Whether the zones of a plan form one: overlaps, gaps, splinters, what is invalid or outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from planning.conflicts.engine import judges
from planning.conflicts.records import Finding, Party, PartyKind, Severity
from planning.topology import check_arrays
from planning.topology.shapes import surfaces, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planning.conflicts.facts import Facts
    from planning.conflicts.records import Rule
    from planning.topology import Fault
    from planning.topology.shapes import Surface


@judges("fault")
def fault(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell of the faults of one kind in the zones of judged plans.

    Gaps with the same zones around them are told together, so that they keep their name when one
    of them closes. What is thinner than the rule's `thin_width_m` was drawn so by nobody on purpose
    and has its `thin_severity`.
    """
    found: dict[tuple[str, tuple[str, ...]], list[Fault]] = {}
    for code, one in facts.once("faults", _faults):
        if one.kind == rule.parameters["kind"]:
            found.setdefault((code, one.zones), []).append(one)
    labels = dict(zip(facts.zones.key.tolist(), facts.zones.label.tolist(), strict=True))
    for (code, zones), faults in sorted(found.items(), key=lambda item: item[0]):
        names = [str(labels.get(key) or key) for key in zones]
        area_m2 = sum(one.area_m2 for one in faults)
        width_m = max(one.width_m for one in faults)
        is_thin = width_m < rule.parameters.get("thin_width_m", 0.0)
        yield Finding(
            rule=rule.code,
            severity=Severity(rule.parameters["thin_severity"]) if is_thin else rule.severity,
            parties=tuple(Party(PartyKind.ZONE, key) for key in zones)
            or (Party(PartyKind.PLAN, code),),
            ground=_one([one.ground for one in faults if one.ground is not None]),
            place=faults[0].place,
            area_m2=area_m2,
            values={
                "plan": code,
                "zone": names[0] if names else code,
                "other": names[1] if len(names) > 1 else "",
                "zones": len(names),
                "pieces": len(faults),
                "area_m2": area_m2,
                "width_m": width_m,
            },
        )


def _one(grounds: list[Surface]) -> Surface | None:
    if len(grounds) > 1:
        return together(surfaces(shapely.union_all(grounds)))
    return grounds[0] if grounds else None


def _faults(facts: Facts) -> list[tuple[str, Fault]]:
    """Return what is wrong with judged plans: what is kept of it, or what is found out here."""
    if facts.faults is not None:
        return list(facts.faults)
    if not facts.is_whole:
        # Beside zones that are not there a plan would seem to have gaps.
        return []
    found = []
    for row, plan in enumerate(facts.plans):
        own = np.flatnonzero(facts.zones.plan == row)
        if plan.is_judged and len(own):
            names = [str(key) for key in facts.zones.key[own]]
            faults = check_arrays(facts.zones.shape[own], names, plan.ground)
            found += [(plan.code, one) for one in faults]
    return found
