"""What can be wrong with zones that shall form a plan, and from when on we call it wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import shapely

from planning.topology.shapes import as_array, mean_width_m, places_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planning.topology.shapes import Surface

#: Ground that two zones may share before we call it an overlap, in m²; the same holds for ground
#: of no zone and for what sticks out of the plan. Dossiers come on a 1 mm grid, so a common edge
#: of 100 m that one side cut anew may be off by 0.1 m².
OVERLAP_M2: Final = 0.1
#: A zone, or a part of one, of less mean width is a splinter. The finest detailed plans are drawn
#: at 1:500, where a line 0.4 mm thick hides 0.2 m: nobody could have meant to draw it.
SLIVER_WIDTH_M: Final = 0.2


class Kind(StrEnum):
    """What is wrong."""

    OVERLAP = "overlap"
    GAP = "gap"
    SLIVER = "sliver"
    OUTSIDE = "outside"
    INVALID = "invalid"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, where, and how much of it.

    overlap: two zones share ground. gap: connected ground of the plan without any zone.
    sliver: parts of a zone that are too thin to be meant. outside: a zone leaves the plan.
    invalid: a boundary that is no surface, e.g. crosses itself; its ground is what can be made of
    it, None where nothing can.
    """

    kind: Kind
    #: Sorted names; of a gap the zones around it.
    zones: tuple[str, ...]
    area_m2: float
    #: Mean width of the faulty ground, 2A/P.
    width_m: float
    #: In the ground; of something invalid where it is so.
    place: tuple[float, float]
    ground: Surface | None

    @property
    def surface(self) -> Surface:
        """The ground, empty where there is none."""
        return shapely.Polygon() if self.ground is None else self.ground


def faults_on(kind: Kind, found: Sequence[tuple[Iterable[str], Surface]]) -> list[Fault]:
    """Return the faults that take up grounds, surfaces that are not empty."""
    if not found:
        return []
    grounds = as_array(ground for _, ground in found)
    measures = zip(
        shapely.area(grounds).tolist(),
        mean_width_m(grounds).tolist(),
        places_in(grounds),
        strict=True,
    )
    return [
        Fault(kind, tuple(sorted(zones)), area_m2, width_m, place, ground)
        for (zones, ground), (area_m2, width_m, place) in zip(found, measures, strict=True)
    ]


def worst_first(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults by area, the largest first, in an order that does not depend on chance."""
    return sorted(faults, key=lambda f: (-f.area_m2, f.kind, f.zones, f.place))
