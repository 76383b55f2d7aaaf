"""Which corridors reach a plot. What one object and one day's rules give never changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import shapely
from django.conf import settings

from landdata import crs
from planning import queries
from planning.corridors import Corridor, ObjectKind, Role, Rule, SourceObject, themes_with_rules
from planning.corridors import corridors_of as measure
from planning.corridors import reach_m as reach_of
from planning.extract.rows import Row, recorded_offset_m, shape_of

if TYPE_CHECKING:
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
    #: Row ids of the rules: two books with the same rows on the same day say the same.
    key: tuple[object, ...]


#: For a day whose rules could not be read.
NO_RULES = RuleBook(dt.date.min, (), (), frozenset(), ())


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
        key=(on, *(row.pk for row in rows)),
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


@dataclass(frozen=True)
class _Asked:
    """An object under one day's rules in one system: the key of its corridors."""

    layer: str
    id: int
    since: int
    epsg: int
    rules: tuple[object, ...]
    row: Row = field(compare=False)
    book: RuleBook = field(compare=False)


def corridors_of(row: Row, book: RuleBook, *, epsg: int) -> tuple[Reaching, ...]:
    """Return the corridors around the object of a row, in a zone of VN-2000, in metres."""
    return _corridors(_Asked(row.layer, row.id, row.since, epsg, book.key, row, book))


@lru_cache(maxsize=16_384)
def _corridors(asked: _Asked) -> tuple[Reaching, ...]:
    found = measure(_source_object(asked.row), asked.book.rules, on=asked.book.on)
    return tuple(
        Reaching(corridor, _ready(corridor.certain, asked), _ready(corridor.uncertain, asked))
        for corridor in found
    )


def _ready(shape: BaseGeometry, asked: _Asked) -> BaseGeometry:
    moved: BaseGeometry = crs.transform(shape, settings.STORAGE_EPSG, asked.epsg)
    shapely.prepare(moved)
    return moved


_OWN = ("source_key", "name", "name_en", "valid_from", "valid_to")


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
