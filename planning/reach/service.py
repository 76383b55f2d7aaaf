"""What a kind of service reaches: from nothing, and after its facilities or the streets changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from os import cpu_count
from typing import TYPE_CHECKING, TypeVar

import numba
import numpy as np

from planning.reach.nearest import Standing, nearest, sources_of, standing
from planning.reach.records import Labels, Nearest, PlaceState
from planning.reach.shortest import nearest_of, with_source, without_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from planning.reach.growth import Growth
    from planning.reach.records import Bools, Ints, Network, Places
    from planning.reach.scenario import Base, Grounds, Group, Ways
    from planning.reach.shortest import Sources

_Found = TypeVar("_Found")


@dataclass(frozen=True, eq=False)
class Served:
    """What a kind of service reaches."""

    #: Numbers of its facilities, and the rows of their grounds.
    facilities: Ints
    rows: Ints
    labels: Labels
    nearest: Nearest


def by_group(
    work: Callable[[Group], _Found], groups: Iterable[Group]
) -> Iterator[tuple[Group, _Found]]:
    """Return what is worked out of groups, side by side: they know nothing of each other."""
    groups = list(groups)
    with ThreadPoolExecutor(min(4, cpu_count() or 1)) as pool:
        yield from zip(groups, pool.map(work, groups), strict=True)


def served_anew(
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


def served_changed(
    base: Base, grounds: Grounds, group: Group, numbers: Ints, rows: Ints
) -> tuple[Served, Ints]:
    """Return what a group reaches with other facilities, and the places looked at anew."""
    network, way, was = base.network, base.ways[group], base.served[group]
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
        sources = _sources(base, grounds, way, others)
        labels, nodes = with_source(way.graph, labels, _sources(base, grounds, way, [one]), sources)
        others.append(one)
        touched[nodes] = True
    asked = _asked(base, grounds, touched, [row for _, row in (*gone, *new)])
    there = _standing(network, grounds, way, numbers, rows)
    found = _evaluated(network, base.places, grounds, way, there, labels, numbers, rows, asked)
    return Served(numbers, rows, labels, _put(was.nearest, asked, found)), asked


def served_over(base: Base, growth: Growth, group: Group) -> tuple[Served, Ints]:
    """Return what a group reaches over streets that grew, and the places looked at anew.

    The streets are searched anew, which is soon done; who lies on streets that are as they were,
    and whose ends are as far as they were, has the way that there was.
    """
    network, places, way, was = (
        growth.network,
        growth.places,
        growth.ways[group],
        base.served[group],
    )
    there = _standing(network, growth.grounds, way, was.facilities, was.rows)
    labels = nearest_of(way.graph, sources_of(network, way.costs, there, way.direction))
    touched = np.ones(network.nodes, dtype=np.bool_)
    touched[: base.network.nodes] = (labels.dist[: base.network.nodes] != was.labels.dist) | (
        labels.owner[: base.network.nodes] != was.labels.owner
    )
    entered = was.rows[np.isin(was.rows, growth.entered_grounds)].tolist()
    own = [_edges_of(grounds.places, entered) for grounds in (base.grounds, growth.grounds)]
    edges = np.concatenate([growth.altered, *own])
    touched[network.tail[edges]] = touched[network.head[edges]] = True
    is_met = touched[network.tail] | touched[network.head]
    is_asked = np.zeros(len(places), dtype=np.bool_)
    _mark_beside(is_met, places.start, places.edge, is_asked)
    is_asked[growth.entered] = True
    held = np.concatenate([base.grounds.held[entered], growth.grounds.held[entered]])
    is_asked[held[held >= 0]] = True
    asked = np.flatnonzero(is_asked).astype(np.int32)
    found = _evaluated(
        *(network, places, growth.grounds, way, there),
        *(labels, was.facilities, was.rows, asked),
    )
    # Entrances are counted through all places, some of which have more of them or fewer now.
    more = (places.start - base.places.start)[:-1]
    entrance = np.where(was.nearest.entrance >= 0, was.nearest.entrance + more, np.int32(-1))
    before = replace(was.nearest, entrance=entrance)
    return Served(was.facilities, was.rows, labels, _put(before, asked, found)), asked


@numba.njit(cache=True, nogil=True)
def _mark_beside(is_met, start, edge, marks):  # type: ignore[no-untyped-def]
    """Mark places that have an entrance on one of some edges."""
    for place in range(len(marks)):
        for entrance in range(start[place], start[place + 1]):
            if is_met[edge[entrance]]:
                marks[place] = True


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
    own = _edges_of(grounds.places, rows)
    touched[network.tail[own]] = touched[network.head[own]] = True
    edges = np.flatnonzero(touched[network.tail] | touched[network.head])
    first, order = base.by_edge
    many = first[edges + 1] - first[edges]
    step = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
    is_asked = np.zeros(len(base.places), dtype=np.bool_)
    is_asked[base.place[order[np.repeat(first[edges], many) + step]]] = True
    held = grounds.held[list(rows)]
    is_asked[held[held >= 0]] = True
    return np.flatnonzero(is_asked).astype(np.int32)


def _edges_of(places: Places, rows: Sequence[int]) -> Ints:
    """Return the edges that some places meet."""
    spans = [slice(*places.start[row : row + 2].tolist()) for row in rows]
    return np.concatenate([places.edge[:0], *(places.edge[span] for span in spans)])


def _put(was: Nearest, rows: Ints, found: Nearest) -> Nearest:
    cost, facility = was.cost.copy(), was.facility.copy()
    entrance, beside = was.entrance.copy(), was.beside.copy()
    cost[rows], facility[rows] = found.cost, found.facility
    entrance[rows], beside[rows] = found.entrance, found.beside
    return Nearest(cost, facility, entrance, beside)
