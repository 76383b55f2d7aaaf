"""Roads that somebody draws, put into a network of streets.

A drawn road lies on the ground. It is joined where it crosses a street on the ground, or another
drawn road, and where it ends beside one; bridges above it and tunnels beneath are left alone. Nodes
and edges keep their numbers: an edge that is cut keeps its own for the part at its tail.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely import LineString

from planning.reach.drawing import Board
from planning.reach.slopes import with_slopes
from planning.reach.topology import parts_of, pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planning.reach.parameters import ReachParameters
    from planning.reach.records import Bits, Floats, Ints, Network, Objects, Places
    from planning.reach.slopes import Heights

#: Heights are read between the centres of cells, coarse ones too.
_BEYOND_M: Final = 200.0


@dataclass(frozen=True, eq=False)
class Grown:
    """A network with drawn roads in it, and what became of the edges that were there."""

    network: Network
    #: How many edges there were.
    old: int
    #: Of each edge from `old` on: the edge that it was cut off, -1 if it was drawn.
    part_of: Ints
    #: Metres from the tail of that edge, as it was, to the beginning of this one.
    begins_m: Floats
    #: The line that was drawn, -1 for what was cut off a street.
    line: Ints
    #: Lines that meet no street, not even over other lines; they are left out.
    unjoined: tuple[int, ...]

    @property
    def altered(self) -> Ints:
        """Edges whose axis was not there before: drawn, cut, or cut off."""
        cut = np.unique(self.part_of[self.part_of >= 0])
        later = np.arange(self.old, self.old + len(self.part_of))
        return np.concatenate([cut, later]).astype(np.int32)

    def moved(self, places: Places) -> Places:
        """Return places that lay on the network as it was, on the parts where they lie now."""
        edge, at_m = places.edge.copy(), places.at_m.copy()
        is_cut = np.zeros(self.old, dtype=np.bool_)
        is_cut[self.part_of[self.part_of >= 0]] = True
        rows = np.flatnonzero(is_cut[places.edge])
        was, there = places.edge[rows], places.at_m[rows]
        # The last part that begins before a place has the last word.
        for part in np.argsort(self.begins_m, kind="stable").tolist():
            begins_m = self.begins_m[part]
            on = (was == self.part_of[part]) & (there > begins_m)
            edge[rows[on]], at_m[rows[on]] = self.old + part, there[on] - begins_m
        # Lengths of parts add up to that of the whole but for the dust of sums.
        return replace(places, edge=edge, at_m=np.minimum(at_m, self.network.length_m[edge]))


def with_roads(
    network: Network,
    lines: Sequence[LineString] | Objects,
    classes: Sequence[str],
    *,
    parameters: ReachParameters,
    grids: Sequence[Heights] = (),
) -> Grown:
    """Return a network with drawn roads, each a line of a class that leads both ways.

    They join streets that they cross or end at, within `joins_within_m`; a node so near to where
    they meet a street is taken itself. Slopes come from `grids`, the same as those of the network.
    Its quality stays that of the network as it was.
    """
    joins_m = parameters.search.joins_within_m
    kept = {n for n, line in enumerate(lines) if line.length > joins_m}
    while True:
        board = Board(network, joins_m)
        for n in sorted(kept):
            for points in _simple(lines[n]):
                board.draw(points, n)
        joined = board.joined()
        if joined == kept:
            break
        kept = joined
    unjoined = tuple(n for n in range(len(lines)) if n not in kept)
    return Grown(
        _network(network, board, classes, parameters, grids),
        network.edges,
        np.array(board.part_of, dtype=np.int32),
        np.array(board.begins_m, dtype=np.float64),
        np.array(board.line, dtype=np.int32),
        unjoined,
    )


def box_around(
    network: Network, lines: Sequence[LineString] | Objects, *, parameters: ReachParameters
) -> tuple[float, float, float, float]:
    """Return west, south, east, north of lines and all streets that they may meet, and some more.

    Heights of this ground are those that drawn roads, and streets cut by them, are in need of.
    """
    joins_m = parameters.search.joins_within_m
    x0, y0, x1, y1 = network.piece.T
    is_met = np.zeros(network.edges, dtype=np.bool_)
    for west, south, east, north in shapely.bounds(np.array(lines, dtype=object)).tolist():
        near = (np.maximum(x0, x1) >= west - joins_m) & (np.minimum(x0, x1) <= east + joins_m)
        near &= (np.maximum(y0, y1) >= south - joins_m) & (np.minimum(y0, y1) <= north + joins_m)
        is_met[network.piece_edge[near]] = True
    points = network.piece[is_met[network.piece_edge]].reshape(-1, 2)
    corners = shapely.bounds(np.array(lines, dtype=object)).reshape(-1, 2)
    both = np.concatenate([points, corners])
    low, high = both.min(axis=0) - _BEYOND_M, both.max(axis=0) + _BEYOND_M
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _simple(line: LineString) -> Iterator[Floats]:
    """Return the points of a line, in parts that cross neither themselves nor each other."""
    line = shapely.remove_repeated_points(shapely.force_2d(line))
    for part in [line] if line.is_simple else shapely.get_parts(shapely.node(line)):
        yield shapely.get_coordinates(part)


def _network(
    network: Network,
    board: Board,
    classes: Sequence[str],
    parameters: ReachParameters,
    grids: Sequence[Heights],
) -> Network:
    """Return a network with what was drawn on a board."""
    if not board.part_of:
        return network
    later = np.array(board.part_of)
    names = (*network.classes, *sorted({*classes} - {*network.classes}))
    drawn = np.array([names.index(classes[n]) if n >= 0 else 0 for n in board.line])
    xy = np.array(board.xy, dtype=np.float64).reshape(-1, 2)
    grown = replace(
        network,
        node_key=_more(network.node_key, [f"~{n}" for n in range(len(xy))]),
        xy=np.concatenate([network.xy, xy]),
        height_m=_more(network.height_m, np.full(len(xy), np.nan)),
        barred=_more(network.barred, np.zeros(len(xy))),
        edge_key=_more(network.edge_key, _names(network, board)),
        road_class=_with_parts(network.road_class, later, drawn),
        level=_with_parts(network.level, later, 0),
        one_way=_with_parts(network.one_way, later, 0),
        shut=_with_parts(network.shut, later, _shut(names, parameters)[drawn]),
        climb_m=_with_parts(network.climb_m, later, 0.0),
        drop_m=_with_parts(network.drop_m, later, 0.0),
        slope_known=_with_parts(network.slope_known, later, False),
        max_speed_kmh=_with_parts(network.max_speed_kmh, later, np.nan),
        width_m=_with_parts(network.width_m, later, np.nan),
        planned=_with_parts(network.planned, later, -1),
        classes=names,
    )
    grown = _along_axes(grown, board)
    return with_slopes(grown, grids, parameters.slope, sorted(board.axis)) if len(grids) else grown


def _along_axes(network: Network, board: Board) -> Network:
    """Return a network with the ends, lengths and pieces of what was drawn and cut."""
    edges = np.array(sorted(board.axis), dtype=np.int32)
    axis = np.empty(len(edges), dtype=object)
    axis[:] = [LineString(board.axis[edge]) for edge in edges.tolist()]
    many = len(board.part_of)
    tail, head = _more(network.tail, np.zeros(many)), _more(network.head, np.zeros(many))
    tail[edges], head[edges] = np.array([board.ends[edge] for edge in edges.tolist()]).T
    length_m = _more(network.length_m, np.zeros(many))
    length_m[edges] = shapely.length(axis)
    pieces = pieces_of(axis)
    stays = ~np.isin(network.piece_edge, edges)
    piece_edge = np.concatenate([network.piece_edge[stays], edges[pieces.edge]])
    order = np.argsort(piece_edge, kind="stable")
    part = parts_of(network.nodes, tail, head)
    return replace(
        network,
        part=part,
        tail=tail,
        head=head,
        length_m=length_m,
        piece=np.concatenate([network.piece[stays], pieces.piece])[order],
        piece_edge=piece_edge[order],
        piece_at_m=np.concatenate([network.piece_at_m[stays], pieces.at_m])[order],
        part_length_m=np.bincount(part[tail], weights=length_m).astype(np.float64),
    )


def _more(column: Any, rows: Any) -> Any:
    """Return a column with more rows, of the kind that it has."""
    return np.concatenate([column, np.asarray(rows).astype(column.dtype)])


def _with_parts(column: Any, part_of: Ints, drawn: Any) -> Any:
    """Return a column of edges with those cut off, which are as the whole was, and those drawn."""
    return _more(column, np.where(part_of < 0, drawn, column[part_of]))


def _names(network: Network, board: Board) -> list[str]:
    return [
        f"~{line}/{row}" if line >= 0 else f"{network.edge_key[of]}~{row}"
        for row, (of, line) in enumerate(zip(board.part_of, board.line, strict=True))
    ]


def _shut(classes: Sequence[str], parameters: ReachParameters) -> Bits:
    """Return the modes (bits) that may not use streets of each class."""
    both = [(mode.bit, profile.not_on) for mode, profile in parameters.profiles.items()]
    return np.array(
        [sum(bit for bit, not_on in both if name in not_on) for name in classes], dtype=np.uint8
    )
