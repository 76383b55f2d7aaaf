"""What a search answers: plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID

    from landdata.search.understood import Understood

Matched = Literal[
    "sheet_and_number", "old_sheet_and_number", "national_id", "address", "coordinate"
]


@dataclass(frozen=True, slots=True)
class OldNumber:
    """The number of before by which a plot was found; no unit where the register names none."""

    sheet: str
    number: str
    unit_code: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class ParcelHit:
    """A plot that answers the question; lon and lat lie inside it, None without a boundary."""

    uuid: UUID
    sheet: str
    scale: int
    number: str
    unit_code: str
    unit_name: str
    address: str
    legal_area_m2: Decimal | None
    geometry_state: str
    is_disputed: bool
    lon: float | None
    lat: float | None
    matched: Matched
    matched_as: OldNumber | None = None


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A unit or a point; `bbox` is west, south, east, north in degrees."""

    kind: Literal["unit", "point"]
    name: str
    lon: float
    lat: float
    bbox: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell the asker; its sentence stands in the catalogue under `search.<code>`."""

    code: str
    values: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """The whole answer to one question."""

    understood: Understood
    parcels: tuple[ParcelHit, ...] = ()
    places: tuple[PlaceHit, ...] = ()
    is_truncated: bool = False
    messages: tuple[Message, ...] = ()
