"""Sites of schools against the land that their pupils need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from planning.conflicts.engine import judges
from planning.conflicts.overlay import grounds
from planning.conflicts.records import Finding
from planning.conflicts.told import named, zone
from planning.conflicts.unchecked import unchecked
from planning.norms.services import ServiceNorms
from planning.topology.shapes import place_in, surfaces, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from planning.conflicts.facts import Facts
    from planning.conflicts.records import Rule

    Numbers = NDArray[np.int64]


@judges("school_too_small")
def school_too_small(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell of school sites with less land a pupil than the norm asks for.

    A site is all ground of one function that hangs together in a plan, however it is divided. The
    population that a plan states for a school is the number of its pupils.
    """
    zones, doubts = facts.zones, []
    ground = grounds(facts)
    for function, row in sorted(rule.parameters["rows"].items()):
        rows = np.flatnonzero(zones.function == function)
        for site in _groups(facts, rows):
            if not zones.is_judged[site].any():
                continue
            plan = int(zones.plan[site[0]])
            pupils = float(zones.population[site].sum())
            norm = ServiceNorms(facts.service_norms, on=facts.plans[plan].on).row(row)
            if norm is None:
                doubts.append((plan, "norm_ended"))
                continue
            if np.isnan(pupils):
                doubts.append((plan, "pupils_unknown"))
                continue
            whole = together(surfaces(shapely.union_all(ground[site])))
            least_m2 = pupils * norm.m2_each
            if whole.area < least_m2:
                yield Finding(
                    rule=rule.code,
                    severity=rule.severity,
                    parties=tuple(zone(facts, k) for k in site.tolist()),
                    ground=whole,
                    place=place_in(whole),
                    area_m2=float(whole.area),
                    values={
                        **named(facts, int(site[0])),
                        "area_m2": float(whole.area),
                        "least_m2": least_m2,
                        "pupils": pupils,
                        "norm": norm.m2_each,
                    },
                )
    yield from unchecked(facts, rule, doubts)


def _groups(facts: Facts, rows: Numbers) -> list[Numbers]:
    """Return the zones that hang together in one plan, in the order of their keys."""
    shapes, zones = grounds(facts)[rows], facts.zones
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    same = zones.plan[rows[one]] == zones.plan[rows[other]]
    link = coo_array((np.ones(same.sum()), (one[same], other[same])), shape=(len(rows),) * 2)
    many, group = connected_components(link, directed=False) if len(rows) else (0, rows)
    members = [rows[group == k] for k in range(many)]
    return [of[np.argsort(zones.key[of].astype(str))] for of in members]
