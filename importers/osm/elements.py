"""The elements of an extract with their places in the storage system."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely
from django.conf import settings
from shapely import LineString

from importers import sandbox
from importers.features.layers import CheckedLayer, check_rows
from importers.features.places import in_the_country
from importers.features.spec import note
from importers.osm.areas import NoSurfaceError, surface
from landdata import crs
from landdata.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from importers.features.spec import LayerSpec
    from importers.issues import IssueLog

#: What every extract is under.
LICENCE = "© OpenStreetMap contributors (ODbL 1.0)"


@dataclass(frozen=True)
class Element:
    """A node, way or relation with its tags; `line` is where it begins in the file."""

    kind: str
    number: int
    line: int
    refs: list[int]
    member_kinds: list[str]
    roles: list[str]
    tags: dict[str, str]

    @property
    def key(self) -> str:
        """Identifier that is unique among all kinds, such as "w123"."""
        return f"{self.kind[0]}{self.number}"

    @property
    def shown(self) -> str:
        """What a mapper finds it by."""
        return f"{self.kind} {self.number}"

    @property
    def is_closed(self) -> bool:
        """Whether a way comes back to where it began."""
        return len(self.refs) > 3 and self.refs[0] == self.refs[-1]


@dataclass(frozen=True)
class Extract:
    """What an .osm holds. Nodes and relations without a wanted tag are left out."""

    nodes: list[Element]
    ways: dict[int, Element]
    relations: list[Element]
    #: Identifiers of all nodes in order, with their lines and places in metres.
    numbers: NDArray[np.int64]
    lines: NDArray[np.int64]
    places: NDArray[np.float64]

    def at(self, nodes: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where nodes stand in `numbers`, -1 for those that the file does not have."""
        wanted = np.asarray(nodes, np.int64)
        if not len(self.numbers):
            return np.full(len(wanted), -1)
        found = np.minimum(np.searchsorted(self.numbers, wanted), len(self.numbers) - 1)
        return np.where(self.numbers[found] == wanted, found, -1)

    def points(self, nodes: Sequence[int]) -> NDArray[np.float64]:
        """Return the places of nodes.

        Raises NoSurfaceError `osm_node_missing`, `coordinates_implausible`.
        """
        at = self.at(nodes)
        if (at < 0).any():
            raise NoSurfaceError("osm_node_missing")
        found = self.places[at]
        if not np.isfinite(found).all():
            raise NoSurfaceError("coordinates_implausible")
        return np.asarray(found)

    def surface(self, element: Element) -> BaseGeometry:
        """Return the ground of a closed way or a multipolygon relation. Raises NoSurfaceError."""
        if element.kind == "way":
            return surface([element.refs], [], self.points)
        sides: dict[str, list[list[int]]] = {"outer": [], "inner": []}
        members = zip(element.member_kinds, element.refs, element.roles, strict=True)
        for kind, number, role in members:
            if kind != "way":
                continue
            if number not in self.ways:
                raise NoSurfaceError("osm_member_missing")
            if role not in ("", *sides):
                raise NoSurfaceError("osm_role_unknown")
            sides[role or "outer"].append(self.ways[number].refs)
        return surface(sides["outer"], sides["inner"], self.points)


def read_extract(path: Path, keys: Sequence[str]) -> Extract:
    """Return the elements of a file with one of the wanted tags, and all ways.

    Raises Invalid as the reader does, `osm_id_twice`, `layer_implausible` if most nodes lie
    outside the country.
    """
    tables = sandbox.read_osm(path, keys)
    position = tables["position"]
    numbers, lines = (np.asarray(position.column(name)) for name in ("id", "line"))
    order = np.argsort(numbers, kind="stable")
    numbers, lines = numbers[order], lines[order]
    _refuse_second("node", numbers)
    _refuse_second("way", np.sort(np.asarray(tables["way"].column("id"))))
    lon, lat = (np.asarray(position.column(name))[order] for name in ("lon", "lat"))
    return Extract(
        nodes=_elements("node", tables["node"]),
        ways={way.number: way for way in _elements("way", tables["way"])},
        relations=_elements("relation", tables["relation"]),
        numbers=numbers,
        lines=lines,
        places=_places(lon, lat),
    )


