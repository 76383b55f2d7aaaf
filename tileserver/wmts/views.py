"""The WMTS over HTTP, by query and by path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from tileserver.drawing import NoPicture
from tileserver.freshness import newest as newest_edition
from tileserver.mapproxy.tiles import PNG, Place, current_tile
from tileserver.services import language_asked, parameters
from tileserver.views import ASK_AGAIN, tags
from tileserver.wms import info, tree
from tileserver.wms.parameters import short
from tileserver.wmts import capabilities, errors
from tileserver.wmts.errors import TileException
from tileserver.wmts.parameters import ENDINGS, PointInTile, missing, place_of, point_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


def by_query(request: HttpRequest) -> HttpResponse:
    """Answer a request whose parameters stand in the query."""
    return _answered(request, lambda: _by_query(request))


def _by_query(request: HttpRequest) -> HttpResponse:
    given = parameters(request)
    asked, service = given.get("REQUEST", ""), given.get("SERVICE", "")
    if not service:
        raise missing("SERVICE")
    if service != "WMTS":
        raise _wrong("service", "SERVICE", service)
    if not asked:
        raise missing("REQUEST")
    if asked not in ("GetCapabilities", "GetTile", "GetFeatureInfo"):
        # The public test suite asks for this code and 400, table 24 for 501 as well.
        raise TileException(
            "operation", code="InvalidParameterValue", locator="REQUEST", given=short(asked)
        )
    if asked == "GetCapabilities":
        versions = given.get("ACCEPTVERSIONS", "")
        if versions and "1.0.0" not in versions.split(","):
            raise TileException(
                "version",
                code="VersionNegotiationFailed",
                locator="ACCEPTVERSIONS",
                given=short(versions),
            )
        return _capabilities(request, given)
    if not given.get("VERSION"):
        raise missing("VERSION")
    if given["VERSION"] != "1.0.0":
        raise _wrong("version", "VERSION", given["VERSION"])
    return tile_answer(request, place_of(given)) if asked == "GetTile" else _info(point_of(given))


def capabilities_by_path(request: HttpRequest) -> HttpResponse:
    """Answer with the capabilities."""
    return _answered(request, lambda: _capabilities(request, {}))


def tile_by_path(request: HttpRequest, **path: str) -> HttpResponse:
    """Answer with a tile."""
    return _answered(request, lambda: tile_answer(request, place_of(_named(path, PNG, "png"))))


def info_by_path(request: HttpRequest, **path: str) -> HttpResponse:
    """Answer with the features at a pixel of a tile."""
    given = _named(path, PNG, "")
    given["INFOFORMAT"] = ENDINGS.get(path["ending"], path["ending"])
    return _answered(request, lambda: _info(point_of(given)))


def _named(path: dict[str, str], format_: str, ending: str) -> dict[str, str]:
    given = {name.upper(): value for name, value in path.items()}
    given["FORMAT"] = format_ if path["ending"] == ending or not ending else path["ending"]
    return given


def _answered(request: HttpRequest, carry_out: Callable[[], HttpResponse]) -> HttpResponse:
    with translation.override(language_asked(parameters(request), request)):
        try:
            response = carry_out()
        except TileException as refusal:
            response = errors.answer(refusal)
        except NoPicture:
            response = errors.answer(TileException("no_picture", code="NoApplicableCode"))
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _capabilities(request: HttpRequest, given: dict[str, str]) -> HttpResponse:
    update_sequence = newest_edition().revision
    content = capabilities.document(
        capabilities.Addresses(
            query=request.build_absolute_uri(reverse("wmts")),
            path=request.build_absolute_uri(reverse("wmts")) + "/1.0.0/",
            wms=request.build_absolute_uri(reverse("wms")),
            catalogue=request.build_absolute_uri("/layers/"),
        ),
        update_sequence=update_sequence,
        sections=_sections(given, update_sequence),
    )
    response = HttpResponse(content, content_type="application/xml; charset=UTF-8")
    response["Cache-Control"] = ASK_AGAIN
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def _sections(given: dict[str, str], update_sequence: int) -> tuple[str, ...]:
    """Return the sections that are asked for (OGC 06-121r3, 7.3.3 and 7.3.4)."""
    known = given.get("UPDATESEQUENCE", "")
    if known.isascii() and known.isdecimal() and len(known) < 19:
        if int(known) > update_sequence:
            raise TileException(
                "sequence_ahead", code="InvalidUpdateSequence", locator="UPDATESEQUENCE"
            )
        if int(known) == update_sequence:
            return ()
    names = given.get("SECTIONS", "")
    if not names:
        return capabilities.SECTIONS
    asked = names.split(",")
    for name in asked:
        if name not in (*capabilities.SECTIONS, *capabilities.EMPTY_SECTIONS, "All"):
            raise _wrong("section", "SECTIONS", name)
    return capabilities.SECTIONS if "All" in asked else tuple(asked)


def tile_answer(request: HttpRequest, place: Place) -> HttpResponse:
    """Return a tile, or word that the asker has it already. Raises NoPicture."""
    tile = current_tile(place, today=timezone.localdate())
    response: HttpResponse
    if tile.etag in tags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(tile.body, content_type=PNG)
    response["ETag"] = tile.etag
    response["Cache-Control"] = ASK_AGAIN
    return response


def _info(asked: PointInTile) -> HttpResponse:
    place = asked.place
    question = info.Question(
        point=asked.point,
        epsg=place.grid.epsg,
        pixel=place.grid.resolutions[place.z],
        as_of=timezone.localdate(),
        known_at=newest_edition().revision,
        count=1,
    )
    found = info.features_at(question, tree.by_name()[place.layer])
    response = HttpResponse(
        info.WRITERS[asked.format](found), content_type=f"{asked.format}; charset=UTF-8"
    )
    response["Cache-Control"] = "no-cache"
    return response


def _wrong(sentence: str, name: str, value: str) -> TileException:
    return TileException(sentence, code="InvalidParameterValue", locator=name, given=short(value))
