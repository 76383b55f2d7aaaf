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
    #: Two bare numbers: people write sheet first and parcel first.
    is_either_order: bool = False
    #: The writer says that these are the numbers of before.
    is_old: bool = False


@dataclass(frozen=True, slots=True)
class Geographic:
    """A point in degrees of WGS 84, or of VN-2000 where the writer says so."""

    lon: float
    lat: float
    is_vn2000: bool = False


@dataclass(frozen=True, slots=True)
class Projected:
    """A pair of VN-2000 metres; `epsgs` are the grids that the writer named, None if none.

    Named and empty: no grid of ours has the name.
    """

    east: float
    north: float
    epsgs: tuple[int, ...] | None = None


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
        case ParcelReference():
            return _describe_reference(meaning)
        case Geographic(lon=lon, lat=lat, is_vn2000=is_vn2000):
            return f"{lat!r}, {lon!r}" + (" VN-2000" if is_vn2000 else "")
        case Projected(east=east, north=north, epsgs=epsgs):
            named = [f"EPSG:{epsg}" for epsg in epsgs] if epsgs else []
            # No grid at all is named by one that does not exist.
            return " ".join([repr(east), repr(north), *(["EPSG:0000"] if epsgs == () else named)])
        case Elsewhere(first=first, second=second):
            return f"{first!r}, {second!r}"
        case NationalId(value=value):
            return value
        case Words(text=text):
            return text


def _describe_reference(reference: ParcelReference) -> str:
    sheet, number, place = reference.sheet, reference.number, reference.place
    old = " cũ" if reference.is_old else ""
    if reference.is_either_order:
        parts = [f"{sheet}/{number}{old}", place]
    else:
        parts = [
            f"tờ{old} {sheet}" if sheet is not None else "",
            f"tỷ lệ 1/{reference.scale}" if reference.scale is not None else "",
            f"thửa{old} {number}" if number is not None else "",
            place,
        ]
    return " ".join(part for part in parts if part)