def _elements(kind: str, table: pa.Table) -> list[Element]:
    columns = ("id", "line", "refs", "member_kinds", "roles", "keys", "values")
    rows = zip(*(table.column(name).to_pylist() for name in columns), strict=True)
    return [
        Element(kind, number, line, refs, kinds, roles, dict(zip(keys, values, strict=True)))
        for number, line, refs, kinds, roles, keys, values in rows
    ]


def _refuse_second(kind: str, numbers: NDArray[np.int64]) -> None:
    """Raise Invalid `osm_id_twice`: of two elements with one number, neither can be meant."""
    twice = np.flatnonzero(numbers[1:] == numbers[:-1])
    if len(twice):
        raise Invalid("osm_id_twice", kind=kind, number=int(numbers[twice[0]]))


def _places(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return metres in the storage system; NaN for what cannot lie in the country."""
    inside = in_the_country(np.column_stack([lon, lat, lon, lat]), crs.GEOGRAPHIC)
    if len(inside) and inside.sum() * 2 <= len(inside):
        first = int(np.flatnonzero(~inside)[0])
        raise Invalid(
            "layer_implausible",
            layer="node",
            row=first,
            east=float(lon[first]),
            north=float(lat[first]),
        )
    places = np.full((len(lon), 2), np.nan)
    pinned = crs.transformer(crs.GEOGRAPHIC, settings.STORAGE_EPSG)
    places[inside] = np.column_stack(pinned.transform(lon[inside], lat[inside]))
    return places


@dataclass
class Gathering:
    """Rows of one layer, element by element, on their way to the check of the layer."""

    spec: LayerSpec
    log: IssueLog
    _rows: list[dict[str, str | None]] = field(default_factory=list)
    _lines: list[int] = field(default_factory=list)
    _shapes: list[Any] = field(default_factory=list)
    _refused: dict[str, list[Element]] = field(default_factory=dict)

    def add(self, element: Element, shape: BaseGeometry, **said: str | None) -> None:
        """Take an element with what it says in the words of the layer's columns."""
        self._rows.append({self.spec.key: element.key, **said})
        self._lines.append(element.line)
        self._shapes.append(shape)

    def refuse(self, element: Element, code: str) -> None:
        """Keep an element out, with the reason."""
        self._refused.setdefault(code, []).append(element)

    def checked(self) -> CheckedLayer:
        """Return the layer; every element that stayed out has its note."""
        for code, elements in sorted(self._refused.items()):
            note_elements(code, self.spec, elements, self.log)
        names = [self.spec.key, *(column.name for column in self.spec.columns)]
        table = pa.table(
            {
                "row": pa.array(self._lines, pa.int64()),
                **{n: pa.array([row.get(n) for row in self._rows], pa.string()) for n in names},
            }
        )
        shapes = np.array([*self._shapes, None], object)[:-1]
        good = np.ones(len(shapes), bool)
        checked = check_rows(table, shapes, self.spec, self.log, good)
        refused = [element.key for elements in self._refused.values() for element in elements]
        return checked.without(refused, len(refused))


def note_elements(
    code: str,
    spec: LayerSpec,
    elements: Sequence[Element],
    log: IssueLog,
    *,
    column: str = "",
    refuses: bool = True,
) -> None:
    """Note something about elements, by their line and their number in OpenStreetMap."""
    lines = np.array([element.line for element in elements], np.int64)
    note(code, spec, column, lines, log, [e.shown for e in elements], refuses=refuses)


def line_of(extract: Extract, way: Element) -> LineString:
    """Return the line of a way. Raises NoSurfaceError `line_invalid` as well."""
    points = extract.points(way.refs)
    line = LineString(points) if len(points) > 1 else None
    if line is None or not shapely.is_valid(line):
        raise NoSurfaceError("line_invalid")
    return line


def names(element: Element) -> dict[str, str | None]:
    """Return both names of an element."""
    return {"name": element.tags.get("name"), "name_en": element.tags.get("name:en")}
