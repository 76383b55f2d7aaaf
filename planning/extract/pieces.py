"""Cutting a plot by what the sources of a theme say. Arithmetic on shapes, without a database.

All shapes are valid surfaces in one projected system in metres: the zone of the plot's sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

import numpy as np
import shapely

from landdata.geometry import surfaces
from planning.extract.records import Answer, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Shapes: TypeAlias = NDArray[Any]

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
    """What a thing covers of the plot, and what it stands for.

    `shape` is the plot's own object where the thing covers all of it.
    """

    shape: BaseGeometry
    reference: _Ref


@dataclass(frozen=True)
class Cell:
    """A part of the plot with all that lies on it."""

    shape: BaseGeometry
    troubles: tuple[Source[str], ...] = ()
    territories: tuple[Source[Any], ...] = ()
    zones: tuple[Source[Any], ...] = ()
    #: Corridors, lines and projects that surely reach this ground, and those that may.
    hits: tuple[Source[Any], ...] = ()
    doubts: tuple[Source[Any], ...] = ()
    #: What goes before the hits where it lies on the same ground.
    governors: tuple[Source[Any], ...] = ()
    registers: tuple[Source[bool], ...] = ()

    @property
    def is_declared_complete(self) -> bool:
        """One declaration of completeness is worth nothing where another one denies it."""
        return bool(self.registers) and all(register.reference for register in self.registers)


#: What is to be said of a cell.
Finding: TypeAlias = "tuple[Answer, Reason | None]"
Judge: TypeAlias = "Callable[[Cell], Finding]"


@dataclass(frozen=True)
class ThemeSources:
    """What a theme's answer rests on, each clipped to the plot."""

    troubles: Sequence[Source[str]] = field(default_factory=tuple)
    territories: Sequence[Source[Any]] = field(default_factory=tuple)
    zones: Sequence[Source[Any]] = field(default_factory=tuple)
    hits: Sequence[Source[Any]] = field(default_factory=tuple)
    doubts: Sequence[Source[Any]] = field(default_factory=tuple)
    governors: Sequence[Source[Any]] = field(default_factory=tuple)
    registers: Sequence[Source[bool]] = field(default_factory=tuple)


_ORDER = ("troubles", "territories", "zones", "hits", "doubts", "governors", "registers")


def judge_plan(cell: Cell) -> Finding:
    """Say of a cell what a theme says whose plans divide their ground into zones."""
    if cell.troubles:
        return Answer.NOT_CHECKED, Reason.SOURCE_UNHEALTHY
    if cell.zones:
        return Answer.APPLIES, None
    if cell.territories:
        return Answer.NO_DATA, Reason.PLAN_SILENT
    if cell.is_declared_complete:
        return Answer.CLEAR, None
    return Answer.NO_DATA, Reason.REGISTER_INCOMPLETE


def judge_restriction(cell: Cell) -> Finding:
    """Say of a cell what a theme says whose objects restrict the ground around them."""
    if cell.troubles:
        return Answer.NOT_CHECKED, Reason.SOURCE_UNHEALTHY
    if cell.hits:
        return Answer.APPLIES, None
    if cell.doubts:
        return Answer.NOT_CHECKED, Reason.CORRIDOR_UNCERTAIN
    if cell.is_declared_complete:
        return Answer.CLEAR, None
    return Answer.NO_DATA, Reason.REGISTER_INCOMPLETE


def judge_without_rules(cell: Cell) -> Finding:
    """Say of a cell what can be said while no rule of the theme is known for the day."""
    answer, reason = judge_restriction(cell)
    if answer is Answer.CLEAR:
        return Answer.NO_DATA, Reason.RULES_MISSING
    return answer, reason


def judge_annual(cell: Cell) -> Finding:
    """Say of a cell what the year's land-use plan says: without that plan nothing is clear."""
    answer, reason = judge_restriction(cell)
    if answer is Answer.CLEAR and not cell.territories:
        return Answer.NO_DATA, Reason.NO_ANNUAL_PLAN
    return answer, reason


