"""What the plans in force permit on a piece of ground. Arithmetic on shapes, without a database.

The finest level that is in force decides: a detailed plan before a zoning plan, that before the
general plan (Law 47/2024/QH15: a lower plan makes the higher one concrete). Where the finest is
silent the coarser one does not step in: the plan there says nothing, and that is said in m². The
land-use plan is another legal regime (Land Law 31/2024/QH15) and stands beside them.

All shapes are valid surfaces in one projected system in metres.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import numpy as np
import shapely

from landdata.geometry import surfaces
from planning.extract.pieces import SLIVER_M2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

#: Levels of urban and rural plans, the finest first.
FINEST_FIRST: Final = ("detailed", "zoning", "general")
LAND_USE: Final = "land_use"

_Ref = TypeVar("_Ref")


@dataclass(frozen=True)
class Planned(Generic[_Ref]):
    """Ground of a plan, or of a zone of one."""

    level: str
    shape: BaseGeometry
    #: What it stands for.
    reference: _Ref


@dataclass(frozen=True)
class Share(Generic[_Ref]):
    """A zone with the part of the ground on which it decides."""

    zone: Planned[_Ref]
    m2: float


@dataclass(frozen=True)
class Permitted(Generic[_Ref]):
    """What holds on the ground, largest share first; areas in m² of the system of the shapes."""

    ground_m2: float
    shares: tuple[Share[_Ref], ...] = ()
    #: Inside a plan without a zone.
    silent_m2: float = 0.0
    #: Outside every plan.
    unplanned_m2: float = 0.0
    #: Claimed by two zones of one level at once: which of them holds is for the authority to say.
    contested_m2: float = 0.0
    #: What the land-use plan says, largest share first.
    land_uses: tuple[Share[_Ref], ...] = field(default=())


def permitted_on(
    ground: BaseGeometry,
    territories: Sequence[Planned[Any]],
    zones: Sequence[Planned[_Ref]],
) -> Permitted[_Ref]:
    """Return what the plans in force say of some ground.

    Shares up to the tolerance of surveys are left out: neighbours that touch do not share.
    """
    left = ground
    shares: list[Share[_Ref]] = []
    silent_m2 = contested_m2 = 0.0
    for level in FINEST_FIRST:
        reach = [t.shape for t in territories if t.level == level]
        here = surfaces(shapely.intersection(left, shapely.union_all(reach)))
        if here.area <= SLIVER_M2:
            continue
        found, covered_m2 = _shared(here, [zone for zone in zones if zone.level == level])
        shares += found
        silent_m2 += max(0.0, here.area - covered_m2)
        contested_m2 += max(0.0, sum(share.m2 for share in found) - covered_m2)
        left = surfaces(shapely.difference(left, here))
    land_uses, _ = _shared(ground, [zone for zone in zones if zone.level == LAND_USE])
    return Permitted(
        ground_m2=ground.area,
        shares=_largest_first(shares),
        silent_m2=_said(silent_m2),
        unplanned_m2=_said(left.area),
        contested_m2=_said(contested_m2),
        land_uses=_largest_first(land_uses),
    )


def _shared(
    ground: BaseGeometry, zones: Sequence[Planned[_Ref]]
) -> tuple[list[Share[_Ref]], float]:
    """Return what each zone shares with the ground, and how much all of them cover, in m²."""
    if not zones:
        return [], 0.0
    shapes = np.array([zone.shape for zone in zones], dtype=object)
    common = shapely.intersection(shapes, ground)
    areas = shapely.area(common)
    found = [
        Share(zone, float(m2)) for zone, m2 in zip(zones, areas, strict=True) if m2 > SLIVER_M2
    ]
    return found, float(shapely.area(shapely.union_all(common[areas > SLIVER_M2])))


def _largest_first(shares: Sequence[Share[_Ref]]) -> tuple[Share[_Ref], ...]:
    return tuple(sorted(shares, key=lambda share: -share.m2))


def _said(m2: float) -> float:
    return m2 if m2 > SLIVER_M2 else 0.0
