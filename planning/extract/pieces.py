"""Cutting a plot by what the sources of a theme say. Arithmetic on shapes, without a database.

All shapes are valid surfaces in one projected system in metres: the zone of the plot's sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

import shapely

from landdata.geometry import surfaces
from planning.extract.records import Answer, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

#: A piece at most this large may come from the survey alone. Our own choice, no legal limit: two
#: boundaries along 5 m of one fence, drawn 10 cm apart, enclose as much.
SLIVER_M2 = 0.5
#: A longer piece is a sliver too while it is on average no wider than that.
SLIVER_WIDTH_M = 0.1
#: What arithmetic leaves of nothing, in m².
NOISE_M2 = 1e-6

_Ref = TypeVar("_Ref")


@dataclass(frozen=True)
class Source(Generic[_Ref]):
    """A shape and what it stands for."""

    shape: BaseGeometry
    reference: _Ref


@dataclass(frozen=True)
class Cell:
    """A part of the plot with all that lies on it."""

    shape: BaseGeometry
    troubles: tuple[Source[str], ...] = ()
    territories: tuple[Source[object], ...] = ()
    zones: tuple[Source[object], ...] = ()
    registers: tuple[Source[bool], ...] = ()

    @property
    def finding(self) -> tuple[Answer, Reason | None]:
        """What is to be said of this cell."""
        if self.troubles:
            return Answer.NOT_CHECKED, Reason.SOURCE_UNHEALTHY
        if self.zones:
            return Answer.APPLIES, None
        if self.territories:
            return Answer.NO_DATA, Reason.PLAN_SILENT
        # One declaration of completeness is worth nothing where another one denies it.
        if self.registers and all(register.reference for register in self.registers):
            return Answer.CLEAR, None
        return Answer.NO_DATA, Reason.REGISTER_INCOMPLETE


@dataclass(frozen=True)
class ThemeSources:
    """What a theme's answer rests on, around one plot."""

    zones: Sequence[Source[object]] = field(default_factory=tuple)
    territories: Sequence[Source[object]] = field(default_factory=tuple)
    registers: Sequence[Source[bool]] = field(default_factory=tuple)
    troubles: Sequence[Source[str]] = field(default_factory=tuple)


def partition(ground: BaseGeometry, sources: ThemeSources) -> list[Cell]:
    """Return the cells of `ground`; together they are `ground`, and no two share any of it.

    Cells are cut only by what changes their answer: a trouble silences all below it, a plan makes
    the register's completeness pointless. Largest first.
    """
    cells = [Cell(ground)]
    for name in ("troubles", "territories", "zones", "registers"):
        for source in getattr(sources, name):
            cells = [part for cell in cells for part in _cut(cell, name, source)]
    merged: dict[tuple[object, ...], Cell] = {}
    for cell in cells:
        merged[_identity(cell)] = _join(merged.get(_identity(cell)), cell)
    return sorted(merged.values(), key=lambda cell: -cell.shape.area)


def _cut(cell: Cell, name: str, source: Source[object]) -> list[Cell]:
    is_settled = cell.troubles or (name == "registers" and (cell.zones or cell.territories))
    if is_settled and name != "troubles":
        return [cell]
    if not cell.shape.intersects(source.shape):
        return [cell]
    inside = surfaces(cell.shape.intersection(source.shape))
    outside = surfaces(cell.shape.difference(source.shape))
    marked = {
        "troubles": cell.troubles,
        "territories": cell.territories,
        "zones": cell.zones,
        "registers": cell.registers,
    }
    with_source = {**marked, name: (*marked[name], source)}
    # Touching is not sharing, and arithmetic noise is no ground.
    if inside.area <= NOISE_M2:
        return [cell]
    if outside.area <= NOISE_M2:
        return [Cell(cell.shape, **with_source)]  # type: ignore[arg-type]  # keyed by field name
    return [
        Cell(inside, **with_source),  # type: ignore[arg-type]  # keyed by field name
        Cell(outside, **marked),  # type: ignore[arg-type]  # keyed by field name
    ]


def _identity(cell: Cell) -> tuple[object, ...]:
    """What two cells have in common if they belong together."""
    finding = cell.finding
    if finding == (Answer.CLEAR, None) or finding[1] == Reason.REGISTER_INCOMPLETE:
        return finding
    if cell.troubles:
        return (*finding, *(t.reference for t in cell.troubles))
    return (*finding, *map(id, cell.zones), *map(id, cell.territories))


def _join(one: Cell | None, other: Cell) -> Cell:
    if one is None:
        return other
    return Cell(
        surfaces(shapely.union(one.shape, other.shape)),
        other.troubles,
        other.territories,
        other.zones,
        other.registers,
    )


def is_within_tolerance(piece: BaseGeometry, ground: BaseGeometry) -> bool:
    """Whether a piece may come from the survey alone.

    Most of a plot is never a sliver, however small the plot.
    """
    if piece.area * 2 >= ground.area:
        return False
    mean_width_m = 2 * piece.area / piece.length
    return bool(piece.area <= SLIVER_M2 or mean_width_m <= SLIVER_WIDTH_M)
