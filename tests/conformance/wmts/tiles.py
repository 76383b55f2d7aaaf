"""Clauses 7.2 and 7.3, 8 and 10: tiles and what lies at their pixels, by query and by path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.conformance.answers import Service
from tests.conformance.damages import (
    Damage,
    emptied,
    mirrored,
    painted,
    refused,
    resized,
    retyped,
    turned_to,
)
from tests.conformance.wms.asking import both, get_map
from tests.conformance.wms.info import SPOILT as SPOILT_INFO
from tests.conformance.wms.info import features
from tests.conformance.wmts import BOOK
from tests.conformance.wmts.asking import (
    CITY,
    LAYER,
    MERCATOR,
    assert_lake,
    assert_tile,
    capabilities,
    get_info,
    get_tile,
    matrix_of,
    pixel_of_the_lake,
    tile,
    with_capabilities,
)

if TYPE_CHECKING:
    from tests.conformance.answers import Answer, Answers
    from tests.conformance.assertions import Ask

SPOILT: tuple[Damage, ...] = (
    retyped("image/jpeg"),
    refused(404),
    emptied(),
    resized(),
    turned_to("JPEG"),
)
CLEAR = (0, 0, 0, 0)

for _name, _grid in {"gettile.web-grid": MERCATOR, "gettile.city-grid": CITY}.items():
    BOOK.demands(
        _name,
        with_capabilities(get_tile(_grid)),
        assert_lake,
        *SPOILT,
        mirrored(),
        painted(CLEAR),
        painted((9, 9, 9, 255)),
    )


def _each_layer(service: Service) -> Answers:
    offered = capabilities(service)
    asked = [
        get_tile(link.text, layer.findtext("{*}Identifier"))
        for layer in offered.find(LAYER)
        for link in layer.findall("{*}TileMatrixSetLink/{*}TileMatrixSet")
    ]
    return (offered, *both(*asked)(service))


@BOOK.states("gettile.each-layer-and-grid", _each_layer, *SPOILT)
def each_layer_is_served_in_each_grid(offered: Answer, *answers: Answer) -> None:
    assert len(answers) == len(offered.find(f"{LAYER}/wmts:TileMatrixSetLink")) > 0
    for answer in answers:
        assert_tile(answer)


#: Zooms of the web's grid; the lake's tile is of zoom 16.
_ZOOMS = (0, 3, 7, 11, 14, 17, 18)


def _each_zoom(service: Service) -> Answers:
    base = tile(capabilities(service))
    answers = []
    for zoom in _ZOOMS:
        shift = 2.0 ** (zoom - int(base["TILEMATRIX"]))
        place = {name: str(int(int(base[name]) * shift)) for name in ("TILEROW", "TILECOL")}
        answers.append(service.ask(**base | place | {"TILEMATRIX": str(zoom)}))
    return tuple(answers)


@BOOK.states("gettile.each-zoom", _each_zoom, *SPOILT)
def zooms_are_served(*answers: Answer) -> None:
    assert [int(answer.asked["tilematrix"]) for answer in answers] == list(_ZOOMS)
    for answer in answers:
        assert_tile(answer)


def assert_same_tile(one: Answer, other: Answer) -> None:
    """Hold two tiles against each other, pixel by pixel."""
    assert_tile(one)
    assert_tile(other)
    assert (one.pixels == other.pixels).all()


_DIFFERENT: tuple[Damage, ...] = (painted((1, 2, 3, 255)), resized(), refused(404))


def _mixed_case(service: Service) -> Answer:
    base = tile(capabilities(service))
    return service.ask(**{name.capitalize(): value for name, value in base.items()})


BOOK.demands("gettile.case", both(get_tile(), _mixed_case), assert_same_tile, *_DIFFERENT)
BOOK.demands(
    "gettile.unknown-parameter",
    both(get_tile(), get_tile(changes={"BOGUS": "ignored", "ELEVATION": "5"})),
    assert_same_tile,
    *_DIFFERENT,
)


def _as_a_map(service: Service) -> Answers:
    offered = capabilities(service)
    matrix = matrix_of(offered, MERCATOR, 2.4)
    asked = tile(offered)
    width = matrix.size_px * matrix.pixel_m
    west = matrix.west + int(asked["TILECOL"]) * width
    north = matrix.north - int(asked["TILEROW"]) * width
    box = ",".join(map(repr, (west, north - width, west + width, north)))
    drawn = get_map(BBOX=box, WIDTH="256", HEIGHT="256", TRANSPARENT="TRUE")
    return drawn(Service(service.base, "/wms")), service.ask(**asked)


@BOOK.states("gettile.equals-getmap", _as_a_map, *_DIFFERENT)
def a_tile_is_the_map_of_its_box(drawn: Answer, kept: Answer) -> None:
    assert_tile(kept)
    assert_tile(drawn)
    # Letters may stand elsewhere: a tile is cut from a larger picture.
    differing = (abs(drawn.pixels - kept.pixels).max(axis=2) > 8).mean()
    assert differing < 0.05, differing


def _filled(template: str, asked: dict[str, str]) -> str:
    """Return a template with the names in braces replaced (OGC 07-057r7, 10.2)."""
    return re.sub(r"\{(\w+)\}", lambda found: asked[found[1].upper()], template)


def _by_path(kind: str = "tile", format_: str = "image/png", **changes: str) -> Ask:
    def ask(service: Service) -> Answer:
        offered = capabilities(service)
        asked = tile(offered)
        column, row = pixel_of_the_lake(offered)
        asked |= {"I": str(column), "J": str(row)} | changes
        (template,) = offered.find(
            f"{LAYER}[ows:Identifier='water']/wmts:ResourceURL"
            f"[@resourceType='{kind}' and @format='{format_}']/@template"
        )
        return service.fetch(_filled(str(template), asked))

    return ask


BOOK.demands("rest.tile", both(get_tile(), _by_path()), assert_same_tile, *_DIFFERENT)


def _is_not_there(answer: Answer) -> None:
    assert answer.status in (400, 404)
    assert not answer.media.startswith("image/")


for _name, _changes in {
    "rest.tile.row-beyond-matrix": {"TILEROW": "99999999"},
    "rest.tile.zoom-unknown": {"TILEMATRIX": "99"},
    "rest.tile.grid-unknown": {"TILEMATRIXSET": "nowhere"},
    "rest.tile.style-unknown": {"STYLE": "none"},
}.items():
    BOOK.demands(
        _name, _by_path(**_changes), _is_not_there, refused(200), refused(500), retyped("image/png")
    )


def _is_the_lake(answer: Answer) -> None:
    assert [f["properties"].get("name") for f in features(answer)] == ["Hồ Thử"]


for _name, _grid in {"getfeatureinfo.web-grid": MERCATOR, "getfeatureinfo.city-grid": CITY}.items():
    BOOK.demands(_name, get_info(_grid), _is_the_lake, *SPOILT_INFO)
BOOK.demands(
    "getfeatureinfo.unknown-parameter",
    get_info(changes={"BOGUS": "ignored"}),
    _is_the_lake,
    *SPOILT_INFO,
)
BOOK.demands(
    "rest.featureinfo", _by_path("FeatureInfo", "application/json"), _is_the_lake, *SPOILT_INFO
)


def _each_format(service: Service) -> Answers:
    offered = capabilities(service)
    kinds = offered.find(f"{LAYER}[ows:Identifier='water']/wmts:InfoFormat")
    return (
        offered,
        *both(*(get_info(changes={"INFOFORMAT": kind.text}) for kind in kinds))(service),
    )


@BOOK.states("getfeatureinfo.infoformat.each", _each_format, retyped("a/b"), emptied(), refused())
def each_format_names_the_lake(offered: Answer, *answers: Answer) -> None:
    assert answers
    for answer in answers:
        assert answer.status == 200
        assert answer.media == answer.asked["infoformat"].partition(";")[0]
        assert "Hồ Thử" in answer.content.decode()


def _nowhere(service: Service) -> Answer:
    return service.ask_query("SERVICE=WMTS&REQUEST=GetCapabilities", path="/no-such-service")


@BOOK.states("common.nowhere", _nowhere, refused(200), refused(500))
def where_there_is_no_service_the_status_is_404(answer: Answer) -> None:
    assert answer.status == 404
