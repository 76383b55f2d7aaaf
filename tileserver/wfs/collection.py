"""Features in a wfs:FeatureCollection, values in a wfs:ValueCollection: GML 3.2, as it streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from tileserver.features import gml
from tileserver.features.table import chosen
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
    return gml.columns(part.system, with_shape=part.with_shape)


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
        write = _Writer(answer.parts[one.part])
        for row in one.rows:
            namespaces = (
                f' xmlns:{PREFIX}="{NAMESPACE}" xmlns:gml="{GML}" xmlns:xsi="{XSI}"'
                f" xsi:schemaLocation={quoteattr(_locations(answer))}"
            )
            return f"{_DECLARATION}{write.feature(row, namespaces)}\n"
    return None


def values(answer: Answer, name: str) -> Iterator[str]:
    """Return a wfs:ValueCollection of one property. Raises Problem before the first piece."""
    return _values(answer, answers.contents(answer, _fragments), name)


def _values(answer: Answer, page: Contents, name: str) -> Iterator[str]:
    yield _opening(answer, page, "ValueCollection")
    for one in page.shown:
        write = _Writer(answer.parts[one.part])
        for row in one.rows:
            yield f"<wfs:member>{write.value(row, name)}</wfs:member>\n"
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
    write = _Writer(part)
    piece: list[str] = []
    for row in rows:
        piece.append(f"<wfs:member>{write.feature(row)}</wfs:member>\n")
        if len(piece) == _ROWS_A_PIECE:
            yield "".join(piece)
            piece.clear()
    yield "".join(piece)


class _Writer:
    """Writes rows of one part, as `gml.columns` selects them. Public: `feature`, `value`."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.element = type_name(part.layer)
        self.elements = gml.elements(chosen(part.layer, part.attributes), PREFIX)

    def feature(self, row: tuple[Any, ...], namespaces: str = "") -> str:
        """Return a row as an element; `namespaces` is what its opening tag says besides."""
        identity, shape, *values = row
        xml_id = gml_id(f"{self.part.layer.id}.{identity}")
        drawn = self._drawn(shape, xml_id) if shape else ""
        return (
            f'<{self.element}{namespaces} gml:id="{xml_id}">{self.elements(values)}{drawn}'
            f"</{self.element}>"
        )

    def value(self, row: tuple[Any, ...], name: str) -> str:
        """Return the one property of a row that is asked for."""
        identity, shape, *values = row
        xml_id = gml_id(f"{self.part.layer.id}.{identity}")
        if name == ID:
            return escape(xml_id)
        return self._drawn(shape, xml_id) if name == SHAPE else self.elements(values)

    def _drawn(self, shape: str, xml_id: str) -> str:
        named = gml.named(shape, f"{xml_id}.{SHAPE}", self.part.system, self.part.layer.shape)
        return f"<{PREFIX}:{SHAPE}>{named}</{PREFIX}:{SHAPE}>"
