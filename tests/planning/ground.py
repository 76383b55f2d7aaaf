"""Objects beside the hand-checkable city: lines, sites and projects, one revision each."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import shapely
from django.conf import settings

from landdata import crs
from landdata.geometry import to_multipolygon
from landdata.models import (
    Dyke,
    HazardSite,
    NamedFeature,
    PowerLine,
    ProtectedSite,
    Railway,
    Revision,
    RoadSegment,
)
from planning.models import (
    AnnualLandUsePlan,
    ControlLine,
    LandUsePlanItem,
    LandUsePlanItemParcel,
)
from planning.operations.reference import load_corridor_rules
from tests.planning.city import EAST, NORTH, box, source_file, stored

REFERENCE = Path(settings.BASE_DIR) / "fixtures" / "reference"
LONG_AGO = dt.date(2000, 1, 1)


def rules() -> None:
    """All rules on corridors."""
    load_corridor_rules(REFERENCE, by=None)


def _line(*points: tuple[float, float]) -> dict[str, Any]:
    from django.contrib.gis.geos import GEOSGeometry

    line = shapely.MultiLineString([[(EAST + x, NORTH + y) for x, y in points]])
    drawn = crs.transform(line, settings.STORAGE_EPSG, crs.WEB_MERCATOR)
    return {
        "axis": GEOSGeometry(memoryview(shapely.to_wkb(line)), srid=settings.STORAGE_SRID),
        "axis_3857": GEOSGeometry(memoryview(shapely.to_wkb(drawn)), srid=3857),
    }


def area(shape: Any) -> dict[str, Any]:
    drawn = crs.transform(shape, settings.STORAGE_EPSG, crs.WEB_MERCATOR)
    return {"boundary": stored(shape), "boundary_3857": to_multipolygon(drawn, 3857)}


def put(model: type[NamedFeature], key: str, **values: Any) -> Any:
    """Add one object in a revision of its own."""
    given = {"valid_from": LONG_AGO, "name": f"Đối tượng {key}", "name_en": f"Object {key}"}
    with Revision.open(by=None, why=f"put {key}") as revision:
        return model._default_manager.create(
            source_key=key,
            source_file=source_file(),
            source_row=0,
            from_revision=revision.number,
            **{**given, **values},
        )


def power_line(key: str, *points: tuple[float, float], **values: Any) -> PowerLine:
    given = {"voltage_kv": 110.0, "placement": "overhead", "conductor": "bare"}
    return put(PowerLine, key, **_line(*points), **{**given, **values})


def road(key: str, *points: tuple[float, float], **values: Any) -> RoadSegment:
    return put(RoadSegment, key, **_line(*points), **{"road_class": "primary", **values})


def railway(key: str, *points: tuple[float, float], **values: Any) -> Railway:
    return put(Railway, key, **_line(*points), **{"kind": "national", **values})


def dyke(key: str, *points: tuple[float, float], **values: Any) -> Dyke:
    return put(Dyke, key, **_line(*points), **values)


def hazard_site(key: str, shape: Any, **values: Any) -> HazardSite:
    return put(HazardSite, key, **area(shape), **{"is_synthetic": True, **values})


def protected_site(key: str, shape: Any, **values: Any) -> ProtectedSite:
    return put(ProtectedSite, key, **area(shape), **values)


def control_line(key: str, shape: Any, **values: Any) -> ControlLine:
    given = {
        "kind": "red_line",
        "plan_code": "P",
        "decision_number": "9/QĐ-UBND",
        "decision_date": dt.date(2020, 1, 1),
        "authority": "UBND thành phố",
    }
    return put(ControlLine, key, **area(shape), **{**given, **values})


def annual_plan(year: int, shape: Any = None) -> AnnualLandUsePlan:
    """The plan of one calendar year."""
    shape = box(-1000, -1000, 1000, 1000) if shape is None else shape
    with Revision.open(by=None, why=f"annual plan {year}") as revision:
        return AnnualLandUsePlan.objects.create(
            code=f"KH-{year}",
            name_vi=f"Kế hoạch sử dụng đất năm {year}",
            name_en=f"Land-use plan of {year}",
            year=year,
            authority="UBND thành phố",
            decision_number=f"{year}/QĐ-UBND",
            decision_date=dt.date(year - 1, 12, 20),
            data_date=dt.date(year - 1, 12, 20),
            boundary=stored(shape),
            source_file=source_file(),
            valid_from=dt.date(year, 1, 1),
            valid_to=dt.date(year + 1, 1, 1),
            from_revision=revision.number,
        )


def item(
    key: str, year: int, shape: Any = None, *, naming: Any = None, **values: Any
) -> LandUsePlanItem:
    """A project in the list of one year, by its boundary or by the plot that it names."""
    given = {"kind": "recovery", "purpose": "DGT", "first_listed_year": year, "status": "listed"}
    with Revision.open(by=None, why=f"item {key}") as revision:
        row = LandUsePlanItem.objects.create(
            annual_plan_code=f"KH-{year}",
            item_key=key,
            name_vi=f"Công trình {key}",
            name_en=f"Project {key}",
            **_shown(shape),
            source_file=source_file(),
            source_row=0,
            valid_from=dt.date(year, 1, 1),
            valid_to=dt.date(year + 1, 1, 1),
            from_revision=revision.number,
            **{**given, **values},
        )
    if naming is not None:
        names(row, "1", parcel=naming)
    return row


def _shown(shape: Any) -> dict[str, Any]:
    if shape is None:
        return {}
    drawn = area(shape)
    return {
        "boundary": drawn["boundary"],
        "ground": drawn["boundary"],
        "ground_3857": drawn["boundary_3857"],
    }


def names(row: LandUsePlanItem, number: str, *, parcel: Any) -> None:
    """Let a project name a plot of sheet 12; `parcel` None: the importer found none."""
    LandUsePlanItemParcel.objects.create(
        item=row, unit_code="00004", sheet_number="12", number=number, parcel_id=parcel
    )
