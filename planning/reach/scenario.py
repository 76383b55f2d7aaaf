"""What changes when facilities are added, moved or closed: only that is worked out anew.

The outcome is the same, bit by bit, as a search from nothing among the facilities there are then.
Facilities keep their numbers; those added get the numbers after the last. Roads are drawn first,
whatever their place among the changes (`planning.reach.drawn`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np

from planning.reach.places import by_edge, joined
from planning.reach.records import Places
from planning.reach.service import by_group, served_anew, served_changed

if TYPE_CHECKING:
    from planning.reach.drawn import Drawn
    from planning.reach.nearest import Where
    from planning.reach.parameters import ReachParameters
    from planning.reach.people import Zoned
    from planning.reach.records import (
        Bools,
        Change,
        Costs,
        Direction,
        Floats,
        Graph,
        Ints,
        Network,
        Objects,
        People,
    )
    from planning.reach.service import Served
    from planning.reach.slopes import Heights

_M2: Final = "m2"


class Grounds(NamedTuple):
    """Where facilities meet the streets, and the numbers of the places they lie on (-1 none)."""

    places: Places
    held: Ints


class Sized(NamedTuple):
    """The facilities of some kinds that are as large as a norm asks."""

    kinds: tuple[str, ...]
    least_m2: float
    #: Whether those are among them whose size nobody knows.
    possibly: bool


#: Facilities that serve alike: all of a kind, or those of a size.
Group: TypeAlias = "str | Sized"


def kinds_of(group: Group) -> tuple[str, ...]:
    """Return the kinds of services that facilities of a group are of."""
    return (group,) if isinstance(group, str) else group.kinds


class Stock(NamedTuple):
    """Facilities in the order of their numbers."""

    key: Objects
    kind: Objects
    #: NaN: not known.
    capacity: Floats
    #: What capacities are told in, "" where nobody knows.
    unit: Objects
    #: (n, 2)
    xy: Floats

    def of(self, group: Group) -> Bools:
        """Return which facilities are among those of a group."""
        if isinstance(group, str):
            return np.asarray(self.kind == group)
        is_meant = np.isin(self.kind.astype(str), group.kinds)
        size = np.where(self.unit == _M2, self.capacity, np.nan)
        large = size >= group.least_m2
        return is_meant & (large | np.isnan(size) if group.possibly else large)

    def usual_unit(self, kind: str) -> str:
        """Return the unit that most facilities of a kind are told in, "" if none is."""
        units, many = np.unique(self.unit[self.kind == kind].astype(str), return_counts=True)
        known = units != ""
        return str(units[known][many[known].argmax()]) if known.any() else ""


#: Says of points (n, 2) where facilities of some kinds that stand there meet the streets, over a
#: network and the entrances of its places.
Enter = Callable[["Network", Places, "Floats", "Objects"], Grounds]


class Near(NamedTuple):
    """Places near something: their numbers, their grounds, and which are ground of streets."""

    rows: Ints
    ground: Objects
    is_street: Bools


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What a drawn road is put into: what the network was built with, and who is near."""

    parameters: ReachParameters
    #: All places within so many metres of any of some shapes; more do no harm.
    near: Callable[[Objects, float], Near]
    grids: Sequence[Heights] = ()
    barriers: Objects | None = None


@dataclass(frozen=True, eq=False)
class Ways:
    """How people move to a kind of service."""

    costs: Costs
    graph: Graph
    direction: Direction
    #: Cost of a metre beside the streets.
    beside_cost: float
    at: Where


@dataclass(frozen=True, eq=False)
class Base:
    """A city as it is, ready for changes."""

    network: Network
    places: Places
    stock: Stock
    grounds: Grounds
    enter: Enter
    ways: Mapping[Group, Ways]
    served: Mapping[Group, Served]

    @cached_property
    def number(self) -> dict[str, int]:
        """The number of each facility by its key."""
        return {key: number for number, key in enumerate(self.stock.key.tolist())}

    @cached_property
    def by_edge(self) -> tuple[Ints, Ints]:
        """Entrances of places by edge: those of edge e are `order[first[e] : first[e + 1]]`."""
        return by_edge(self.network, self.places)

    @cached_property
    def place(self) -> Ints:
        """The place of each entrance."""
        return np.repeat(np.arange(len(self.places), dtype=np.int32), np.diff(self.places.start))


