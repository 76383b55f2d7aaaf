"""An extract as JSON. It reads the frozen record and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import shapely
from django.utils.translation import gettext

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from planning.extract.records import (
        ParcelExtract,
        ParcelRecord,
        Piece,
        PlanReference,
        ThemeAnswer,
        ZoneReference,
    )

#: Decimals of a degree that keep a corner to 0.1 mm.
_DEGREE_DECIMALS = 9


def as_json(extract: ParcelExtract) -> dict[str, Any]:
    """Return an extract as values that JSON knows; texts are in the active language.

    Areas are m² with four decimals (1 cm²), geometry is GeoJSON in (lon, lat).
    """
    return {
        "parcel": _parcel(extract.parcel),
        "as_of": extract.as_of.isoformat(),
        "known_at": extract.known_at,
        "known_since": extract.known_since.isoformat(),
        "answer": extract.answer,
        "themes": [_theme(theme) for theme in extract.themes],
        "notices": [
            {"code": notice, "text": gettext(f"notice.{notice}")} for notice in extract.notices
        ],
    }


def _geometry(shape: BaseGeometry | None) -> dict[str, Any] | None:
    if shape is None:
        return None
    grid = 10.0**-_DEGREE_DECIMALS
    rounded = shapely.set_precision(shape, grid, mode="pointwise")
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return geometry


def _m2(area: float | None) -> float | None:
    return None if area is None else round(area, 4)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _parcel(parcel: ParcelRecord) -> dict[str, Any]:
    return {
        "uuid": str(parcel.uuid),
        "national_id": parcel.national_id,
        "unit": {
            "code": parcel.unit_code,
            "name": parcel.unit_name,
            "name_en": parcel.unit_name_en,
        },
        "sheet": {
            "number": parcel.sheet_number,
            "scale": parcel.sheet_scale,
            "epsg": parcel.sheet_epsg,
        },
        "number": parcel.number,
        "address": parcel.address,
        "legal_area_m2": _number(parcel.legal_area_m2),
        "measured_area_m2": _m2(parcel.measured_area_m2),
        "geometry_state": parcel.geometry_state,
        "is_disputed": parcel.is_disputed,
        "disputed_with": [
            {
                "uuid": str(twin.uuid),
                "sheet": twin.sheet,
                "number": twin.number,
                "legal_area_m2": _number(twin.legal_area_m2),
            }
            for twin in parcel.disputed_with
        ],
        "land_uses": [
            {
                "code": use.code,
                "name_vi": use.name_vi,
                "name_en": use.name_en,
                "area_m2": _number(use.area_m2),
            }
            for use in parcel.land_uses
        ],
        "boundary": _geometry(parcel.boundary),
        "data_date": parcel.data_date.isoformat(),
        "valid_from": parcel.valid_from.isoformat(),
        "valid_to": parcel.valid_to.isoformat() if parcel.valid_to else None,
        "source": {
            "file": parcel.source_name,
            "row": parcel.source_row,
            "sha256": parcel.source_sha256,
            "accuracy_m": parcel.accuracy_m,
        },
    }


def _theme(theme: ThemeAnswer) -> dict[str, Any]:
    return {
        "theme": theme.theme,
        "answer": theme.answer,
        "answers": {answer: _m2(m2) for answer, m2 in theme.areas_m2.items()},
        "pieces": [_piece(piece) for piece in theme.pieces],
    }


def _piece(piece: Piece) -> dict[str, Any]:
    return {
        "answer": piece.answer,
        "reason": piece.reason,
        "trouble": piece.trouble or None,
        "area_m2": _m2(piece.area_m2),
        "share": None if piece.share is None else round(piece.share, 6),
        "within_tolerance": piece.within_tolerance,
        "conflict": piece.conflict,
        "boundary": _geometry(piece.boundary),
        "zones": [_zone(zone) for zone in piece.zones],
        "plans": [_plan(plan) for plan in piece.plans],
    }


def _zone(zone: ZoneReference) -> dict[str, Any]:
    return {
        "uid": str(zone.uid),
        "label": zone.label,
        "function": zone.function,
        "function_name_vi": zone.function_name_vi,
        "function_name_en": zone.function_name_en,
        "colour": zone.colour,
        "land_use_code": zone.land_use_code,
        "density": zone.density,
        "storeys": zone.storeys,
        "floor_area_ratio": zone.floor_area_ratio,
        "plan": _plan(zone.plan),
    }


def _plan(plan: PlanReference) -> dict[str, Any]:
    return {
        "code": plan.code,
        "name_vi": plan.name_vi,
        "name_en": plan.name_en,
        "level": plan.level,
        "scale": plan.scale,
        "decision_number": plan.decision_number,
        "decision_date": plan.decision_date.isoformat(),
        "authority": plan.authority,
        "valid_from": plan.valid_from.isoformat(),
        "valid_to": plan.valid_to.isoformat() if plan.valid_to else None,
        "data_date": plan.data_date.isoformat(),
        "accuracy_m": plan.accuracy_m,
    }
