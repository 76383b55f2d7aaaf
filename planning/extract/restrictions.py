"""Which corridors reach a plot. What one object and one day's rules give never changes."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from django.conf import settings

from landdata import crs
from planning import queries
from planning.corridors import (
    Corridor,
    DayRules,
    ObjectKind,
    Role,
    Rule,
    SourceObject,
    themes_with_rules,
)
from planning.corridors import reach_m as reach_of
from planning.extract.rows import Row, recorded_offset_m, shape_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from planning.extract.names import Known

#: What an extract tells: siting rules say where a petrol station may be placed, not what stands
#: against a house, so they belong to the check of a plan.
TOLD = (Role.CORRIDOR, Role.POLYGON)


@dataclass(frozen=True, eq=False)
class RuleBook:
    """The rules that an extract of one day goes by."""

    on: dt.date
    rules: tuple[Rule, ...]
    #: Which of two corridors on one piece of ground goes before the other.
    priorities: tuple[Rule, ...]
    themes: frozenset[str]
    day: DayRules
    #: Stands for day and row ids of the rules: two books with the same ones say the same.
    key: int


#: Days with the row ids of their rules, numbered as they came: a number is a quicker key.
_numbered: dict[tuple[object, ...], int] = {}
#: For a day whose rules could not be read.
NO_RULES = RuleBook(dt.date.min, (), (), frozenset(), DayRules(()), -1)


@lru_cache(maxsize=64)
def rule_book(on: dt.date, known: Known) -> RuleBook:
    """Return the rules of a day as known at a revision. Raises DatabaseError."""
    rows = queries.corridor_rules(known_at=known.number)
    every = [row.as_rule() for row in rows]
    rules = tuple(rule for rule in every if rule.role in TOLD)
    return RuleBook(
        on=on,
        rules=rules,
        priorities=tuple(rule for rule in every if rule.role is Role.PRIORITY),
        themes=frozenset(themes_with_rules(rules, on=on)),
        day=DayRules.on(rules, on),
        key=_numbered.setdefault((on, *(row.pk for row in rows)), len(_numbered)),
    )


@lru_cache(maxsize=1024)
def reach_m(name: str, book: RuleBook, known: Known) -> float:
    """Return how far around an object of a kind its corridors may reach, in metres.

    Raises DatabaseError.
    """
    return reach_of(book.rules, ObjectKind(name), recorded_m=recorded_offset_m(name))


@dataclass(frozen=True)
class Reaching:
    """A corridor, its two parts in the zone of a sheet and ready to be asked."""

    corridor: Corridor
    certain: BaseGeometry
    uncertain: BaseGeometry


#: Corridors by object, rules and zone, the ones asked for longest ago first. A worker has one
#: thread or a few: each step on the dictionary is whole, and what two work out twice is the same.
_kept: OrderedDict[tuple[object, ...], tuple[Reaching, ...]] = OrderedDict()
MOST_KEPT = 16_384


def corridors_of(
    near: Sequence[Row], book: RuleBook, *, epsg: int, reaching: BaseGeometry
) -> list[tuple[Row, tuple[Reaching, ...]]]:
    """Return the corridors around the objects of rows, in a zone of VN-2000, in metres.

    Those of which nothing can come as near as `reaching`, in the storage system, may be left out.
    What was measured before is not measured again: an object's row and one day's rules always give
    the same.
    """
    keys = [(row.layer, row.id, row.since, epsg, book.key) for row in near]
    known = [_kept.get(key) for key in keys]
    missing = [place for place, found in enumerate(known) if found is None]
    if missing:
        measured = _measured([near[place] for place in missing], book, epsg, reaching)
        for place, found in zip(missing, measured, strict=True):
            known[place] = found
            # None at all may mean that it is too far from this ground.
            if found:
                _kept[keys[place]] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return [(row, found or ()) for row, found in zip(near, known, strict=True)]


def _measured(
    near: Sequence[Row], book: RuleBook, epsg: int, reaching: BaseGeometry
) -> list[tuple[Reaching, ...]]:
    objects = [_object(row, book) for row in near]
    shapes = np.array([source.shape for source, _ in objects], dtype=object)
    far = shapely.distance(shapes, reaching)
    close = [
        source for (source, bound_m), away in zip(objects, far, strict=True) if away <= bound_m
    ]
    sources = book.day.reaching(close, reaching) if close else []
    found: dict[tuple[str, int], list[Reaching]] = {}
    corridors = book.day.corridors(sources)
    if corridors:
        certain = _ready([corridor.certain for corridor in corridors], epsg)
        uncertain = _ready([corridor.uncertain for corridor in corridors], epsg)
        for corridor, sure, open_ground in zip(corridors, certain, uncertain, strict=True):
            key = (str(corridor.source.kind), corridor.source.id)
            found.setdefault(key, []).append(Reaching(corridor, sure, open_ground))
    return [tuple(found.get((row.layer, row.id), ())) for row in near]


def _ready(shapes: list[BaseGeometry], epsg: int) -> list[BaseGeometry]:
    """Move shapes to a zone and prepare them for being asked often."""
    moved = crs.transform(np.array(shapes, dtype=object), settings.STORAGE_EPSG, epsg)
    shapely.prepare(moved)
    return list(moved)


_OWN = ("source_key", "name", "name_en", "valid_from", "valid_to")


#: Objects with their bounds, by row and rules.
_objects: OrderedDict[tuple[object, ...], tuple[SourceObject, float]] = OrderedDict()


def _object(row: Row, book: RuleBook) -> tuple[SourceObject, float]:
    """Return the object of a row, and how far around it any corridor may reach, in metres."""
    key = (row.layer, row.id, row.since, book.key)
    found = _objects.get(key)
    if found is None:
        source = _source_object(row)
        found = _objects[key] = (source, book.day.bound_m(source))
        while len(_objects) > MOST_KEPT:
            _objects.popitem(last=False)
    return found


def _source_object(row: Row) -> SourceObject:
    values: dict[str, Any] = row.values
    shape = shape_of(row)
    if shape is None:
        raise ValueError(f"{row.layer} {row.id} has no shape")
    return SourceObject(
        kind=ObjectKind(row.layer),
        id=row.id,
        key=values["source_key"],
        name=values["name"],
        name_en=values["name_en"],
        shape=shape,
        attributes={name: value for name, value in values.items() if name not in _OWN},
    )
