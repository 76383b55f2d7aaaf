"""What a dossier says of a plan, before it is anybody's draft."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from decimal import Decimal

    from django.contrib.gis.geos import MultiPolygon

    from accounts.models import Office
    from planning.models import Adjustment, ItemKind, ItemStatus, PlanLevel, SiteStatus


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


@dataclass(frozen=True)
class AnnualPlanContent:
    """One year's land-use plan. Its boundary is the ground for which it lists all there is."""

    code: str
    name_vi: str
    name_en: str
    year: int
    authority: str
    decision_number: str
    decision_date: dt.date
    data_date: dt.date
    valid_from: dt.date
    valid_to: dt.date | None
    boundary: MultiPolygon


@dataclass(frozen=True)
class NamedPlot:
    """A plot in the words of a plan; `row` is the sender's and says nothing of the plot."""

    unit_code: str
    sheet_number: str
    scale: int | None
    number: str
    row: int = field(compare=False, default=0)


@dataclass(frozen=True)
class ItemContent:
    """A project as one year's plan lists it: its ground, the plots that it names, or both."""

    annual_plan_code: str
    item_key: str
    name_vi: str
    name_en: str
    kind: ItemKind
    purpose: str
    area_m2: Decimal | None
    first_listed_year: int
    status: ItemStatus
    decision_number: str
    decision_date: dt.date | None
    note: str
    boundary: MultiPolygon | None
    plots: tuple[NamedPlot, ...]
    source_row: int


@dataclass(frozen=True)
class SiteContent:
    """What an office says of a site that can be had: the plots that it is, or a drawn shape."""

    code: str
    title_vi: str
    title_en: str
    legal_basis: str
    status: SiteStatus
    contact_office: Office
    plots: tuple[NamedPlot, ...] = ()
    boundary: MultiPolygon | None = None
    #: As the decision states it; None: as registered, else as measured.
    area_m2: Decimal | None = None
    price_basis: str = ""
    contact_phone: str = ""
    offered_from: dt.date | None = None
    offered_until: dt.date | None = None
