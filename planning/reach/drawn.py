"""A city with drawn roads, served over them: what further changes are made to.

The streets are searched anew, and places whose ways may differ are looked at. That takes far
longer than a change of a facility, so who tries several of these keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planning.reach.growth import grow
from planning.reach.service import by_group, served_over

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planning.reach.records import Change, Ints
    from planning.reach.scenario import Base, Group, Surroundings


@dataclass(frozen=True, eq=False)
class Drawn:
    """A city with drawn roads."""

    base: Base
    #: Number of a road among those drawn, and why nothing came of it.
    left_out: Sequence[tuple[int, str]]
    #: By group the places that were looked at anew.
    asked: Mapping[Group, Ints]


def draw(base: Base, roads: Sequence[Change], surroundings: Surroundings) -> Drawn:
    """Return a city with some roads; those nothing comes of are told (`grow`)."""
    grown = grow(base, roads, surroundings)
    if grown.network is base.network:
        return Drawn(base, grown.left_out, {})
    found = dict(by_group(lambda group: served_over(base, grown, group), grown.ways))
    city = replace(
        base,
        network=grown.network,
        places=grown.places,
        grounds=grown.grounds,
        ways=grown.ways,
        served={group: served for group, (served, _) in found.items()},
    )
    return Drawn(city, grown.left_out, {group: asked for group, (_, asked) in found.items()})
