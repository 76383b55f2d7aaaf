"""The one list of layers: every way out of the house is made from it.

A layer names a `public_…` view, never a table: what is not in the view cannot leak. Maps draw from
the stored EPSG:3857 copy, which is two to three times faster than reprojecting; coordinates are
handed out from the storage system.

Adding a layer is one entry in a module here, one view, and one line in docs/layers.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tileserver.layers.drafts import DRAFT_ZONES
from tileserver.layers.extents import LAND_USE_ITEMS, PLAN_TERRITORIES
from tileserver.layers.ground import RELIEF
from tileserver.layers.land import BUILDINGS, FACILITIES, PARCELS, WARDS
from tileserver.layers.limits import CONFLICTS, HAZARD_SITES, PROTECTED_SITES, SAFETY_CORRIDORS
from tileserver.layers.networks import DYKES, PIPELINES, POWER_LINES, RAILWAYS, ROADS, WATER
from tileserver.layers.offers import AVAILABLE_SITES
from tileserver.layers.plans import CONTROL_LINES, ZONES, ZONES_BY_LEVEL
from tileserver.layers.reach import COVERAGE, SERVICE_AREAS, SERVICE_AREAS_BY_KIND
from tileserver.layers.scenarios import SCENARIOS
from tileserver.layers.units import FORMER_UNITS, PROVINCES

if TYPE_CHECKING:
    from tileserver.layer import Layer

#: The layers of features, from the bottom of the map to its top.
LAYERS: tuple[Layer, ...] = (
    WATER,
    ZONES,
    *ZONES_BY_LEVEL,
    PLAN_TERRITORIES,
    LAND_USE_ITEMS,
    SERVICE_AREAS,
    *SERVICE_AREAS_BY_KIND,
    COVERAGE,
    SAFETY_CORRIDORS,
    CONFLICTS,
    AVAILABLE_SITES,
    PROTECTED_SITES,
    HAZARD_SITES,
    CONTROL_LINES,
    BUILDINGS,
    ROADS,
    RAILWAYS,
    DYKES,
    PIPELINES,
    POWER_LINES,
    PROVINCES,
    WARDS,
    PARCELS,
    FORMER_UNITS,
    FACILITIES,
)
BY_ID = {layer.id: layer for layer in LAYERS}

#: What pictures show: the layers of features, and below them what can only be seen.
MAP_LAYERS: tuple[Layer, ...] = (RELIEF, *LAYERS)
MAP_BY_ID = {layer.id: layer for layer in MAP_LAYERS}

#: Layers that nobody is told of who may not see them. They stand in no public list.
TEAM_LAYERS: tuple[Layer, ...] = (DRAFT_ZONES, SCENARIOS)
