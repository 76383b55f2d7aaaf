"""Requests of the Web Feature Service over the small city, and what its documents say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from tests.conformance.answers import NAMESPACES
from tests.conformance.oapif.asking import CITY, CRS84, MERCATOR, WGS84, moved
from tests.conformance.wms.asking import changed
from tests.small_city.ground import placed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.answers import Answer, Answers, Service

DECLARED = " ".join(
    f'xmlns:{prefix}="{NAMESPACES["gml32" if prefix == "gml" else prefix]}"'
    for prefix in ("wfs", "fes", "gml", "ows", "xsd", "diado")
)
GML_ID = f"{{{NAMESPACES['gml32']}}}id"
MEMBER = "/wfs:FeatureCollection/wfs:member"
BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
#: The names of the same systems in OGC API Features.
SYSTEMS = {
    "urn:ogc:def:crs:EPSG::5897": CITY,
    "urn:ogc:def:crs:EPSG::3857": MERCATOR,
    "urn:ogc:def:crs:EPSG::4326": WGS84,
    "urn:ogc:def:crs:OGC:1.3:CRS84": CRS84,
}


def kvp(request: str, **changes: str | None) -> Callable[[Service], Answer]:
    """Return a request by key-value pairs; None leaves a parameter out."""
    base = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": request}
    return lambda s: s.ask(**changed(base, changes))


def posted(request: str, inside: str = "", attributes: str = "") -> Callable[[Service], Answer]:
    """Return a request by XML."""
    document = (
        f'<wfs:{request} {DECLARED} service="WFS" version="2.0.0" {attributes}>{inside}'
        f"</wfs:{request}>"
    )
    return lambda s: s.post(document)


def features(layer: str = "water", **changes: str | None) -> Callable[[Service], Answer]:
    """Return a GetFeature by key-value pairs."""
    return kvp("GetFeature", **{"TYPENAMES": f"diado:{layer}", **changes})


def query(inside: str = "", layer: str = "water", attributes: str = "", more: str = ""):
    """Return a GetFeature by XML with one query."""
    whole = f'<wfs:Query typeNames="diado:{layer}" {more}>{inside}</wfs:Query>'
    return posted("GetFeature", whole, attributes)


def filtered(predicate: str, layer: str = "water") -> Callable[[Service], Answers]:
    """Return a GetFeature with a filter, by key-value pairs and by XML."""
    text = f"<fes:Filter {DECLARED}>{predicate}</fes:Filter>"
    return several(
        features(layer, FILTER=text), query(f"<fes:Filter>{predicate}</fes:Filter>", layer)
    )


def several(*asks: Callable[[Service], Answer]) -> Callable[[Service], Answers]:
    """Return a request for each of these."""
    return lambda service: tuple(ask(service) for ask in asks)


def paged(ask: Callable[[Service], Answer], *relations: str) -> Callable[[Service], Answers]:
    """Return a request, and what its links and theirs lead to, one after the other."""

    def follow(service: Service) -> Answers:
        found = [ask(service)]
        for relation in relations:
            link = found[-1].xml.get(relation)
            assert link, f"no {relation} in {found[-1].url}"
            found.append(service.fetch(link))
        return tuple(found)

    return follow


def assert_collection(answer: Answer, element: str = "FeatureCollection") -> list[Any]:
    """Hold a collection against clause 11.3; return its members."""
    assert answer.status == 200, answer.content[:400]
    assert answer.media in ("application/gml+xml", "text/xml", "application/xml")
    root = answer.xml
    assert root.tag == f"{{{NAMESPACES['wfs']}}}{element}"
    members = answer.find(f"/wfs:{element}/wfs:member/*")
    assert root.get("timeStamp", "")[:4].isdecimal()
    assert root.get("numberMatched") == "unknown" or root.get("numberMatched", "").isdecimal()
    return members


def assert_members(answer: Answer, layer: str = "water") -> list[Any]:
    """Hold the members of a collection of one type; return them."""
    members = assert_collection(answer)
    assert int(answer.xml.get("numberReturned")) == len(members)
    for member in members:
        assert member.tag == f"{{{NAMESPACES['diado']}}}{layer}"
        assert member.get(GML_ID), "a feature without gml:id"
    return members


def value(member: Any, name: str) -> str | None:
    """Return the text of a property."""
    found: str | None = member.findtext(f"{{{NAMESPACES['diado']}}}{name}")
    return found


def names(answer: Answer, layer: str = "water", name: str = "name") -> list[str | None]:
    """Return the values of a property of all members, in their order."""
    return [value(member, name) for member in assert_members(answer, layer)]


def ids(answer: Answer, layer: str = "water") -> list[str]:
    """Return the ids of all members, in their order."""
    return [member.get(GML_ID) for member in assert_members(answer, layer)]


def outline(member: Any) -> Any:
    """Return the first ring of a feature as a polygon, its numbers as they were written."""
    text = member.findtext(f".//{{{NAMESPACES['gml32']}}}posList")
    assert text, "no posList"
    numbers = [float(word) for word in text.split()]
    assert len(numbers) % 2 == 0
    return shapely.Polygon(list(zip(numbers[::2], numbers[1::2], strict=True)))


def expected_outline(corners: tuple[int, ...], srs_name: str) -> Any:
    """Return a box of the city in a system, in the order of its axes."""
    west, south, east, north = placed(*corners)
    ring = [(west, south), (east, south), (east, north), (west, north)]
    return shapely.Polygon([moved(corner, SYSTEMS[srs_name]) for corner in ring])


def envelope(corners: tuple[int, ...], srs_name: str = "urn:ogc:def:crs:EPSG::3857") -> str:
    """Return a gml:Envelope around corners measured from the city's."""
    west, south, east, north = expected_outline(corners, srs_name).bounds
    return (
        f'<gml:Envelope srsName="{srs_name}"><gml:lowerCorner>{west:.9f} {south:.9f}'
        f"</gml:lowerCorner><gml:upperCorner>{east:.9f} {north:.9f}</gml:upperCorner>"
        "</gml:Envelope>"
    )


def polygon(corners: tuple[int, ...]) -> str:
    """Return a gml:Polygon around corners measured from the city's, in EPSG:3857."""
    west, south, east, north = placed(*corners)
    ring = f"{west} {south} {east} {south} {east} {north} {west} {north} {west} {south}"
    return (
        '<gml:Polygon gml:id="drawn" srsName="urn:ogc:def:crs:EPSG::3857"><gml:exterior>'
        f"<gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing></gml:exterior>"
        "</gml:Polygon>"
    )


def line(*points: tuple[int, int]) -> str:
    """Return a gml:LineString through points measured from the city's corner, in EPSG:3857."""
    numbers = " ".join(f"{x} {y}" for x, y in (placed(*point) for point in points))
    return (
        '<gml:LineString gml:id="drawn" srsName="urn:ogc:def:crs:EPSG::3857">'
        f"<gml:posList>{numbers}</gml:posList></gml:LineString>"
    )


def point(x: int, y: int) -> str:
    """Return a gml:Point measured from the city's corner, in EPSG:3857."""
    east, north = placed(x, y)
    return (
        '<gml:Point gml:id="drawn" srsName="urn:ogc:def:crs:EPSG::3857">'
        f"<gml:pos>{east} {north}</gml:pos></gml:Point>"
    )
