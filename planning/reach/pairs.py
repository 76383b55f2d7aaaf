"""All ways up to a limit, from places to each of some facilities: who shares what with whom.

From each facility a search of its own goes as far as the limit; the places on the edges that it
meets are looked at as when the nearest facility is asked for, so that both say the same metres.
"""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numba
import numpy as np

from planning.reach.catchment import Pairs
from planning.reach.nearest import as_seen, sources_of
from planning.reach.places import by_edge
from planning.reach.records import NOISE_M
from planning.reach.shortest import search_upto

if TYPE_CHECKING:
    from planning.reach.nearest import Standing, Where
    from planning.reach.records import Bools, Costs, Direction, Floats, Graph, Ints, Network, Places

#: Searches side by side.
_THREADS: Final = min(4, cpu_count() or 1)


class Beside(NamedTuple):
    """What lies beside what: edges at nodes, entrances on edges, and whose these are."""

    #: Edges of node n: `edge[node[n] : node[n + 1]]`.
    node: Ints
    edge: Ints
    #: Entrances on edge e: `first[e] : first[e + 1]`.
    first: Ints
    #: Of each of them its place, the share of the edge it is at, and the cost beside the street.
    place: Ints
    share: Floats
    beside: Floats


def beside(network: Network, places: Places, at: Where) -> Beside:
    """Return what lies beside what; `at` are the entrances of the places."""
    ends = np.concatenate([network.tail, network.head])
    order = np.argsort(ends, kind="stable")
    node = np.searchsorted(ends[order], np.arange(network.nodes + 1)).astype(np.int32)
    first, entrance = by_edge(network, places)
    place = np.repeat(np.arange(len(places), dtype=np.int32), np.diff(places.start))
    edge = (order % max(network.edges, 1)).astype(np.int32)
    return Beside(node, edge, first, place[entrance], at.share[entrance], at.beside[entrance])


def pairs_within(
    network: Network,
    costs: Costs,
    graph: Graph,
    facilities: Standing,
    direction: Direction,
    limit: float,
    lies: Beside,
) -> Pairs:
    """Return the ways within a limit, in the unit of `costs`, by facility and then by place.

    `facilities` are the entrances of those meant, `lies` what is `beside` the streets.
    """
    sources = sources_of(network, costs, facilities, direction)
    by_owner = np.argsort(sources.owner, kind="stable")
    owner = np.unique(facilities.owner)
    if not len(owner) or not len(lies.place):
        none = np.empty(0, dtype=np.int32)
        return Pairs(none, none, np.empty(0))
    begins = np.searchsorted(sources.owner[by_owner], np.append(owner, owner[-1] + 1))
    by_facility = np.argsort(facilities.owner, kind="stable")
    stands = np.searchsorted(facilities.owner[by_facility], np.append(owner, owner[-1] + 1))
    given: tuple[Any, ...] = (
        (graph.start, graph.to, graph.cost),
        (begins, sources.node[by_owner], sources.cost[by_owner]),
        (
            stands,
            facilities.edge[by_facility],
            facilities.share[by_facility],
            facilities.beside[by_facility],
        ),
        as_seen(costs, direction),
        (network.tail, network.head, (network.barred & costs.mode.bit) != 0),
        tuple(lies),
        limit + NOISE_M,
    )
    cuts = np.linspace(0, len(owner), _THREADS + 1).astype(int).tolist()
    with ThreadPoolExecutor(_THREADS) as pool:
        parts = list(pool.map(lambda cut: _pairs(given, cut), itertools.pairwise(cuts)))
    place, facility, cost = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Pairs(place, owner[facility].astype(np.int32), cost)


def with_own(pairs: Pairs, own: Pairs, is_unknown: Bools) -> Pairs:
    """Return ways with those of who lives where a facility is, without places nobody knows of.

    `pairs` are in the order of facility and place, and so is what comes back.
    """
    places = len(is_unknown)
    name = pairs.facility.astype(np.int64) * places + pairs.place
    named = own.facility.astype(np.int64) * places + own.place
    at = np.searchsorted(name, named)
    is_there = at < len(name)
    is_there[is_there] = name[at[is_there]] == named[is_there]
    cost = pairs.cost.copy()
    cost[at[is_there]] = own.cost[is_there]
    place = np.insert(pairs.place, at[~is_there], own.place[~is_there])
    facility = np.insert(pairs.facility, at[~is_there], own.facility[~is_there])
    cost = np.insert(cost, at[~is_there], own.cost[~is_there])
    kept = ~is_unknown[place]
    return Pairs(place[kept], facility[kept], cost[kept])


