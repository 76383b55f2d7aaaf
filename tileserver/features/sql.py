"""Conditions, order and pages as SQL.

Names of attributes are looked up in the layer and stand in a statement as the layer's own SQL;
whatever a caller wrote is bound as a value. A shape is tested in two steps: candidates by the
index on the stored column, behind a fence, then the exact predicate. Without the fence PostgreSQL
takes the predicate for so expensive that it scans other indexes to save calls of it: 8.8 ms
instead of 1.1 ms for the 180 plots of a street.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import shapely
from django.conf import settings

from landdata.errors import Invalid
from tileserver import limits
from tileserver.features import conditions as c
from tileserver.features.values import attribute, checked
from tileserver.layer import Kind, in_both_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tileserver.features.query import FeatureQuery, Keyset
    from tileserver.layer import Attribute, Layer

_OPERATORS = frozenset(("=", "<>", "<", "<=", ">", ">="))
#: Boxes in indexes are of single precision: 25 cm in northings of Viet Nam. What lies inside a box
#: by more than this surely does; everything else is tested by its exact shape.
_SURELY_M = 1.0
_ZONE = "Asia/Ho_Chi_Minh"


@dataclass
class Bound:
    """The values that a statement is executed with, each under a name of its own."""

    values: dict[str, Any] = field(default_factory=dict)

    def place(self, value: Any) -> str:
        """Bind a value and return what stands for it in the statement."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"


