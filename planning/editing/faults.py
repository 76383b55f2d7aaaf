"""Stored faults of drafts as arithmetic knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landdata.geometry import to_surface
from planning import topology

if TYPE_CHECKING:
    from planning.models import DraftFault


def fault_of(row: DraftFault) -> topology.Fault:
    """Return a stored fault as arithmetic knows it."""
    east, north = row.place.coords
    return topology.Fault(
        kind=topology.Kind(row.kind),
        zones=tuple(sorted(str(uid) for uid in row.zones)),
        area_m2=row.area_m2,
        width_m=row.width_m,
        place=(east, north),
        ground=None if row.ground is None else to_surface(row.ground),
    )
