"""The corridors of objects on a day: the one place that both the extract and the check use."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from planning.corridors.matching import MEASURED, rules_of_day, signature
from planning.corridors.outline import GRID_M, nearby
from planning.corridors.reach import Plan, Reached, plan_of, reached
from planning.corridors.records import Corridor, Rule, SourceObject
from planning.corridors.shapes import Ask, grounds
from planning.corridors.words import OFFSET_ATTRIBUTES, Doubt, ObjectKind, Reference, Side

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from planning.corridors.reach import Pair

#: What arithmetic leaves of nothing, in m².
_NOISE_M2 = 1e-6


@dataclass(frozen=True, eq=False)
class DayRules:
    """The rules of one legal day, ready to be asked about many objects.

    Which rules hold for an object follows from a few of its attributes, so it is worked out once
    for all objects that are alike.
    """

    of_day: tuple[tuple[Rule, bool], ...]
    _plans: dict[tuple[object, ...], Plan] = field(default_factory=dict)
    _bounds: dict[tuple[object, ...], float] = field(default_factory=dict)

    @classmethod
    def on(cls, rules: Iterable[Rule], day: dt.date) -> DayRules:
        """Return the rules that hold on a day."""
        return cls(tuple(rules_of_day(rules, on=day)))

    def corridors(
        self, sources: Sequence[SourceObject], *, near: BaseGeometry | None = None
    ) -> list[Corridor]:
        """Return the corridors around objects, in the order of the objects.

        Shapes are in the system of the objects, in metres, with outlines true to 1 cm. With `near`
        only corridors that reach that ground are returned; they are right on it and may be cut
        short elsewhere. Raises ValueError where a recorded number is none.
        """
        far = None if near is None else _distances(sources, near)
        asked = [
            (source, found)
            for place, source in enumerate(sources)
            for found in self.reached(source)
            if far is None or far[place] <= max(found.outer)
        ]
        return [corridor for corridor in drawn(asked, near) if not corridor.is_empty]

    def reaching(self, sources: Sequence[SourceObject], ground: BaseGeometry) -> list[SourceObject]:
        """Return the objects of which some corridor may reach the ground."""
        far = _distances(sources, ground)
        return [
            source
            for place, source in enumerate(sources)
            # The bound costs less than the numbers, and most objects are farther than that.
            if far[place] <= self.bound_m(source)
            and any(far[place] <= max(found.outer) for found in self.reached(source))
        ]

    def bound_m(self, source: SourceObject) -> float:
        """Return a distance from the object beyond which nothing of it reaches, in metres."""
        key = signature(source)
        if key not in self._bounds:
            plan = self._plan(source)
            candidates = [c.rule for family in (*plan.families, plan.outside) for c in family]
            self._bounds[key] = reach_m(candidates, source.kind)
        offsets = (source.number(name) or 0.0 for name in OFFSET_ATTRIBUTES[source.kind])
        return self._bounds[key] + max(offsets, default=0.0)

    def reached(self, source: SourceObject) -> list[Reached]:
        """Return the corridors of one object in numbers."""
        return reached(source, self._plan(source))

    def _plan(self, source: SourceObject) -> Plan:
        key = signature(source)
        if key not in self._plans:
            self._plans[key] = plan_of(source, self.of_day)
        return self._plans[key]


def corridors_of(
    source: SourceObject,
    rules: Iterable[Rule],
    *,
    on: dt.date,
    near: BaseGeometry | None = None,
) -> list[Corridor]:
    """Return the corridors around one object on a legal day; see DayRules.corridors."""
    return corridors_of_many([source], rules, on=on, near=near)


def corridors_of_many(
    sources: Sequence[SourceObject],
    rules: Iterable[Rule],
    *,
    on: dt.date,
    near: BaseGeometry | None = None,
) -> list[Corridor]:
    """Return the corridors around objects on a legal day; see DayRules.corridors."""
    return DayRules.on(rules, on).corridors(sources, near=near)


def reach_m(rules: Iterable[Rule], kind: ObjectKind, *, recorded_m: float = 0.0) -> float:
    """Return how far from an object of this kind a corridor may end, in metres, on any day.

    What is only possible is included. `recorded_m` is the largest recorded distance of a reference
    from the object's line: the largest value of the kind's OFFSET_ATTRIBUTES in the register.
    """
    widest = 0.0
    for rule in rules:
        if rule.object == kind and rule.role in MEASURED:
            figures = (rule.figure_m, rule.other_figure_m, rule.at_most_m)
            beyond = max((figure for figure in figures if figure is not None), default=0.0)
            widest = max(widest, recorded_m + rule.allowance_m + beyond)
    return widest


def themes_with_rules(rules: Iterable[Rule], *, on: dt.date) -> Collection[str]:
    """Return the themes of which some rule holds on the day.

    Of any other theme the tables are silent: no ground is clear.
    """
    return {rule.theme for rule, holds in rules_of_day(rules, on=on) if holds}


def _distances(sources: Sequence[SourceObject], near: BaseGeometry) -> NDArray[np.floating]:
    shapes = np.array([source.shape for source in sources], dtype=object)
    return np.asarray(shapely.distance(shapes, near), dtype=float)


def drawn(
    asked: Sequence[tuple[SourceObject, Reached]], near: BaseGeometry | None = None
) -> list[Corridor]:
    """Return the shape of each corridor in numbers, in their order; some may be empty."""
    local = [_local(source, r, near) for source, r in asked]
    inner = [
        _ask(source, r, r.inner, local=shape)
        for (source, r), shape in zip(asked, local, strict=True)
    ]
    outer = [
        replace(
            ask,
            sides=None if r.outer == r.inner and not _is_sided(r) else r.outer,
            is_certain=False,
        )
        for ask, (_, r) in zip(inner, asked, strict=True)
    ]
    without = [replace(ask, sides=r.without) for ask, (_, r) in zip(inner, asked, strict=True)]
    certain = grounds(inner, near=near)
    uncertain = _less(_less(grounds(outer, near=near), certain), grounds(without, near=near))
    return [
        _corridor(source, r, shape, open_ground)
        for (source, r), shape, open_ground in zip(asked, certain, uncertain, strict=True)
    ]


def _local(source: SourceObject, r: Reached, near: BaseGeometry | None) -> BaseGeometry:
    """Return the object, or what of it matters for some ground.

    Whole where its shape as a whole decides: polygons as they are, currents through the middle of
    an intake, the two sides of a dyke.
    """
    is_whole = r.rule.reference in (Reference.SURFACE, Reference.FOOT) or _has_current(r)
    return source.shape if near is None or is_whole else nearby(source.shape, near, max(r.outer))


def _corridor(
    source: SourceObject, r: Reached, certain: BaseGeometry, uncertain: BaseGeometry
) -> Corridor:
    doubts = r.doubts
    if _is_sided(r) and not uncertain.is_empty:
        doubts = (*doubts, str(Doubt.SIDE_UNCLEAR))
    return Corridor(r.rule, source, certain, uncertain, doubts, r.inner or r.outer)


def _is_sided(r: Reached) -> bool:
    """Whether a line's two sides differ, so that its ends are open."""
    left, right = r.inner or r.outer
    return r.rule.reference == Reference.FOOT and left != right


def _has_current(r: Reached) -> bool:
    return r.rule.side in (Side.UPSTREAM, Side.DOWNSTREAM)


def _ask(source: SourceObject, r: Reached, sides: Pair | None, *, local: BaseGeometry) -> Ask:
    flow_deg = source.number("flow_deg") if _has_current(r) else None
    return Ask(local, r.rule.reference, sides, flow_deg)


def _less(ground: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    """Return ground without other ground; what arithmetic leaves of nothing is nothing."""
    left = ground.copy()
    both = ~shapely.is_empty(ground) & ~shapely.is_empty(other)
    left[both] = shapely.difference(ground[both], other[both], grid_size=GRID_M)
    left[shapely.area(left) <= _NOISE_M2] = shapely.Polygon()
    return left
