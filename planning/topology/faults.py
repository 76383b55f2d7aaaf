"""What can be wrong with zones that shall form a plan, and from when on we call it wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import shapely

from planning.topology.shapes import mean_width_m, place_in

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def fault(kind: Kind, zones: Iterable[str], ground: Surface) -> Fault:
    """Return the fault that takes up the ground, a surface that is not empty."""
    return Fault(
        kind=kind,
        zones=tuple(sorted(zones)),
        area_m2=float(ground.area),
        width_m=float(mean_width_m(ground)),
        place=place_in(ground),
        ground=ground,
    )


def worst_first(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults by area, the largest first, in an order that does not depend on chance."""
    return sorted(faults, key=lambda f: (-f.area_m2, f.kind, f.zones, f.place))
