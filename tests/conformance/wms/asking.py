"""Requests of the Web Map Service over the small city."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image
from pyproj import Transformer

from tests.small_city.ground import placed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.answers import Answer, Answers, Service
    from tests.conformance.assertions import Ask

#: The frame of most pictures, in metres from the city's corner: 4 m a pixel.
FRAME = (0.0, 0.0, 1600.0, 400.0)
WIDTH, HEIGHT = 400, 100
LAKE, ZONES, ROADS, PARCELS = "water", "zones", "roads", "parcels"
_TO_DEGREES = Transformer.from_crs(3857, 4326, always_xy=True)
NAMED = "//wms:Layer[wms:Name]"


def corners(*frame: float) -> str:
    """Return a frame measured from the city's corner as a BBOX of EPSG:3857."""
    return ",".join(repr(number) for number in placed(*frame))


def degrees(*frame: float, north_first: bool) -> str:
    """Return a frame measured from the city's corner as a BBOX in degrees."""
    west, south, east, north = placed(*frame)
    (x1, y1), (x2, y2) = _TO_DEGREES.transform(west, south), _TO_DEGREES.transform(east, north)
    numbers = (y1, x1, y2, x2) if north_first else (x1, y1, x2, y2)
    return ",".join(repr(number) for number in numbers)


MAP = {
    "SERVICE": "WMS",
    "VERSION": "1.3.0",
    "REQUEST": "GetMap",
    "LAYERS": LAKE,
    "STYLES": "",
    "CRS": "EPSG:3857",
    "BBOX": corners(*FRAME),
    "WIDTH": str(WIDTH),
    "HEIGHT": str(HEIGHT),
    "FORMAT": "image/png",
}
#: The middle of the lake lies in the fiftieth column.
INFO = MAP | {
    "REQUEST": "GetFeatureInfo",
    "QUERY_LAYERS": LAKE,
    "INFO_FORMAT": "application/json",
    "I": "50",
    "J": "50",
}


def changed(base: dict[str, str], changes: dict[str, str | None]) -> dict[str, str]:
    """Return parameters with some changed, added, or (None) left out."""
    return {name: value for name, value in (base | changes).items() if value is not None}


def get_map(**changes: str | None) -> Callable[[Service], Answer]:
    """Return a request for the picture of the lake, or another."""
    return lambda service: service.ask(**changed(MAP, changes))


def get_info(**changes: str | None) -> Callable[[Service], Answer]:
    """Return a request for what lies in the middle of the lake, or elsewhere."""
    return lambda service: service.ask(**changed(INFO, changes))


def both(*asks: Ask) -> Callable[[Service], Answers]:
    """Return several requests as one."""

    def ask(service: Service) -> Answers:
        answers: list[Answer] = []
        for each in asks:
            found = each(service)
            answers.extend(found if isinstance(found, tuple) else (found,))
        return tuple(answers)

    return ask


def capabilities(service: Service) -> Answer:
    """Ask what the service offers."""
    return service.ask(SERVICE="WMS", VERSION="1.3.0", REQUEST="GetCapabilities")


def get_capabilities(**changes: str | None) -> Callable[[Service], Answer]:
    """Return a request for the capabilities with other parameters."""
    base = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetCapabilities"}
    return lambda service: service.ask(**changed(base, changes))


def each(path: str, ask: Callable[[str], Ask]) -> Callable[[Service], Answers]:
    """Return the capabilities and one request for each text that an XPath finds in them."""

    def asks(service: Service) -> Answers:
        offered = capabilities(service)
        texts = list(dict.fromkeys(str(getattr(e, "text", e)) for e in offered.find(path)))
        assert texts, f"the capabilities have nothing at {path}"
        return both(capabilities, *(ask(text) for text in texts))(service)

    return asks


def linked(path: str) -> Callable[[Service], Answers]:
    """Return the capabilities and what lies at each link of the elements that an XPath finds."""

    def asks(service: Service) -> Answers:
        offered = capabilities(service)
        links = offered.find(f"{path}/wms:OnlineResource/@xlink:href")
        assert links, f"the capabilities have nothing at {path}"
        return (offered, *(service.fetch(str(link)) for link in links))

    return asks


def assert_map(answer: Answer) -> None:
    """Hold a picture against its request: status, media type, file format, size in pixels."""
    assert answer.status == 200, answer.content[:300]
    wanted = answer.asked["format"].partition(";")[0].lower()
    assert answer.media == wanted
    assert Image.MIME[str(answer.picture.format)] == wanted
    assert answer.picture.size == (int(answer.asked["width"]), int(answer.asked["height"]))


def assert_same(one: Answer, other: Answer) -> None:
    """Hold two pictures against each other, pixel by pixel."""
    assert_map(one)
    assert_map(other)
    assert one.pixels.shape == other.pixels.shape
    assert (one.pixels == other.pixels).all()


def is_blank(answer: Answer) -> bool:
    """Return whether a picture has one colour only."""
    pixels = answer.pixels
    return bool((pixels == pixels[0, 0]).all())


def a_png(width: int, height: int) -> bytes:
    """Return a white picture, for damages."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "PNG")
    return out.getvalue()