@dataclass(frozen=True, eq=False)
class Outcome:
    """A city with changes; of groups that are not in `changed` nothing differs from the base.

    Those of the base itself are told where nothing changed: `network is base.network`.
    """

    stock: Stock
    #: Whether each facility is there at all: closed ones are not.
    is_open: Bools
    grounds: Grounds
    served: Mapping[Group, Served]
    #: By group the places that were looked at anew, or whose way differs over streets grown.
    changed: Mapping[Group, Ints]
    #: Number of a change among those given, and why nothing came of it.
    left_out: Sequence[tuple[int, str]]
    network: Network
    places: Places
    #: None where no zone's people changed.
    people: People | None
    seconds: float = field(default=0.0)


def base_of(
    network: Network,
    places: Places,
    stock: Stock,
    grounds: Grounds,
    enter: Enter,
    ways: Mapping[Group, Ways],
) -> Base:
    """Return a city ready for changes; `grounds` are those of the facilities in `stock`.

    What is told is told of the groups that `ways` names.
    """

    def anew(group: Group) -> Served:
        rows = np.flatnonzero(stock.of(group)).astype(np.int32)
        return served_anew(network, places, grounds, ways[group], rows, rows)

    return Base(network, places, stock, grounds, enter, ways, dict(by_group(anew, ways)))


def apply(
    base: Base,
    changes: Sequence[Change],
    *,
    drawn: Drawn | None = None,
    zoned: Zoned | None = None,
) -> Outcome:
    """Return the city with changes made one after the other.

    `drawn` is the base with the roads among the changes; roads without it, and people of zones
    without `zoned`, are left out and told as `not_worked_out`, as is whatever else nothing can
    come of: `cannot_be_drawn`, `meets_no_street`, `cannot_be_added`, `facility_gone`, `zone_gone`,
    `zone_without_places`.
    """
    begun = time.perf_counter()
    people, without = _with_people(changes, zoned)
    before, undrawn = base, _undrawn(changes, drawn)
    changed: dict[Group, Ints] = {}
    if drawn is not None:
        base, changed = drawn.base, dict(drawn.asked)
    stand = _Standing(base)
    left_out = [*without, *undrawn, *stand.make(changes)]
    served = dict(base.served)
    rows, there = np.array(stand.row, dtype=np.int32), np.array(stand.is_open, dtype=np.bool_)
    stock = stand.stock()
    for group, was in base.served.items():
        if not stand.touched.intersection(kinds_of(group)):
            continue
        numbers = np.flatnonzero(stock.of(group) & there).astype(np.int32)
        if np.array_equal(numbers, was.facilities) and np.array_equal(rows[numbers], was.rows):
            continue
        served[group], asked = served_changed(base, stand.grounds, group, numbers, rows[numbers])
        changed[group] = np.union1d(asked, changed.get(group, asked)).astype(np.int32)
    if base is not before:
        changed = _differing(before.served, served, changed)
    return Outcome(
        stock,
        there,
        stand.grounds,
        served,
        changed,
        sorted(left_out),
        base.network,
        base.places,
        people,
        time.perf_counter() - begun,
    )


def _undrawn(changes: Sequence[Change], drawn: Drawn | None) -> list[tuple[int, str]]:
    """Return the roads among changes that nothing came of, and why."""
    roads = [at for at, change in enumerate(changes) if change.action == "road"]
    if drawn is None:
        return [(at, "not_worked_out") for at in roads]
    return [(roads[nth], why) for nth, why in drawn.left_out]


def _differing(
    before: Mapping[Group, Served], after: Mapping[Group, Served], asked: Mapping[Group, Ints]
) -> dict[Group, Ints]:
    """Return by group the places whose way or facility differs; groups without any are not told.

    Only those that were asked may.
    """
    found = {}
    for group, rows in asked.items():
        was, is_ = before[group].nearest, after[group].nearest
        cost, now = was.cost[rows], is_.cost[rows]
        alike = (cost == now) | (np.isnan(cost) & np.isnan(now))
        differ = rows[~alike | (was.facility[rows] != is_.facility[rows])]
        if len(differ) or not np.array_equal(before[group].facilities, after[group].facilities):
            found[group] = differ
    return found


