"""Indicators of a zone against those of the zone above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from planning.conflicts.engine import judges
from planning.conflicts.overlay import parted, pieces_of, under
from planning.conflicts.told import of_pairs
from planning.conflicts.unchecked import unchecked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planning.conflicts.facts import Facts
    from planning.conflicts.records import Finding, Rule

INDICATORS: Final = ("density", "storeys", "floor_area_ratio")


@judges("indicator_above")
def indicator_above(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell of zones that allow more than the zone above them."""
    zones = facts.zones
    lower, upper = under(facts)
    unread: dict[int, set[int]] = {}
    for name in INDICATORS:
        text, largest = getattr(zones, name), getattr(zones, f"{name}_max")
        both = (text[lower] != "") & (text[upper] != "")
        doubtful = both & (np.isnan(largest[lower]) | np.isnan(largest[upper]))
        for row in np.unique(lower[doubtful]).tolist():
            unread.setdefault(int(zones.plan[row]), set()).add(row)
        more = largest[lower] > largest[upper]
        broad, _ = parted(pieces_of(facts, lower[more], upper[more]), rule.parameters["width_m"])

        yield from of_pairs(
            facts,
            rule,
            broad,
            severity=rule.severity,
            says={"indicator": name},
            compared={"stated": largest},
            part=name,
        )
    yield from unchecked(
        facts,
        rule,
        ((plan, "indicator_unreadable") for plan, rows in unread.items() for _ in rows),
    )
