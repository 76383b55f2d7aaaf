"""What a dossier says of a plan, before it is anybody's draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from django.contrib.gis.geos import MultiPolygon

    from planning.models import Adjustment, PlanLevel


@dataclass(frozen=True)
class PlanContent:
    """One decision on a plan. Geometry is in the storage system."""

    code: str
    level: PlanLevel
    adjustment: Adjustment
    name_vi: str
    name_en: str
    scale: int
    information_code: str
    authority: str
    decision_number: str
    decision_date: dt.date
    extent: MultiPolygon
    valid_from: dt.date
    valid_to: dt.date | None
    data_date: dt.date
    accuracy_m: float | None
    parent_code: str = ""


@dataclass(frozen=True)
class ZoneSketch:
    """One zone of a dossier. Indicators are the dossier's own words."""

    uid: uuid.UUID
    label: str
    function: str
    boundary: MultiPolygon
    land_use_code: str = ""
    density: str = ""
    storeys: str = ""
    floor_area_ratio: str = ""
    population: int | None = None
    note: str = ""
    source_row: int | None = None
