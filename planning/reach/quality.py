"""What looks wrong in a network. Nothing is mended: whoever sent it is told where to look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from planning.reach.records import Issue, Mode, Quality

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from planning.reach.records import Bools, Floats, Ints, Network, Objects

    Rows = NDArray[np.intp]

#: Of each kind so many are listed; counts know all.
MOST_LISTED: Final = 2000
#: A dead end so near another street was probably meant to meet it.
_NEAR_M: Final = 2.0
#: Two streets between the same nodes that are nowhere farther apart are one, drawn twice.
_SAME_M: Final = 1.0
#: Dead ends so near the hull of all streets are where the data end.
_RIM_M: Final = 50.0
_TOGETHER_M: Final = 0.01
#: Classes that only paths for people on foot have.
_PATHS: Final = ("footway", "path", "steps", "pedestrian")


def quality_of(
    network: Network, left_out: Mapping[str, int], barriers: Objects | None = None
) -> Quality:
    """Return the report of a network.

    `left_out` is counted already, by what it is; `barriers` are water and railways, which streets
    on the ground cross by error or at grade.
    """
    counts: dict[str, int] = dict(left_out)
    metres = {
        "streets": float(network.length_m.sum()),
        "no_heights": float(network.length_m[~network.slope_known].sum()),
    }
    listed: list[Issue] = []
    is_cut = False
    for kind, found in _findings(network, barriers):
        counts[kind] = len(found)
        metres[kind] = float(sum(one.metres for one in found))
        listed += found[:MOST_LISTED]
        is_cut |= len(found) > MOST_LISTED
    counts["parts"] = len(network.part_length_m)
    counts["paths"] = int(np.isin(_classes(network), _PATHS).sum())
    for mode in (Mode.MOTORBIKE, Mode.CAR):
        number, outside_m = _strong_parts(network, mode)
        counts[f"strong_parts_{mode}"], metres[f"strong_parts_{mode}"] = number, outside_m
    return Quality(counts=counts, metres=metres, issues=tuple(listed), is_cut=is_cut)


def _findings(network: Network, barriers: Objects | None) -> Iterator[tuple[str, list[Issue]]]:
    degree = np.bincount(
        np.concatenate([network.tail, network.head]).astype(np.intp), minlength=network.nodes
    )
    dead = np.flatnonzero(degree == 1)
    at_rim = _at_rim(network)[dead]
    yield "dead_ends", [_of_node(network, "dead_ends", row) for row in dead[~at_rim].tolist()]
    yield (
        "dead_ends_at_rim",
        [_of_node(network, "dead_ends_at_rim", row) for row in dead[at_rim].tolist()],
    )
    yield "small_parts", _small_parts(network)
    for kind, rows in _plain_edges(network, degree).items():
        yield kind, [_of_edge(network, kind, row) for row in rows.tolist()]
    yield "crossings_without_node", _crossings(network)
    yield "near_misses", _near_misses(network, dead)
    yield "nodes_together", _nodes_together(network)
    yield "duplicates", _duplicates(network)
    if barriers is not None and len(barriers):
        yield "crosses_barriers", _across(network, barriers)


def _plain_edges(network: Network, degree: Rows) -> dict[str, Rows]:
    """Return edges that show what is wrong by their ends and length alone."""
    tail, head = network.tail, network.head
    to = np.where(network.one_way == -1, tail, head)
    since = np.where(network.one_way == -1, head, tail)
    may_drive = (network.shut & Mode.MOTORBIKE.bit) == 0
    leaves = np.zeros(network.nodes, dtype=np.bool_)
    enters = np.zeros(network.nodes, dtype=np.bool_)
    for ahead, begin, end in ((1, tail, head), (-1, head, tail)):
        open_rows = may_drive & (network.one_way != -ahead)
        leaves[begin[open_rows]] = True
        enters[end[open_rows]] = True
    one_way = (network.one_way != 0) & may_drive
    in_the_air = (network.level != 0) & (degree[tail] == 1) & (degree[head] == 1)
    return {
        "loops": np.flatnonzero(tail == head),
        "zero_lengths": np.flatnonzero(network.length_m == 0),
        "leads_nowhere": np.flatnonzero(one_way & ~leaves[to]),
        "comes_from_nowhere": np.flatnonzero(one_way & ~enters[since]),
        "bridges_in_the_air": np.flatnonzero(in_the_air),
    }


def _small_parts(network: Network) -> list[Issue]:
    """Return all parts but the longest, with their metres and a place on each."""
    if len(network.part_length_m) < 2:
        return []
    order = np.argsort(-network.part_length_m, kind="stable")
    first = np.full(len(order), -1)
    first[network.part[::-1]] = np.arange(network.nodes)[::-1]
    return [
        Issue(
            "small_parts",
            (str(network.node_key[first[part]]),),
            _point(network.xy[first[part]]),
            float(network.part_length_m[part]),
        )
        for part in order[1:].tolist()
    ]


def _strong_parts(network: Network, mode: Mode) -> tuple[int, float]:
    """Return how many parts a mode can go round in, and the metres of street outside the largest.

    Parts of one node have no street to go round on; they are counted by their streets alone.
    """
    may = (network.shut & mode.bit) == 0
    ahead, back = may & (network.one_way != -1), may & (network.one_way != 1)
    begin = np.concatenate([network.tail[ahead], network.head[back]])
    end = np.concatenate([network.head[ahead], network.tail[back]])
    if not len(begin):
        return 0, 0.0
    shape = (network.nodes, network.nodes)
    joined = coo_matrix((np.ones(len(begin), dtype=np.int8), (begin, end)), shape=shape)
    part = connected_components(joined, directed=True, connection="strong")[1]
    inside = may & (part[network.tail] == part[network.head])
    long = np.bincount(part[network.tail[inside]], network.length_m[inside])
    total = float(network.length_m[may].sum())
    return int((long > 0).sum()), total - float(long.max(initial=0.0))


def _crossings(network: Network) -> list[Issue]:
    """Return streets of one level that cross without a node, each pair of pieces once."""
    piece, of = network.piece, network.piece_edge
    one, other = _pairs(piece)
    first, second = of[one], of[other]
    apart = (network.level[first] == network.level[second]) & ~_share_a_node(network, first, second)
    one, other = one[apart], other[apart]
    a, b = piece[one], piece[other]
    p, r = a[:, :2], a[:, 2:] - a[:, :2]
    q, s = b[:, :2], b[:, 2:] - b[:, :2]
    turn = r[:, 0] * s[:, 1] - r[:, 1] * s[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = ((q - p)[:, 0] * s[:, 1] - (q - p)[:, 1] * s[:, 0]) / turn
        u = ((q - p)[:, 0] * r[:, 1] - (q - p)[:, 1] * r[:, 0]) / turn
    crossed = np.flatnonzero((turn != 0) & (t > 0) & (t < 1) & (u > 0) & (u < 1))
    places = p[crossed] + t[crossed, None] * r[crossed]
    return [
        Issue(
            "crossings_without_node",
            (str(network.edge_key[of[one[row]]]), str(network.edge_key[of[other[row]]])),
            _point(place),
        )
        for row, place in zip(crossed.tolist(), places, strict=True)
    ]


def _near_misses(network: Network, dead: Rows) -> list[Issue]:
    """Return dead ends beside a street of their level that they do not meet."""
    if not len(dead):
        return []
    lines = _lines(network.piece)
    points = _points(network.xy[dead])
    point, piece = shapely.STRtree(lines).query(points, predicate="dwithin", distance=_NEAR_M)
    node, edge = dead[point], network.piece_edge[piece]
    ends = np.concatenate([network.tail, network.head])
    own = np.tile(np.arange(network.edges), 2)[np.argsort(ends, kind="stable")]
    own_edge = own[np.searchsorted(np.sort(ends), node)]
    missed = (network.level[own_edge] == network.level[edge]) & ~_share_a_node(
        network, own_edge, edge
    )
    pairs = sorted(set(zip(node[missed].tolist(), edge[missed].tolist(), strict=True)))
    return [
        Issue(
            "near_misses",
            (str(network.node_key[row]), str(network.edge_key[street])),
            _point(network.xy[row]),
        )
        for row, street in pairs
    ]


def _nodes_together(network: Network) -> list[Issue]:
    """Return nodes of different names at one place that no street joins."""
    points = _points(network.xy)
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=_TOGETHER_M)
    joined = set(zip(network.tail.tolist(), network.head.tolist(), strict=True))
    return [
        Issue(
            "nodes_together",
            (str(network.node_key[a]), str(network.node_key[b])),
            _point(network.xy[a]),
        )
        for a, b in zip(one.tolist(), other.tolist(), strict=True)
        if a < b and (a, b) not in joined and (b, a) not in joined
    ]


def _duplicates(network: Network) -> list[Issue]:
    """Return streets between the same two nodes that lie on each other."""
    low, high = np.minimum(network.tail, network.head), np.maximum(network.tail, network.head)
    name = low.astype(np.int64) * network.nodes + high
    order = np.argsort(name, kind="stable")
    many = np.bincount(np.unique(name, return_inverse=True)[1])
    found = []
    start = 0
    for size in many.tolist():
        group = order[start : start + size].tolist()
        start += size
        for place, one in enumerate(group):
            for other in group[place + 1 :]:
                apart = shapely.hausdorff_distance(_axis(network, one), _axis(network, other))
                if apart < _SAME_M:
                    keys = (str(network.edge_key[one]), str(network.edge_key[other]))
                    long = float(network.length_m[other])
                    found.append(Issue("duplicates", keys, _middle(network, other), long))
    return found


def _across(network: Network, barriers: Objects) -> list[Issue]:
    """Return streets on the ground that cross water or a railway."""
    rows = np.flatnonzero(network.level[network.piece_edge] == 0)
    lines = _lines(network.piece[rows])
    _, piece = shapely.STRtree(lines).query(barriers, predicate="intersects")
    edges = np.unique(network.piece_edge[rows[piece]])
    return [_of_edge(network, "crosses_barriers", row) for row in edges.tolist()]


def _pairs(piece: Floats) -> tuple[Ints, Ints]:
    """Return pieces that meet, each pair once."""
    lines = _lines(piece)
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    return one[one < other], other[one < other]


def _share_a_node(network: Network, one: Ints, other: Ints) -> Bools:
    a, b = network.tail, network.head
    return np.asarray(
        (a[one] == a[other]) | (a[one] == b[other]) | (b[one] == a[other]) | (b[one] == b[other])
    )


def _at_rim(network: Network) -> Bools:
    points = _points(network.xy)
    hull = shapely.convex_hull(shapely.multipoints(points))
    return np.asarray(shapely.distance(shapely.boundary(hull), points) <= _RIM_M)


def _lines(piece: Floats) -> Objects:
    return np.asarray(shapely.linestrings(piece.reshape(-1, 2, 2)), dtype=object)


def _points(xy: Floats) -> Objects:
    return np.asarray(shapely.points(xy), dtype=object)


def _axis(network: Network, edge: int) -> shapely.LineString:
    begin, end = np.searchsorted(network.piece_edge, [edge, edge + 1])
    mine = network.piece[begin:end]
    return shapely.LineString(np.vstack([mine[:, :2], mine[-1:, 2:]]))


def _middle(network: Network, edge: int) -> tuple[float, float]:
    begin, end = np.searchsorted(network.piece_edge, [edge, edge + 1])
    if begin == end:
        return _point(network.xy[network.tail[edge]])
    x0, y0, x1, y1 = network.piece[(begin + end) // 2]
    return float(x0 + x1) / 2, float(y0 + y1) / 2


def _of_edge(network: Network, kind: str, edge: int) -> Issue:
    long = float(network.length_m[edge])
    return Issue(kind, (str(network.edge_key[edge]),), _middle(network, edge), long)


def _of_node(network: Network, kind: str, node: int) -> Issue:
    return Issue(kind, (str(network.node_key[node]),), _point(network.xy[node]))


def _point(xy: Floats) -> tuple[float, float]:
    return float(xy[0]), float(xy[1])


def _classes(network: Network) -> Objects:
    return np.array(network.classes, dtype=object)[network.road_class]