@dataclass
class Where:
    """Turns one query's conditions into SQL. Raises Invalid for what the layer cannot answer."""

    source: Source
    _count: int = 0
    _corners: int = 0

    @property
    def layer(self) -> Layer:
        """The layer that is asked."""
        return self.source.query.layer

    @property
    def bound(self) -> Bound:
        """The values of the statement."""
        return self.source.bound

    def _attribute(self, name: str) -> Attribute:
        """Return an attribute with its SQL filled. Raises Invalid."""
        of = attribute(self.layer, name)
        return replace(of, sql=self.source.fill(of.sql))

    def sql(self, condition: c.Condition, depth: int = 0) -> str:
        """Return the condition in SQL over the view `v`."""
        self._count += 1
        if depth > limits.DEEPEST_FILTER or self._count > limits.MOST_CONDITIONS:
            raise Invalid(
                "feature_filter_too_large",
                depth=limits.DEEPEST_FILTER,
                conditions=limits.MOST_CONDITIONS,
            )
        if isinstance(condition, c.All | c.Any):
            parts = [self.sql(part, depth + 1) for part in condition.conditions]
            if not parts:
                return "TRUE" if isinstance(condition, c.All) else "FALSE"
            return f"({(' AND ' if isinstance(condition, c.All) else ' OR ').join(parts)})"
        if isinstance(condition, c.Not):
            return f"(NOT {self.sql(condition.condition, depth + 1)})"
        return self._simple(condition)

    def _simple(self, condition: c.Condition) -> str:
        if isinstance(condition, c.Compare):
            return self._compare(condition)
        if isinstance(condition, c.Between):
            of = self._attribute(condition.attribute)
            low, high = (self._value(of, v) for v in (condition.low, condition.high))
            return (
                f"({_left(of, condition.low)} >= {low} AND {_left(of, condition.high)} <= {high})"
            )
        if isinstance(condition, c.Like):
            return self._like(condition)
        if isinstance(condition, c.IsNull):
            return f"({self._any_value(condition.attribute)} IS NULL)"
        if isinstance(condition, c.OneOf):
            return self._one_of(condition)
        if isinstance(condition, c.Identified):
            return self._identified(condition.identities)
        if isinstance(condition, c.Nothing):
            return "FALSE"
        return self._spatial(condition)

    def _any_value(self, name: str) -> str:
        if name == c.GEOMETRY:
            return f"v.{self.layer.stored}"
        return self._attribute(name).sql

    def _value(self, of: Attribute, value: c.Value) -> str:
        value = checked(of, value)
        if isinstance(value, str) and len(value) > limits.LONGEST_TEXT:
            raise Invalid("feature_text_too_long", most=limits.LONGEST_TEXT)
        if isinstance(value, dt.datetime):
            return self.bound.place(value if value.tzinfo else f"{value.isoformat()} {_ZONE}")
        return self.bound.place(value)

    def _compare(self, condition: c.Compare) -> str:
        of = self._attribute(condition.attribute)
        if condition.operator not in _OPERATORS:
            raise ValueError(f"{condition.operator!r} is no comparison")
        if of.kind is Kind.TRUTH and condition.operator not in ("=", "<>"):
            raise Invalid("feature_truth_has_no_order", name=of.name)
        left, right = _left(of, condition.value), self._value(of, condition.value)
        if of.kind is Kind.TEXT and not condition.match_case:
            left, right = f"lower({left})", f"lower({right})"
        return f"({left} {condition.operator} {right})"

    def _like(self, condition: c.Like) -> str:
        of = self._attribute(condition.attribute)
        if of.kind is not Kind.TEXT:
            raise Invalid("feature_like_needs_text", name=of.name)
        if _ends_in_escape(condition.pattern):
            raise Invalid("feature_pattern_unfinished", name=of.name)
        word = "LIKE" if condition.match_case else "ILIKE"
        return f"({of.sql} {word} {self._value(of, condition.pattern)})"

    def _one_of(self, condition: c.OneOf) -> str:
        of = self._attribute(condition.attribute)
        _count_values(condition.values)
        if not condition.values:
            return "FALSE"
        if of.kind is Kind.DATE:
            # Days and moments may stand side by side.
            equal = (c.Compare(of.name, "=", value) for value in condition.values)
            return f"({' OR '.join(self._compare(one) for one in equal)})"
        return f"({of.sql} IN ({', '.join(self._value(of, v) for v in condition.values)}))"

    def _identified(self, identities: Sequence[str]) -> str:
        _count_values(identities)
        columns = self.layer.identity.columns
        keys = [key for key in (identity_columns(self.layer, i) for i in identities) if key]
        if not keys:
            return "FALSE"
        last = self.bound.place([key[-1] for key in keys])
        kind = {Kind.UUID: "::uuid[]", Kind.INTEGER: "::bigint[]"}.get(self.layer.identity.kind, "")
        found = f"v.{columns[-1]} = ANY({last}{kind})"
        if len(columns) > 1:
            whole = self.bound.place([".".join(key) for key in keys])
            # The first test finds rows by the index on the sender's key, the second is the truth.
            found = f"{found} AND {self.layer.identity.sql} = ANY({whole})"
        return f"({found})"

    def _spatial(self, condition: c.Condition) -> str:
        mine = f"v.{self.layer.stored}"
        if isinstance(condition, c.InBox):
            surely = self._box(condition, -_SURELY_M)
            return f"({mine} @ {surely} OR ST_Intersects({mine}, {self._box(condition, 0)}))"
        if isinstance(condition, c.Near):
            shape, distance = self._shape(condition.shape), self.bound.place(condition.distance_m)
            word = "" if condition.is_within else "NOT "
            return f"({word}ST_DWithin({mine}, {shape}, {distance}))"
        if isinstance(condition, c.Spatial):
            return f"{condition.relation.value}({mine}, {self._shape(condition.shape)})"
        raise TypeError(f"{condition!r} is no condition")

    def _shape(self, shape: Any) -> str:
        self._corners += int(shapely.get_num_coordinates(shape))
        if self._corners > limits.MOST_CORNERS:
            raise Invalid("feature_shape_too_large", most=limits.MOST_CORNERS)
        stored = shapely.to_wkb(
            shapely.set_srid(shape, settings.STORAGE_SRID), True, include_srid=True
        )
        return f"{self.bound.place(stored)}::geometry"

    def _box(self, box: c.InBox, wider_m: float) -> str:
        corners = (box.west - wider_m, box.south - wider_m, box.east + wider_m, box.north + wider_m)
        if corners[0] > corners[2] or corners[1] > corners[3]:
            corners = (box.west, box.south, box.west, box.south)
        places = ", ".join(self.bound.place(corner) for corner in corners)
        return f"ST_MakeEnvelope({places}, {settings.STORAGE_SRID})"

    def candidates(self, condition: c.Condition) -> list[str]:
        """Return index conditions that hold wherever the condition does."""
        if isinstance(condition, c.All):
            return [box for part in condition.conditions for box in self.candidates(part)]
        if isinstance(condition, c.Any):
            return self._one_of_candidates(condition)
        if condition == c.IsNull(c.GEOMETRY):
            return [f"v.{self.layer.stored} IS NULL"]
        bounds: tuple[float, ...] | None = None
        if isinstance(condition, c.InBox):
            bounds = (condition.west, condition.south, condition.east, condition.north)
        elif isinstance(condition, c.Spatial) and condition.relation is not c.Relation.DISJOINT:
            bounds = condition.shape.bounds
        elif isinstance(condition, c.Near) and condition.is_within:
            west, south, east, north = condition.shape.bounds
            reach = condition.distance_m
            bounds = (west - reach, south - reach, east + reach, north + reach)
        if bounds is None or any(b != b for b in bounds):
            return []
        return [f"v.{self.layer.stored} && {self._box(c.InBox(*bounds), 0)}"]

    def _one_of_candidates(self, condition: c.Any) -> list[str]:
        """Return what holds wherever one of the conditions does, if the index serves them all."""
        found = [self.candidates(part) for part in condition.conditions]
        if not found or not all(found):
            return []
        return [f"({' OR '.join(' AND '.join(boxes) for boxes in found)})"]


