"""Draft zones, their states and faults as plain values, ready to be written as JSON.

Coordinates are the doubles of the storage system as they are: what a client sends back unchanged
is equal to the last bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapely.geometry import mapping

from landdata.geometry import to_shapely
from planning.editing.records import WRITTEN_FIELDS

if TYPE_CHECKING:
    from django.contrib.gis.geos import MultiPolygon

    from planning.models import DraftFault, DraftZone, DraftZoneState


def surface(boundary: MultiPolygon) -> dict[str, Any]:
    """Return a surface as GeoJSON in the storage system."""
    return mapping(to_shapely(boundary))


def zone_values(zone: DraftZone) -> dict[str, Any]:
    """Return a draft zone."""
    shape = to_shapely(zone.boundary)
    return {
        "uid": str(zone.uid),
        "version": zone.version,
        **_content(zone),
        "area_m2": shape.area,
        "box": list(shape.bounds),
        "boundary": mapping(shape),
    }


def state_values(state: DraftZoneState) -> dict[str, Any]:
    """Return what a zone was after an edit; `boundary` is None where the edit removed it."""
    return {
        "version": state.version,
        **_content(state),
        "boundary": None if state.boundary is None else surface(state.boundary),
    }


def fault_row_values(fault: DraftFault) -> dict[str, Any]:
    """Return a fault as it stands with a draft; needs `opened_by`."""
    ground = None if fault.ground is None else to_shapely(fault.ground)
    east, north = fault.place.coords
    return {
        "key": str(fault.key),
        "kind": fault.kind,
        "zones": [str(uid) for uid in fault.zones],
        "area_m2": fault.area_m2,
        "width_m": fault.width_m,
        "place": [east, north],
        "box": [east, north, east, north] if ground is None else list(ground.bounds),
        "boundary": None if ground is None else mapping(ground),
        "reason": fault.opened_by.accepted or None,
    }


def _content(of: DraftZone | DraftZoneState) -> dict[str, Any]:
    return {name: getattr(of, name) for name in WRITTEN_FIELDS}
