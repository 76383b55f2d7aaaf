"""Extracts made by hand: a plot of 100 m², so that a share is its area."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import shapely
from django.utils import timezone

from landdata.models import Theme
from planning.annual import ListedYear, effect_of
from planning.extract.records import (
    Answer,
    CorridorReference,
    ItemReference,
    LandUse,
    LineReference,
    ParcelExtract,
    ParcelRecord,
    Piece,
    PlanReference,
    RegisterReference,
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
    themes: dict[Theme, tuple[Piece, ...]] | None = None,
    registers: dict[Theme, tuple[RegisterReference, ...]] | None = None,
    notices=(),
    **parcel,
) -> ParcelExtract:
    """An extract in which a theme that is not said is clear."""
    clear = (piece(100, Answer.CLEAR),)
    said = {
        Theme.GENERAL_PLAN: general,
        Theme.ZONING_PLAN: zoning,
        Theme.DETAILED_PLAN: detailed,
        **(themes or {}),
    }
    return ParcelExtract(
        parcel=record(**parcel),
        as_of=DAY,
        known_at=7,
        known_since=timezone.now(),
        themes=tuple(
            ThemeAnswer(theme, said.get(theme) or clear, (registers or {}).get(theme, ()))
            for theme in Theme
        ),
        notices=tuple(notices),
    )


def corridor(**values) -> CorridorReference:
    """The safety corridor of a power line of 110 kV, as the table of corridors has it."""
    known = {
        "rule": "power_110_kv",
        "source_key": "PL-1",
        "source_name": "Đường dây 110 kV Chèm",
        "source_name_en": "Chem 110 kV line",
        "object_vi": "Hành lang đường dây 110 kV",
        "object_en": "Corridor of a 110 kV line",
        "distance_m": 4.0,
        "measured_from": "outer_conductor",
        "effect": "conditional",
        "condition_vi": "Nhà chỉ được tồn tại khi đủ điều kiện an toàn.",
        "condition_en": "Houses may remain under conditions only.",
        "restricts": ("building", "trees"),
        "legal_source": "NĐ 62/2025/NĐ-CP art.16",
        "confidence": "high",
        "note": "",
        "doubts": (),
        "valid_from": dt.date(2025, 3, 4),
        "valid_to": None,
    }
    return CorridorReference(**{**known, **values})


def line(kind: str = "red_line") -> LineReference:
    return LineReference(
        key=f"CL-{kind}",
        kind=kind,
        name_vi="phố Hà Trung",
        name_en="Ha Trung street",
        plan_code="QHPK-1",
        decision_number="7/QĐ-UBND",
        decision_date=dt.date(2021, 3, 22),
        authority="UBND thành phố",
        valid_from=dt.date(2021, 4, 1),
        valid_to=None,
    )


def item(on: dt.date = DAY, *, first: int = 2024, **values) -> ItemReference:
    """A project that takes land, listed from a year on without any decision."""
    years = range(first, on.year + 1)
    effect = effect_of([ListedYear(year, "listed", "recovery") for year in years], on)
    known = {
        "key": "CT-7",
        "name_vi": "Mở rộng phố Hà Trung",
        "name_en": "Widening of Ha Trung street",
        "kind": "recovery",
        "purpose": "DGT",
        "purpose_name_vi": "Đất công trình giao thông",
        "purpose_name_en": "Land for transport",
        "area_m2": Decimal("1200"),
        "first_listed_year": first,
        "effect": effect,
        "plan_code": f"KH-{on.year}",
        "plan_name_vi": f"Kế hoạch sử dụng đất năm {on.year}",
        "plan_name_en": f"Land-use plan of {on.year}",
        "plan_year": on.year,
        "authority": "UBND thành phố",
        "decision_number": "1/QĐ-UBND",
        "decision_date": dt.date(on.year, 1, 5),
        "names_the_plot": True,
    }
    return ItemReference(**{**known, **values})


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
