"""Read OSM XML 0.6 as a stream, inside the sandboxed reader.

Expat is given no document type, so that no entity can be declared, and it has no network. Depth,
length and number of everything are bounded: an ordinary extract of a city is far below.
Source: the OpenStreetMap wiki's page on OSM XML, and the extracts in fixtures/osm.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

import numpy as np
import pyarrow as pa

from importers import guard
from landdata.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

#: osm, way, nd: three; a little more for what we pass over.
_DEEPEST: Final = 8
_MOST_NODES: Final = 20_000_000
_MOST_WAYS: Final = 3_000_000
_MOST_RELATIONS: Final = 300_000
#: OSM's server takes 2,000 nodes a way and 32,000 members a relation.
_MOST_CHILDREN: Final = 40_000
_MOST_TAGS: Final = 1_000
_LONGEST_TEXT: Final = 2_000
_BLOCK: Final = 1024 * 1024
_LARGEST_ID: Final = 2**62
KINDS: Final = ("node", "way", "relation")


@dataclass
class _Element:
    """What is read of one node, way or relation."""

    kind: str
    number: int
    line: int
    refs: list[int] = field(default_factory=list)
    member_kinds: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class _Rows:
    """Columns of ways or relations, or of nodes that have tags."""

    numbers: array[int] = field(default_factory=lambda: array("q"))
    lines: array[int] = field(default_factory=lambda: array("q"))
    refs: list[list[int]] = field(default_factory=list)
    member_kinds: list[list[str]] = field(default_factory=list)
    roles: list[list[str]] = field(default_factory=list)
    keys: list[list[str]] = field(default_factory=list)
    values: list[list[str]] = field(default_factory=list)

    def add(self, element: _Element) -> None:
        self.numbers.append(element.number)
        self.lines.append(element.line)
        self.refs.append(element.refs)
        self.member_kinds.append(element.member_kinds)
        self.roles.append(element.roles)
        self.keys.append(list(element.tags))
        self.values.append(list(element.tags.values()))

    def table(self) -> pa.Table:
        words = pa.list_(pa.string())
        return pa.table(
            {
                "id": pa.array(np.frombuffer(self.numbers, np.int64)),
                "line": pa.array(np.frombuffer(self.lines, np.int64)),
                "refs": pa.array(self.refs, pa.list_(pa.int64())),
                "member_kinds": pa.array(self.member_kinds, words),
                "roles": pa.array(self.roles, words),
                "keys": pa.array(self.keys, words),
                "values": pa.array(self.values, words),
            }
        )


def read_osm(path: Path, keys: Collection[str]) -> list[tuple[str, pa.Table]]:
    """Return tables `position` (every node), `node`, `way` and `relation`.

    Of nodes and relations only those with a tag among `keys` are kept, of ways all: they may be
    the sides of a relation. Positions are degrees; NaN where the file has no usable ones.

    Raises Invalid `format_not_as_declared`, `xml_broken`, `xml_has_doctype`, `xml_too_deep`,
    `osm_broken` with the line, `file_too_large`.
    """
    if guard.declared_format(path) != guard.OSM_XML:
        raise Invalid("format_not_as_declared", file=path.name, declared=guard.OSM_XML)
    reader = _Reader(frozenset(keys))
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler = lambda name, given: reader.start(
        name, given, parser.CurrentLineNumber
    )
    parser.EndElementHandler = reader.end
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except expat.ExpatError as broken:
        reason = expat.ErrorString(broken.code)
        raise Invalid("xml_broken", line=broken.lineno, reason=reason) from broken
    return reader.tables()


def _no_doctype(*_: Any) -> None:
    raise Invalid("xml_has_doctype")


class _Reader:
    """Takes the parser's events and keeps columns."""

    def __init__(self, keys: frozenset[str]) -> None:
        self._keys = keys
        self._depth = 0
        self._open: _Element | None = None
        self._node_numbers, self._node_lines = array("q"), array("q")
        self._lon, self._lat = array("d"), array("d")
        self._rows = {kind: _Rows() for kind in KINDS}

    def start(self, name: str, given: dict[str, str], line: int) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Invalid("xml_too_deep", line=line)
        if self._depth == 1 and (name != "osm" or given.get("version") != "0.6"):
            raise Invalid("format_not_as_declared", file="", declared="OSM XML 0.6")
        if self._depth == 2 and name in KINDS:
            self._open = _Element(name, _number(given.get("id"), line), line)
            # What was deleted comes with histories and edits: it is not there.
            if given.get("visible") == "false" or given.get("action") == "delete":
                self._open = None
            elif name == "node":
                self._place(given, self._open.number, line)
        elif self._depth == 3 and self._open is not None:
            self._inside(name, given, self._open, line)

    def end(self, name: str) -> None:
        self._depth -= 1
        if self._depth == 1 and self._open is not None:
            element, self._open = self._open, None
            if element.kind == "way" or not self._keys.isdisjoint(element.tags):
                rows = self._rows[element.kind]
                rows.add(element)
                most = _MOST_WAYS if element.kind != "relation" else _MOST_RELATIONS
                if len(rows.numbers) > most:
                    raise Invalid("file_too_large", rows=most, most=most)

    def _place(self, given: dict[str, str], number: int, line: int) -> None:
        if len(self._node_numbers) >= _MOST_NODES:
            raise Invalid("file_too_large", rows=_MOST_NODES, most=_MOST_NODES)
        lon, lat = _degrees(given.get("lon"), 180.0), _degrees(given.get("lat"), 90.0)
        self._node_numbers.append(number)
        self._node_lines.append(line)
        self._lon.append(lon)
        self._lat.append(lat)

    def _inside(self, name: str, given: dict[str, str], element: _Element, line: int) -> None:
        if name == "tag":
            key, value = given.get("k", ""), given.get("v", "")
            if len(element.tags) >= _MOST_TAGS or len(key) + len(value) > _LONGEST_TEXT:
                raise Invalid("osm_broken", line=line)
            element.tags[key] = value
        elif name == "nd" or (name == "member" and element.kind == "relation"):
            if len(element.refs) >= _MOST_CHILDREN:
                raise Invalid("osm_broken", line=line)
            element.refs.append(_number(given.get("ref"), line))
            if name == "member":
                element.member_kinds.append(given.get("type", "")[:20])
                element.roles.append(given.get("role", "")[:40])

    def tables(self) -> list[tuple[str, pa.Table]]:
        position = pa.table(
            {
                "id": pa.array(np.frombuffer(self._node_numbers, np.int64)),
                "line": pa.array(np.frombuffer(self._node_lines, np.int64)),
                "lon": pa.array(np.frombuffer(self._lon, np.float64)),
                "lat": pa.array(np.frombuffer(self._lat, np.float64)),
            }
        )
        return [("position", position), *((kind, self._rows[kind].table()) for kind in KINDS)]


def _number(text: str | None, line: int) -> int:
    """Return an identifier; negative ones are of editors that have not sent them yet."""
    try:
        number = int(text or "")
    except ValueError:
        number = _LARGEST_ID
    if abs(number) >= _LARGEST_ID:
        raise Invalid("osm_broken", line=line)
    return number


def _degrees(text: str | None, most: float) -> float:
    """Return degrees, NaN for what is none: whoever needs this node is refused."""
    try:
        degrees = float(text or "")
    except ValueError:
        return math.nan
    return degrees if abs(degrees) <= most else math.nan
