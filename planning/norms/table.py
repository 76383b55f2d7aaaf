"""Reading the table of norms: rows, the days on which they hold, and the curves in them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from planning.norms.records import Norm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DETACHED = "max net density, detached house"
PUBLIC_SERVICES = "max net density"
APARTMENTS = "max FAR (apartments, services, mixed high-rise; existing areas)"
SCALE = "plan scale"

_UNTIL = re.compile(r"until (\d{4}-\d\d-\d\d)")
_FROM = re.compile(r"(\d{4}-\d\d-\d\d)")
_LOT = re.compile(r"lot (?:area )?(?:<=|>=)?\s*(\d+) m2")
_HEIGHT = re.compile(r"height (<=|>)?\s*(\d+) m")
_FAR_OF_DETACHED = re.compile(r"FAR <= (\d+(?:\.\d+)?)")
_SMALL_LOT = re.compile(r"existing areas: <= (\d+) m2 and <= \d+ m high may be (\d+) %")


def read_norms(rows: Iterable[Mapping[str, str]]) -> tuple[Norm, ...]:
    """Return the rows of `planning_norms.csv` as they are written."""
    return tuple(_norm(row) for row in rows)


def _norm(row: Mapping[str, str]) -> Norm:
    said = row["in_force"].strip()
    first = last = None
    if until := _UNTIL.fullmatch(said):
        last = dt.date.fromisoformat(until[1])
    elif begins := _FROM.fullmatch(said):
        first = dt.date.fromisoformat(begins[1])
    elif said:
        raise ValueError(f"cannot read when the norm holds: {said!r}")
    columns = ("topic", "key", "value", "unit", "source", "in_force", "confidence", "note")
    return Norm(**{name: row[name] for name in columns}, first_day=first, last_day=last)


@dataclass(frozen=True)
class DetachedHouses:
    """Largest net density of detached houses by the area of the lot."""

    rows: tuple[Norm, ...]

    @cached_property
    def _curve(self) -> tuple[list[float], list[float]]:
        points = sorted((_lot_m2(row), float(row.value)) for row in self.rows)
        return [area for area, _ in points], [share for _, share in points]

    def limit(self, lot_m2: float) -> float:
        """Return the largest density in per cent; between two lots of the table, in proportion."""
        areas, shares = self._curve
        return float(np.interp(lot_m2, areas, shares))

    def row_for(self, lot_m2: float) -> Norm:
        """Return the row of the table whose lot is nearest to this one."""
        return min(self.rows, key=lambda row: abs(_lot_m2(row) - lot_m2))

    @property
    def floor_area_ratio(self) -> float:
        """The largest floor-area ratio, which stands in the note of the rows."""
        return float(_found(_FAR_OF_DETACHED, self.rows[0].note)[1])

    @property
    def small_lot(self) -> tuple[float, float]:
        """Area in m² up to which an existing area may be built on further, and to what per cent."""
        found = _found(_SMALL_LOT, self.rows[0].note)
        return float(found[1]), float(found[2])


@dataclass(frozen=True)
class Apartments:
    """Largest floor-area ratio by the building's height and the area of the lot."""

    rows: tuple[Norm, ...]

    def lowest(self, lot_m2: float) -> float:
        """Return the limit for the lowest buildings: it holds whatever their height."""
        return self._along(self._lowest_rows, lot_m2)

    def highest(self, lot_m2: float) -> float:
        """Return the limit for the highest buildings: none may have more."""
        return self._along(self._highest_rows, lot_m2)

    @cached_property
    def smallest_lot_m2(self) -> float:
        """The lot on which most may be built."""
        return min(map(_lot_m2, self.rows))

    def row_for(self, lot_m2: float) -> Norm:
        """Return the row of the lowest buildings whose lot is nearest to this one."""
        return min(self._lowest_rows, key=lambda row: abs(_lot_m2(row) - lot_m2))

    @cached_property
    def _lowest_rows(self) -> tuple[Norm, ...]:
        return tuple(row for row in self.rows if _found(_HEIGHT, row.key)[1] == "<=")

    @cached_property
    def _highest_rows(self) -> tuple[Norm, ...]:
        return tuple(row for row in self.rows if _found(_HEIGHT, row.key)[1] == ">")

    def _along(self, rows: tuple[Norm, ...], lot_m2: float) -> float:
        points = sorted((_lot_m2(row), float(row.value)) for row in rows)
        areas, limits = zip(*points, strict=True)
        return float(np.interp(lot_m2, areas, limits))


def new_and_existing(norm: Norm) -> tuple[float, float]:
    """Return both values of a norm written "40 / 60": for new and for existing areas."""
    new, existing = norm.value.split("/")
    return float(new), float(existing)


def scales_of(norm: Norm) -> set[int]:
    """Return the denominators that a norm of scale names."""
    return {int(found) for found in re.findall(r"1/(\d+)", norm.value)}


def _lot_m2(row: Norm) -> float:
    return float(_found(_LOT, row.key)[1])


def _found(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.search(text)
    if found is None:
        raise ValueError(f"a norm is not written as expected: {text!r}")
    return found
