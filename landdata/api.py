"""Search over HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from landdata.search import parcels
from landdata.search.found import Found, ParcelHit, PlaceHit
from landdata.search.search import search as search_for
from landdata.search.understood import (
    Elsewhere,
    Geographic,
    NationalId,
    ParcelReference,
    Projected,
    Understood,
    Words,
)

router = Router(tags=["search"])


class OldNumberItem(Schema):
    """A number that a plot had before; no unit where the register names none."""

    sheet: str
    number: str
    unit_code: str
    unit_name: str


class ParcelItem(Schema):
    """A plot. `lon` and `lat` lie inside it and are null where it has no boundary.

    `matched_as` is the old number by which it was found, null where it was found otherwise.
    """

    uuid: UUID
    sheet: str
    scale: int
    number: str
    unit_code: str
    unit_name: str
    address: str
    legal_area_m2: float | None
    geometry_state: Literal["valid", "invalid", "missing"]
    is_disputed: bool
    lon: float | None
    lat: float | None
    matched: Literal[
        "sheet_and_number", "old_sheet_and_number", "national_id", "address", "coordinate"
    ]
    matched_as: OldNumberItem | None


class PlaceItem(Schema):
    """A unit or a point; `bbox` is west, south, east, north in degrees."""

    kind: Literal["unit", "point"]
    name: str
    lon: float
    lat: float
    bbox: tuple[float, float, float, float]


class MessageItem(Schema):
    """Something to tell the asker, in the language of the request."""

    code: str
    text: str


class SearchAnswer(Schema):
    """What was understood and what was found, at most 20 plots and 20 places."""

    query: str
    understood: dict[str, Any]
    parcels: list[ParcelItem]
    places: list[PlaceItem]
    truncated: bool
    messages: list[MessageItem]


class ParcelsAnswer(Schema):
    """Plots at a point."""

    parcels: list[ParcelItem]


@router.get("/search", response=SearchAnswer, summary="Find plots and places in free spelling")
def search(request: HttpRequest, q: str) -> SearchAnswer:
    """Sheet and parcel of today or of before, address, ward, coordinates, national identifier.

    Several hits are listed, never picked from.
    """
    found = search_for(q, as_of=timezone.localdate())
    return SearchAnswer(
        query=q,
        understood=understood(found.understood),
        parcels=[_parcel(hit) for hit in found.parcels],
        places=[_place(hit) for hit in found.places],
        truncated=found.is_truncated,
        messages=messages(found),
    )


@router.get("/parcels/at", response=ParcelsAnswer, summary="Plots at a point")
def parcels_at(
    request: HttpRequest,
    lon: Annotated[float, Query(ge=-180, le=180)],
    lat: Annotated[float, Query(ge=-90, le=90)],
) -> ParcelsAnswer:
    """Every plot that covers the point, in WGS 84 degrees."""
    hits = parcels.at_point(lon, lat, as_of=timezone.localdate())
    return ParcelsAnswer(parcels=[_parcel(hit) for hit in hits[: parcels.MOST_HITS]])


def understood(meaning: Understood) -> dict[str, Any]:
    """Return a meaning as the interface names it."""
    match meaning:
        case ParcelReference(sheet=sheet, number=number, scale=scale, place=place):
            values = {"sheet": sheet, "number": number, "scale": scale, "place": place}
            how = {"is_either_order": meaning.is_either_order, "is_old": meaning.is_old}
            return {"kind": "parcel", **values, **how}
        case Geographic(lon=lon, lat=lat, is_vn2000=is_vn2000):
            return {"kind": "coordinate", "lon": lon, "lat": lat, "is_vn2000": is_vn2000}
        case Projected(east=east, north=north, epsgs=epsgs):
            named = list(epsgs) if epsgs is not None else None
            return {"kind": "coordinate", "east": east, "north": north, "epsgs": named}
        case Elsewhere(first=first, second=second):
            return {"kind": "coordinate", "first": first, "second": second}
        case NationalId(value=value):
            return {"kind": "national_id", "value": value}
        case Words(text=text, is_unit_like=is_unit_like):
            return {"kind": "unit" if is_unit_like else "address", "text": text}


def messages(found: Found) -> list[MessageItem]:
    """Return the messages of an answer in the language of the request."""
    return [
        MessageItem(code=message.code, text=_(f"search.{message.code}") % message.values)
        for message in found.messages
    ]


def _parcel(hit: ParcelHit) -> ParcelItem:
    return ParcelItem.model_validate(hit, from_attributes=True)


def _place(hit: PlaceHit) -> PlaceItem:
    return PlaceItem.model_validate(hit, from_attributes=True)
