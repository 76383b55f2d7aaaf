"""A city held in memory, on which what-ifs are tried out.

Reading a city and searching it anew takes seconds; what a change alters is worked out from what is
held in some hundredths.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np

from planning.norm_queries import kinds_by_norm
from planning.reach.figures import Asked, Reached
from planning.reach.limits import limits_of
from planning.reach.measures import Verdict, all_of, every_service, for_certain, shares
from planning.reach.records import Limits, Metric, Mode
from planning.reach.scenario import Base, Grounds, Sized, Stock, base_of
from planning.reach.scenario import Ways as Moving
from planning.reach.straight import nearest_in_a_line
from planning.reach_city import City, entered
from planning.reach_queries import facility_kinds
from planning.reach_ways import Ways, direction_of, holding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planning.models import PlanVersion
    from planning.norms.radii import Service
    from planning.reach.drawn import Drawn
    from planning.reach.measures import Share
    from planning.reach.records import (
        Bytes,
        Floats,
        Nearest,
        Network,
        Objects,
        People,
        Places,
    )
    from planning.reach.scenario import Enter, Group


#: Drawn roads: their axes as WKB, None for one that cannot be drawn, and their classes.
Roads: TypeAlias = "tuple[tuple[bytes | None, str], ...]"

#: What a kind that no norm speaks of is looked at by, in metres on foot. Own choice.
USUAL_M: Final = 500.0


@dataclass(frozen=True, eq=False)
class Held:
    """A norm of distance, held against the city as it is.

    Or the usual distance on foot, of a kind that no norm speaks of: then there is no `service`.
    """

    service: Service | None
    #: Kinds that meet it; it is told under the first.
    kinds: tuple[str, ...]
    limits: Limits
    #: None where the record has no facility that could meet it: then nobody knows.
    asked: Asked | None
    verdict: Bytes

    @property
    def norm(self) -> str:
        """The row of the norm, "" for none."""
        return "" if self.service is None else self.service.id

    @property
    def kind(self) -> str:
        """The kind that the norm is told under."""
        return self.kinds[0]

    @property
    def sized(self) -> tuple[Sized, Sized] | None:
        """Who certainly meets a norm that asks for a size, and who may; None: any size does."""
        return None if self.service is None else sized_of(self.service)

    @cached_property
    def limit_m(self) -> float | None:
        """The limit of most plots; None where it is not known for any."""
        known = self.limits.strictest_m[self.limits.holds]
        metres, many = np.unique(known[np.isfinite(known)], return_counts=True)
        return float(metres[many.argmax()]) if len(metres) else None


def sized_of(service: Service) -> tuple[Sized, Sized] | None:
    """Return who certainly meets a norm that asks for a size, and who may; None: any size does."""
    kinds = kinds_by_norm().get(service.id, ())
    if service.least_m2 is None or not kinds:
        return None
    certain, possible = (Sized(kinds, service.least_m2, possibly) for possibly in (False, True))
    return certain, possible


class Everything(NamedTuple):
    """People within every norm that could be judged, and those for whom that is certain."""

    judged: Share
    certain: Share


def everything_of(verdicts: Sequence[tuple[str, Bytes]], people: People) -> Everything:
    """Return who is within every norm, from the verdicts of norms under their kinds."""
    by_kind: dict[str, list[Bytes]] = {}
    for kind, verdict in verdicts:
        by_kind.setdefault(kind, []).append(verdict)
    of_kinds = [all_of(many, len(people.people)) for many in by_kind.values()]
    return Everything(every_service(of_kinds, people)[0], for_certain(of_kinds, people)[0])


@dataclass(frozen=True, eq=False)
class Town:
    """A city, what serves it, and how far everybody has to go."""

    #: None: the city as it is.
    version: PlanVersion | None
    city: City
    ways: Ways
    base: Base
    held: tuple[Held, ...]
    #: Of kinds that no norm speaks of.
    unnormed: tuple[Held, ...]
    #: By group the nearest in a straight line, and by norm the shares; filled when first asked for.
    lines: dict[Group, Nearest] = field(default_factory=dict)
    shares: dict[tuple[str, str], tuple[Share, list[Share]]] = field(default_factory=dict)
    #: The town with roads drawn last, by their axes and classes.
    drawn: dict[Roads, Drawn] = field(default_factory=dict)

    def line(self, group: Group) -> Nearest:
        """Return how far each plot is from a group of facilities in a straight line."""
        if group not in self.lines:
            at, there = self.city.facilities.xy, self.base.served[group].facilities
            self.lines[group] = nearest_in_a_line(self.city.inside, at, there)
        return self.lines[group]

    @cached_property
    def everything(self) -> Everything:
        """Who is within every norm as it is."""
        known = [(held.kind, held.verdict) for held in self.held if held.asked]
        return everything_of(known, self.city.plots.people)

    def shares_of(self, held: Held) -> tuple[Share, list[Share]]:
        """Return the share of everybody within a norm, and those of the units."""
        key = (held.kind, held.norm)
        if key not in self.shares:
            self.shares[key] = shares(held.verdict, self.city.plots.people)
        return self.shares[key]


def town_of(city: City, version: PlanVersion | None) -> Town:
    """Return the city of a plan version, or as it is, ready for what-ifs."""
    ways = Ways(city)
    kinds = [row["code"] for row in facility_kinds()]
    held_by = city.facilities
    stock = Stock(
        *(held_by.key, held_by.kind),
        *(held_by.capacity, held_by.capacity_unit),
        held_by.xy,
    )
    moving: dict[Group, Moving] = {kind: _moving(ways, kind) for kind in kinds}
    norms = holding(city.moment.on)
    for sized in map(sized_of, norms):
        moving |= {group: _moving(ways, group.kinds[0]) for group in sized or ()}
    base = base_of(
        city.network,
        city.places,
        stock,
        Grounds(city.at.places, city.at.plot),
        _enter(city),
        moving,
    )
    reached = {kind: Reached(base.served[kind].nearest.cost) for kind in kinds}
    found = [_held(ways, service, reached) for service in norms]
    held = tuple(one for one in found if one is not None)
    normed = {one.kind for one in held}
    unnormed = tuple(_unnormed(ways, kind, reached) for kind in kinds if kind not in normed)
    return Town(version, city, ways, base, held, unnormed)


def _enter(city: City) -> Enter:
    """Return where facilities that stand at points meet the streets."""

    def enter(network: Network, places: Places, xy: Floats, kinds: Objects) -> Grounds:
        found = entered(replace(city, network=network, places=places), xy, kinds)
        return Grounds(found.places, found.plot)

    return enter


def _moving(ways: Ways, kind: str) -> Moving:
    direction = direction_of(kind)
    cost, graph, at = ways.graph(Mode.WALK, Metric.METRES, direction)
    return Moving(cost, graph, direction, 1.0, at)


def _held(ways: Ways, service: Service, reached: dict[str, Reached]) -> Held | None:
    kinds = kinds_by_norm().get(service.id, ())
    if not kinds:
        return None
    limits = limits_of(service, ways.circumstances)
    if not limits.holds.any():
        return None
    asked = ways.asked(service, reached)
    if asked:
        return Held(service, kinds, limits, asked[0], asked[0].verdict())
    unknown = np.where(limits.holds, Verdict.UNKNOWN, Verdict.NONE).astype(np.int8)
    return Held(service, kinds, limits, None, unknown)


def _unnormed(ways: Ways, kind: str, reached: dict[str, Reached]) -> Held:
    """Return the usual distance, held against a kind of service that no norm speaks of."""
    many = len(ways.city.plots)
    limits = Limits(
        norm="",
        strictest_m=np.full(many, USUAL_M),
        laxest_m=np.full(many, USUAL_M),
        holds=np.ones(many, dtype=np.bool_),
        reason=np.full(many, -1, dtype=np.int8),
        reasons=(),
        measured="walk",
    )
    rows = ways.of_kind(kind)
    if not len(rows):
        return Held(None, (kind,), limits, None, np.full(many, Verdict.UNKNOWN, dtype=np.int8))
    metres = reached[kind].metres
    asked = Asked(kind, limits, metres, metres)
    return Held(None, (kind,), limits, asked, asked.verdict())