def identity_columns(layer: Layer, identity: str) -> tuple[str, ...] | None:
    """Return the values of the identity's columns, or None for what cannot be one."""
    parts = identity.split(".", len(layer.identity.columns) - 1)
    if len(parts) != len(layer.identity.columns) or "\0" in identity:
        return None
    try:
        if layer.identity.kind is Kind.UUID:
            parts[-1] = str(uuid.UUID(parts[-1]))
        elif layer.identity.kind is Kind.INTEGER:
            parts[-1] = str(_small(int(parts[-1])))
    except ValueError:
        return None
    return tuple(parts)


def _small(number: int) -> int:
    if abs(number) >= 2**63:
        raise ValueError("no number of a row")
    return number


def _left(of: Attribute, value: c.Value) -> str:
    """Return an attribute as it is compared with a value: a day with a moment as its beginning."""
    if of.kind is Kind.DATE and isinstance(value, dt.datetime):
        return f"(({of.sql})::timestamp AT TIME ZONE '{_ZONE}')"
    return of.sql


def _count_values(values: Sequence[Any]) -> None:
    if len(values) > limits.MOST_VALUES:
        raise Invalid("feature_too_many_values", most=limits.MOST_VALUES)


def _ends_in_escape(pattern: str) -> bool:
    return (len(pattern) - len(pattern.rstrip("\\"))) % 2 == 1


def after(keys: Sequence[str], ascending: Sequence[bool], at: Keyset, bound: Bound) -> str:
    """Return the SQL for "comes after this row"; `keys` is the SQL of the sort keys.

    Values come back as texts that PostgreSQL itself wrote, typed by what they are compared with.
    """
    ways: list[str] = []
    equal: list[str] = []
    for key, is_ascending, value in zip(keys, ascending, at.values, strict=True):
        if value is None:
            # Nothing comes after a row without a value but further ones like it.
            equal.append(f"{key} IS NULL")
            continue
        place = bound.place(value)
        sign = ">" if is_ascending else "<"
        ways.append(" AND ".join([*equal, f"({key} {sign} {place} OR {key} IS NULL)"]))
        equal.append(f"{key} = {place}")
    ways.append(" AND ".join([*equal, f"v.id > {bound.place(at.row)}"]))
    return f"({' OR '.join(f'({way})' for way in ways)})"


