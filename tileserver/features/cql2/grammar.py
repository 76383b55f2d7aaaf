"""The grammar of CQL2 text (OGC 21-065r2, annex B), read from left to right.

What is offered: basic CQL2, advanced comparison operators, case-insensitive comparison and spatial
functions. AND binds closer than OR, NOT closer than both; keywords may be written in any letters.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from landdata.errors import Invalid
from tileserver.features import conditions as c
from tileserver.features import ground
from tileserver.features.cql2.reading import Reading
from tileserver.features.cql2.shapes import ShapeReader
from tileserver.features.cql2.words import Sort, shown
from tileserver.features.values import attribute
from tileserver.features.values import read as read_value
from tileserver.layer import Kind

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from tileserver.features.systems import System
    from tileserver.layer import Layer

#: What the shape of a feature is called: as the queryables name it, and as the WFS does.
GEOMETRY_NAMES = ("geometry", c.GEOMETRY)

_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
#: How a comparison reads from the other side.
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
_RELATIONS = {
    f"S_{name}": c.Relation[name]
    for name in (
        "INTERSECTS",
        "EQUALS",
        "DISJOINT",
        "TOUCHES",
        "WITHIN",
        "OVERLAPS",
        "CROSSES",
        "CONTAINS",
    )
}
#: How a relation reads with the shapes in the other order; all others are the same.
_TURNED_RELATIONS = {
    c.Relation.WITHIN: c.Relation.CONTAINS,
    c.Relation.CONTAINS: c.Relation.WITHIN,
}
#: Words of the grammar that are read and not offered.
_NOT_OFFERED = re.compile(r"(T|A)_[A-Z]+|ACCENTI|INTERVAL|DIV", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Name:
    """An attribute; `is_folded` where CASEI stands around it."""

    name: str
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class _Literal:
    value: c.Value
    is_folded: bool = False


_Operand = _Name | _Literal


def condition(text: str, layer: Layer, system: System) -> c.Condition:
    """Return the condition that a CQL2 text states; `system` is that of its coordinates.

    Raises Invalid for what is no CQL2, for what is not offered, and for what the layer has not.
    """
    return _Grammar(Reading(text), layer, system).whole()


class _Grammar:
    def __init__(self, reading: Reading, layer: Layer, system: System) -> None:
        self._reading = reading
        self._layer = layer
        self._system = system
        self._shapes = ShapeReader(reading, north_first=system.north_first)

    def whole(self) -> c.Condition:
        found = self._either()
        if self._reading.word.sort is not Sort.END:
            raise self._reading.unexpected()
        return found

    def _either(self) -> c.Condition:
        parts = [self._all()]
        while self._reading.takes("OR"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else c.Any(tuple(parts))

    def _all(self) -> c.Condition:
        parts = [self._opposite()]
        while self._reading.takes("AND"):
            parts.append(self._opposite())
        return parts[0] if len(parts) == 1 else c.All(tuple(parts))

    def _opposite(self) -> c.Condition:
        if self._reading.takes("NOT"):
            with self._reading.deeper():
                return c.Not(self._opposite())
        return self._predicate()

    def _predicate(self) -> c.Condition:
        reading = self._reading
        if reading.takes("("):
            with reading.deeper():
                found = self._either()
                reading.expect(")")
                return found
        if reading.word.says(*_RELATIONS):
            return self._spatial()
        if reading.word.says("TRUE", "FALSE") and not reading.following.says(*_COMPARISONS):
            return c.All(()) if reading.take().says("TRUE") else c.Nothing()
        return self._comparison(self._operand())

    def _comparison(self, left: _Operand) -> c.Condition:
        reading = self._reading
        if reading.word.says(*_COMPARISONS):
            operator = reading.take().text
            right = self._operand()
            if isinstance(left, _Literal):
                left, right, operator = right, left, _TURNED[operator]
            return self._compared(self._named(left), operator, self._literal(right))
        name = self._named(left)
        if reading.takes("IS"):
            is_not = reading.takes("NOT")
            reading.expect("NULL")
            found: c.Condition = c.IsNull(self._known(name))
            return c.Not(found) if is_not else found
        is_not = reading.takes("NOT")
        if reading.takes("LIKE"):
            found = self._like(name)
        elif reading.takes("BETWEEN"):
            low = self._literal(self._operand())
            reading.expect("AND")
            high = self._literal(self._operand())
            found = c.Between(name.name, self._value(name, low), self._value(name, high))
        elif reading.takes("IN"):
            found = self._one_of(name)
        elif not is_not and self._kind(name) is Kind.TRUTH:
            # A truth stands for itself.
            return c.Compare(name.name, "=", True)
        else:
            raise reading.unexpected()
        return c.Not(found) if is_not else found

    def _like(self, name: _Name) -> c.Condition:
        pattern = self._literal(self._operand())
        if not isinstance(pattern.value, str):
            raise Invalid("feature_like_needs_text", name=shown(str(pattern.value)))
        text = pattern.value.lower() if pattern.is_folded else pattern.value
        return c.Like(name.name, text, match_case=not name.is_folded)

    def _one_of(self, name: _Name) -> c.Condition:
        self._reading.expect("(")
        literals = [self._literal(self._operand())]
        while self._reading.takes(","):
            literals.append(self._literal(self._operand()))
        self._reading.expect(")")
        if name.is_folded:
            return c.Any(tuple(self._compared(name, "=", literal) for literal in literals))
        return c.OneOf(name.name, tuple(self._value(name, literal) for literal in literals))

    def _compared(self, name: _Name, operator: str, literal: _Literal) -> c.Condition:
        value = self._value(name, literal)
        if not name.is_folded and literal.is_folded and isinstance(value, str):
            value = value.lower()
        return c.Compare(name.name, operator, value, match_case=not name.is_folded)

    def _spatial(self) -> c.Condition:
        reading = self._reading
        relation = _RELATIONS[reading.take().text.upper()]
        reading.expect("(")
        first = self._shape()
        reading.expect(",")
        second = self._shape()
        reading.expect(")")
        if first is None and second is not None:
            return c.Spatial(relation, self._stored(second))
        if first is not None and second is None:
            return c.Spatial(_TURNED_RELATIONS.get(relation, relation), self._stored(first))
        raise Invalid("cql2_two_shapes")

    def _shape(self) -> BaseGeometry | None:
        """Return a shape that is written out, None for that of the feature."""
        if self._shapes.is_next():
            return self._shapes.read()
        word = self._reading.word
        if word.sort is not Sort.NAME:
            raise self._reading.unexpected()
        if word.text not in GEOMETRY_NAMES:
            raise Invalid("feature_attribute_unknown", layer=self._layer.id, name=shown(word.text))
        self._reading.take()
        return None

    def _stored(self, shape: BaseGeometry) -> BaseGeometry:
        return ground.stored(self._system, shape)

    def _operand(self) -> _Operand:
        reading = self._reading
        word = reading.word
        if word.says("CASEI"):
            reading.take()
            reading.expect("(")
            with reading.deeper():
                inner = self._operand()
            reading.expect(")")
            if isinstance(inner, _Name):
                return _Name(inner.name, is_folded=True)
            return _Literal(inner.value, is_folded=True)
        if word.sort is Sort.TEXT:
            return _Literal(reading.take().text)
        if word.sort is Sort.NUMBER or word.says("-", "+"):
            return self._number()
        if word.says("TRUE", "FALSE"):
            return _Literal(reading.take().says("TRUE"))
        if word.says("DATE", "TIMESTAMP") and reading.following.says("("):
            return self._instant()
        if word.sort is Sort.NAME:
            if not word.is_quoted and (
                _NOT_OFFERED.fullmatch(word.text) or reading.following.says("(")
            ):
                raise Invalid("cql2_not_offered", given=shown(word.text), at=word.at)
            return _Name(reading.take().text)
        raise reading.unexpected()

    def _number(self) -> _Literal:
        is_negative = self._reading.takes("-")
        if not is_negative:
            self._reading.takes("+")
        if self._reading.word.sort is not Sort.NUMBER:
            raise self._reading.unexpected()
        value = Decimal(self._reading.take().text)
        # Decimal(0) has a sign too; the data's zero has none.
        return _Literal(value.copy_negate() if is_negative and value else value)

    def _instant(self) -> _Literal:
        is_day = self._reading.take().says("DATE")
        self._reading.expect("(")
        word = self._reading.word
        if word.sort is not Sort.TEXT:
            raise self._reading.unexpected()
        try:
            value = (dt.date if is_day else dt.datetime).fromisoformat(word.text)
        except ValueError as unreadable:
            raise self._reading.unexpected() from unreadable
        self._reading.take()
        self._reading.expect(")")
        return _Literal(value)

    def _named(self, operand: _Operand) -> _Name:
        if isinstance(operand, _Name):
            return operand
        raise Invalid("cql2_attribute_and_value")

    def _literal(self, operand: _Operand) -> _Literal:
        if isinstance(operand, _Literal):
            return operand
        raise Invalid("cql2_attribute_and_value")

    def _known(self, name: _Name) -> str:
        """Return the name under which the conditions know an attribute or the shape."""
        if name.name in GEOMETRY_NAMES:
            return c.GEOMETRY
        return attribute(self._layer, name.name).name

    def _kind(self, name: _Name) -> Kind:
        return attribute(self._layer, name.name).kind

    def _value(self, name: _Name, literal: _Literal) -> c.Value:
        """Return a value to compare with: texts may stand for days and identifiers."""
        of = attribute(self._layer, name.name)
        if isinstance(literal.value, str) and of.kind in (Kind.DATE, Kind.UUID):
            return read_value(of, literal.value)
        return literal.value
