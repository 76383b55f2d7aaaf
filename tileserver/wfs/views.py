"""The WFS over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import OperationalError
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from gisserver.parsers import wfs20

from tileserver.features import conditions as c
from tileserver.freshness import newest as newest_edition
from tileserver.sight import layers_in_sight, with_drafts
from tileserver.views import ASK_AGAIN
from tileserver.wfs import (
    answers,
    capabilities,
    collection,
    filters,
    plain,
    requests,
    schema,
    stored,
)
from tileserver.wfs.formats import USUAL_COUNT, Format, check_schema, named
from tileserver.wfs.names import SHAPE, layer_of
from tileserver.wfs.packing import streamed
from tileserver.wfs.parts import about
from tileserver.wfs.problems import Problem, problem, report, unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from tileserver.layer import Layer
    from tileserver.wfs.answers import Answer
    from tileserver.wfs.requests import Asked

XML = "text/xml; charset=utf-8"
GML = "application/gml+xml; version=3.2; charset=utf-8"


# Nothing is written here, and programs send no token.
@csrf_exempt
@with_drafts
def wfs(request: HttpRequest) -> HttpResponseBase:
    """Answer a request; a wrong one is answered by an exception report."""
    response: HttpResponseBase
    try:
        asked = requests.read(request)
        with translation.override(asked.language):
            response = _OPERATIONS[type(asked.request)](request, asked)
    except Problem as found:
        response = report(found)
    except OperationalError:
        response = report(unavailable())
    response.headers.setdefault("Cache-Control", ASK_AGAIN)
    # Any page may read our features: they are public, and no cookie decides about them.
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("wfs"))


def _capabilities(request: HttpRequest, asked: Asked) -> HttpResponse:
    given = asked.request.sections
    sections: tuple[str, ...] = capabilities.SECTIONS
    if given and "all" not in {section.lower() for section in given}:
        sections = tuple(known for known in sections if known in given)
        unknown = [section for section in given if section not in capabilities.SECTIONS]
        if unknown:
            raise problem("InvalidParameterValue", "sections", "wfs_section", given=unknown[0][:40])
    made = capabilities.Document(
        _address(request), request.build_absolute_uri("/layers/"), newest_edition().revision
    )
    response = HttpResponse(made.bytes(sections), content_type=XML)
    response["Content-Language"] = asked.language
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def _describe(request: HttpRequest, asked: Asked) -> HttpResponse:
    check_schema(asked.request.outputFormat)
    layers = layers_in_sight()
    if asked.request.typeNames:
        with about("typeNames"):
            named_layers = {layer_of(name).id for name in asked.request.typeNames}
        layers = tuple(layer for layer in layers if layer.id in named_layers)
    return HttpResponse(schema.document(layers), content_type=GML)


def _list_queries(request: HttpRequest, asked: Asked) -> HttpResponse:
    return HttpResponse(stored.listed(), content_type=XML)


def _describe_queries(request: HttpRequest, asked: Asked) -> HttpResponse:
    return HttpResponse(stored.described(asked.request.storedQueryId), content_type=XML)


def _features(request: HttpRequest, asked: Asked) -> HttpResponseBase:
    kind = named(asked.request.outputFormat)
    answer = plain.for_format(
        answers.answer(asked, _address(request), usual=USUAL_COUNT[kind]), kind
    )
    if asked.request.resultType is wfs20.ResultType.hits:
        return _hits(answer, kind)
    if isinstance(asked.request.queries[0], wfs20.StoredQuery):
        return _one_feature(asked, answer, kind)
    if kind is Format.GML:
        return streamed(request, collection.features(answer), GML)
    if kind is Format.GEOJSON:
        return streamed(request, plain.geojson_collection(answer), _type_of(kind))
    if kind is Format.CSV:
        return _attached(answer, kind, streamed(request, plain.csv_lines(answer), _type_of(kind)))
    return _attached(
        answer, kind, FileResponse(plain.file(answer, kind), content_type=_type_of(kind))
    )


def _hits(answer: Answer, kind: Format) -> HttpResponse:
    if kind is Format.GEOJSON:
        return HttpResponse(plain.geojson_hits(answer), content_type=_type_of(kind))
    return HttpResponse(collection.hits(answer), content_type=GML)


def _one_feature(asked: Asked, answer: Answer, kind: Format) -> HttpResponse:
    if kind not in (Format.GML, Format.GEOJSON):
        raise problem("InvalidParameterValue", "outputFormat", "wfs_format", given=kind.value)
    one = replace(answer, count=1, skip=0)
    text = plain.geojson_alone(one) if kind is Format.GEOJSON else collection.alone(one)
    if text is None:
        name = str(asked.request.queries[0].parameters["id"])[:80]
        raise problem("NotFound", "ID", "wfs_feature", name=name)
    return HttpResponse(text, content_type=GML if kind is Format.GML else _type_of(kind))


def _type_of(kind: Format) -> str:
    if kind is Format.CSV:
        return "text/csv; charset=utf-8; header=present"
    name: str = kind.value
    return name.partition(";")[0]


_ENDINGS = {Format.CSV: "csv", Format.GEOPACKAGE: "gpkg", Format.SHAPEFILE: "zip"}


def _attached(answer: Answer, kind: Format, response: HttpResponseBase) -> HttpResponseBase:
    name = f"{answer.parts[0].layer.id}.{_ENDINGS[kind]}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    link = plain.link_header(answer)
    if link:
        response["Link"] = link
    return response


def _values(request: HttpRequest, asked: Asked) -> HttpResponseBase:
    if named(asked.request.outputFormat) is not Format.GML:
        raise problem(
            "InvalidParameterValue",
            "outputFormat",
            "wfs_format",
            given=asked.request.outputFormat[:60],
        )
    answer = answers.answer(asked, _address(request), usual=USUAL_COUNT[Format.GML])
    if len(answer.parts) != 1:
        raise problem("OperationNotSupported", "typeNames", "wfs_one_query")
    name = _value_name(asked, answer.parts[0].layer)
    answer = _with_value(answer, name)
    if asked.request.resultType is wfs20.ResultType.hits:
        return HttpResponse(collection.hits(answer, element="ValueCollection"), content_type=GML)
    return streamed(request, collection.values(answer, name), GML)


def _value_name(asked: Asked, layer: Layer) -> str:
    path = asked.request.valueReference.xpath
    if path.rpartition("/")[2] == collection.ID:
        return collection.ID
    with about("valueReference"):
        return filters.property_name(path, layer)


def _with_value(answer: Answer, name: str) -> Answer:
    """Return the answer that reads one property of features that have it."""
    (part,) = answer.parts
    condition = part.condition
    if name != collection.ID:
        missing = c.IsNull(c.GEOMETRY if name == SHAPE else name)
        condition = c.All((condition, c.Not(missing)))
    attributes = () if name in (SHAPE, collection.ID) else (name,)
    one = replace(part, condition=condition, attributes=attributes, with_shape=name == SHAPE)
    return replace(answer, parts=(one,))


_OPERATIONS: dict[Any, Callable[[HttpRequest, Asked], HttpResponseBase]] = {
    wfs20.GetCapabilities: _capabilities,
    wfs20.DescribeFeatureType: _describe,
    wfs20.ListStoredQueries: _list_queries,
    wfs20.DescribeStoredQueries: _describe_queries,
    wfs20.GetFeature: _features,
    wfs20.GetPropertyValue: _values,
}