@numba.njit(cache=True, nogil=True)
def _pairs(given, span):  # type: ignore[no-untyped-def]
    """Return places, numbers of facilities and costs, for the facilities from one to another."""
    graph, sources, standing, seen, ends, lies, most = given
    tail, head, barred = ends
    stands, f_edge, f_share, f_beside = standing
    node_first, node_edge, _, place_of, _, _ = lies
    many_nodes, many_edges = len(node_first) - 1, len(tail)
    dist, stops = np.full(many_nodes, np.inf), np.full(many_nodes, np.inf)
    reached = np.empty(many_nodes, np.int32)
    looked = np.full(many_edges, -1, np.int32)
    edges = np.empty(many_edges, np.int32)
    best = np.full(place_of.max() + 1, np.inf)
    touched = np.empty(len(best), np.int32)
    heap = (np.empty(1024), np.empty(1024, np.int32))
    o_place, o_facility = np.empty(4096, np.int32), np.empty(4096, np.int32)
    o_cost, found = np.empty(4096), 0
    for f in range(span[0], span[1]):
        own = sources[0][f], sources[0][f + 1]
        many, heap = search_upto(graph, sources, own, most, dist, reached, heap)
        many_looked = 0
        for k in range(stands[f], stands[f + 1]):
            e = f_edge[k]
            if looked[e] != f:
                looked[e], edges[many_looked] = f, e
                many_looked += 1
            for n, share in ((tail[e], 0.0), (head[e], 1.0)):
                if barred[n] and f_share[k] == share:
                    stops[n] = min(stops[n], f_beside[k])
        many_own = many_looked
        for z in range(many):
            n = reached[z]
            for q in range(node_first[n], node_first[n + 1]):
                e = node_edge[q]
                if looked[e] != f:
                    looked[e], edges[many_looked] = f, e
                    many_looked += 1
        many_touched = 0
        for z in range(many_looked):
            first, last = (stands[f], stands[f + 1]) if z < many_own else (0, 0)
            many_touched = _along_edge(
                *(edges[z], (first, last), standing, seen, ends, lies),
                *(dist, stops, most, best, touched, many_touched),
            )
        while found + many_touched > len(o_place):
            o_place = np.concatenate((o_place, np.empty_like(o_place)))
            o_facility = np.concatenate((o_facility, np.empty_like(o_facility)))
            o_cost = np.concatenate((o_cost, np.empty_like(o_cost)))
        for place in np.sort(touched[:many_touched]):
            o_place[found], o_facility[found], o_cost[found] = place, f, best[place]
            best[place] = np.inf
            found += 1
        for z in range(many):
            dist[reached[z]] = np.inf
        for k in range(stands[f], stands[f + 1]):
            stops[tail[f_edge[k]]] = stops[head[f_edge[k]]] = np.inf
    return o_place[:found], o_facility[:found], o_cost[:found]


@numba.njit(cache=True, nogil=True)
def _along_edge(  # type: ignore[no-untyped-def]
    e, own, standing, seen, ends, lies, dist, stops, most, best, touched, many_touched
):
    """Lower what the ways of the places on an edge cost; `own` are a facility's entrances there.

    Whom an end of the edge stops gets to what stands there; who stands there too goes anywhere.
    """
    tail, head, barred = ends
    _, f_edge, f_share, f_beside = standing
    _, _, edge_first, place_of, shares, besides = lies
    ahead, back = seen[0][e], seen[1][e]
    n, m = tail[e], head[e]
    at_tail = stops[n] if barred[n] else dist[n]
    at_head = stops[m] if barred[m] else dist[m]
    for q in range(edge_first[e], edge_first[e + 1]):
        share = shares[q]
        cost = dist[n] if share == 0.0 else at_tail + back * share
        cost = min(cost, dist[m] if share == 1.0 else at_head + ahead * (1.0 - share))
        for k in range(own[0], own[1]):
            if f_edge[k] == e:
                apart = f_share[k] - share
                along = 0.0
                if apart > 0:
                    along = ahead * apart
                elif apart < 0:
                    along = back * -apart
                cost = min(cost, along + f_beside[k])
        cost += besides[q]
        if cost <= most and cost < best[place_of[q]]:
            if np.isinf(best[place_of[q]]):
                touched[many_touched] = place_of[q]
                many_touched += 1
            best[place_of[q]] = cost
    return many_touched
