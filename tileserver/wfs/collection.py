"""Features in a wfs:FeatureCollection, values in a wfs:ValueCollection: GML 3.2, as it streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from tileserver.features import gml
from tileserver.wfs import answers
from tileserver.wfs.names import NAMESPACE, PREFIX, SHAPE, gml_id, type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tileserver.features.sql import Source
    from tileserver.wfs.answers import Answer, Contents
    from tileserver.wfs.parts import Part

WFS, GML = "http://www.opengis.net/wfs/2.0", "http://www.opengis.net/gml/3.2"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMAS = "http://schemas.opengis.net"
_ROWS_A_PIECE = 100
#: What valueReference says when the id itself is asked for.
ID = "@gml:id"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def features(answer: Answer) -> Iterator[str]:
    """Return the collection, piece by piece. Raises Problem before the first piece.

    Several queries make a collection of collections (OGC 09-025r2 11.3.3.5).
    """
    return _collection(answer, answers.contents(answer, _fragments))


def _fragments(part: Part) -> Callable[[Source], list[str]]:
    return gml.columns(part.system, PREFIX, with_shape=part.with_shape)


def _collection(answer: Answer, page: Contents) -> Iterator[str]:
    yield _opening(answer, page)
    is_one = len(answer.parts) == 1
    for one in page.shown:
        if not is_one:
            numbers = f'numberMatched="unknown" numberReturned="{one.returned}"'
            yield f'<wfs:member><wfs:FeatureCollection timeStamp="{answers.stamp()}" {numbers}>'
        yield from _pieces(answer.parts[one.part], one.rows)
        if not is_one:
            yield "</wfs:FeatureCollection></wfs:member>"
    yield "</wfs:FeatureCollection>\n"


def hits(answer: Answer, *, element: str = "FeatureCollection") -> str:
    """Return the collection that only says how many there are, and where they begin.

    OGC 09-025r2 7.7.4.2. Raises Problem.
    """
    matched = answers.matched(answer)
    first = answer.first_link() if matched else None
    head = _head(answer, str(matched), 0, f" next={quoteattr(first)}" if first else "", element)
    return f"{head}</wfs:{element}>\n"


def alone(answer: Answer) -> str | None:
    """Return the one feature of GetFeatureById as a document of its own, None if there is none."""
    for one in answers.contents(answer, _fragments).shown:
        for row in one.rows:
            namespaces = (
                f' xmlns:{PREFIX}="{NAMESPACE}" xmlns:gml="{GML}" xmlns:xsi="{XSI}"'
                f" xsi:schemaLocation={quoteattr(_locations(answer))}"
            )
            return f"{_DECLARATION}{_feature(answer.parts[one.part], row, namespaces)}\n"
    return None


def values(answer: Answer, name: str) -> Iterator[str]:
    """Return a wfs:ValueCollection of one property. Raises Problem before the first piece."""
    return _values(answer, answers.contents(answer, _fragments), name)


def _values(answer: Answer, page: Contents, name: str) -> Iterator[str]:
    yield _opening(answer, page, "ValueCollection")
    for one in page.shown:
        part = answer.parts[one.part]
        for row in one.rows:
            yield f"<wfs:member>{_value(part, name, *row)}</wfs:member>\n"
    yield "</wfs:ValueCollection>\n"


def _opening(answer: Answer, page: Contents, element: str = "FeatureCollection") -> str:
    following, before = answers.next_link(answer, page), answer.previous_link()
    links = f" next={quoteattr(following)}" if following else ""
    links += f" previous={quoteattr(before)}" if before else ""
    matched = answers.number_matched(answer, page)
    return _head(answer, matched, page.returned, links, element)


def _head(answer: Answer, matched: str, returned: int, links: str, element: str) -> str:
    return (
        f'{_DECLARATION}<wfs:{element} xmlns:wfs="{WFS}" xmlns:gml="{GML}"'
        f' xmlns:{PREFIX}="{NAMESPACE}" xmlns:xsi="{XSI}"'
        f" xsi:schemaLocation={quoteattr(_locations(answer))}"
        f' timeStamp="{answers.stamp()}" numberMatched="{matched}"'
        f' numberReturned="{returned}"{links}>\n'
    )


def _locations(answer: Answer) -> str:
    types = ",".join(dict.fromkeys(type_name(part.layer) for part in answer.parts))
    schema = (
        f"{answer.address}?SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES={types}"
    )
    return f"{NAMESPACE} {schema} {WFS} {SCHEMAS}/wfs/2.0/wfs.xsd {GML} {SCHEMAS}/gml/3.2.1/gml.xsd"


def _pieces(part: Part, rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    piece: list[str] = []
    for row in rows:
        piece.append(f"<wfs:member>{_feature(part, row)}</wfs:member>\n")
        if len(piece) == _ROWS_A_PIECE:
            yield "".join(piece)
            piece.clear()
    yield "".join(piece)


def _feature(part: Part, row: tuple[Any, ...], namespaces: str = "") -> str:
    identity, attributes, shape = row
    element = type_name(part.layer)
    xml_id = gml_id(f"{part.layer.id}.{identity}")
    drawn = ""
    if shape:
        named = gml.named(shape, f"{xml_id}.{SHAPE}", part.system)
        drawn = f"<{PREFIX}:{SHAPE}>{named}</{PREFIX}:{SHAPE}>"
    return f'<{element}{namespaces} gml:id="{xml_id}">{attributes or ""}{drawn}</{element}>'


def _value(part: Part, name: str, identity: str, attributes: str | None, shape: str | None) -> str:
    if name == ID:
        return escape(gml_id(f"{part.layer.id}.{identity}"))
    if name == SHAPE and shape:
        xml_id = gml_id(f"{part.layer.id}.{identity}.{SHAPE}")
        return f"<{PREFIX}:{SHAPE}>{gml.named(shape, xml_id, part.system)}</{PREFIX}:{SHAPE}>"
    return attributes or ""
