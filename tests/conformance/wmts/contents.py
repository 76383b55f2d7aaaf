"""Clauses 6.1 and 7.1.1, annex E: the layers and the grids that the capabilities tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.conformance.answers import NAMESPACES
from tests.conformance.damages import (
    doubled,
    dropped,
    dropped_all,
    emptied,
    marked,
    put,
    refused,
    resized,
    retyped,
)
from tests.conformance.wmts import BOOK
from tests.conformance.wmts.asking import LAYER, MERCATOR, PIXEL_M, SET, capabilities

if TYPE_CHECKING:
    from tests.conformance.answers import Answer, Answers, Service
    from tests.conformance.assertions import Check

_ZOOM = f"{SET}/wmts:TileMatrix"


def _below(element: Any, path: str) -> list[Any]:
    found: list[Any] = element.xpath(path, namespaces=NAMESPACES)
    return found


def _layers(answer: Answer) -> list[Any]:
    found = answer.find(LAYER)
    assert found
    return found


def _unique(path: str) -> Check:
    def check(answer: Answer) -> None:
        texts = [element.text for element in answer.find(path)]
        assert texts
        assert len(texts) == len(set(texts))

    return check


for _name, _path in {"layer.identifiers-unique": LAYER, "grid.identifiers-unique": SET}.items():
    BOOK.demands(_name, capabilities, _unique(f"{_path}/ows:Identifier"), doubled(_path))


def _unique_within(outer: str, inner: str) -> Check:
    def check(answer: Answer) -> None:
        groups = answer.find(outer)
        assert groups
        for group in groups:
            texts = [element.text for element in _below(group, inner)]
            assert texts
            assert len(texts) == len(set(texts))

    return check


for _name, _outer, _one, _text in (
    ("layer.styles-unique", LAYER, "wmts:Style", "/ows:Identifier"),
    ("layer.formats-unique", LAYER, "wmts:Format", ""),
    ("layer.grids-unique", LAYER, "wmts:TileMatrixSetLink", "/wmts:TileMatrixSet"),
    ("grid.zooms-unique", SET, "wmts:TileMatrix", "/ows:Identifier"),
    ("grid.scales-unique", SET, "wmts:TileMatrix", "/wmts:ScaleDenominator"),
):
    BOOK.demands(
        _name,
        capabilities,
        _unique_within(_outer, _one + _text),
        doubled(f"{_outer}/{_one}"),
        dropped_all(f"{_outer}/{_one}"),
    )


@BOOK.states(
    "layer.default-style",
    capabilities,
    marked(f"{LAYER}/wmts:Style", "isDefault", "false"),
    dropped(f"{LAYER}/wmts:Style"),
)
def each_layer_has_one_default_style(answer: Answer) -> None:
    for layer in _layers(answer):
        assert len(_below(layer, "wmts:Style[@isDefault='true']")) == 1


@BOOK.states(
    "layer.grids-exist",
    capabilities,
    put(f"{LAYER}/wmts:TileMatrixSetLink/wmts:TileMatrixSet", "nowhere"),
    dropped_all(SET),
)
def linked_grids_exist(answer: Answer) -> None:
    told = {e.text for e in answer.find(f"{SET}/ows:Identifier")}
    linked = {e.text for e in answer.find(f"{LAYER}/wmts:TileMatrixSetLink/wmts:TileMatrixSet")}
    assert linked
    assert linked <= told


@BOOK.states(
    "layer.box",
    capabilities,
    put(f"{LAYER}/ows:WGS84BoundingBox/ows:LowerCorner", "179 89"),
    dropped_all(f"{LAYER}/ows:WGS84BoundingBox"),
)
def layers_tell_their_ground(answer: Answer) -> None:
    for layer in _layers(answer):
        corners = [
            element.text.split()
            for name in ("LowerCorner", "UpperCorner")
            for element in _below(layer, f"ows:WGS84BoundingBox/ows:{name}")
        ]
        assert len(corners) == 2
        (west, south), (east, north) = (map(float, corner) for corner in corners)
        assert -180 <= west < east <= 180
        assert -90 <= south < north <= 90


@BOOK.states(
    "layer.templates",
    capabilities,
    marked(f"{LAYER}/wmts:ResourceURL", "template", "http://example.org/{Style}.png"),
    dropped_all(f"{LAYER}/wmts:ResourceURL[@resourceType='tile']"),
)
def templates_hold_all_that_varies(answer: Answer) -> None:
    for layer in _layers(answer):
        assert _below(layer, "wmts:ResourceURL[@resourceType='tile']")
        for element in layer.iterchildren("{*}ResourceURL"):
            template = element.get("template")
            needed = ["TileMatrixSet", "TileMatrix", "TileRow", "TileCol"]
            needed += ["I", "J"] if element.get("resourceType") == "FeatureInfo" else []
            assert all(f"{{{name}}}" in template for name in needed)


@BOOK.states(
    "layer.template-formats",
    capabilities,
    marked(f"{LAYER}/wmts:ResourceURL[@resourceType='tile']", "format", "image/unknown"),
)
def templates_have_formats_of_their_layer(answer: Answer) -> None:
    for layer in _layers(answer):
        formats = {e.text for e in layer.iterchildren("{*}Format", "{*}InfoFormat")}
        assert {e.get("format") for e in layer.iterchildren("{*}ResourceURL")} <= formats


@BOOK.states(
    "grid.well-known",
    capabilities,
    put(f"{SET}/wmts:WellKnownScaleSet", "urn:ogc:def:wkss:OGC:1.0:GlobalCRS84Scale"),
    put(f"({_ZOOM}/wmts:ScaleDenominator)[3]", "1000"),
)
def the_web_grid_has_the_well_known_scales(answer: Answer) -> None:
    grid = f"{SET}[ows:Identifier='{MERCATOR}']"
    named = answer.one(f"{grid}/wmts:WellKnownScaleSet").text
    assert named == "urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible"
    scales = [float(e.text) for e in answer.find(f"{grid}/wmts:TileMatrix/wmts:ScaleDenominator")]
    assert len(scales) >= 19
    wanted = [559082264.0287178 / 2**zoom for zoom in range(len(scales))]
    assert all(abs(a / b - 1) < 1e-9 for a, b in zip(scales, wanted, strict=True))


def _corner(text: str) -> tuple[float, float]:
    x, y = map(float, text.split())
    return x, y


@BOOK.states(
    "grid.matrix-covers-the-box",
    capabilities,
    put(f"({_ZOOM}/wmts:MatrixWidth)[last()]", "1"),
    put(f"({_ZOOM}/wmts:MatrixHeight)[1]", "0"),
    put(f"({_ZOOM}/wmts:ScaleDenominator)[last()]", "1"),
)
def the_matrix_covers_its_box(answer: Answer) -> None:
    for grid in answer.find(SET):
        west, south = _corner(grid.findtext("{*}BoundingBox/{*}LowerCorner"))
        east, north = _corner(grid.findtext("{*}BoundingBox/{*}UpperCorner"))
        for matrix in grid.iterchildren("{*}TileMatrix"):
            pixel_m = float(matrix.findtext("{*}ScaleDenominator")) * PIXEL_M
            left, top = _corner(matrix.findtext("{*}TopLeftCorner"))
            width = pixel_m * int(matrix.findtext("{*}TileWidth"))
            height = pixel_m * int(matrix.findtext("{*}TileHeight"))
            columns = int(matrix.findtext("{*}MatrixWidth"))
            rows = int(matrix.findtext("{*}MatrixHeight"))
            rounding = 1e-6 * width
            assert left <= west + rounding
            assert top >= north - rounding
            assert left + columns * width >= east - rounding
            assert top - rows * height <= south + rounding
            # No column or row more than is needed.
            assert left + (columns - 1) * width < east + rounding
            assert top - (rows - 1) * height > south - rounding


@BOOK.states("grid.finer-and-finer", capabilities, put(f"({_ZOOM}/wmts:ScaleDenominator)[2]", "1"))
def zooms_go_from_coarse_to_fine(answer: Answer) -> None:
    grids = answer.find(SET)
    assert grids
    for grid in grids:
        scales = [float(m.findtext("{*}ScaleDenominator")) for m in grid.findall("{*}TileMatrix")]
        assert scales == sorted(scales, reverse=True)


@BOOK.states(
    "grid.systems",
    capabilities,
    put(f"{SET}/ows:SupportedCRS", "EPSG:3857"),
    dropped_all(f"{SET}/ows:SupportedCRS"),
)
def grids_name_their_system_as_an_urn(answer: Answer) -> None:
    found = [e.text for e in answer.find(f"{SET}/ows:SupportedCRS")]
    assert "urn:ogc:def:crs:EPSG::3857" in found
    assert "urn:ogc:def:crs:EPSG::5897" in found
    assert all(name.startswith("urn:ogc:def:crs:") for name in found)


def _legends(service: Service) -> Answers:
    offered = capabilities(service)
    links = offered.find(f"{LAYER}/wmts:Style/wmts:LegendURL/@xlink:href")
    assert links, "no layer has a legend"
    return (offered, *(service.fetch(str(link)) for link in links))


@BOOK.states("layer.legend", _legends, retyped("text/html"), resized(), refused(404), emptied())
def legends_are_what_is_said_of_them(offered: Answer, *legends: Answer) -> None:
    said = offered.find(f"{LAYER}/wmts:Style/wmts:LegendURL")
    assert len(said) == len(legends) > 0
    for element, legend in zip(said, legends, strict=True):
        assert legend.status == 200
        assert legend.media == element.get("format")
        assert legend.picture.size == (int(element.get("width")), int(element.get("height")))
