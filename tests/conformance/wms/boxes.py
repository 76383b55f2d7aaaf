"""Clauses 6.7 and 7.2.4.6.6 to 7.2.4.6.9: where and at which scales layers are told to be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pyproj import Transformer

from tests.conformance.damages import dropped, dropped_all, marked, put
from tests.conformance.wms import BOOK
from tests.conformance.wms.asking import capabilities
from tests.conformance.wms.layers import BOX, GEOGRAPHIC, label, named

if TYPE_CHECKING:
    from typing import Any

    from tests.conformance.answers import Answer


@BOOK.states(
    "layer.crs.common-on-root",
    capabilities,
    dropped("//wms:Capability/wms:Layer/wms:CRS"),
)
def the_root_lists_what_all_share(answer: Answer) -> None:
    boxes = [
        {box.get("CRS") for box in layer.iterchildren("{*}BoundingBox")} for layer in named(answer)
    ]
    lists = [{e.text for e in layer.iterchildren("{*}CRS")} for layer in named(answer)]
    shared = set.intersection(*(a | b for a, b in zip(boxes, lists, strict=True)))
    root = {e.text for e in answer.find("//wms:Capability/wms:Layer/wms:CRS")}
    assert root
    assert shared <= root


def _number(element: Any, name: str) -> float:
    number = float(element.findtext(f"{{*}}{name}"))
    assert math.isfinite(number)
    return number


def _geographic(element: Any) -> tuple[float, float, float, float]:
    return (
        _number(element, "westBoundLongitude"),
        _number(element, "southBoundLatitude"),
        _number(element, "eastBoundLongitude"),
        _number(element, "northBoundLatitude"),
    )


def _box(element: Any) -> tuple[float, float, float, float]:
    west, south, east, north = (float(element.get(n)) for n in ("minx", "miny", "maxx", "maxy"))
    return west, south, east, north


@BOOK.states(
    "layer.geographic-box.order",
    capabilities,
    put(f"//{GEOGRAPHIC}/wms:westBoundLongitude", "179"),
    put(f"//{GEOGRAPHIC}/wms:southBoundLatitude", "89"),
    put(f"//{GEOGRAPHIC}/wms:northBoundLatitude", "91"),
    dropped_all(f"//{GEOGRAPHIC}"),
)
def geographic_boxes_are_boxes(answer: Answer) -> None:
    found = answer.find(f"//wms:Layer/{GEOGRAPHIC}")
    assert found
    for west, south, east, north in map(_geographic, found):
        assert -180 <= west < east <= 180
        assert -90 <= south < north <= 90


@BOOK.states(
    "layer.box.has-area",
    capabilities,
    marked(BOX, "maxx", "-1e9"),
    marked(BOX, "miny", "1e9"),
    dropped_all(BOX),
)
def boxes_have_area(answer: Answer) -> None:
    found = answer.find(BOX)
    assert found
    for west, south, east, north in map(_box, found):
        assert west < east
        assert south < north


def _nearest(box: Any) -> tuple[float, float, float, float]:
    (found,) = box.xpath(
        f"(ancestor::wms:Layer/{GEOGRAPHIC})[last()]",
        namespaces={"wms": "http://www.opengis.net/wms"},
    )
    return _geographic(found)


@BOOK.states(
    "layer.box.latitude-first",
    capabilities,
    marked(f"{BOX}[@CRS='EPSG:4326']", "minx", "105.5"),
    marked(f"{BOX}[@CRS='EPSG:4326']", "miny", "21"),
    dropped_all(f"{BOX}[@CRS='EPSG:4326']"),
)
def epsg_4326_has_latitude_first(answer: Answer) -> None:
    found = answer.find(f"{BOX}[@CRS='EPSG:4326']")
    assert found
    for box in found:
        west, south, east, north = _nearest(box)
        assert _box(box) == (south, west, north, east)


@BOOK.states(
    "layer.box.longitude-first",
    capabilities,
    marked(f"{BOX}[@CRS='CRS:84']", "minx", "21"),
    dropped_all(f"{BOX}[@CRS='CRS:84']"),
)
def crs_84_has_longitude_first(answer: Answer) -> None:
    found = answer.find(f"{BOX}[@CRS='CRS:84']")
    assert found
    for box in found:
        assert _box(box) == _nearest(box)


@BOOK.states(
    "layer.box.same-ground",
    capabilities,
    marked(f"{BOX}[@CRS='EPSG:3857']", "minx", "0"),
    marked(f"{BOX}[@CRS='EPSG:3857']", "maxy", "9000000"),
    dropped_all(f"{BOX}[@CRS='EPSG:3857']"),
)
def boxes_tell_the_same_ground(answer: Answer) -> None:
    to_mercator = Transformer.from_crs(4326, 3857, always_xy=True)
    found = answer.find(f"{BOX}[@CRS='EPSG:3857']")
    assert found
    for box in found:
        west, south, east, north = _nearest(box)
        wanted = (*to_mercator.transform(west, south), *to_mercator.transform(east, north))
        # Degrees may be rounded to a metre or so.
        assert all(abs(a - b) < 5 for a, b in zip(_box(box), wanted, strict=True))


@BOOK.states(
    "layer.scale.order",
    capabilities,
    put("//wms:Layer/wms:MaxScaleDenominator", "0"),
    put("//wms:Layer/wms:MaxScaleDenominator", "-5"),
)
def scales_are_in_order(answer: Answer) -> None:
    scaled = answer.find("//wms:Layer[wms:MaxScaleDenominator]")
    assert scaled
    for layer in scaled:
        largest = _number(layer, "MaxScaleDenominator")
        smallest = float(layer.findtext("{*}MinScaleDenominator") or 0)
        assert 0 <= smallest < largest, label(layer)