def clip(grounds: Shapes, shapes: Shapes) -> tuple[Shapes, NDArray[np.bool_]]:
    """Return what each shape covers of the ground beside it, and where that is all of it.

    Two arrays of one length in; the first array out holds None where the two only touch, which is
    not sharing, or share what arithmetic leaves of nothing. Where the second array says so, the
    ground itself is what is shared.
    """
    whole: NDArray[np.bool_] = shapely.covers(shapes, grounds)
    shared = np.full(len(grounds), None, dtype=object)
    shared[whole] = grounds[whole]
    cut = ~whole & shapely.intersects(shapes, grounds)
    parts = shapely.intersection(grounds[cut], shapes[cut])
    kinds = shapely.get_type_id(parts)
    for at in np.flatnonzero((kinds != _POLYGON) & (kinds != _MULTIPOLYGON)):
        parts[at] = surfaces(parts[at])
    area = shapely.area(parts)
    parts[area <= NOISE_M2] = None
    shared[cut] = parts
    almost = np.zeros(len(grounds), dtype=bool)
    almost[cut] = shapely.area(grounds[cut]) - area <= NOISE_M2
    shared[almost] = grounds[almost]
    return shared, whole | almost


_POLYGON, _MULTIPOLYGON = 3, 6


def partition(
    ground: BaseGeometry, sources: ThemeSources, judge: Judge
) -> list[tuple[Cell, Finding]]:
    """Return the cells of `ground` with what is to be said of each.

    Together they are `ground`, and no two share any of it. Cells are cut only by what changes
    their answer: a trouble silences all below it, a plan makes the register's completeness
    pointless. Largest first.
    """
    cells = [Cell(ground)]
    for name in _ORDER:
        for source in getattr(sources, name):
            cells = [part for cell in cells for part in _cut(ground, cell, name, source)]
    merged: dict[tuple[object, ...], Cell] = {}
    findings: dict[tuple[object, ...], Finding] = {}
    for cell in cells:
        finding = judge(cell)
        identity = _identity(cell, finding)
        merged[identity] = _join(merged.get(identity), cell)
        findings[identity] = finding
    found = [(cell, findings[identity]) for identity, cell in merged.items()]
    return sorted(found, key=lambda pair: -pair[0].shape.area)


def _cut(ground: BaseGeometry, cell: Cell, name: str, source: Source[Any]) -> list[Cell]:
    if name != "troubles" and cell.troubles:
        return [cell]
    if name == "registers" and (cell.zones or cell.hits or cell.doubts):
        return [cell]
    if name == "governors" and not cell.hits:
        return [cell]
    marks: dict[str, Any] = {name: (*getattr(cell, name), source)}
    marked = replace(cell, **marks)
    if source.shape is ground:
        return [marked]
    if not cell.shape.intersects(source.shape):
        return [cell]
    inside = surfaces(cell.shape.intersection(source.shape))
    # Touching is not sharing, and arithmetic noise is no ground.
    if inside.area <= NOISE_M2:
        return [cell]
    outside = surfaces(cell.shape.difference(source.shape))
    if outside.area <= NOISE_M2:
        return [marked]
    return [replace(marked, shape=inside), replace(cell, shape=outside)]


def _identity(cell: Cell, finding: Finding) -> tuple[object, ...]:
    """What two cells have in common if they belong together."""
    if finding[0] is Answer.CLEAR or finding[1] in _WITHOUT_SOURCE:
        return finding
    if cell.troubles:
        return (*finding, *(t.reference for t in cell.troubles))
    named = (*cell.zones, *cell.territories, *cell.hits, *cell.doubts, *cell.governors)
    return (*finding, *map(id, named))


_WITHOUT_SOURCE = (Reason.REGISTER_INCOMPLETE, Reason.RULES_MISSING, Reason.NO_ANNUAL_PLAN)


def _join(one: Cell | None, other: Cell) -> Cell:
    if one is None:
        return other
    return replace(other, shape=surfaces(shapely.union(one.shape, other.shape)))


def is_within_tolerance(piece: BaseGeometry, ground: BaseGeometry) -> bool:
    """Whether a piece may come from the survey alone.

    Most of a plot is never a sliver, however small the plot.
    """
    if piece.area * 2 >= ground.area:
        return False
    mean_width_m = 2 * piece.area / piece.length
    return bool(piece.area <= SLIVER_M2 or mean_width_m <= SLIVER_WIDTH_M)
