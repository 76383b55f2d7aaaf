"""Conditions on features, whatever language they came in (FES 2.0, CQL2, a form).

A condition is data. Names of attributes are those of the layer and checked when it is turned into
SQL; values are bound, never written into a statement. Geometries are in the storage system.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Value = str | int | float | Decimal | bool | dt.date | dt.datetime

#: The geometry of a feature, where the name of an attribute is asked for.
GEOMETRY = "shape"


class Relation(Enum):
    """How two shapes lie to each other (OGC 06-103r4, section 6.1.15)."""

    INTERSECTS = "ST_Intersects"
    DISJOINT = "ST_Disjoint"
    CONTAINS = "ST_Contains"
    WITHIN = "ST_Within"
    TOUCHES = "ST_Touches"
    CROSSES = "ST_Crosses"
    OVERLAPS = "ST_Overlaps"
    EQUALS = "ST_Equals"


@dataclass(frozen=True, slots=True)
class Compare:
    """An attribute against a value; `operator` is one of = <> < <= > >=."""

    attribute: str
    operator: str
    value: Value
    match_case: bool = True


@dataclass(frozen=True, slots=True)
class Between:
    """Both ends belong to it."""

    attribute: str
    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class Like:
    """A pattern in the words of SQL: % for any text, _ for one letter, \\ takes away a meaning."""

    attribute: str
    pattern: str
    match_case: bool = True


@dataclass(frozen=True, slots=True)
class IsNull:
    """An attribute without a value."""

    attribute: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """An attribute whose value is in a list."""

    attribute: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Spatial:
    """The feature's shape against a shape in the storage system."""

    relation: Relation
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class InBox:
    """The feature's shape meets a box in the storage system; metres."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Near:
    """Within `distance_m` metres of a shape, or beyond it; measured in the storage system."""

    shape: BaseGeometry
    distance_m: float
    is_within: bool = True


@dataclass(frozen=True, slots=True)
class Identified:
    """Features by the identity that stands after the layer's name and a dot."""

    identities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """No feature at all, as an empty intersection of ranges."""


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these holds; none at all means everything."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of these holds."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; three-valued as in SQL, so a missing value satisfies neither."""

    condition: Condition


Condition = (
    Compare
    | Between
    | Like
    | IsNull
    | OneOf
    | Spatial
    | InBox
    | Near
    | Identified
    | Nothing
    | All
    | Any
    | Not
)