@dataclass(frozen=True)
class Source:
    """A query's view in both of its times: what the catalogue says, with day and revision filled.

    Only the catalogue's own texts are filled in; braces of anything else stay what they are.
    """

    query: FeatureQuery
    bound: Bound
    known: str
    day: str
    drafts: str

    @classmethod
    def of(cls, query: FeatureQuery, bound: Bound) -> Source:
        """Bind the two times and the open drafts."""
        return cls(
            query,
            bound,
            bound.place(query.known_at),
            bound.place(query.as_of),
            f"{bound.place(list(query.drafts))}::bigint[]",
        )

    def fill(self, sql: str) -> str:
        """Fill both times and the open drafts into the catalogue's SQL."""
        return in_both_times(sql, known=self.known, day=self.day, drafts=self.drafts)

    def attribute(self, name: str) -> str:
        """Return the SQL of an attribute. Raises Invalid."""
        return self.fill(attribute(self.query.layer, name).sql)

    @property
    def sort_keys(self) -> list[str]:
        """The SQL of the sort keys. Raises Invalid."""
        return [self.attribute(name) for name, _ in self.query.sort]

    def _valid(self) -> str:
        """Return the SQL for a row that holds on the day, or is the last to hold in the span."""
        if self.query.since is None:
            return self.fill("{valid:v}")
        layer = self.query.layer
        first = self.bound.place(self.query.since)
        same = " AND ".join(f"w.{column} = v.{column}" for column in layer.identity.columns)
        # The layer's own conditions, on the later row.
        later = " AND ".join(f"({self.fill(c)})" for c in layer.conditions()) or "TRUE"
        return (
            f"v.valid_from <= {self.day} AND (v.valid_to IS NULL OR v.valid_to > {first})"  # noqa: S608
            f" AND NOT EXISTS (SELECT FROM {self.fill(layer.view)} w"
            f" WHERE {same} AND w.valid_from > v.valid_from AND w.valid_from <= {self.day}"
            f" AND {self.fill('{known:w}')} AND EXISTS (SELECT FROM (SELECT w.*) v WHERE {later}))"
        )

    def rows(self, selected: Sequence[str], *, limit: int | None) -> str:
        """Return the statement for the rows in order; in none, and all, if `limit` is None."""
        query, layer = self.query, self.query.layer
        where = Where(self)
        keys, ascending = self.sort_keys, [up for _, up in query.sort]
        times = [self.fill("{known:v}"), self._valid(), *map(self.fill, layer.conditions())]
        exact = [where.sql(query.condition)]
        if query.after:
            exact.append(after(keys, ascending, query.after, self.bound))
        directions = [
            f"{key} {'ASC' if up else 'DESC'} NULLS LAST"
            for key, up in zip(keys, ascending, strict=True)
        ]
        ordered = f" ORDER BY {', '.join([*directions, 'v.id'])}"
        page = f" LIMIT {int(limit or 0)} OFFSET {int(query.skip)}"
        view = self.fill(layer.view)
        source, conditions = view, [*times, *exact]
        boxes = where.candidates(query.condition)
        if boxes:
            by_number = limit is not None and not query.sort
            if by_number and query.after:
                boxes = [*boxes, f"v.id > {self.bound.place(query.after.row)}"]
            inner = " AND ".join([*times, *boxes]) + (" ORDER BY v.id" if by_number else "")
            source = f"(SELECT v.* FROM {view} v WHERE {inner} OFFSET 0)"  # noqa: S608
            conditions = exact
            if by_number and not layer.joins:
                # In order already. Said again, PostgreSQL would no longer see that a few rows of
                # the candidates are enough, and look at all of them for each page.
                ordered = ""
        tail = f"{ordered}{page}" if limit is not None else ""
        # Texts of the catalogue and places of bound values only.
        return (
            f"SELECT {', '.join(selected)} FROM {source} v {self.fill(layer.joins)}"  # noqa: S608
            f" WHERE {' AND '.join(conditions)}{tail}"
        )
