"""Rows of a layer, one by one: attributes as text, surfaces in the storage system."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import shapely
from django.conf import settings

from importers.parcels import coordinates
from landdata.geometry import to_multipolygon

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.contrib.gis.geos import MultiPolygon

    from importers.issues import IssueLog
    from importers.sandbox import Layer

_T = TypeVar("_T")


@dataclass(frozen=True)
class Row:
    """One row of a layer: attributes as text, its boundary in the storage system or the problem."""

    number: int
    values: Mapping[str, str]
    boundary: MultiPolygon | None
    problem: str


class Unreadable(Exception):
    """A row that does not become anything; the note is written already."""


def rows_of(layer: Layer, datum_operation: str) -> list[Row]:
    """Return the rows of a layer with their boundaries in the storage system.

    Raises Invalid for a system that is none of ours or coordinates that cannot lie in it.
    """
    settled = coordinates.settle(layer.header["epsg"], None, datum_operation, axes_swapped=False)
    sides = ("west", "south", "east", "north")
    coordinates.check_axes(
        coordinates.Boxes(*(np.asarray(layer.table.column(s).fill_null(np.nan)) for s in sides))
    )
    shapes, _ = coordinates.to_storage(layer.table.column("shape").to_pylist(), settled)
    names = [column["name"] for column in layer.header["columns"]]
    return [
        Row(
            number=row["row"],
            values={name: row[name] or "" for name in names},
            boundary=_boundary(shape) if not row["problem"] else None,
            problem=row["problem"] or "",
        )
        for row, shape in zip(layer.table.to_pylist(), shapes, strict=True)
    ]


class Taker:
    """Takes values out of one row and notes each that cannot be read, before anything is refused.

    A stand-in is returned for what cannot be read; `finish` keeps it from getting anywhere.
    """

    def __init__(self, row: Row, log: IssueLog) -> None:
        self._row = row
        self._log = log
        self._is_readable = True

    def finish(self) -> None:
        """Raise Unreadable if anything was refused."""
        if not self._is_readable:
            raise Unreadable

    def refuse(self, code: str, column: str) -> None:
        """Note why the row stays out."""
        self._is_readable = False
        self._log.add(
            code,
            np.array([self._row.number]),
            column=column,
            values=[self._row.values.get(column, "")],
            refuses=True,
        )

    def text(self, column: str, *, required: bool = False, most: int | None = None) -> str:
        """Return a text, trimmed."""
        value = self._row.values.get(column, "").strip()
        if (required and not value) or (most is not None and len(value) > most):
            self.refuse("value_unreadable", column)
        return value

    def converted(self, column: str, convert: Callable[[str], _T]) -> _T:
        """Return what `convert` makes of a text; its ValueError refuses the row."""
        try:
            return convert(self.text(column))
        except ValueError:
            self.refuse("value_unreadable", column)
            # Never used: `finish` raises.
            return None  # type: ignore[return-value]

    def optional(self, column: str, convert: Callable[[str], _T]) -> _T | None:
        """Return the same, None where nothing is said."""
        return self.converted(column, convert) if self.text(column) else None

    def one_of(self, column: str, choices: type[_T]) -> _T:
        """Return one of an enumeration."""
        return self.converted(column, choices)

    def boundary(self) -> MultiPolygon:
        """Return the row's surface, which must be there."""
        if self._row.boundary is None:
            self.refuse(self._row.problem or "geometry_missing", "")
        return self._row.boundary  # type: ignore[return-value]  # `finish` raises


def _boundary(shape: bytes | None) -> MultiPolygon | None:
    if shape is None:
        return None
    return to_multipolygon(shapely.from_wkb(shape), settings.STORAGE_SRID)


_YES: Final = ("1", "true", "t", "yes")
_NO: Final = ("0", "false", "f", "no")


def yes_or_no(text: str) -> bool:
    """Return the truth that a text says. Raises ValueError."""
    if text.lower() not in (*_YES, *_NO):
        raise ValueError(text)
    return text.lower() in _YES


def day(text: str) -> dt.date:
    """Return the day of an ISO text, with or without a time behind it. Raises ValueError."""
    return dt.date.fromisoformat(text[:10])
