"""Net density and floor-area ratio of zones against the norms of lots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planning.conflicts.engine import judges
from planning.conflicts.overlay import grounds
from planning.conflicts.records import Finding
from planning.conflicts.told import large, named, zone
from planning.conflicts.unchecked import unchecked
from planning.indicators import parse_bounds
from planning.norms import Book, State, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planning.conflicts.facts import Facts
    from planning.conflicts.records import Rule
    from planning.indicators import Bounds
    from planning.norms import Finding as Held


@judges("lot_norm")
def lot_norm(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell of zones that allow more than the norm of their lots; see planning.norms.

    The ground is the whole zone, since the norm goes by the lot.
    """
    held = [
        (row, one)
        for row, one in facts.once("norms of zones", _held)
        if one.indicator == rule.parameters["indicator"]
    ]
    over = [(row, one) for row, one in held if one.state is State.NOT_MET]
    ground = grounds(facts)
    for k, area_m2, place in large([ground[row] for row, _ in over], 0.0):
        row, one = over[k]
        yield Finding(
            rule=rule.code,
            severity=rule.severity,
            parties=(zone(facts, row),),
            ground=ground[row],
            place=place,
            area_m2=area_m2,
            values={
                **named(facts, row),
                **one.values,
                "norm": one.norm.topic,
                "area_m2": area_m2,
            },
            part=one.said,
        )
    plan = facts.zones.plan
    yield from unchecked(
        facts,
        rule,
        ((int(plan[row]), str(one.doubt)) for row, one in held if one.state is State.NOT_CHECKED),
    )


def _held(facts: Facts) -> list[tuple[int, Held]]:
    """Return what the norms say of each judged zone of an urban plan."""
    zones, found = facts.zones, []
    read: dict[str, Bounds | None] = {"": None}
    for row, plan in enumerate(facts.plans):
        own = np.flatnonzero((zones.plan == row) & zones.is_judged)
        if plan.level not in ("general", "zoning", "detailed") or not len(own):
            continue
        book = Book(facts.norms, on=plan.on)
        for k in own.tolist():
            texts = str(zones.density[k]), str(zones.floor_area_ratio[k])
            for text in texts:
                if text not in read:
                    read[text] = parse_bounds(text)
            subject = Subject(
                uid=str(zones.key[k]),
                function=str(zones.function[k]),
                area_m2=float(zones.area_m2[k]),
                is_lot=plan.level == "detailed",
                density=read[texts[0]],
                floor_area_ratio=read[texts[1]],
            )
            found += [(k, one) for one in book.check(subject)]
    return found
