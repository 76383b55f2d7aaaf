"""From segments of streets to a network: what hangs together with what.

Segments meet at nodes that their sender named and nowhere else. Two that cross without a node, as a
bridge and the street beneath, are not joined; ends that lie together under different names are not
either. Whether that is meant is asked by quality.py, never decided here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from planning.reach.quality import quality_of
from planning.reach.records import Network, Quality
from planning.reach.slopes import with_slopes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from planning.reach.parameters import ReachParameters
    from planning.reach.records import (
        Bits,
        Floats,
        Ints,
        Mode,
        NodeRows,
        Objects,
        RoadRows,
    )
    from planning.reach.slopes import Heights


class Pieces(NamedTuple):
    """Straight pieces of edges: x0 y0 x1 y1, their edge, and where on it they begin, in metres."""

    piece: Floats
    edge: Ints
    at_m: Floats


def build_network(
    roads: RoadRows,
    nodes: NodeRows,
    *,
    parameters: ReachParameters,
    plan: str | None = None,
    grids: Sequence[Heights] = (),
    barriers: Objects | None = None,
) -> Network:
    """Return the network of the streets that exist, with those of a plan if one is named.

    Edges are in the order of `roads`, nodes along a Hilbert curve. Segments without the key of a
    node at both ends, or with one that `nodes` lacks, stay out and are counted in the quality.
    Slopes come from `grids`; `barriers`, water and railways, only say where streets cross them.
    """
    meant = _is_meant(roads.planned_by, plan)
    row_of = {key: row for row, key in enumerate(nodes.key.tolist())}
    ends = _ends(roads, row_of)
    is_joined = (ends >= 0).all(axis=0)
    rows = np.flatnonzero(meant & is_joined)
    used, number = np.unique(ends[:, rows], return_inverse=True)
    order = along_hilbert(nodes.xy[used])
    place = np.empty(len(used), dtype=np.int32)
    place[order] = np.arange(len(used), dtype=np.int32)
    tail, head = place[number.reshape(2, -1)]
    kept = used[order].astype(np.int32)
    left_out = {
        "segments_without_nodes": int((meant & ~is_joined).sum()),
        "nodes_without_segments": len(nodes) - len(kept),
        "barriers_unknown": _unknown(nodes.barrier[kept], parameters.barriers),
        "access_unknown": _unknown(_words(roads.access[rows]), parameters.access),
    }
    network = _network(roads, nodes, rows, kept, (tail, head), parameters)
    if len(grids):
        network = with_slopes(network, grids, parameters.slope)
    return replace(network, quality=quality_of(network, left_out, barriers))


def _network(
    roads: RoadRows,
    nodes: NodeRows,
    rows: NDArray[np.intp],
    kept: Ints,
    ends: tuple[Ints, Ints],
    parameters: ReachParameters,
) -> Network:
    tail, head = np.ascontiguousarray(ends[0]), np.ascontiguousarray(ends[1])
    classes, road_class = np.unique(roads.road_class[rows].astype(str), return_inverse=True)
    plans, planned = np.unique(roads.planned_by[rows].astype(str), return_inverse=True)
    named = tuple(code for code in plans.tolist() if code)
    axis = roads.axis[rows]
    length_m = np.asarray(shapely.length(axis), dtype=np.float64)
    part = parts_of(len(kept), tail, head)
    flat = np.zeros(len(rows), dtype=np.float32)
    pieces = pieces_of(axis)
    return Network(
        node_key=nodes.key[kept],
        xy=np.ascontiguousarray(nodes.xy[kept]),
        height_m=np.full(len(kept), np.nan, dtype=np.float32),
        part=part,
        barred=_bits(nodes.barrier[kept], parameters.barriers),
        edge_key=roads.key[rows],
        tail=tail,
        head=head,
        length_m=length_m,
        road_class=road_class.astype(np.int16),
        level=roads.level[rows].astype(np.int16),
        one_way=roads.one_way[rows].astype(np.int8),
        shut=_shut(roads, rows, parameters),
        climb_m=flat,
        drop_m=flat.copy(),
        slope_known=np.zeros(len(rows), dtype=np.bool_),
        max_speed_kmh=roads.max_speed_kmh[rows].astype(np.float32),
        width_m=roads.width_m[rows].astype(np.float32),
        planned=(planned - (len(plans) - len(named))).astype(np.int32),
        piece=pieces.piece,
        piece_edge=pieces.edge,
        piece_at_m=pieces.at_m,
        part_length_m=np.bincount(
            part[tail], weights=length_m, minlength=int(part.max(initial=-1)) + 1
        ).astype(np.float64),
        classes=tuple(classes.tolist()),
        plans=named,
        quality=Quality(counts={}, metres={}, issues=(), is_cut=False),
    )


def pieces_of(axes: Objects) -> Pieces:
    """Return the straight pieces of lines, those of a line behind each other."""
    points, line = shapely.get_coordinates(axes, return_index=True)
    follows = line[1:] == line[:-1]
    piece = np.hstack([points[:-1], points[1:]])[follows]
    edge = line[:-1][follows].astype(np.int32)
    long = np.hypot(piece[:, 2] - piece[:, 0], piece[:, 3] - piece[:, 1])
    at_m = np.zeros(len(edge))
    _begins(edge, long, at_m)
    return Pieces(np.ascontiguousarray(piece), edge, at_m)


@numba.njit(cache=True, nogil=True)
def _begins(edge, long, at_m):  # type: ignore[no-untyped-def]
    """Fill in where on its line each piece begins; what one line gets rests on no other."""
    for n in range(1, len(edge)):
        if edge[n] == edge[n - 1]:
            at_m[n] = at_m[n - 1] + long[n - 1]


def parts_of(nodes: int, tail: Ints, head: Ints) -> Ints:
    """Return of each node the number of the part it hangs together with."""
    if not nodes:
        return np.empty(0, dtype=np.int32)
    joined = coo_matrix((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(nodes, nodes))
    return np.asarray(connected_components(joined, directed=False)[1], dtype=np.int32)


def along_hilbert(xy: Floats) -> Ints:
    """Return the order of points along a Hilbert curve, so that neighbours lie near in memory."""
    if not len(xy):
        return np.empty(0, dtype=np.int32)
    low, side = xy.min(axis=0), float(np.ptp(xy, axis=0).max()) or 1.0
    x, y = ((xy - low) / side * 65535).astype(np.int64).T.copy()
    along = np.zeros(len(xy), dtype=np.int64)
    bit = 1 << 15
    while bit:
        right, upper = (x & bit) > 0, (y & bit) > 0
        along += bit * bit * ((3 * right) ^ upper)
        turned = ~upper
        mirrored = turned & right
        x[mirrored], y[mirrored] = 65535 - x[mirrored], 65535 - y[mirrored]
        x[turned], y[turned] = y[turned], x[turned].copy()
        bit >>= 1
    return np.argsort(along, kind="stable").astype(np.int32)


def _is_meant(planned_by: Objects, plan: str | None) -> NDArray[np.bool_]:
    exists = planned_by == ""
    return np.asarray(exists if not plan else exists | (planned_by == plan), dtype=np.bool_)


def _ends(roads: RoadRows, row_of: Mapping[str, int]) -> NDArray[np.int64]:
    """Return (2, segments): rows of the nodes at both ends, -1 where there is none."""
    sides = (roads.from_node.tolist(), roads.to_node.tolist())
    found = [[row_of.get(key, -1) if key else -1 for key in side] for side in sides]
    return np.array(found, dtype=np.int64).reshape(2, -1)


def _bits(words: Objects, stopped: Mapping[str, tuple[Mode, ...]]) -> Bits:
    """Return the modes that words keep out, each row one or several words parted by blanks."""
    bits = {
        text: np.bitwise_or.reduce(
            [mode.bit for word in text.split() for mode in stopped.get(word, ())] or [0]
        )
        for text in set(words.tolist())
    }
    return np.array([bits[text] for text in words.tolist()], dtype=np.uint8)


def _shut(roads: RoadRows, rows: NDArray[np.intp], parameters: ReachParameters) -> Bits:
    """Return the modes that may not use segments: by a word, by class, or for their width."""
    shut = _bits(roads.access[rows], parameters.access)
    road_class, width_m = roads.road_class[rows].astype(str), roads.width_m[rows]
    for mode, profile in parameters.profiles.items():
        kept_out = np.isin(road_class, sorted(profile.not_on)) | (width_m < profile.least_width_m)
        shut |= np.where(kept_out, mode.bit, 0).astype(np.uint8)
    return shut


def _words(access: Objects) -> Objects:
    return np.array([word for text in access.tolist() for word in text.split()], dtype=object)


def _unknown(words: Objects, known: Mapping[str, tuple[Mode, ...]]) -> int:
    return sum(word != "" and word not in known for word in words.tolist())
