"""The resources of OGC API Features over HTTP."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext

from landdata.errors import Missing
from tileserver.catalogue.facts import Facts, facts_of
from tileserver.features import read, systems
from tileserver.ogcapi import documents, items, links, openapi, pages, schemas
from tileserver.ogcapi import parameters as p
from tileserver.ogcapi.answers import Wanted, answering, document, unchanged, wanted
from tileserver.ogcapi.links import address, link
from tileserver.services import in_language
from tileserver.sight import layer_in_sight, layers_in_sight

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tileserver.features.systems import System
    from tileserver.layer import Layer


@answering
def landing_page(request: HttpRequest) -> HttpResponse:
    """Answer with the landing page."""
    of = wanted(request, p.given(request, ()))
    content = documents.landing(of.base, of.links(links.JSON, title=gettext("This page")))
    return document(request, of, content, "landing", {})


@answering
def api_definition(request: HttpRequest) -> HttpResponse:
    """Answer with the API as OpenAPI 3.0, or a page that lists its resources."""
    of = wanted(request, p.given(request, ()), links.OPENAPI)
    content = openapi.definition(of.base)
    context = {"resources": pages.resources(content)}
    return document(request, of, content, "api", context, media=links.OPENAPI)


@answering
def conformance(request: HttpRequest) -> HttpResponse:
    """Answer with the conformance classes."""
    of = wanted(request, p.given(request, ()))
    content = documents.conformance(of.links(links.JSON, title=gettext("What the API conforms to")))
    return document(request, of, content, "conformance", {})


@answering
def collections(request: HttpRequest) -> HttpResponse:
    """Answer with all collections."""
    of = wanted(request, p.given(request, ()))
    own = of.links(links.JSON, title=gettext("The collections"))
    content = documents.collections(
        of.base, layers_in_sight(), facts_of(), own, lambda layer: _own_links(of, layer)
    )
    return document(request, of, content, "collections", {})


@answering
def collection(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Answer with one collection."""
    layer = _layer(collection_id)
    of = wanted(request, p.given(request, ()))
    own = _own_links(of, layer)
    content = documents.collection(of.base, layer, facts_of([layer]).get(layer.id, Facts()), own)
    return document(request, of, content, "collection", {})


def _own_links(of: Wanted, layer: Layer) -> list[links.Link]:
    here = replace(of, here=address(of.base, "collections", layer.id))
    return here.links(links.JSON, title=in_language(layer.title_vi, layer.title_en))


@answering
def queryables(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Answer with what filters on a collection may name."""
    return _schema(request, _layer(collection_id), is_for_filters=True)


@answering
def schema(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Answer with what a feature of a collection holds."""
    return _schema(request, _layer(collection_id), is_for_filters=False)


def _schema(request: HttpRequest, layer: Layer, *, is_for_filters: bool) -> HttpResponse:
    of = wanted(request, p.given(request, ()), links.SCHEMA)
    make = schemas.queryables if is_for_filters else schemas.schema
    content = make(layer, of.here)
    context = {
        "rows": pages.properties(content),
        "heading": gettext("What filters may name")
        if is_for_filters
        else gettext("What a feature holds"),
        "collection": address(of.base, "collections", layer.id, f="html"),
    }
    return document(request, of, content, "schema", context, media=links.SCHEMA)


@answering
def feature_page(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Answer with a page of features."""
    layer = _layer(collection_id)
    names = [attribute.name for attribute in layer.attributes]
    parameters = p.given(request, (*p.OF_ITEMS, *names))
    of = wanted(request, parameters, links.GEOJSON)
    asked = items.asked(layer, parameters, today=timezone.localdate())
    tag = _tag(request, asked.query.known_at, asked.query.as_of.isoformat(), of)
    same = unchanged(request, tag)
    if same is not None:
        return same
    title = in_language(layer.title_vi, layer.title_en)
    own = of.links(links.GEOJSON, title=title)
    own.append(link(address(of.base, "collections", layer.id), "collection", links.JSON, title))
    response: Any
    if asked.hits_only:
        content = items.hits(asked, own)
        response = document(request, of, content, "hits", {"title": title}, media=links.GEOJSON)
    elif of.is_page:
        found = items.page(asked)
        context = pages.feature_page(layer, found, asked, of, own)
        response = render(request, "tileserver/ogc/items.html", context)
    else:
        found = items.page(asked)
        text = items.collection_text(asked, found, own, _without_page(of))
        response = StreamingHttpResponse(text, content_type=links.GEOJSON)
    response["Content-Crs"] = f"<{_named(asked.system)}>"
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache"
    return response  # type: ignore[no-any-return]  # both kinds are answers


@answering
def feature(request: HttpRequest, collection_id: str, feature_id: str) -> HttpResponse:
    """Answer with one feature."""
    layer = _layer(collection_id)
    parameters = p.given(request, p.OF_ITEM)
    of = wanted(request, parameters, links.GEOJSON)
    tag = _tag(request, read.edition(None).revision, timezone.localdate().isoformat(), of)
    same = unchanged(request, tag)
    if same is not None:
        return same
    text, system = items.one(layer, feature_id, parameters)
    title = in_language(layer.title_vi, layer.title_en)
    own = of.links(links.GEOJSON, title=feature_id)
    own.append(link(address(of.base, "collections", layer.id), "collection", links.JSON, title))
    if of.is_page:
        context = pages.feature(layer, json.loads(text), of, own)
        response = render(request, "tileserver/ogc/item.html", context)
    else:
        written = f'{text[:-1]},"links":{json.dumps(own, ensure_ascii=False)}}}'
        response = HttpResponse(written, content_type=links.GEOJSON)
    response["Content-Crs"] = f"<{_named(system)}>"
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache"
    return response


def _layer(collection_id: str) -> Layer:
    layer = layer_in_sight(collection_id)
    if layer is None:
        raise Missing("layer", layer=collection_id[:40])
    return layer


def _named(system: System) -> str:
    """Return the address of a system as the collections list it."""
    is_core = system.epsg == systems.CRS84.epsg and not system.north_first
    return systems.CRS84_ADDRESS if is_core else systems.address(system.epsg)


def _without_page(of: Wanted) -> str:
    """Return the address of the question, to which a link to a page is added."""
    kept = {n: t for n, t in of.parameters.items() if n not in ("next", "key", "f")}
    (data, *_) = links.of_itself(of.here, kept, links.GEOJSON, False, ("", ""))
    return data["href"]


def _tag(request: HttpRequest, known_at: int, day: str, of: Wanted) -> str:
    """Return the entity tag: the same question about the same state has the same answer.

    It is a weak one, since the answer says when it was given.
    """
    newest = read.edition(None)
    shown = (request.get_full_path(), of.is_page, get_language(), known_at, newest.made_at_us, day)
    return f'W/"{hashlib.sha256(repr(shown).encode()).hexdigest()[:24]}"'
