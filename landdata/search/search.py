"""One question in free spelling, answered: what was understood, plots, places, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landdata.search import parcels, points, units
from landdata.search.found import Found, Message, ParcelHit, PlaceHit
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


def search(query: str, *, as_of: dt.date) -> Found:
    """Answer a question by what is known now and valid on a day.

    Several hits are listed, never picked from. Raises Invalid for an empty or too long question.
    """
    meaning = understand(query)
    match meaning:
        case ParcelReference():
            return _by_reference(meaning, query, as_of=as_of)
        case Geographic():
            return _at_points(meaning, [points.given(meaning)], as_of=as_of)
        case Projected():
            return _at_points(meaning, points.candidates(meaning, as_of=as_of), as_of=as_of)
        case NationalId():
            return _by_national_id(meaning, as_of=as_of)
        case Elsewhere():
            return Found(meaning, messages=(Message("coordinate_outside_country"),))
        case Words():
            return _by_words(meaning, as_of=as_of)


def _by_reference(reference: ParcelReference, query: str, *, as_of: dt.date) -> Found:
    place = units.named_ground(reference.place, as_of=as_of)
    messages: list[Message] = []
    hits: list[ParcelHit] = []
    if place.ward_codes is not None:
        hits = parcels.by_reference(reference, units=place.ward_codes, as_of=as_of)
        if place.has_former_units_only:
            messages.append(Message("former_unit", {"unit": place.units[0].full_name}))
    elif reference.place:
        words = parcels.address_words(reference.place)
        hits = parcels.by_reference(reference, units=None, as_of=as_of, address=words)
    if not hits and reference.place:
        # A house number looks like a pair of numbers: "12/45 Đội Cấn".
        by_address = parcels.by_address(query, units=None, as_of=as_of)
        if by_address:
            return _answer(Words(query.strip(), False), by_address)
    if not hits:
        hits = parcels.by_reference(reference, units=None, as_of=as_of)
        if hits and place.ward_codes is not None:
            messages.append(Message("listed_elsewhere", {"place": reference.place}))
        elif hits and reference.place:
            messages.append(Message("place_unknown", {"place": reference.place}))
    if not hits:
        messages.append(Message("no_such_parcel"))
    elif place.ward_codes is None and len({hit.unit_code for hit in hits}) > 1:
        messages.append(Message("several_units"))
    return _answer(reference, hits, messages=messages)


def _by_words(words: Words, *, as_of: dt.date) -> Found:
    place = units.named_ground(words.text, as_of=as_of)
    if place.ward_codes is not None and not place.rest:
        found = units.places_of(place.units, place.ward_codes, as_of=as_of)
        messages = []
        if place.has_former_units_only:
            messages.append(Message("former_unit", {"unit": place.units[0].full_name}))
        if len(found) > 1 and not place.has_former_units_only:
            messages.append(Message("several_places"))
        # "Đội Cấn" is a street as well as a ward that was.
        hits = parcels.by_address(words.text, units=None, as_of=as_of) if messages else []
        return _answer(Words(words.text, True), hits, found, messages)
    hits = parcels.by_address(words.text, units=None, as_of=as_of)
    if not hits and place.ward_codes is not None:
        hits = parcels.by_address(place.rest, units=place.ward_codes, as_of=as_of)
    if hits:
        return _answer(Words(words.text, False), hits)
    found = []
    if place.ward_codes is not None:
        found = units.places_of(place.units, place.ward_codes, as_of=as_of)
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


def _at_points(meaning: Understood, found: Sequence[PlaceHit], *, as_of: dt.date) -> Found:
    hits: dict[object, ParcelHit] = {}
    for point in found:
        for hit in parcels.at_point(point.lon, point.lat, as_of=as_of):
            hits.setdefault((hit.uuid, hit.sheet, hit.number), hit)
    messages = []
    if not found:
        messages.append(Message("coordinate_outside_city"))
    elif len(found) > 1:
        messages.append(Message("several_systems", {"count": len(found)}))
    if found and not hits:
        messages.append(Message("no_parcel_at_point"))
    return _answer(meaning, list(hits.values()), found, messages)


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
