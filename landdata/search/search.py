"""One question in free spelling, answered: what was understood, plots, places, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landdata.search import parcels, points, units
from landdata.search.found import Found, Message, ParcelHit, PlaceHit
from landdata.search.reference import UNDETERMINED
from landdata.search.understand import understand
from landdata.search.understood import (
    Elsewhere,
    Geographic,
    NationalId,
    ParcelReference,
    Projected,
    Words,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from landdata.search.understood import Understood
    from landdata.search.units import NamedGround

#: Hits by old numbers that a list cut to its longest shows at least.
OLD_HITS_KEPT = 5
#: Former units of one name, and wards of today that one led to, that a message names.
MOST_SUCCESSIONS = 3
MOST_SUCCESSORS = 6


def search(query: str, *, as_of: dt.date) -> Found:
    """Answer a question by what is known now and valid on a day.

    Several hits are listed, never picked from. Raises Invalid for an empty or too long question.
    """
    meaning = understand(query)
    match meaning:
        case ParcelReference():
            return _by_reference(meaning, query, as_of=as_of)
        case Geographic():
            return _at_point(meaning, as_of=as_of)
        case Projected():
            return _at_metres(meaning, as_of=as_of)
        case NationalId():
            return _by_national_id(meaning, as_of=as_of)
        case Elsewhere():
            return Found(meaning, messages=(Message("coordinate_outside_country"),))
        case Words():
            return _by_words(meaning, as_of=as_of)


def _by_reference(reference: ParcelReference, query: str, *, as_of: dt.date) -> Found:
    place = units.named_ground(reference.place, as_of=as_of)
    ground = _ground(place)
    messages = _former_units(place)
    hits: list[ParcelHit] = []
    if ground is not None:
        hits = _numbered(reference, ground=ground, as_of=as_of)
    elif reference.place:
        words = parcels.address_words(reference.place)
        hits = _numbered(reference, ground=None, as_of=as_of, address=words)
    if not hits and reference.place:
        # A house number looks like a pair of numbers: "12/45 Đội Cấn".
        by_address = parcels.by_address(query, ground=None, as_of=as_of)
        if by_address:
            return _answer(Words(query.strip(), False), by_address)
    if not hits:
        hits = _numbered(reference, ground=None, as_of=as_of)
        if hits and ground is not None:
            messages.append(Message("listed_elsewhere", {"place": reference.place}))
        elif hits and reference.place:
            messages.append(Message("place_unknown", {"place": reference.place}))
    if not hits:
        messages.append(Message("no_such_parcel"))
    elif ground is None and len({hit.unit_code for hit in hits}) > 1:
        messages.append(Message("several_units"))
    return _answer(reference, hits, messages=[*messages, *_numbering(reference, hits)])


def _numbered(
    reference: ParcelReference,
    *,
    ground: parcels.Ground | None,
    as_of: dt.date,
    address: str = "",
) -> list[ParcelHit]:
    """Return plots that have these numbers, then others that had them before.

    Where the writer says that they are the old ones, those of today are only the second choice.
    """
    old = parcels.by_old_reference(reference, ground=ground, as_of=as_of, address=address)
    if reference.is_old and old:
        return _whole_number_first(reference, old)
    current = parcels.by_reference(reference, ground=ground, as_of=as_of, address=address)
    found = {hit.uuid for hit in current}
    old = [hit for hit in old if hit.uuid not in found]
    # A number that many wards have today must not push the old ones off the list.
    first = parcels.MOST_HITS - min(len(old), OLD_HITS_KEPT)
    return _whole_number_first(reference, [*current[:first], *old, *current[first:]])


def _whole_number_first(reference: ParcelReference, hits: list[ParcelHit]) -> list[ParcelHit]:
    """Read "45/1" without a sheet as parcel and sheet only where no parcel has that number."""
    if reference.sheet is not None or reference.number is None:
        return hits
    spelled = parcels.spellings(reference.number)
    whole = [hit for hit in hits if (hit.matched_as or hit).number in spelled]
    return whole or hits


def _numbering(reference: ParcelReference, hits: Sequence[ParcelHit]) -> list[Message]:
    """Say by which numbering plots were found, and what was open about the numbers."""
    told: list[Message] = []
    by_old = {hit.matched == "old_sheet_and_number" for hit in hits}
    if by_old == {True, False}:
        told.append(Message("current_and_old_number"))
    elif by_old == {True}:
        told.append(Message("old_number"))
    elif by_old == {False} and reference.is_old:
        told.append(Message("no_old_number"))
    if reference.is_either_order and _is_turned(reference, hits):
        told.append(Message("either_order"))
    if reference.number == UNDETERMINED and hits:
        told.append(Message("undetermined_number"))
    elif len({(hit.unit_code, hit.sheet) for hit in hits}) < len(
        {(hit.unit_code, hit.sheet, hit.scale) for hit in hits}
    ):
        told.append(Message("several_scales"))
    return told


def _is_turned(reference: ParcelReference, hits: Sequence[ParcelHit]) -> bool:
    """Say whether a hit read the pair as parcel and sheet."""
    sheets = parcels.spellings(reference.sheet or "")
    return any(
        (hit.matched_as.sheet if hit.matched_as else hit.sheet) not in sheets for hit in hits
    )


def _ground(place: NamedGround) -> parcels.Ground | None:
    if place.ward_codes is None:
        return None
    return parcels.Ground(place.ward_codes, place.former_codes, place.has_former_units_only)


def _former_units(place: NamedGround) -> list[Message]:
    """Say of every former unit named which wards of today lie there."""
    told = []
    for succession in place.successions[:MOST_SUCCESSIONS] if place.has_former_units_only else ():
        today = ", ".join(succession.today[:MOST_SUCCESSORS])
        if len(succession.today) > MOST_SUCCESSORS:
            today += ", …"
        code = {0: "former_unit_unfollowed", 1: "former_unit"}.get(
            len(succession.today), "former_unit_divided"
        )
        told.append(Message(code, {"unit": succession.former, "today": today}))
    return told


def _by_words(words: Words, *, as_of: dt.date) -> Found:
    place = units.named_ground(words.text, as_of=as_of)
    ground = _ground(place)
    if ground is not None and not place.rest:
        found = units.places_of(place.units, ground.wards, as_of=as_of)
        messages = _former_units(place)
        if len(found) > 1 and not place.has_former_units_only:
            messages.append(Message("several_places"))
        # "Đội Cấn" is a street as well as a ward that was.
        hits = parcels.by_address(words.text, ground=None, as_of=as_of) if messages else []
        return _answer(Words(words.text, True), hits, found, messages)
    hits = parcels.by_address(words.text, ground=None, as_of=as_of)
    if hits:
        return _answer(Words(words.text, False), hits)
    if ground is not None:
        hits = parcels.by_address(place.rest, ground=ground, as_of=as_of)
    if hits:
        return _answer(Words(words.text, False), hits, messages=_former_units(place))
    found = []
    if ground is not None:
        found = units.places_of(place.units, ground.wards, as_of=as_of)
    code = "no_such_address" if not words.is_unit_like or found else "nothing_found"
    return _answer(words, [], found, [Message(code)])


def _by_national_id(wanted: NationalId, *, as_of: dt.date) -> Found:
    hits = parcels.by_national_id(wanted.value, as_of=as_of)
    if hits:
        messages = [Message("identifier_given_twice")] if len(hits) > 1 else []
        return _answer(wanted, hits, messages=messages)
    point = points.of_geohash(wanted.value)
    near = parcels.at_point(point.lon, point.lat, as_of=as_of) if point else []
    places = [point] if point else []
    code = "identifier_unknown_parcel_there" if near else "identifier_unknown"
    return _answer(wanted, near, places, [Message(code)])


def _at_point(point: Geographic, *, as_of: dt.date) -> Found:
    place = points.given(point)
    hits = parcels.at_point(place.lon, place.lat, as_of=as_of)
    return _answer(point, hits, [place], [] if hits else [Message("no_parcel_at_point")])


def _at_metres(pair: Projected, *, as_of: dt.date) -> Found:
    if pair.epsgs == ():
        return _answer(pair, [], messages=[Message("system_unknown")])
    found = points.candidates(pair, as_of=as_of)
    places = found.points
    hits = parcels.at_points([(place.lon, place.lat) for place in places], as_of=as_of)
    messages = []
    if not found.is_inside:
        code = "coordinate_outside_city" if pair.epsgs is None else "named_system_outside_city"
        messages.append(Message(code))
    elif len(places) > 1:
        messages.append(Message("several_systems", {"count": len(places)}))
    if found.is_inside and not hits:
        messages.append(Message("no_parcel_at_point"))
    return _answer(pair, hits, places, messages)


def _answer(
    meaning: Understood,
    hits: Sequence[ParcelHit],
    places: Sequence[PlaceHit] = (),
    messages: Sequence[Message] = (),
) -> Found:
    """Cut to the longest permitted list and say so; name every dispute."""
    is_truncated = len(hits) > parcels.MOST_HITS or len(places) > units.MOST_PLACES
    told = list(messages)
    if is_truncated:
        told.append(Message("truncated", {"shown": parcels.MOST_HITS}))
    shown = tuple(hits[: parcels.MOST_HITS])
    if any(hit.is_disputed for hit in shown):
        told.append(Message("disputed"))
    if any(hit.geometry_state != "valid" for hit in shown):
        told.append(Message("without_boundary"))
    return Found(meaning, shown, tuple(places[: units.MOST_PLACES]), is_truncated, tuple(told))
