"""Small networks of streets, written down as nodes and lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from planning.reach.nearest import sources_of, standing
from planning.reach.records import (
    Costs,
    Direction,
    Graph,
    Labels,
    Metric,
    Mode,
    Network,
    Places,
    Quality,
)
from planning.reach.shortest import nearest_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planning.reach.nearest import Standing

#: From, to, bends between, and what differs from a plain street: level, one_way.
Street = tuple[str, str, Sequence[tuple[float, float]], dict[str, int]]


def network_of(nodes: Mapping[str, tuple[float, float]], streets: Sequence[Street]) -> Network:
    """Return a network; every street is as long as its line."""
    names = list(nodes)
    lines = [np.array([nodes[a], *bends, nodes[b]], dtype=float) for a, b, bends, _ in streets]
    steps = [np.hypot(*np.diff(line, axis=0).T) for line in lines]
    many, edges = len(names), len(streets)
    return Network(
        node_key=np.array(names, dtype=object),
        xy=np.array(list(nodes.values()), dtype=float),
        height_m=np.full(many, np.nan, dtype=np.float32),
        part=np.zeros(many, dtype=np.int32),
        barred=np.zeros(many, dtype=np.uint8),
        edge_key=np.array([f"roads/{k}" for k in range(edges)], dtype=object),
        tail=np.array([names.index(a) for a, *_ in streets], dtype=np.int32),
        head=np.array([names.index(b) for _, b, *_ in streets], dtype=np.int32),
        length_m=np.array([step.sum() for step in steps]),
        road_class=np.zeros(edges, dtype=np.int16),
        level=np.array([said.get("level", 0) for *_, said in streets], dtype=np.int16),
        one_way=np.array([said.get("one_way", 0) for *_, said in streets], dtype=np.int8),
        shut=np.zeros(edges, dtype=np.uint8),
        climb_m=np.zeros(edges, dtype=np.float32),
        drop_m=np.zeros(edges, dtype=np.float32),
        slope_known=np.zeros(edges, dtype=np.bool_),
        max_speed_kmh=np.full(edges, np.nan, dtype=np.float32),
        width_m=np.full(edges, np.nan, dtype=np.float32),
        planned=np.full(edges, -1, dtype=np.int32),
        piece=np.concatenate([np.hstack([line[:-1], line[1:]]) for line in lines]),
        piece_edge=np.repeat(np.arange(edges, dtype=np.int32), [len(step) for step in steps]),
        piece_at_m=np.concatenate([np.cumsum(step) - step for step in steps]),
        part_length_m=np.array([sum(step.sum() for step in steps)]),
        classes=("residential",),
        plans=(),
        quality=Quality({}, {}, [], is_cut=False),
    )


def metres(network: Network, mode: Mode = Mode.WALK) -> Costs:
    """Return the lengths of streets; whoever walks minds no one-way street."""
    drives = mode is not Mode.WALK
    ahead, back = network.length_m.copy(), network.length_m.copy()
    ahead[drives & (network.one_way == -1)] = np.inf
    back[drives & (network.one_way == 1)] = np.inf
    return Costs(mode, Metric.METRES, ahead, back)


def labels_of(
    network: Network,
    costs: Costs,
    at: Sequence[tuple[int, float]],
    direction: Direction = Direction.TO,
) -> tuple[Labels, Standing]:
    """Return what a search from facilities finds, which stand on (edge, metres from its tail)."""
    many = len(at)
    edge = np.array([e for e, _ in at], dtype=np.int32)
    places = Places(
        start=np.arange(many + 1, dtype=np.int32),
        edge=edge,
        at_m=np.array([metres for _, metres in at], dtype=float),
        offset_m=np.zeros(many),
        xy=np.zeros((many, 2)),
        state=np.zeros(many, dtype=np.uint8),
    )
    facilities = standing(network, places, np.arange(many, dtype=np.int32), 1.0)
    ways = costs.ahead, costs.back
    there, away = ways if direction is Direction.FROM else ways[::-1]
    tail = np.concatenate([network.tail, network.head])
    to = np.concatenate([network.head, network.tail])
    cost = np.concatenate([there, away])
    order = [k for k in np.argsort(tail, kind="stable") if np.isfinite(cost[k])]
    start = np.searchsorted(tail[order], np.arange(network.nodes + 1))
    graph = Graph(
        start=start.astype(np.int32),
        to=to[order],
        cost=cost[order],
        edge=np.array(order, dtype=np.int32) % network.edges,
        towards=direction is Direction.TO,
    )
    return nearest_of(graph, sources_of(network, costs, facilities, direction)), facilities


def streets_of(network: Network) -> shapely.Geometry:
    """Return all streets at the level of the ground as one geometry."""
    ground = network.level[network.piece_edge] == 0
    return shapely.multilinestrings(shapely.linestrings(network.piece[ground].reshape(-1, 2, 2)))
