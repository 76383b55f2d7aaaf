"""What a request may carry: known parameters, each once; anything else is refused.

OGC 17-069r4, 7.15.1 to 7.15.8 and the requirements query-param-unknown and query-param-invalid.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from landdata.errors import Invalid
from tileserver import limits
from tileserver.features import conditions as c
from tileserver.features import cql2, ground, systems, values
from tileserver.features.cql2.grammar import GEOMETRY_NAMES
from tileserver.features.systems import CRS84, System

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.http import HttpRequest

    from tileserver.features.query import SortKey
    from tileserver.layer import Layer

#: Parameters of every resource: format, language of titles, access key.
COMMON = ("f", "lang", "key")
#: Parameters of the features of a collection besides its attributes.
OF_ITEMS = (
    "limit",
    "bbox",
    "bbox-crs",
    "datetime",
    "crs",
    "filter",
    "filter-lang",
    "filter-crs",
    "sortby",
    "properties",
    "resultType",
    "known_at",
    "next",
)
OF_ITEM = ("crs", "properties", "known_at")
CQL2_TEXT = "cql2-text"
#: Features, or only their number: GDAL asks so before it would read all of them to count.
RESULT_TYPES = ("results", "hits")
#: Features of a page when nobody says how many, and at most.
USUAL_LIMIT, GREATEST_LIMIT = 100, 10_000
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_MOST_SHOWN = 60

Span = tuple[dt.date | None, dt.date]


def given(request: HttpRequest, allowed: Collection[str]) -> dict[str, str]:
    """Return the parameters of a request. Raises Invalid for one unknown or given twice."""
    found: dict[str, str] = {}
    for name, texts in request.GET.lists():
        if name not in allowed and name not in COMMON:
            raise Invalid("ogc_parameter_unknown", name=name[:_MOST_SHOWN])
        if len(texts) > 1:
            raise Invalid("ogc_parameter_twice", name=name)
        if "\0" in texts[0]:
            raise _unreadable(name, texts[0])
        found[name] = texts[0]
    return found


def limit(parameters: Mapping[str, str]) -> int:
    """Return how many features a page may have; more than the most is the most. Raises Invalid."""
    asked = _whole(parameters, "limit")
    if asked is None:
        return USUAL_LIMIT
    if asked == 0:
        raise _unreadable("limit", "0")
    return min(asked, GREATEST_LIMIT)


def known_at(parameters: Mapping[str, str]) -> int | None:
    """Return the revision asked for. Raises Invalid."""
    return _whole(parameters, "known_at")


def _whole(parameters: Mapping[str, str], name: str) -> int | None:
    text = parameters.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise _unreadable(name, text)
    return int(text)


def wants_hits(parameters: Mapping[str, str]) -> bool:
    """Return whether only the number of features is wanted. Raises Invalid."""
    text = parameters.get("resultType", "results")
    if text not in RESULT_TYPES:
        raise _unreadable("resultType", text)
    return text == "hits"


def span(parameters: Mapping[str, str], *, today: dt.date) -> Span:
    """Return the first and the last legal day of `datetime`; one day has no first.

    Raises Invalid for what is neither an instant nor an interval (RFC 3339, 5.6; open ends are
    ".." or empty).
    """
    text = parameters.get("datetime")
    if text is None:
        return None, today
    parts = text.split("/")
    if len(parts) == 1:
        return None, _day(text, parts[0])
    if len(parts) != 2 or all(part in ("", "..") for part in parts):
        raise _unreadable("datetime", text)
    first, last = (None if part in ("", "..") else _day(text, part) for part in parts)
    first, last = first or dt.date.min, last or dt.date.max
    if first > last:
        raise _unreadable("datetime", text)
    return first, last


def _day(whole: str, text: str) -> dt.date:
    try:
        if len(text) == len("2026-01-31"):
            return dt.date.fromisoformat(text)
        moment = dt.datetime.fromisoformat(text)
        # Legal days are those of Viet Nam.
        return (moment.astimezone(_ZONE) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError) as unreadable:
        raise _unreadable("datetime", whole) from unreadable


def system(parameters: Mapping[str, str], name: str) -> System:
    """Return the coordinate system that a parameter names by its address, CRS84 if none.

    Raises Invalid for one that no collection lists.
    """
    text = parameters.get(name)
    if text is None:
        return CRS84
    found = systems.named(text)
    # Short names are not those of the list (OGC 18-058r1, crs-exception).
    if not text.startswith("http"):
        raise Invalid("feature_crs_unknown", given=text[:_MOST_SHOWN])
    return found


def box(parameters: Mapping[str, str]) -> c.Condition | None:
    """Return the condition of `bbox` in `bbox-crs`, heights left out. Raises Invalid."""
    text = parameters.get("bbox")
    if text is None:
        if "bbox-crs" in parameters:
            system(parameters, "bbox-crs")
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as unreadable:
        raise _unreadable("bbox", text) from unreadable
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4:
        raise _unreadable("bbox", text)
    of = system(parameters, "bbox-crs")
    east_at = 1 if of.north_first else 0
    boxes: tuple[list[float], ...]
    if of.epsg == CRS84.epsg and numbers[east_at] > numbers[east_at + 2]:
        # Over the antimeridian (17-069r4, 7.15.3): two boxes.
        boxes = ([*numbers], [*numbers])
        boxes[0][east_at + 2], boxes[1][east_at] = 180.0, -180.0
    else:
        boxes = (numbers,)
    # Features without a shape match every box (17-069r4, fc-bbox-response).
    return c.Any((*(ground.box(of, one) for one in boxes), c.IsNull(c.GEOMETRY)))


def condition(layer: Layer, parameters: Mapping[str, str]) -> c.Condition:
    """Return the condition that box, filter and attributes state together. Raises Invalid."""
    parts = [part for part in (box(parameters), _filter(layer, parameters)) if part]
    for of in layer.attributes:
        if of.name in parameters:
            parts.append(c.Compare(of.name, "=", values.read(of, parameters[of.name])))
    return parts[0] if len(parts) == 1 else c.All(tuple(parts))


def _filter(layer: Layer, parameters: Mapping[str, str]) -> c.Condition | None:
    language = parameters.get("filter-lang", CQL2_TEXT)
    if language != CQL2_TEXT:
        raise Invalid("ogc_filter_language", given=language[:_MOST_SHOWN])
    of = system(parameters, "filter-crs")
    text = parameters.get("filter")
    return None if text is None else cql2.condition(text, layer, of)


def sort(layer: Layer, parameters: Mapping[str, str]) -> tuple[SortKey, ...]:
    """Return the keys of `sortby`: names, each with + (least first) or - before it. Raises."""
    text = parameters.get("sortby")
    if text is None:
        return ()
    names = text.split(",")
    if len(names) > limits.MOST_VALUES:
        raise Invalid("feature_too_many_values", most=limits.MOST_VALUES)
    keys = tuple(
        # A plus sign that nobody encoded arrives as a space.
        (values.attribute(layer, name.lstrip(" +-")).name, not name.startswith("-"))
        for name in names
    )
    if len({name for name, _ in keys}) < len(keys):
        raise _unreadable("sortby", text)
    return keys


def chosen(layer: Layer, parameters: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the attributes to give out, None for all; the geometry always goes along. Raises."""
    text = parameters.get("properties")
    if text is None:
        return None
    names = [name for name in text.split(",") if name and name not in GEOMETRY_NAMES]
    return tuple(values.attribute(layer, name).name for name in names)


def _unreadable(name: str, text: str) -> Invalid:
    return Invalid(
        "ogc_parameter_unreadable", name=name, given=text[:_MOST_SHOWN].replace("\0", "␀")
    )
