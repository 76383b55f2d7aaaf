"""Extracts made by hand: a plot of 100 m², so that a share is its area."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import shapely
from django.utils import timezone

from landdata.models import Theme
from planning.extract.records import (
    Answer,
    LandUse,
    ParcelExtract,
    ParcelRecord,
    Piece,
    PlanReference,
    ThemeAnswer,
    ZoneReference,
)

DAY = dt.date(2026, 11, 21)
PLOT = uuid.UUID("6f1d9b0a-6d7e-4c5b-9a0e-2f6f0f1c2b3a")


def plan(code: str = "QHPK-1", *, level: str = "zoning") -> PlanReference:
    return PlanReference(
        code=code,
        name_vi=f"Quy hoạch {code}",
        name_en=f"Plan {code}",
        level=level,
        scale=2000,
        decision_number=f"{code}/QĐ-UBND",
        decision_date=dt.date(2021, 3, 22),
        authority="UBND thành phố",
        valid_from=dt.date(2021, 4, 1),
        valid_to=None,
        data_date=dt.date(2021, 3, 10),
        accuracy_m=0.5,
    )


def zone(name: str, of: PlanReference | None = None, *, colour: str = "#cc9900") -> ZoneReference:
    return ZoneReference(
        uid=uuid.uuid4(),
        label="A1",
        function=name,
        function_name_vi=name,
        function_name_en=name.upper(),
        colour=colour,
        land_use_code="ODT",
        density="40-60",
        storeys="3-5",
        floor_area_ratio="2,5",
        plan=of or plan(),
    )


def piece(area_m2: float, answer: Answer = Answer.APPLIES, **values) -> Piece:
    """A piece of the plot; 1 m² is 1 %."""
    values.setdefault("reason", None)
    values.setdefault("within_tolerance", False)
    return Piece(
        answer=answer,
        trouble=values.pop("trouble", ""),
        area_m2=area_m2,
        share=area_m2 / 100,
        boundary=shapely.box(105.8, 21.0, 105.8 + area_m2 / 1e6, 21.0001),
        **values,
    )


def extract(
    *,
    general: tuple[Piece, ...] = (),
    zoning: tuple[Piece, ...] = (),
    detailed: tuple[Piece, ...] = (),
    notices=(),
    **parcel,
) -> ParcelExtract:
    """An extract in which a theme that is not said is clear."""
    clear = (piece(100, Answer.CLEAR),)
    return ParcelExtract(
        parcel=record(**parcel),
        as_of=DAY,
        known_at=7,
        known_since=timezone.now(),
        themes=(
            ThemeAnswer(Theme.GENERAL_PLAN, general or clear),
            ThemeAnswer(Theme.ZONING_PLAN, zoning or clear),
            ThemeAnswer(Theme.DETAILED_PLAN, detailed or clear),
        ),
        notices=tuple(notices),
    )


def record(**values) -> ParcelRecord:
    known = {
        "uuid": PLOT,
        "national_id": "w7er91fkxwsj",
        "unit_code": "00004",
        "unit_name": "Phường Ba Đình",
        "unit_name_en": "Ba Dinh ward",
        "sheet_number": "12",
        "sheet_scale": 500,
        "sheet_epsg": 5897,
        "number": "45",
        "address": "Số 2 phố Hà Trung",
        "legal_area_m2": Decimal("98.5"),
        "measured_area_m2": 100.0,
        "geometry_state": "valid",
        "is_disputed": False,
        "disputed_with": (),
        "land_uses": (LandUse("ODT", "Đất ở tại đô thị", "Urban residential land", None),),
        "boundary": shapely.box(105.8, 21.0, 105.8001, 21.0001),
        "data_date": dt.date(2026, 6, 30),
        "valid_from": dt.date(2026, 6, 30),
        "valid_to": None,
        "source_name": "parcels.shp",
        "source_row": 44,
        "source_sha256": "0" * 64,
        "accuracy_m": 0.07,
    }
    return ParcelRecord(**{**known, **values})
