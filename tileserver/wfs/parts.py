"""What a request for features asks of each layer."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gisserver.parsers import wfs20

from landdata.errors import Refusal
from tileserver import limits
from tileserver.features import conditions as c
from tileserver.features import ground, systems
from tileserver.wfs import filters
from tileserver.wfs.names import SHAPE, layer_of
from tileserver.wfs.problems import of_refusal, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tileserver.features.query import SortKey
    from tileserver.layer import Layer
    from tileserver.wfs.requests import Asked, Extras

#: The one stored query that every service has (OGC 09-025r2 7.9.3.6).
BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
_BOX_NUMBERS = 4


@dataclass(frozen=True)
class Part:
    """One query of a request: which features of a layer, in what order, how much of each."""

    layer: Layer
    condition: c.Condition
    sort: tuple[SortKey, ...]
    #: None for all.
    attributes: tuple[str, ...] | None
    with_shape: bool
    system: systems.System


@contextmanager
def about(locator: str) -> Iterator[None]:
    """Say of a refusal which parameter it is about."""
    try:
        yield
    except Refusal as refusal:
        raise of_refusal(refusal, locator) from refusal


def parts(asked: Asked) -> list[Part]:
    """Return the queries of a request, checked. Raises Problem."""
    queries = asked.request.queries
    if not queries:
        raise problem("MissingParameterValue", "typeNames", "wfs_missing", locator="typeNames")
    if len(queries) > limits.MOST_QUERIES:
        raise problem(
            "InvalidParameterValue", "typeNames", "wfs_too_many_queries", most=limits.MOST_QUERIES
        )
    return [
        part
        for query, extras in zip(queries, asked.extras, strict=True)
        for part in _parts_of(query, extras)
    ]


def _parts_of(query: Any, extras: Extras) -> list[Part]:
    with about("srsName"):
        system = systems.named(extras.srs_name) if extras.srs_name else systems.default()
    if isinstance(query, wfs20.StoredQuery):
        return [_by_id(str(query.parameters.get("id", "")), system)]
    if extras.names and not query.typeNames:
        return _by_names(extras.names, system)
    with about("typeNames"):
        (layer,) = [layer_of(name) for name in query.typeNames]
    return [
        Part(
            layer,
            _condition(query, extras, layer),
            _sort(query, layer),
            *_properties(query, layer),
            system,
        )
    ]


def _condition(query: Any, extras: Extras, layer: Layer) -> c.Condition:
    if extras.names:
        with about("resourceId"):
            return filters.identified(list(extras.names), layer)
    if extras.box:
        with about("bbox"):
            return _box(extras.box)
    if query.filter is None:
        return c.All(())
    with about("filter"):
        return filters.condition(query.filter.predicate, layer)


def _box(text: str) -> c.Condition:
    """Return the condition of a BBOX parameter (OGC 06-121r3 10.2.3): four numbers, and a name of
    their system or the storage system.
    """
    words = text.split(",")
    name = ",".join(words[_BOX_NUMBERS:])
    try:
        corners = [float(word) for word in words[:_BOX_NUMBERS]]
    except ValueError:
        corners = []
    if len(corners) != _BOX_NUMBERS:
        raise problem("InvalidParameterValue", "bbox", "wfs_box", given=text[:80])
    return ground.box(systems.named(name) if name else systems.default(), corners)


def _sort(query: Any, layer: Layer) -> tuple[SortKey, ...]:
    if query.sortBy is None:
        return ()
    keys: list[SortKey] = []
    with about("sortBy"):
        for key in query.sortBy.sort_properties:
            name = filters.property_name(key.value_reference.xpath, layer)
            if name == SHAPE:
                raise problem("InvalidParameterValue", "sortBy", "wfs_shape_compared")
            # Said again, a key orders nothing that it has not ordered.
            if name not in (known for known, _ in keys):
                keys.append((name, key.sort_order.value == ""))
    return tuple(keys)


def _properties(query: Any, layer: Layer) -> tuple[tuple[str, ...] | None, bool]:
    if not query.property_names:
        return None, True
    with about("propertyName"):
        names = [filters.property_name(p.xpath, layer) for p in query.property_names]
    return tuple(name for name in names if name != SHAPE), SHAPE in names


def _by_id(name: str, system: systems.System) -> Part:
    layer = filters.named_layer(name)
    if layer is None:
        raise problem("NotFound", "ID", "wfs_feature", name=name[:80])
    return Part(layer, filters.identified([name], layer), (), None, True, system)


def _by_names(names: tuple[str, ...], system: systems.System) -> list[Part]:
    """Return a query for each type that the names are of."""
    layers = list(dict.fromkeys(filters.named_layer(name) for name in names))
    found = [
        Part(
            layer,
            filters.identified([n for n in names if filters.named_layer(n) is layer], layer),
            (),
            None,
            True,
            system,
        )
        for layer in layers
        if layer is not None
    ]
    if not found:
        raise problem("InvalidParameterValue", "resourceId", "wfs_feature", name=names[0][:80])
    return found
