"""The way that a place goes to its nearest facility, street by street.

Labels say how far it is from each node; a way goes from node to node where what is left of it is
just what the next street takes, until a facility stands beside the street.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely
from shapely import LineString

from planning.reach.fields import Reached, lines_of
from planning.reach.nearest import as_seen, part_of
from planning.reach.records import NOBODY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planning.reach.nearest import Standing, Where
    from planning.reach.records import Costs, Direction, Labels, Network

#: What sums in another order may differ by.
_SAME: Final = 1e-6


class Stretch(NamedTuple):
    """A part of an edge that is gone along, in shares of it from its tail."""

    edge: int
    begin: float
    end: float


class _Search(NamedTuple):
    """What a way is found with."""

    network: Network
    costs: Costs
    direction: Direction
    labels: Labels
    facilities: Standing


def way_of(
    labels: Labels,
    network: Network,
    costs: Costs,
    facilities: Standing,
    at: Where,
    direction: Direction,
    entrance: int,
) -> list[Stretch] | None:
    """Return the shortest way from an entrance of `at` to a facility; None where there is none.

    It is told from the place on, also where the facility comes to the place.
    """
    search = _Search(network, costs, direction, labels, facilities)
    edge, share = int(at.edge[entrance]), float(at.share[entrance])
    ways = [
        (cost, whose, [Stretch(edge, share, there)], -1)
        for cost, there, whose in _beside(search, edge, share)
    ]
    for node, end in ((int(network.tail[edge]), 0.0), (int(network.head[edge]), 1.0)):
        there, whose, onwards = float(labels.dist[node]), int(labels.owner[node]), node
        if _stops(search, node) and share != end:
            (there, whose), onwards = _standing_at(search, node), -1
        cost = _part(search, edge, share, end) + there
        ways.append((cost, whose, [Stretch(edge, share, end)], onwards))
    # Of equal ways the one to the facility with the smaller number counts, as in `nearest`.
    cost, _, stretches, node = min(
        ways, default=(np.inf, NOBODY, [], -1), key=lambda one: (one[0], one[1])
    )
    if not np.isfinite(cost):
        return None
    on = [] if node < 0 else _onwards(search, node)
    return None if on is None else [one for one in (*stretches, *on) if one.begin != one.end]


def line_of(network: Network, stretches: Sequence[Stretch]) -> LineString | None:
    """Return a way as one line; None for a way along no street."""
    if not stretches:
        return None
    edge = np.array([one.edge for one in stretches], dtype=np.int32)
    both = np.array([(one.begin, one.end) for one in stretches]) * network.length_m[edge, None]
    lines = lines_of(network, Reached(edge, both.min(axis=1), both.max(axis=1)))
    points = [
        shapely.get_coordinates(line)[:: 1 if one.begin < one.end else -1]
        for line, one in zip(lines, stretches, strict=True)
    ]
    found = shapely.remove_repeated_points(LineString(np.concatenate(points)))
    return found if found.length > 0 else None


def _onwards(search: _Search, node: int) -> list[Stretch] | None:
    """Return the way from a node to the facility that owns it.

    Streets without length lead to nodes that are no nearer; from one that leads nowhere else the
    next one is tried.
    """
    network, dist, owner = search.network, search.labels.dist, search.labels.owner
    mine, begin = int(owner[node]), node
    came: dict[int, tuple[int, Stretch]] = {}
    waiting = [begin]
    while waiting:
        node = waiting.pop()
        left, steps = float(dist[node]), []
        for edge in np.flatnonzero((network.tail == node) | (network.head == node)).tolist():
            ends = ((int(network.tail[edge]), 0.0), (int(network.head[edge]), 1.0))
            for here, share in ends:
                if here != node:
                    continue
                for cost, there, whose in _beside(search, edge, share):
                    if whose == mine and abs(cost - left) <= _SAME:
                        return [*_way_to(came, node), Stretch(edge, share, there)]
                other, end = ends[0] if share == 1.0 else ends[1]
                along = _part(search, edge, share, end)
                if _stops(search, other):
                    # Nobody passes, but the facility may stand there, beside whatever street.
                    if abs(along + _standing_at(search, other, mine)[0] - left) <= _SAME:
                        return [*_way_to(came, node), Stretch(edge, share, end)]
                    continue
                is_way = owner[other] == mine and abs(along + float(dist[other]) - left) <= _SAME
                if is_way and other != begin and other not in came:
                    steps.append((float(dist[other]), other, Stretch(edge, share, end)))
        # The nearest is taken up first.
        for _, other, stretch in sorted(steps, reverse=True):
            came[other] = (node, stretch)
            waiting.append(other)
    return None


def _way_to(came: Mapping[int, tuple[int, Stretch]], node: int) -> list[Stretch]:
    """Return the way to a node, from the first one on."""
    way = []
    while node in came:
        node, stretch = came[node]
        way.append(stretch)
    return way[::-1]


def _standing_at(search: _Search, node: int, mine: int | None = None) -> tuple[float, int]:
    """Return what the nearest facility that stands at a node which nobody passes costs, and whose.

    With `mine` this facility alone counts.
    """
    network = search.network
    found = [
        (cost, whose)
        for edge in np.flatnonzero((network.tail == node) | (network.head == node)).tolist()
        for end, share in ((network.tail[edge], 0.0), (network.head[edge], 1.0))
        for cost, there, whose in _beside(search, edge, share)
        if end == node and there == share and mine in (None, whose)
    ]
    return min(found, default=(np.inf, NOBODY))


def _beside(search: _Search, edge: int, share: float) -> list[tuple[float, float, int]]:
    """Return what it costs from a place on an edge to each facility on it, where, and whose."""
    found = search.facilities
    rows = range(int(found.start[edge]), int(found.start[edge + 1]))
    return [
        (
            _part(search, edge, share, float(found.share[row])) + float(found.beside[row]),
            float(found.share[row]),
            int(found.owner[row]),
        )
        for row in rows
    ]


def _part(search: _Search, edge: int, begin: float, end: float) -> float:
    """Return what it costs to go along a part of an edge."""
    ahead, back = as_seen(search.costs, search.direction)
    if end >= begin:
        return float(part_of(ahead[edge], end - begin))
    return float(part_of(back[edge], begin - end))


def _stops(search: _Search, node: int) -> bool:
    return bool(search.network.barred[node] & search.costs.mode.bit)
