"""Ten nodes and eleven streets whose distances anybody can add up.

y=300   H(100,300) ─────────────── 600 ────────────────┐ a bend, no node
          ┃ bridge, level 1,                            │ 300: G–H is one edge of 900
y=200   F━╋━━━━ 300 ━━━━ E(300,200) ━ 200 ━ D(500,200)  │
(0,200) │ ┃ 400 in all     │ 200             ↑ 200, C→D │
y=0     A━╋━━━━ 300 ━━━━ B(300,0) ━━ 200 ━━ C(500,0) ━━ G(700,0) 200
(0,0)     ┃ no node where it crosses A–B and F–E        A–F 200; a bollard at F
y=-100  J(0,-100) ─ 100 ─ I(100,-100)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from planning.reach.graph import graph_of
from planning.reach.nearest import nearest, sources_of, standing, where
from planning.reach.parameters import parameters
from planning.reach.records import (
    Direction,
    Metric,
    Mode,
    NodeRows,
    Places,
    PlaceState,
    RoadRows,
)
from planning.reach.shortest import nearest_of
from planning.reach.speeds import costs
from planning.reach.topology import build_network

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planning.reach.records import Costs, Floats, Nearest, Network, Objects

NODES = {
    "A": (0, 0),
    "B": (300, 0),
    "C": (500, 0),
    "D": (500, 200),
    "E": (300, 200),
    "F": (0, 200),
    "G": (700, 0),
    "H": (100, 300),
    "I": (100, -100),
    "J": (0, -100),
}


class Street(NamedTuple):
    """A street between two nodes, straight or over other points."""

    ends: str
    over: Sequence[tuple[float, float]] = ()
    one_way: int = 0
    level: int = 0
    road_class: str = "residential"
    access: str = ""
    planned_by: str = ""


STREETS = (
    *(Street("AB"), Street("BC"), Street("CD", one_way=1), Street("BE"), Street("ED")),
    *(Street("AF"), Street("FE"), Street("CG"), Street("GH", over=[(700, 300)])),
    *(Street("HI", level=1), Street("IJ")),
)
BARRIERS = {"F": "bollard"}


def town(
    streets: Sequence[Street] = STREETS,
    nodes: Mapping[str, tuple[float, float]] = NODES,
    barriers: Mapping[str, str] = BARRIERS,
    **built: Any,
) -> Network:
    """Return the network of the town, or of another one."""
    return build_network(
        roads(streets, nodes),
        node_rows(nodes, barriers),
        parameters=parameters(),
        **built,
    )


def roads(
    streets: Sequence[Street] = STREETS, nodes: Mapping[str, tuple[float, float]] = NODES
) -> RoadRows:
    """Return the streets as rows."""
    rows = sorted(streets, key=lambda street: street.ends)
    key = words(street.ends for street in rows)
    axis = np.array(
        [shapely.LineString([nodes[row.ends[0]], *row.over, nodes[row.ends[1]]]) for row in rows],
        dtype=object,
    )
    nowhere = np.full(len(rows), np.nan)
    return RoadRows(
        key=key,
        axis=axis,
        from_node=words(row.ends[0] for row in rows),
        to_node=words(row.ends[1] for row in rows),
        road_class=words(row.road_class for row in rows),
        access=words(row.access for row in rows),
        planned_by=words(row.planned_by for row in rows),
        level=np.array([row.level for row in rows], dtype=np.int16),
        one_way=np.array([row.one_way for row in rows], dtype=np.int8),
        max_speed_kmh=nowhere,
        width_m=nowhere,
    )


def node_rows(
    nodes: Mapping[str, tuple[float, float]] = NODES, barriers: Mapping[str, str] = BARRIERS
) -> NodeRows:
    """Return the nodes as rows."""
    keys = sorted(nodes)
    return NodeRows(
        key=words(keys),
        xy=np.array([nodes[key] for key in keys], dtype=float).reshape(-1, 2),
        barrier=words(barriers.get(key, "") for key in keys),
    )


def words(values: Iterable[str]) -> Objects:
    """Return words as an array of objects."""
    return np.array(list(values), dtype=object)


def node(network: Network, key: str) -> int:
    """Return the number of a node."""
    return int(np.flatnonzero(network.node_key == key)[0])


def edge(network: Network, key: str) -> int:
    """Return the number of an edge."""
    return int(np.flatnonzero(network.edge_key == key)[0])


def standing_at(network: Network, *entrances: tuple[str, float, float]) -> Places:
    """Return places of one entrance each: street, metres from its first node, metres beside it."""
    edges = np.array([edge(network, key) for key, _, _ in entrances], dtype=np.int32)
    at_m = np.array([at for _, at, _ in entrances], dtype=float)
    xy = np.full((len(edges), 2), np.nan)
    for row, (one, at) in enumerate(zip(edges.tolist(), at_m.tolist(), strict=True)):
        mine = np.flatnonzero(network.piece_edge == one)
        begin = mine[np.searchsorted(network.piece_at_m[mine], at, side="right") - 1]
        x0, y0, x1, y1 = network.piece[begin]
        share = (at - network.piece_at_m[begin]) / (np.hypot(x1 - x0, y1 - y0) or 1.0)
        xy[row] = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
    return Places(
        start=np.arange(len(edges) + 1, dtype=np.int32),
        edge=edges,
        at_m=at_m,
        offset_m=np.array([beside for _, _, beside in entrances], dtype=float),
        xy=xy,
        state=np.full(len(edges), PlaceState.OK, dtype=np.uint8),
    )


def costs_of(network: Network, mode: Mode = Mode.WALK, metric: Metric = Metric.METRES) -> Costs:
    """Return the costs of a mode."""
    return costs(network, parameters().profiles[mode], metric)


def to_nodes(network: Network, key: str, mode: Mode = Mode.WALK) -> dict[str, float]:
    """Return how far it is from a node to each node."""
    place = node(network, key)
    leaving = np.flatnonzero((network.tail == place) | (network.head == place))
    from_tail = network.tail[leaving] == place
    at_m = np.where(from_tail, 0.0, network.length_m[leaving])
    facility = standing_at(
        network, *zip(network.edge_key[leaving], at_m, np.zeros(len(at_m)), strict=True)
    )
    asked = costs_of(network, mode)
    stand = standing(network, facility, np.arange(len(at_m), dtype=np.int32), 1.0)
    sources = sources_of(network, asked, stand, Direction.FROM)
    found = nearest_of(graph_of(network, asked, towards=False), sources).dist
    return dict(zip(network.node_key.tolist(), found.tolist(), strict=True))


def reached(
    network: Network,
    places: Places,
    facilities: Places,
    mode: Mode = Mode.WALK,
    metric: Metric = Metric.METRES,
    direction: Direction = Direction.TO,
) -> Nearest:
    """Return the nearest of all facilities for each place; a metre beside the streets costs 1."""
    asked = costs_of(network, mode, metric)
    stand = standing(network, facilities, np.arange(len(facilities), dtype=np.int32), 1.0)
    graph = graph_of(network, asked, towards=direction is Direction.TO)
    labels = nearest_of(graph, sources_of(network, asked, stand, direction))
    return nearest(labels, network, asked, stand, where(network, places, 1.0), direction)


def metres(one: Nearest) -> Floats:
    """Return what the ways cost, without the dust of sums."""
    return np.round(one.cost, 6)
