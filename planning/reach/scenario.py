"""What changes when facilities are added, moved or closed: only that is worked out anew.

The outcome is the same, bit by bit, as a search from nothing among the facilities there are then.
Facilities keep their numbers; those added get the numbers after the last.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from planning.reach.measures import within
from planning.reach.nearest import Standing, nearest, sources_of, standing
from planning.reach.places import by_edge
from planning.reach.records import Labels, Nearest, Places, PlaceState
from planning.reach.shortest import nearest_of, with_source, without_source

if TYPE_CHECKING:
    from planning.reach.nearest import Where
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
    from planning.reach.shortest import Sources

#: Side of the squares that gains and losses are added up in.
SQUARE_M: Final = 100.0


class Grounds(NamedTuple):
    """Where facilities meet the streets, and the numbers of the places they lie on (-1 none)."""

    places: Places
    held: Ints


#: Says of points (n, 2) where facilities that stand there meet the streets.
Enter = Callable[["Floats"], Grounds]


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
class Served:
    """What a kind of service reaches."""

    #: Numbers of its facilities, and the rows of their grounds.
    facilities: Ints
    rows: Ints
    labels: Labels
    nearest: Nearest


@dataclass(frozen=True, eq=False)
class Base:
    """A city as it is, ready for changes."""

    network: Network
    places: Places
    #: Keys and kinds of facilities, in the order of their numbers.
    key: Objects
    kind: Objects
    capacity: Floats
    grounds: Grounds
    enter: Enter
    ways: Mapping[str, Ways]
    served: Mapping[str, Served]
    #: Entrances of places by edge, and the place of each entrance.
    first: Ints
    order: Ints
    place: Ints


@dataclass(frozen=True, eq=False)
class Outcome:
    """A city with changes; of kinds that are not in `changed` nothing differs from the base."""

    key: Objects
    capacity: Floats
    served: Mapping[str, Served]
    #: By kind the places that were looked at anew.
    changed: Mapping[str, Ints]
    #: Number of a change among those given, and why nothing came of it.
    left_out: Sequence[tuple[int, str]]
    seconds: float = field(default=0.0)


def base_of(
    network: Network,
    places: Places,
    facilities: tuple[Objects, Objects, Floats],
    grounds: Grounds,
    enter: Enter,
    ways: Mapping[str, Ways],
) -> Base:
    """Return a city ready for changes; `facilities` are keys, kinds and capacities."""
    key, kind, capacity = facilities
    first, order = by_edge(network, places)
    place = np.repeat(np.arange(len(places), dtype=np.int32), np.diff(places.start))
    served = {}
    for code, way in ways.items():
        rows = np.flatnonzero(kind == code).astype(np.int32)
        served[code] = _anew(network, places, grounds, way, rows, rows)
    return Base(
        network, places, key, kind, capacity, grounds, enter, ways, served, first, order, place
    )


def _anew(
    network: Network, places: Places, grounds: Grounds, way: Ways, numbers: Ints, rows: Ints
) -> Served:
    there = _standing(network, grounds, way, numbers, rows)
    labels = nearest_of(way.graph, sources_of(network, way.costs, there, way.direction))
    everywhere = np.arange(len(places), dtype=np.int32)
    found = _evaluated(network, places, grounds, way, there, labels, numbers, rows, everywhere)
    return Served(numbers, rows, labels, found)


def _standing(network: Network, grounds: Grounds, way: Ways, numbers: Ints, rows: Ints) -> Standing:
    there = standing(network, grounds.places, rows, way.beside_cost)
    number = np.full(len(grounds.held), -1, dtype=np.int32)
    number[rows] = numbers
    return there._replace(owner=number[there.owner])


def _evaluated(
    network: Network,
    places: Places,
    grounds: Grounds,
    way: Ways,
    there: Standing,
    labels: Labels,
    numbers: Ints,
    rows: Ints,
    asked: Ints,
) -> Nearest:
    """Return the nearest facilities of some places; who lies on the ground of one is there."""
    found = nearest(labels, network, way.costs, there, way.at, way.direction, rows=asked)
    row_of = np.full(len(places), -1, dtype=np.int32)
    row_of[asked] = np.arange(len(asked), dtype=np.int32)
    held = grounds.held[rows]
    # The smallest number last, so that it counts where several share a ground.
    for k in np.flatnonzero(held >= 0)[np.argsort(-numbers[held >= 0], kind="stable")].tolist():
        row = row_of[held[k]]
        if row >= 0:
            found.cost[row], found.facility[row] = 0.0, numbers[k]
            found.entrance[row], found.beside[row] = -1, 0.0
    is_unknown = places.state[asked] >= PlaceState.NO_STREET
    found.cost[is_unknown], found.beside[is_unknown] = np.nan, np.nan
    found.facility[is_unknown], found.entrance[is_unknown] = -1, -1
    return found


def apply(base: Base, changes: Sequence[Change]) -> Outcome:
    """Return the city with changes made one after the other.

    Streets and people are not changed here; such a change is left out and told.
    """
    begun = time.perf_counter()
    key, kind = base.key.tolist(), base.kind.tolist()
    capacity = base.capacity.tolist()
    row, grounds = list(range(len(key))), base.grounds
    is_open = [True] * len(key)
    number = {one: n for n, one in enumerate(key)}
    left_out = []
    for at, change in enumerate(changes):
        mine = number.get(change.key, -1)
        if change.action not in ("add", "move", "close", "enlarge"):
            left_out.append((at, "not_worked_out"))
        elif change.action == "add":
            if mine >= 0 or change.kind not in base.ways or change.xy is None:
                left_out.append((at, "cannot_be_added"))
                continue
            grounds = _with_ground(grounds, base.enter(np.array([change.xy], dtype=float)))
            number[change.key] = len(key)
            key.append(change.key)
            kind.append(change.kind)
            capacity.append(np.nan if change.capacity is None else change.capacity)
            row.append(len(grounds.held) - 1)
            is_open.append(True)
        elif mine < 0 or not is_open[mine]:
            left_out.append((at, "facility_gone"))
        elif change.action == "close":
            is_open[mine] = False
        elif change.action == "enlarge":
            capacity[mine] = np.nan if change.capacity is None else change.capacity
        elif change.xy is not None:
            grounds = _with_ground(grounds, base.enter(np.array([change.xy], dtype=float)))
            row[mine] = len(grounds.held) - 1
    served, changed = dict(base.served), {}
    rows, there = np.array(row, dtype=np.int32), np.array(is_open, dtype=np.bool_)
    for code, was in base.served.items():
        is_kind = np.array([one == code for one in kind], dtype=np.bool_)
        numbers = np.flatnonzero(is_kind & there).astype(np.int32)
        if np.array_equal(numbers, was.facilities) and np.array_equal(rows[numbers], was.rows):
            continue
        served[code], changed[code] = _changed(base, grounds, code, numbers, rows[numbers])
    return Outcome(
        np.array(key, dtype=object),
        np.array(capacity, dtype=float),
        served,
        changed,
        left_out,
        time.perf_counter() - begun,
    )


def _with_ground(grounds: Grounds, more: Grounds) -> Grounds:
    one, other = grounds.places, more.places
    return Grounds(
        Places(
            start=np.concatenate([one.start, one.start[-1] + other.start[1:]]).astype(np.int32),
            edge=np.concatenate([one.edge, other.edge]),
            at_m=np.concatenate([one.at_m, other.at_m]),
            offset_m=np.concatenate([one.offset_m, other.offset_m]),
            xy=np.concatenate([one.xy, other.xy]),
            state=np.concatenate([one.state, other.state]),
        ),
        np.concatenate([grounds.held, more.held]).astype(np.int32),
    )


def _changed(
    base: Base, grounds: Grounds, code: str, numbers: Ints, rows: Ints
) -> tuple[Served, Ints]:
    """Return what a kind reaches with other facilities, and the places looked at anew."""
    network, way, was = base.network, base.ways[code], base.served[code]
    before = set(zip(was.facilities.tolist(), was.rows.tolist(), strict=True))
    after = set(zip(numbers.tolist(), rows.tolist(), strict=True))
    gone, new = sorted(before - after), sorted(after - before)
    stay = sorted(before & after)
    labels, touched = was.labels, np.zeros(network.nodes, dtype=np.bool_)
    others = [*gone, *stay]
    for n, _ in gone:
        others = [one for one in others if one[0] != n]
        sources = _sources(base, grounds, way, others)
        labels, nodes = without_source(way.graph, labels, n, sources)
        touched[nodes] = True
    for one in new:
        labels, nodes = with_source(way.graph, labels, _sources(base, grounds, way, [one]))
        touched[nodes] = True
    asked = _asked(base, grounds, touched, [row for _, row in (*gone, *new)])
    there = _standing(network, grounds, way, numbers, rows)
    found = _evaluated(network, base.places, grounds, way, there, labels, numbers, rows, asked)
    return Served(numbers, rows, labels, _put(was.nearest, asked, found)), asked


def _sources(base: Base, grounds: Grounds, way: Ways, pairs: Sequence[tuple[int, int]]) -> Sources:
    both = np.array(pairs, dtype=np.int32).reshape(-1, 2)
    order = np.ascontiguousarray(both.T)
    there = _standing(base.network, grounds, way, order[0], order[1])
    return sources_of(base.network, way.costs, there, way.direction)


def _asked(base: Base, grounds: Grounds, touched: Bools, rows: Sequence[int]) -> Ints:
    """Return the places whose way may differ.

    Those on edges at nodes that changed, on the edges of the facilities and at the ends of these
    (whom a barrier stops there gets to a facility that stands at it), and on their grounds.
    """
    network, touched = base.network, touched.copy()
    spans = [slice(*grounds.places.start[row : row + 2].tolist()) for row in rows]
    own = np.concatenate([grounds.places.edge[span] for span in spans]).astype(np.int32)
    touched[network.tail[own]] = touched[network.head[own]] = True
    edges = np.flatnonzero(touched[network.tail] | touched[network.head])
    many = base.first[edges + 1] - base.first[edges]
    step = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
    is_asked = np.zeros(len(base.places), dtype=np.bool_)
    is_asked[base.place[base.order[np.repeat(base.first[edges], many) + step]]] = True
    held = grounds.held[list(rows)]
    is_asked[held[held >= 0]] = True
    return np.flatnonzero(is_asked).astype(np.int32)


def _put(was: Nearest, rows: Ints, found: Nearest) -> Nearest:
    cost, facility = was.cost.copy(), was.facility.copy()
    entrance, beside = was.entrance.copy(), was.beside.copy()
    cost[rows], facility[rows] = found.cost, found.facility
    entrance[rows], beside[rows] = found.entrance, found.beside
    return Nearest(cost, facility, entrance, beside)


class Difference(NamedTuple):
    """People of a ward who come within a limit, and who do not any more."""

    unit: str
    gain: float
    lose: float


def differences(
    before: Floats, after: Floats, people: People, limit_m: Floats | float
) -> list[Difference]:
    """Return by unit, and for all as "", who gains and who loses; uncounted people are nobody."""
    was, is_ = within(before, limit_m), within(after, limit_m)
    many, units = np.nan_to_num(people.people), len(people.units)
    found = []
    unit = np.where(people.unit < 0, units, people.unit)
    gain = np.bincount(unit, many * (is_ & ~was), units + 1)
    lose = np.bincount(unit, many * (was & ~is_), units + 1)
    found.append(Difference("", float(gain.sum()), float(lose.sum())))
    for n, name in enumerate(people.units):
        found.append(Difference(name, float(gain[n]), float(lose[n])))
    return found


def squares(
    xy: Floats, before: Floats, after: Floats, people: Floats, limit_m: Floats | float
) -> Floats:
    """Return squares of 100 m where people gain or lose: (n, 4) of west, south, gain, lose.

    `xy` (places, 2) says which square a place counts in.
    """
    was, is_ = within(before, limit_m), within(after, limit_m)
    rows = np.flatnonzero((was != is_) & (np.nan_to_num(people) > 0))
    corner, square = np.unique(np.floor(xy[rows] / SQUARE_M), axis=0, return_inverse=True)
    square, many = square.ravel(), people[rows]
    gain = np.bincount(square, many * is_[rows], len(corner))
    lose = np.bincount(square, many * was[rows], len(corner))
    return np.column_stack([corner * SQUARE_M, gain, lose])
