"""Shortest ways along a graph: from all facilities of a kind at once, and what one of them changes.

Dijkstra's search from many sources with a heap of four children a node (Dijkstra 1959; Johnson
1975). Of facilities that are equally far the one with the smaller number owns a node, in whatever
order arcs are looked at: what is found is the least (distance, owner) that no arc lowers, which is
the same whether it is found anew or from what was there before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numba
import numpy as np

from planning.reach.records import NOBODY, Labels

if TYPE_CHECKING:
    from planning.reach.records import Bools, Floats, Graph, Ints

_NOBODY: Final = NOBODY


class Sources(NamedTuple):
    """Nodes that a search begins at, what it costs to be there, and the facility it comes from."""

    node: Ints
    cost: Floats
    owner: Ints

    def of(self, kept: Bools) -> Sources:
        """Return some of the sources."""
        return Sources(self.node[kept], self.cost[kept], self.owner[kept])

    def and_also(self, others: Sources) -> Sources:
        """Return these and others."""
        return Sources(
            np.concatenate([self.node, others.node]),
            np.concatenate([self.cost, others.cost]),
            np.concatenate([self.owner, others.owner]),
        )


def nearest_of(graph: Graph, sources: Sources, *, most: float = np.inf) -> Labels:
    """Return how far it is from each node to the nearest source, and whose that is.

    Nodes beyond `most` are told as if there were no way.
    """
    dist = np.full(graph.nodes, np.inf)
    owner = np.full(graph.nodes, _NOBODY, dtype=np.int32)
    _grow(*_arcs(graph), *sources, most, dist, owner, _marks(graph))
    return Labels(dist, owner)


def with_source(graph: Graph, labels: Labels, new: Sources, others: Sources) -> tuple[Labels, Ints]:
    """Return labels with a facility more, as a search from nothing has them; the nodes changed.

    `others` are the sources of all that were there.
    """
    dist, owner, marks = labels.dist.copy(), labels.owner.copy(), _marks(graph)
    _grow(*_arcs(graph), *new, np.inf, dist, owner, marks)
    changed = np.flatnonzero(marks).astype(np.int32)
    losers = _unfounded(graph, labels, owner, changed)
    if not len(losers):
        return Labels(dist, owner), changed
    region = np.isin(owner, losers)
    dist[region], owner[region] = np.inf, _NOBODY
    everyone = new.and_also(others)
    _regrow(graph, region, everyone, dist, owner)
    differs = (dist != labels.dist) | (owner != labels.owner)
    return Labels(dist, owner), np.flatnonzero(differs).astype(np.int32)


def _unfounded(graph: Graph, before: Labels, owner: Ints, changed: Ints) -> Ints:
    """Return facilities that own a node because of another node, which is not theirs any more.

    That node came nearer to another facility, by so little that rounding hides it one arc on.
    """
    many = graph.start[changed + 1] - graph.start[changed]
    since = np.repeat(changed, many)
    arc = np.repeat(graph.start[changed] - np.cumsum(many) + many, many) + np.arange(many.sum())
    to = graph.to[arc]
    was_theirs = (before.owner[since] == owner[to]) & (owner[since] != owner[to])
    was_the_way = before.dist[since] + graph.cost[arc] == before.dist[to]
    return np.unique(owner[to[was_theirs & was_the_way]])


def without_source(
    graph: Graph, labels: Labels, gone: int, sources: Sources
) -> tuple[Labels, Ints]:
    """Return labels without a facility, as a search from nothing finds them; the nodes changed.

    `sources` are those of all facilities that stay. What the one that goes owned is reached anew
    from around it, and from sources within.
    """
    dist, owner = labels.dist.copy(), labels.owner.copy()
    region = owner == gone
    dist[region], owner[region] = np.inf, _NOBODY
    _regrow(graph, region, sources, dist, owner)
    return Labels(dist, owner), np.flatnonzero(region).astype(np.int32)


def _regrow(graph: Graph, region: Bools, sources: Sources, dist: Floats, owner: Ints) -> None:
    """Reach a region, of which nothing is known any more, from around it and from sources in it."""
    tail = np.repeat(np.arange(graph.nodes, dtype=np.int32), np.diff(graph.start))
    entering = np.flatnonzero(region[graph.to] & ~region[tail] & np.isfinite(dist[tail]))
    within = sources.of(region[sources.node])
    seeds = Sources(
        np.concatenate([graph.to[entering], within.node]),
        np.concatenate([dist[tail[entering]] + graph.cost[entering], within.cost]),
        np.concatenate([owner[tail[entering]], within.owner]),
    )
    _grow(*_arcs(graph), *seeds, np.inf, dist, owner, _marks(graph))


def nodes_within(graph: Graph, sources: Sources, limit: float) -> tuple[Ints, Floats]:
    """Return the nodes not farther than a limit from the nearest source, and how far they are."""
    labels = nearest_of(graph, sources, most=limit)
    found = np.flatnonzero(np.isfinite(labels.dist)).astype(np.int32)
    return found, labels.dist[found]


def _arcs(graph: Graph) -> tuple[Ints, Ints, Floats]:
    return graph.start, graph.to, graph.cost


def _marks(graph: Graph) -> Bools:
    return np.zeros(graph.nodes, dtype=np.bool_)


@numba.njit(cache=True, nogil=True)
def _up(keys, nodes, place, key, node):  # type: ignore[no-untyped-def]
    """Put an entry at a place of the heap, or above it."""
    while place > 0:
        above = (place - 1) >> 2
        if keys[above] <= key:
            break
        keys[place], nodes[place] = keys[above], nodes[above]
        place = above
    keys[place], nodes[place] = key, node


@numba.njit(cache=True, nogil=True)
def _down(keys, nodes, size, key, node):  # type: ignore[no-untyped-def]
    """Put an entry at the top of the heap, or below it."""
    place = 0
    while True:
        first = 4 * place + 1
        if first >= size:
            break
        least = first
        for child in range(first + 1, min(first + 4, size)):
            if keys[child] < keys[least]:
                least = child
        if keys[least] >= key:
            break
        keys[place], nodes[place] = keys[least], nodes[least]
        place = least
    keys[place], nodes[place] = key, node


@numba.njit(cache=True, nogil=True)
def _roomier(keys, nodes):  # type: ignore[no-untyped-def]
    """Return a heap with twice the room."""
    more_keys, more_nodes = np.empty(2 * len(keys)), np.empty(2 * len(nodes), np.int32)
    more_keys[: len(keys)], more_nodes[: len(nodes)] = keys, nodes
    return more_keys, more_nodes


@numba.njit(cache=True, nogil=True)
def _grow(start, to, cost, node, at, of, most, dist, owner, marks):  # type: ignore[no-untyped-def]
    """Lower `dist` and `owner` as far as sources and arcs allow; mark the nodes that changed."""
    room = len(node) + 1024
    keys, nodes, size = np.empty(room), np.empty(room, np.int32), 0
    for k in range(len(node)):
        n, d = node[k], at[k]
        if d <= most and (d < dist[n] or (d == dist[n] and of[k] < owner[n])):
            dist[n], owner[n], marks[n] = d, of[k], True
            _up(keys, nodes, size, d, n)
            size += 1
    while size > 0:
        d, n = keys[0], nodes[0]
        size -= 1
        _down(keys, nodes, size, keys[size], nodes[size])
        if d > dist[n]:
            continue
        for arc in range(start[n], start[n + 1]):
            m, further = to[arc], d + cost[arc]
            if further > most:
                continue
            if further < dist[m] or (further == dist[m] and owner[n] < owner[m]):
                dist[m], owner[m], marks[m] = further, owner[n], True
                if size == len(keys):
                    keys, nodes = _roomier(keys, nodes)
                _up(keys, nodes, size, further, m)
                size += 1


@numba.njit(cache=True, nogil=True)
def search_upto(graph, sources, rows, most, dist, reached, heap):  # type: ignore[no-untyped-def]
    """Fill in how far nodes are from some sources, which they are, and return how many.

    `dist` is `inf` everywhere and is made so again by the caller. Also returned is the heap.
    """
    start, to, cost = graph
    keys, nodes = heap
    size, many = 0, 0
    for k in range(rows[0], rows[1]):
        n, d = sources[1][k], sources[2][k]
        if d <= most and d < dist[n]:
            if np.isinf(dist[n]):
                reached[many] = n
                many += 1
            dist[n] = d
            if size == len(keys):
                keys, nodes = _roomier(keys, nodes)
            _up(keys, nodes, size, d, n)
            size += 1
    while size > 0:
        d, n = keys[0], nodes[0]
        size -= 1
        _down(keys, nodes, size, keys[size], nodes[size])
        if d > dist[n]:
            continue
        for arc in range(start[n], start[n + 1]):
            m, further = to[arc], d + cost[arc]
            if further > most or further >= dist[m]:
                continue
            if np.isinf(dist[m]):
                reached[many] = m
                many += 1
            dist[m] = further
            if size == len(keys):
                keys, nodes = _roomier(keys, nodes)
            _up(keys, nodes, size, further, m)
            size += 1
    return many, (keys, nodes)
