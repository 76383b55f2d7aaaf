"""From edges to arcs: the graph that a search goes over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planning.reach.records import Graph

if TYPE_CHECKING:
    from planning.reach.records import Costs, Network


def graph_of(network: Network, costs: Costs, *, towards: bool) -> Graph:
    """Return the arcs that a mode may go along, each node's behind each other.

    With `towards` arcs are turned round, so that a search from facilities finds the ways of those
    who go to them. A node that stops the mode is reached and not left. Parallel edges and loops
    are arcs of their own.
    """
    edge = np.arange(network.edges, dtype=np.int32)
    begin = np.concatenate([network.tail, network.head])
    end = np.concatenate([network.head, network.tail])
    cost = np.concatenate([costs.ahead, costs.back])
    if towards:
        begin, end = end, begin
    is_open = np.isfinite(cost) & ((network.barred[begin] & costs.mode.bit) == 0)
    begin, end, cost = begin[is_open], end[is_open], cost[is_open]
    edge = np.concatenate([edge, edge])[is_open]
    order = np.argsort(begin, kind="stable")
    return Graph(
        start=np.searchsorted(begin[order], np.arange(network.nodes + 1)).astype(np.int32),
        to=np.ascontiguousarray(end[order], dtype=np.int32),
        cost=np.ascontiguousarray(cost[order], dtype=np.float64),
        edge=np.ascontiguousarray(edge[order]),
        towards=towards,
    )