def _with_people(
    changes: Sequence[Change], zoned: Zoned | None
) -> tuple[People | None, list[tuple[int, str]]]:
    """Return the people of all places with those of some zones changed; the last word counts."""
    many: dict[str, float | None] = {}
    left_out = []
    for at, change in enumerate(changes):
        if change.action != "people":
            continue
        if zoned is None:
            left_out.append((at, "not_worked_out"))
        elif change.key not in zoned.zones:
            left_out.append((at, "zone_gone"))
        elif not zoned.has_places(change.key):
            left_out.append((at, "zone_without_places"))
        else:
            many[change.key] = change.people
    return (zoned.foreseen(many) if zoned is not None and many else None), left_out


class _Standing:
    """Facilities while changes are made: what is open, and where it stands."""

    def __init__(self, base: Base) -> None:
        self.base, self.grounds = base, base.grounds
        #: Kinds of which a facility was added or altered.
        self.touched: set[str] = set()
        self.key, self.kind = base.stock.key.tolist(), base.stock.kind.tolist()
        self.capacity, self.unit = base.stock.capacity.tolist(), base.stock.unit.tolist()
        #: Where those stand that were added or moved.
        self.at: dict[int, tuple[float, float]] = {}
        self.row, self.is_open = list(range(len(self.key))), [True] * len(self.key)
        self.number = dict(base.number)

    def make(self, changes: Sequence[Change]) -> list[tuple[int, str]]:
        """Make the changes of facilities; return those that nothing came of, and why."""
        left_out = []
        for at, change in enumerate(changes):
            if change.action == "add":
                if not self._add(change):
                    left_out.append((at, "cannot_be_added"))
            elif change.action in ("move", "close", "enlarge") and not self._alter(change):
                left_out.append((at, "facility_gone"))
        return left_out

    def stock(self) -> Stock:
        """Return all facilities, closed ones too."""
        return Stock(
            np.array(self.key, dtype=object),
            np.array(self.kind, dtype=object),
            np.array(self.capacity, dtype=float),
            np.array(self.unit, dtype=object),
            self._xy(),
        )

    def _xy(self) -> Floats:
        before = self.base.stock.xy.reshape(-1, 2)
        xy = np.concatenate([before, np.full((len(self.key) - len(before), 2), np.nan)])
        for number, place in self.at.items():
            xy[number] = place
        return xy

    def _add(self, change: Change) -> bool:
        if change.key in self.number or change.kind not in self.base.ways or change.xy is None:
            return False
        self.touched.add(change.kind)
        self.number[change.key] = len(self.key)
        self.key.append(change.key)
        self.kind.append(change.kind)
        self.capacity.append(np.nan if change.capacity is None else change.capacity)
        self.unit.append(self.base.stock.usual_unit(change.kind))
        self.at[len(self.key) - 1] = change.xy
        self.row.append(self._entered(change.xy, change.kind))
        self.is_open.append(True)
        return True

    def _alter(self, change: Change) -> bool:
        mine = self.number.get(change.key, -1)
        if mine < 0 or not self.is_open[mine]:
            return False
        self.touched.add(self.kind[mine])
        if change.action == "close":
            self.is_open[mine] = False
        elif change.action == "enlarge":
            self.capacity[mine] = np.nan if change.capacity is None else change.capacity
        elif change.xy is not None:
            self.at[mine] = change.xy
            self.row[mine] = self._entered(change.xy, self.kind[mine])
        return True

    def _entered(self, xy: tuple[float, float], kind: str) -> int:
        """Add the ground of a facility that stands somewhere; return its row."""
        at, kinds = np.array([xy], dtype=float), np.array([kind], dtype=object)
        met = self.base.enter(self.base.network, self.base.places, at, kinds)
        self.grounds = _with_ground(self.grounds, met)
        return len(self.grounds.held) - 1


def _with_ground(grounds: Grounds, more: Grounds) -> Grounds:
    held = np.concatenate([grounds.held, more.held]).astype(np.int32)
    return Grounds(joined(grounds.places, more.places), held)
