"""Features of a collection, page by page, and one by its name."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from landdata.errors import Missing
from tileserver.features import conditions as c
from tileserver.features import geojson, read, tokens
from tileserver.features.query import FeatureQuery
from tileserver.ogcapi import parameters as p
from tileserver.sight import drafts_in_sight

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from tileserver.features.read import Page
    from tileserver.features.systems import System
    from tileserver.layer import Layer

#: What does not change which features are asked for, and in which order.
_NOT_OF_THE_QUESTION = frozenset(("next", "limit", "f", "lang", "key"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of features that somebody asks for."""

    query: FeatureQuery
    system: System
    #: Names the question, so that a link to its next page serves no other.
    question: str
    #: Whether only the number of features is wanted.
    hits_only: bool
    is_first: bool


def asked(layer: Layer, parameters: Mapping[str, str], *, today: dt.date) -> Asked:
    """Return what the parameters ask for. Raises Invalid and Missing."""
    question = json.dumps(
        [layer.id, *sorted((n, t) for n, t in parameters.items() if n not in _NOT_OF_THE_QUESTION)]
    )
    since, as_of = p.span(parameters, today=today)
    system = p.system(parameters, "crs")
    revision = p.known_at(parameters)
    newest = read.edition(revision).revision
    query = FeatureQuery(
        layer,
        as_of=as_of,
        since=since,
        known_at=newest if revision is None else revision,
        epsg=system.epsg,
        condition=p.condition(layer, parameters),
        sort=p.sort(layer, parameters),
        limit=p.limit(parameters),
        attributes=p.chosen(layer, parameters),
        drafts=drafts_in_sight(),
    )
    token = parameters.get("next")
    if token is not None:
        place = tokens.read(token, asked=question)
        read.edition(place.known_at)
        query = replace(query, known_at=place.known_at, as_of=place.as_of, after=place.after)
    return Asked(query, system, question, p.wants_hits(parameters), is_first=token is None)


def next_token(found: Page, of: Asked) -> str | None:
    """Return what leads to the following page; None if this was the last."""
    if found.next is None:
        return None
    place = tokens.Place(of.query.known_at, of.query.as_of, found.next)
    return tokens.write(place, asked=of.question)


def matched(found: Page, of: Asked) -> int | None:
    """Return how many features there are in all, where one page holds them."""
    return found.returned if of.is_first and found.next is None else None


def page(of: Asked) -> Page:
    """Return a page of GeoJSON texts. Raises Invalid for what the database cannot answer."""
    return read.page(of.query, geojson.one_column(of.system, in_own_order=True))


def hits(of: Asked, links: list[dict[str, str]]) -> dict[str, Any]:
    """Return a FeatureCollection that says how many features there are and holds none."""
    return {
        "type": "FeatureCollection",
        "features": [],
        "numberMatched": read.count(replace(of.query, after=None)),
        "numberReturned": 0,
        "timeStamp": _now(),
        "links": links,
    }


def _now() -> str:
    return timezone.now().isoformat(timespec="seconds").replace("+00:00", "Z")


def one(layer: Layer, feature_id: str, parameters: Mapping[str, str]) -> tuple[str, System]:
    """Return the GeoJSON text of one feature and the system of its coordinates. Raises Missing."""
    system = p.system(parameters, "crs")
    revision = p.known_at(parameters)
    newest = read.edition(revision).revision
    prefix = f"{layer.id}."
    if not feature_id.startswith(prefix):
        raise Missing("feature", layer=layer.id, id=feature_id[:60])
    query = FeatureQuery(
        layer,
        as_of=timezone.localdate(),
        known_at=newest if revision is None else revision,
        epsg=system.epsg,
        condition=c.Identified((feature_id.removeprefix(prefix),)),
        limit=1,
        attributes=p.chosen(layer, parameters),
        drafts=drafts_in_sight(),
    )
    for (text,) in read.page(query, geojson.one_column(system, in_own_order=True)):
        return text, system
    raise Missing("feature", layer=layer.id, id=feature_id[:60])


def collection_text(
    of: Asked, found: Page, links: list[dict[str, str]], here: str
) -> Iterator[str]:
    """Write a page as a FeatureCollection; what is known at its end stands there.

    `here` is the address of this question without a page, to which the link to the next is added.
    """
    yield '{"type":"FeatureCollection","features":['
    is_first = True
    for (text,) in found:
        yield text if is_first else f",{text}"
        is_first = False
    token = next_token(found, of)
    if token is not None:
        following = {"href": f"{here}&next={token}", "rel": "next", "type": "application/geo+json"}
        links = [*links, following]
    rest: dict[str, Any] = {
        "numberReturned": found.returned,
        "timeStamp": _now(),
        "links": links,
    }
    total = matched(found, of)
    if total is not None:
        rest["numberMatched"] = total
    yield "]," + json.dumps(rest, ensure_ascii=False)[1:]
