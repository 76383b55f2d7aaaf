"""From nodes to places: how far each place is from the nearest facility, and by which entrance.

Places and facilities stand beside edges, not at nodes. A way leads from the ground of the place
over its entrance along the edge to one of its ends, or straight to a facility on the same edge,
each in the direction in which one may move; the straight lines beside the streets are part of it at
both ends. A node that a mode does not get past ends ways and begins them, and none leads through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from planning.reach.records import NOBODY, Direction, Nearest
from planning.reach.shortest import Sources

if TYPE_CHECKING:
    from planning.reach.records import Bools, Costs, Floats, Ints, Labels, Network, Places


class Standing(NamedTuple):
    """Entrances of facilities of a kind, by edge: those of edge e are `start[e] : start[e + 1]`."""

    start: Ints
    edge: Ints
    #: Share of the edge from its tail, 0 to 1.
    share: Floats
    #: Cost of the straight line beside the street.
    beside: Floats
    #: Number of the facility among all.
    owner: Ints


def standing(network: Network, places: Places, facilities: Ints, beside_cost: float) -> Standing:
    """Return the entrances of some facilities, by edge.

    `places` are those of all facilities, `facilities` the numbers of the ones meant;
    `beside_cost` is the cost of a metre beside the streets.
    """
    many = np.diff(places.start)[facilities]
    owner = np.repeat(facilities, many).astype(np.int32)
    row = np.repeat(places.start[facilities] - np.cumsum(many) + many, many) + np.arange(many.sum())
    edge = places.edge[row]
    order = np.lexsort((owner, places.at_m[row], edge))
    row, edge, owner = row[order], edge[order], owner[order]
    start = np.zeros(network.edges + 1, dtype=np.int32)
    np.cumsum(np.bincount(edge, minlength=network.edges), out=start[1:])
    share = shares_of_edges(network, edge, places.at_m[row])
    return Standing(start, edge, share, places.offset_m[row] * beside_cost, owner)


def shares_of_edges(network: Network, edge: Ints, at_m: Floats) -> Floats:
    """Return how far along its edge each place lies, as a share; 0 on edges without length."""
    length = network.length_m[edge]
    there = np.divide(at_m, length, out=np.zeros(len(edge)), where=length > 0)
    return np.clip(there, 0.0, 1.0)


def sources_of(network: Network, costs: Costs, places: Standing, direction: Direction) -> Sources:
    """Return where a search from facilities begins: at both ends of their edges.

    From an end that the mode does not get past the search does not go on; only from a facility that
    stands there itself it does, to its neighbours along the edges that lead away.
    """
    ahead, back = as_seen(costs, direction)
    # People who go to a facility come along the edge from its tail, or back from its head.
    from_tail = places.beside + _part(ahead[places.edge], places.share)
    from_head = places.beside + _part(back[places.edge], 1.0 - places.share)
    barred = _barred(network, costs)
    node, cost, owner = [], [], []
    for ends, at, is_there in (
        (network.tail, from_tail, places.share == 0.0),
        (network.head, from_head, places.share == 1.0),
    ):
        end = ends[places.edge]
        kept = np.isfinite(at)
        node.append(end[kept])
        cost.append(at[kept])
        owner.append(places.owner[kept])
        for row in np.flatnonzero(kept & barred[end] & is_there).tolist():
            arcs = _arcs_past(network, costs, int(end[row]), direction)
            node.append(arcs[0])
            cost.append(places.beside[row] + arcs[1])
            owner.append(np.full(len(arcs[0]), places.owner[row]))
    return Sources(
        np.concatenate(node).astype(np.int32),
        np.concatenate(cost).astype(np.float64),
        np.concatenate(owner).astype(np.int32),
    )


def _arcs_past(
    network: Network, costs: Costs, node: int, direction: Direction
) -> tuple[Ints, Floats]:
    """Return the neighbours of a node that stops a mode, and what the edges to them cost.

    The graph leaves those arcs out, since nobody passes; who stands there may go.
    """
    ahead, back = as_seen(costs, direction)
    at_tail, at_head = np.flatnonzero(network.tail == node), np.flatnonzero(network.head == node)
    to = np.concatenate([network.head[at_tail], network.tail[at_head]])
    cost = np.concatenate([back[at_tail], ahead[at_head]])
    return to[np.isfinite(cost)], cost[np.isfinite(cost)]


def as_seen(costs: Costs, direction: Direction) -> tuple[Floats, Floats]:
    """Return the costs along edges, tail to head and back, of somebody who goes to a facility.

    Somebody who comes from it moves the other way along the same line.
    """
    if direction is Direction.TO:
        return costs.ahead, costs.back
    return costs.back, costs.ahead


def _barred(network: Network, costs: Costs) -> Bools:
    return np.asarray((network.barred & costs.mode.bit) != 0)


def _at_barriers(network: Network, costs: Costs, places: Standing) -> tuple[Floats, Ints]:
    """Return of each node that stops the mode what the nearest facility that stands there costs.

    Who comes to such a node gets to them and to no other. `inf` and NOBODY at all other nodes.
    """
    barred = _barred(network, costs)
    cost = np.full(network.nodes, np.inf)
    owner = np.full(network.nodes, NOBODY, dtype=np.int32)
    for ends, share in ((network.tail, 0.0), (network.head, 1.0)):
        end = ends[places.edge]
        there = barred[end] & (places.share == share)
        for row in np.flatnonzero(there).tolist():
            node = end[row]
            found = (places.beside[row], places.owner[row])
            cost[node], owner[node] = min((cost[node], owner[node]), found)
    return cost, owner


def _part(cost: Floats, share: Floats) -> Floats:
    """Return the cost of a share of an edge; who stands at a node is there, whatever edge it is."""
    with np.errstate(invalid="ignore"):
        return np.where(share == 0.0, 0.0, cost * share)


class Where(NamedTuple):
    """Entrances of places as the evaluation reads them: edge, share of it, cost beside it."""

    start: Ints
    edge: Ints
    share: Floats
    beside: Floats


def where(network: Network, places: Places, beside_cost: float) -> Where:
    """Return the entrances of places; `beside_cost` is the cost of a metre beside the streets."""
    share = shares_of_edges(network, places.edge, places.at_m)
    return Where(places.start, places.edge, share, places.offset_m * beside_cost)


def nearest(
    labels: Labels,
    network: Network,
    costs: Costs,
    facilities: Standing,
    at: Where,
    direction: Direction,
    *,
    rows: Ints | None = None,
) -> Nearest:
    """Return what the way of each place to the nearest facility costs, and by which entrance.

    With `rows` of these places only, in their order. Of equal ways the one to the facility with
    the smaller number counts, then the one over the nearer entrance.
    """
    if rows is None:
        rows = np.arange(len(at.start) - 1, dtype=np.int32)
    found = Nearest(
        np.full(len(rows), np.inf),
        np.full(len(rows), -1, dtype=np.int32),
        np.full(len(rows), -1, dtype=np.int32),
        np.full(len(rows), np.nan),
    )
    _evaluate(
        rows,
        tuple(at),
        tuple(facilities),
        as_seen(costs, direction),
        (network.tail, network.head, _barred(network, costs)),
        (labels.dist, labels.owner),
        _at_barriers(network, costs, facilities),
        (found.cost, found.facility, found.entrance, found.beside),
    )
    return found


@numba.njit(cache=True, nogil=True)
def part_of(cost, share):  # type: ignore[no-untyped-def]
    """Return what a share of an edge costs; none of it costs nothing, even where nobody may go."""
    return 0.0 if share == 0.0 else cost * share


@numba.njit(cache=True, nogil=True)
def _evaluate(rows, at, standing, seen, ends, labels, barriers, out):  # type: ignore[no-untyped-def]
    start, edges, shares, besides = at
    f_start, _, f_share, f_beside, f_owner = standing
    ahead, back = seen
    tail, head, barred = ends
    dist, owner = labels
    stops, stops_owner = barriers
    cost, facility, entrance, beside = out
    for k in range(len(rows)):
        place = rows[k]
        for q in range(start[place], start[place + 1]):
            e, share, off = edges[q], shares[q], besides[q]
            # Whom an end stops gets to what stands there; who stands there too goes anywhere.
            n, m = tail[e], head[e]
            if barred[n] and share != 0.0:
                best, whose = part_of(back[e], share) + stops[n], stops_owner[n]
            else:
                best, whose = part_of(back[e], share) + dist[n], owner[n]
            if barred[m] and share != 1.0:
                over_head, other = part_of(ahead[e], 1.0 - share) + stops[m], stops_owner[m]
            else:
                over_head, other = part_of(ahead[e], 1.0 - share) + dist[m], owner[m]
            if over_head < best or (over_head == best and other < whose):
                best, whose = over_head, other
            for f in range(f_start[e], f_start[e + 1]):
                apart = f_share[f] - share
                along = part_of(ahead[e], apart) if apart >= 0 else part_of(back[e], -apart)
                along += f_beside[f]
                if along < best or (along == best and f_owner[f] < whose):
                    best, whose = along, f_owner[f]
            best += off
            if best < cost[k] or (best == cost[k] and not np.isinf(best) and whose < facility[k]):
                cost[k], facility[k], entrance[k], beside[k] = best, whose, q, off
