"""Rows of a GeoPackage to what a dossier says, with a note for each that cannot be read.

Columns: docs/city-files.md. A zone that cannot be read keeps its whole plan out: a plan without it
would claim to be silent where it is not.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import shapely
from django.conf import settings

from importers.parcels import coordinates
from landdata.geometry import to_multipolygon
from landdata.models import Theme
from planning.content import PlanContent, ZoneSketch
from planning.models import Adjustment, PlanLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

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


@dataclass(frozen=True)
class Dossier:
    """A plan with all its zones; `fingerprint` is the same whenever the content is."""

    plan: PlanContent
    zones: list[ZoneSketch]
    fingerprint: str


@dataclass(frozen=True)
class Coverage:
    """That a register of plans is complete within a boundary, or is not."""

    theme: Theme
    boundary: MultiPolygon
    is_complete: bool
    data_date: dt.date
    valid_from: dt.date


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


def read_plan(row: Row, log: IssueLog) -> PlanContent:
    """Return what a row of layer `plan` says. Raises Unreadable."""
    take = _Taker(row, log)
    plan = PlanContent(
        code=take.text("code", required=True, most=40),
        level=take.one_of("level", PlanLevel),
        adjustment=take.one_of("adjustment", Adjustment),
        name_vi=take.text("name_vi", required=True, most=300),
        name_en=take.text("name_en", most=300),
        scale=take.converted("scale", int),
        information_code=take.text("information_code", most=12),
        authority=take.text("authority_vi", most=200),
        decision_number=take.text("decision_number", required=True, most=60),
        decision_date=take.converted("decision_date", _day),
        extent=take.boundary(),
        valid_from=take.converted("valid_from", _day),
        valid_to=take.optional("valid_to", _day),
        data_date=take.converted("data_date", _day),
        accuracy_m=take.optional("accuracy_m", float),
        parent_code=take.text("parent_code", most=40),
    )
    take.finish()
    return plan


def read_zone(row: Row, functions: Collection[str], log: IssueLog) -> ZoneSketch:
    """Return what a row of layer `zone` says, indicators as they are written. Raises Unreadable."""
    take = _Taker(row, log)
    zone = ZoneSketch(
        uid=take.converted("zone_uid", uuid.UUID),
        label=take.text("label", most=60),
        function=take.text("function", required=True, most=60),
        boundary=take.boundary(),
        land_use_code=take.text("land_use_code", most=10),
        density=take.text("density", most=60),
        storeys=take.text("storeys", most=60),
        floor_area_ratio=take.text("floor_area_ratio", most=60),
        population=take.optional("population", int),
        note=take.text("note"),
        source_row=row.number,
    )
    if zone.function and zone.function not in functions:
        take.refuse("plan_function_unknown", "function")
    take.finish()
    return zone


def read_coverage(row: Row, log: IssueLog) -> Coverage:
    """Return what a row of layer `theme_coverage` says. Raises Unreadable."""
    take = _Taker(row, log)
    coverage = Coverage(
        theme=take.one_of("theme", Theme),
        boundary=take.boundary(),
        is_complete=take.converted("is_complete", _yes_or_no),
        data_date=take.converted("data_date", _day),
        valid_from=take.converted("valid_from", _day),
    )
    take.finish()
    return coverage


def parents_first(plans: list[PlanContent]) -> Iterator[PlanContent]:
    """Yield plans so that a parent in the same file comes before its children."""
    waiting = {plan.code: plan for plan in plans}
    while waiting:
        ready = [plan for plan in waiting.values() if plan.parent_code not in waiting]
        # Plans that name each other as parents: the operation says which is missing.
        for plan in ready or list(waiting.values()):
            del waiting[plan.code]
            yield plan


def fingerprint(plan: PlanContent, zones: list[ZoneSketch]) -> str:
    """Return the SHA-256 of everything that a dossier says."""
    said = hashlib.sha256()
    for thing in (plan, *sorted(zones, key=lambda zone: zone.uid)):
        values = {
            name: bytes(value.wkb).hex() if hasattr(value, "wkb") else str(value)
            for name, value in vars(thing).items()
            if name != "source_row"
        }
        said.update(json.dumps(values, sort_keys=True, ensure_ascii=False).encode())
    return said.hexdigest()


class _Taker:
    """Takes values out of one row and notes each that cannot be read, before anything is refused.

    A stand-in is returned for what cannot be read; `finish` keeps it from getting anywhere.
    """

    def __init__(self, row: Row, log: IssueLog) -> None:
        self._row = row
        self._log = log
        self._is_readable = True

    def finish(self) -> None:
        if not self._is_readable:
            raise Unreadable

    def refuse(self, code: str, column: str) -> None:
        self._is_readable = False
        self._log.add(
            code,
            np.array([self._row.number]),
            column=column,
            values=[self._row.values.get(column, "")],
            refuses=True,
        )

    def text(self, column: str, *, required: bool = False, most: int | None = None) -> str:
        value = self._row.values.get(column, "").strip()
        if (required and not value) or (most is not None and len(value) > most):
            self.refuse("value_unreadable", column)
        return value

    def converted(self, column: str, convert: Callable[[str], _T]) -> _T:
        try:
            return convert(self.text(column))
        except ValueError:
            self.refuse("value_unreadable", column)
            # Never used: `finish` raises.
            return None  # type: ignore[return-value]

    def optional(self, column: str, convert: Callable[[str], _T]) -> _T | None:
        return self.converted(column, convert) if self.text(column) else None

    def one_of(self, column: str, choices: type[_T]) -> _T:
        return self.converted(column, choices)

    def boundary(self) -> MultiPolygon:
        if self._row.boundary is None:
            self.refuse(self._row.problem or "geometry_missing", "")
        return self._row.boundary  # type: ignore[return-value]  # `finish` raises


def _boundary(shape: bytes | None) -> MultiPolygon | None:
    if shape is None:
        return None
    return to_multipolygon(shapely.from_wkb(shape), settings.STORAGE_SRID)


_YES: Final = ("1", "true", "t", "yes")
_NO: Final = ("0", "false", "f", "no")


def _yes_or_no(text: str) -> bool:
    if text.lower() not in (*_YES, *_NO):
        raise ValueError(text)
    return text.lower() in _YES


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])
