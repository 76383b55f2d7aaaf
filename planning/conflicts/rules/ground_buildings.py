"""Buildings that stand where the plan wants a road, green or water, or before a red line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planning.conflicts.engine import judges
from planning.conflicts.grounds import (
    cannot_be_checked,
    common,
    finding,
    is_sliver,
    judged_zones,
    meant_for,
    merged,
    named,
    zone_party,
)
from planning.conflicts.parting import shares_with_large
from planning.conflicts.records import Party, PartyKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from planning.conflicts.facts import Buildings, Facts
    from planning.conflicts.records import Finding, Rule

    Ints = NDArray[np.int64]
    Objects = NDArray[np.object_]


@judges("building_in_the_way")
def building_in_the_way(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell zones of functions without buildings in which buildings stand."""
    told = rule.parameters
    if facts.buildings is None:
        yield from cannot_be_checked(facts, rule, "no_buildings")
        return
    asked = np.flatnonzero(
        judged_zones(facts, told["levels"]) & meant_for(facts.zones.function, told["functions"])
    )
    _, place, pieces = _standing(facts.buildings, facts.zones.shape[asked], told)
    counts = np.bincount(place, minlength=len(asked))
    for of, ground in merged(place, pieces):
        row = int(asked[of])
        yield finding(
            rule,
            (zone_party(facts, row),),
            ground,
            {**named(facts, row), "buildings": int(counts[of]), "m2": ground.area},
        )


@judges("building_before_red_line")
def building_before_red_line(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell the ground that a red line keeps free and that buildings stand on, zone by zone.

    A red line is long; by zones of its plan a finding stays where it is when the street is edited
    somewhere else.
    """
    told, lines, zones = rule.parameters, facts.control_lines, facts.zones
    if facts.buildings is None or lines is None:
        yield from cannot_be_checked(
            facts, rule, "no_buildings" if facts.buildings is None else "no_control_lines"
        )
        return
    asked = np.flatnonzero(np.isin(lines.kind.astype(str), told["kinds"]))
    _, place, pieces = _standing(facts.buildings, lines.shape[asked], told)
    judged = np.flatnonzero(zones.is_judged & np.isin(facts.plan_codes, lines.plan_code[asked]))
    shares = shares_with_large(pieces, zones.shape[judged])
    piece, zone = shares.one, judged[shares.other]
    line = asked[place[piece]]
    mine = facts.plan_codes[zone] == lines.plan_code[line]
    mine &= shares.area_m2 > told["tolerance_m2"]
    piece, zone, line = piece[mine], zone[mine], line[mine]
    cut = common(pieces[piece], zones.shape[zone], area_m2=shares.area_m2[mine])
    pair = line * max(1, len(zones)) + zone
    _, at = np.unique(pair, return_inverse=True)
    first = np.unique(at, return_index=True)[1]
    counts = np.bincount(at) if len(at) else at
    for of, ground in merged(at, cut):
        row = int(first[of])
        yield finding(
            rule,
            (
                zone_party(facts, int(zone[row])),
                Party(PartyKind.CONTROL_LINE, str(lines.key[line[row]])),
            ),
            ground,
            {**named(facts, int(zone[row])), "buildings": int(counts[of]), "m2": ground.area},
        )


def _standing(
    buildings: Buildings, grounds: Objects, told: Mapping[str, Any]
) -> tuple[Ints, Ints, Objects]:
    """Return which buildings stand on which grounds, and the ground of both.

    What leans over by less than the tolerances does not stand there.
    """
    shares = shares_with_large(buildings.shape, grounds)
    kept = shares.area_m2 > told["tolerance_m2"]
    one, other = shares.one[kept], shares.other[kept]
    pieces = common(buildings.shape[one], grounds[other], area_m2=shares.area_m2[kept])
    kept = ~is_sliver(pieces, told["sliver_width_m"])
    return one[kept], other[kept], pieces[kept]
