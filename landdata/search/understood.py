"""What a typed question can mean: plain values, no database."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ParcelReference:
    """A plot named by its numbers; None where the writer left a part out.

    `place` is the rest of the text in the writer's own letters: a ward, a street, or empty.
    """

    sheet: str | None
    number: str | None
    scale: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Geographic:
    """A point in WGS 84 degrees."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Projected:
    """A pair of VN-2000 metres, whose meridian the writer did not say."""

    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Two numbers written like coordinates that lie nowhere in Viet Nam in any system."""

    first: float
    second: float


@dataclass(frozen=True, slots=True)
class NationalId:
    """A twelve-character parcel identifier in small letters."""

    value: str


@dataclass(frozen=True, slots=True)
class Words:
    """A name: of a unit, if it starts like one or holds no digit, else an address."""

    text: str
    is_unit_like: bool


Understood = ParcelReference | Geographic | Projected | Elsewhere | NationalId | Words


def describe(meaning: Understood) -> str:
    """Return the spelling of a meaning that is understood as exactly that meaning again."""
    match meaning:
        case ParcelReference(sheet=sheet, number=number, scale=scale, place=place):
            parts = [
                f"tờ {sheet}" if sheet is not None else "",
                f"tỷ lệ 1/{scale}" if scale is not None else "",
                f"thửa {number}" if number is not None else "",
            ]
            return " ".join(part for part in (" ".join(p for p in parts if p), place) if part)
        case Geographic(lon=lon, lat=lat):
            return f"{lat!r}, {lon!r}"
        case Projected(east=east, north=north):
            return f"{east!r} {north!r}"
        case Elsewhere(first=first, second=second):
            return f"{first!r}, {second!r}"
        case NationalId(value=value):
            return value
        case Words(text=text):
            return text
