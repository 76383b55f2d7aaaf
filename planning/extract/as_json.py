"""An extract as JSON. It reads the frozen record and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely
from django.utils.translation import gettext

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from planning.annual import ItemEffect
    from planning.extract.records import (
        CorridorReference,
        ItemReference,
        LineReference,
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
    draw = _Drawing()
    return {
        "parcel": _parcel(extract.parcel, draw),
        "as_of": extract.as_of.isoformat(),
        "known_at": extract.known_at,
        "known_since": extract.known_since.isoformat(),
        "answer": extract.answer,
        "themes": [_theme(theme, draw) for theme in extract.themes],
        "notices": [
            {"code": notice, "text": gettext(f"notice.{notice}")} for notice in extract.notices
        ],
    }


class _Drawing:
    """Draws shapes as GeoJSON. Most themes speak of the whole plot: one shape, drawn once."""

    def __init__(self) -> None:
        self._drawn: dict[int, dict[str, Any]] = {}

    def __call__(self, shape: BaseGeometry | None) -> dict[str, Any] | None:
        if shape is None:
            return None
        # The extract holds all its shapes while it is printed, so no identity is used twice.
        if id(shape) not in self._drawn:
            rounded = shapely.transform(shape, lambda xy: xy.round(_DEGREE_DECIMALS))
            self._drawn[id(shape)] = dict(rounded.__geo_interface__)
        return self._drawn[id(shape)]


def _m2(area: float | None) -> float | None:
    return None if area is None else round(area, 4)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _parcel(parcel: ParcelRecord, draw: _Drawing) -> dict[str, Any]:
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
        "known_before_as": [
            {
                "unit_code": alias.unit_code,
                "unit_name": alias.unit_name,
                "sheet": alias.sheet,
                "number": alias.number,
            }
            for alias in parcel.aliases
        ],
        "boundary": draw(parcel.boundary),
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


def _theme(theme: ThemeAnswer, draw: _Drawing) -> dict[str, Any]:
    return {
        "theme": theme.theme,
        "answer": theme.answer,
        "answers": {answer: _m2(m2) for answer, m2 in theme.areas_m2.items()},
        "registers": [
            {
                "title_vi": register.title_vi,
                "title_en": register.title_en,
                "is_complete": register.is_complete,
                "data_date": register.data_date.isoformat(),
            }
            for register in theme.registers
        ],
        "pieces": [_piece(piece, draw) for piece in theme.pieces],
    }


def _piece(piece: Piece, draw: _Drawing) -> dict[str, Any]:
    return {
        "answer": piece.answer,
        "reason": piece.reason,
        "trouble": piece.trouble or None,
        "area_m2": _m2(piece.area_m2),
        "share": None if piece.share is None else round(piece.share, 6),
        "within_tolerance": piece.within_tolerance,
        "conflict": piece.conflict,
        "boundary": draw(piece.boundary),
        "zones": [_zone(zone) for zone in piece.zones],
        "plans": [_plan(plan) for plan in piece.plans],
        "items": [_item(item) for item in piece.items],
        "lines": [_line(line) for line in piece.lines],
        "corridors": [_corridor(corridor) for corridor in piece.corridors],
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


def _item(item: ItemReference) -> dict[str, Any]:
    return {
        "key": item.key,
        "name_vi": item.name_vi,
        "name_en": item.name_en,
        "kind": item.kind,
        "purpose": item.purpose,
        "purpose_name_vi": item.purpose_name_vi,
        "purpose_name_en": item.purpose_name_en,
        "area_m2": _number(item.area_m2),
        "first_listed_year": item.first_listed_year,
        "names_the_plot": item.names_the_plot,
        "effect": _effect(item.effect),
        "plan": {
            "code": item.plan_code,
            "name_vi": item.plan_name_vi,
            "name_en": item.plan_name_en,
            "year": item.plan_year,
            "authority": item.authority,
            "decision_number": item.decision_number,
            "decision_date": item.decision_date.isoformat(),
        },
    }


def _effect(effect: ItemEffect) -> dict[str, Any]:
    return {
        "state": effect.state,
        "restriction": effect.restriction,
        "next_step": effect.next_step,
        "article": effect.article,
        "years_listed": list(effect.years_listed),
        "counted_from": effect.counted_from,
        "two_years_end": effect.two_years_end.isoformat() if effect.two_years_end else None,
        "decision_number": effect.decision_number,
        "decision_date": effect.decision_date.isoformat() if effect.decision_date else None,
    }


def _line(line: LineReference) -> dict[str, Any]:
    return {
        "key": line.key,
        "kind": line.kind,
        "name_vi": line.name_vi,
        "name_en": line.name_en,
        "plan_code": line.plan_code,
        "decision_number": line.decision_number,
        "decision_date": line.decision_date.isoformat(),
        "authority": line.authority,
        "valid_from": line.valid_from.isoformat(),
        "valid_to": line.valid_to.isoformat() if line.valid_to else None,
    }


def _corridor(corridor: CorridorReference) -> dict[str, Any]:
    return {
        "rule": corridor.rule,
        "source_key": corridor.source_key,
        "source_name": corridor.source_name,
        "source_name_en": corridor.source_name_en,
        "object_vi": corridor.object_vi,
        "object_en": corridor.object_en,
        "distance_m": corridor.distance_m,
        "measured_from": corridor.measured_from,
        "effect": corridor.effect,
        "condition_vi": corridor.condition_vi,
        "condition_en": corridor.condition_en,
        "restricts": list(corridor.restricts),
        "legal_source": corridor.legal_source,
        "confidence": corridor.confidence,
        "note": corridor.note,
        "doubts": list(corridor.doubts),
        "valid_from": corridor.valid_from.isoformat(),
        "valid_to": corridor.valid_to.isoformat() if corridor.valid_to else None,
        "superseded_by": corridor.superseded_by or None,
    }
