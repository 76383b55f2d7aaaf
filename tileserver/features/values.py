"""Values that attributes are compared with: of the attribute's kind, or refused."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from landdata.errors import Invalid
from tileserver.layer import Kind

if TYPE_CHECKING:
    from tileserver.features.conditions import Value
    from tileserver.layer import Attribute, Layer

#: No figure in the data is larger, and PostgreSQL would compute with thousands of digits.
_LARGEST_EXPONENT = 30
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
#: What an attribute is told apart from in a refusal.
_MAX_SHOWN = 40


def attribute(layer: Layer, name: str) -> Attribute:
    """Return the attribute of a layer by its name. Raises Invalid if it has none of that name."""
    for known in layer.attributes:
        if known.name == name:
            return known
    raise Invalid("feature_attribute_unknown", layer=layer.id, name=name[:_MAX_SHOWN])


def read(of: Attribute, text: str) -> Value:
    """Return the value that a text stands for, as XML Schema writes values of the kind.

    A date may carry a time of day and a zone, as gml:timePosition does. Raises Invalid.
    """
    if of.kind is Kind.TEXT:
        return checked(of, text)
    text = text.strip()
    if of.kind in (Kind.INTEGER, Kind.NUMBER):
        if not _NUMBER.fullmatch(text):
            raise _unfit(of, text)
        try:
            return checked(of, Decimal(text))
        except InvalidOperation as unreadable:
            raise _unfit(of, text) from unreadable
    if of.kind is Kind.TRUTH:
        if text.lower() not in _TRUTH:
            raise _unfit(of, text)
        return _TRUTH[text.lower()]
    if of.kind is Kind.DATE:
        return _moment(of, text)
    return checked(of, text)


def _moment(of: Attribute, text: str) -> Value:
    try:
        # A zone without a time, as xs:date allows, says nothing about a day.
        if len(text) <= len("2026-01-31Z"):
            return dt.date.fromisoformat(text.removesuffix("Z"))
        return dt.datetime.fromisoformat(text)
    except ValueError as unreadable:
        raise _unfit(of, text) from unreadable


def checked(of: Attribute, value: Value) -> Value:
    """Return a value that an attribute can be compared with. Raises Invalid if it is of another
    kind: a text is not a number, and 2 is not true.
    """
    if of.kind is Kind.TEXT:
        if isinstance(value, str) and "\0" not in value:
            return value
    elif of.kind in (Kind.INTEGER, Kind.NUMBER):
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return _sensible(of, value)
    elif of.kind is Kind.TRUTH:
        if isinstance(value, bool):
            return value
    elif of.kind is Kind.DATE:
        if isinstance(value, dt.date):
            return value
    elif isinstance(value, str):
        try:
            return str(uuid.UUID(value))
        except ValueError as unreadable:
            raise _unfit(of, value) from unreadable
    raise _unfit(of, value)


def _sensible(of: Attribute, value: float | Decimal) -> Value:
    if isinstance(value, Decimal):
        fits = value.is_finite() and abs(value.adjusted()) <= _LARGEST_EXPONENT
        fits = fits and len(value.as_tuple().digits) <= _LARGEST_EXPONENT
        fits = fits or value == 0
    else:
        fits = abs(value) < 10**_LARGEST_EXPONENT
    if not fits:
        raise _unfit(of, value)
    return value


def _unfit(of: Attribute, value: Value) -> Invalid:
    shown = str(value)[:_MAX_SHOWN].replace("\0", "␀")
    return Invalid("feature_value_kind", name=of.name, kind=of.kind.value, given=shown)
