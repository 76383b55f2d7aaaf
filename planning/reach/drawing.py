"""A board on which roads are drawn over a network of streets: where they meet, and what is cut."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely
from shapely import LineString, Point

from planning.reach.records import NOISE_M

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

    from planning.reach.records import Floats, Network

#: Places on one street so near to each other are one.
_TOGETHER_M: Final = 0.01
#: A stretch from a junction back to it, so many times as long as joining reaches, is left over.
_LEFT_OVER: Final = 4.0


class _Stop(NamedTuple):
    """Where a drawn line meets a node: metres along the line, and the node."""

    at_m: float
    node: int


class _Meeting(NamedTuple):
    """Where a drawn line meets a street: metres along both, and the point."""

    at_m: float
    edge: int
    edge_at_m: float
    xy: tuple[float, float]


class Board:
    """Streets on which roads are drawn one after the other.

    Owns what differs from the network: new nodes, axes and ends of edges that were cut, and the
    edges that were cut off or drawn, whose numbers follow the last one. `draw` adds a line,
    `joined` tells which lines hang together with the streets.
    """

    def __init__(self, network: Network, joins_m: float) -> None:
        self.network, self.joins_m = network, joins_m
        #: New nodes, numbered after the last one.
        self.xy: list[tuple[float, float]] = []
        #: Of edges that are not as they were: points of the axis, tail and head.
        self.axis: dict[int, Floats] = {}
        self.ends: dict[int, tuple[int, int]] = {}
        #: Of each new edge: the edge it was cut off or -1, where on that it begins, its line or -1.
        self.part_of: list[int] = []
        self.begins_m: list[float] = []
        self.line: list[int] = []

    def draw(self, points: Floats, line: int) -> None:
        """Add a line of points (n, 2) that does not cross itself."""
        whole = LineString(points).length
        stops = self._stops(points)
        if not stops or stops[0].at_m > self.joins_m:
            stops.insert(0, _Stop(0.0, self._new_node(points[0])))
        if stops[-1].at_m < whole - self.joins_m:
            is_ring = stops[0].at_m == 0.0 and bool((points[0] == points[-1]).all())
            end = stops[0].node if is_ring else self._new_node(points[-1])
            stops.append(_Stop(whole, end))
        for one, other in pairwise(stops):
            ends = (one.node, other.node)
            between = _between(points, one.at_m, other.at_m)
            axis = _plain(np.vstack([self._place(ends[0]), between, self._place(ends[1])]))
            is_left_over = LineString(axis).length <= _LEFT_OVER * self.joins_m
            if ends[0] != ends[1] or not is_left_over:
                self._new_edge(axis, ends, -1, 0.0, line)

    def joined(self) -> set[int]:
        """Return the lines that hang together with streets of the network."""
        drawn = {
            first + self.network.edges: line for first, line in enumerate(self.line) if line >= 0
        }
        held: set[int] = set()
        for edge, ends in self.ends.items():
            if edge not in drawn:
                held.update(ends)
        grew = True
        while grew:
            grew = False
            for edge in drawn:
                met = [node in held or node < self.network.nodes for node in self.ends[edge]]
                if any(met) and not held.issuperset(self.ends[edge]):
                    held.update(self.ends[edge])
                    grew = True
        return {line for edge, line in drawn.items() if held.issuperset(self.ends[edge])}

    def _stops(self, points: Floats) -> list[_Stop]:
        """Return where a line meets streets, in its order; they are cut there."""
        line = LineString(points)
        met = list(self._crossings(line, points))
        for at_m, end in ((0.0, points[0]), (line.length, points[-1])):
            if all(abs(one.at_m - at_m) > self.joins_m for one in met):
                met += self._beside(at_m, Point(end))
        nodes = self._cut(met)
        order = sorted(range(len(met)), key=lambda row: met[row][:3])
        return [_Stop(met[row].at_m, nodes[row]) for row in order]

    def _crossings(self, line: LineString, points: Floats) -> Iterable[_Meeting]:
        for edge, axis in self._near(points):
            for place in _points(shapely.intersection(line, axis)):
                yield _Meeting(line.project(place), edge, axis.project(place), (place.x, place.y))

    def _beside(self, at_m: float, end: Point) -> list[_Meeting]:
        """Return where the end of a line meets the nearest street, if there is one so near."""
        near = [
            (axis.distance(end), edge, axis)
            for edge, axis in self._near(shapely.get_coordinates(end))
        ]
        if not near:
            return []
        apart, edge, axis = min(near, key=lambda one: one[:2])
        if apart > self.joins_m:
            return []
        there = axis.project(end)
        place = axis.interpolate(there)
        return [_Meeting(at_m, edge, there, (place.x, place.y))]

    def _near(self, points: Floats) -> list[tuple[int, LineString]]:
        """Return the streets on the ground that a line of points may meet, and their axes."""
        low, high = points.min(axis=0) - self.joins_m, points.max(axis=0) + self.joins_m
        x0, y0, x1, y1 = self.network.piece.T
        is_near = (np.maximum(x0, x1) >= low[0]) & (np.minimum(x0, x1) <= high[0])
        is_near &= (np.maximum(y0, y1) >= low[1]) & (np.minimum(y0, y1) <= high[1])
        is_near &= self.network.level[self.network.piece_edge] == 0
        pieces = np.flatnonzero(is_near)
        line = LineString(points) if len(points) > 1 else Point(points[0])
        shapely.prepare(line)
        streets = shapely.linestrings(self.network.piece[pieces].reshape(-1, 2, 2))
        is_met = shapely.dwithin(streets, line, self.joins_m)
        on_ground = np.unique(self.network.piece_edge[pieces[is_met]]).tolist()
        axes = [(edge, LineString(self._axis(edge))) for edge in sorted({*on_ground, *self.axis})]
        return [(edge, axis) for edge, axis in axes if axis.length > 0.0]

    def _cut(self, met: list[_Meeting]) -> list[int]:
        """Return the nodes where a line meets streets, which are cut where there was none."""
        nodes = [-1] * len(met)
        for edge in sorted({one.edge for one in met}):
            rows = [row for row, one in enumerate(met) if one.edge == edge]
            rows.sort(key=lambda row: met[row].edge_at_m)
            length = LineString(self._axis(edge)).length
            tail, head = self._ends(edge)
            cuts: list[tuple[float, int]] = []
            for row in rows:
                at_m, xy = met[row].edge_at_m, met[row].xy
                if min(at_m, length - at_m) <= self.joins_m:
                    nodes[row] = tail if at_m <= length - at_m else head
                elif cuts and at_m - cuts[-1][0] <= _TOGETHER_M:
                    nodes[row] = cuts[-1][1]
                else:
                    nodes[row] = self._new_node(xy)
                    cuts.append((at_m, nodes[row]))
            if cuts:
                self._cut_at(edge, cuts)
        return nodes

    def _cut_at(self, edge: int, cuts: list[tuple[float, int]]) -> None:
        """Cut an edge at some metres from its tail; the part at the tail keeps its number."""
        points, (tail, head) = self._axis(edge), self._ends(edge)
        row = edge - self.network.edges
        of, before, line = edge, 0.0, -1
        if row >= 0:
            of, before, line = self.part_of[row], self.begins_m[row], self.line[row]
        begins, ends = [0.0, *(at for at, _ in cuts)], [*(at for at, _ in cuts), np.inf]
        nodes = [tail, *(node for _, node in cuts), head]
        for part, (begin, end) in enumerate(zip(begins, ends, strict=True)):
            between = _between(points, begin, end)
            first = points[:1] if part == 0 else self._place(nodes[part])
            last = points[-1:] if part == len(cuts) else self._place(nodes[part + 1])
            axis = _plain(np.vstack([first, between, last]))
            if part == 0:
                self.axis[edge], self.ends[edge] = axis, (tail, nodes[1])
            else:
                both = (nodes[part], nodes[part + 1])
                self._new_edge(axis, both, of, before + begin if of >= 0 else 0.0, line)

    def _new_edge(
        self, axis: Floats, ends: tuple[int, int], part_of: int, begins_m: float, line: int
    ) -> None:
        edge = self.network.edges + len(self.part_of)
        self.axis[edge], self.ends[edge] = axis, ends
        self.part_of.append(part_of)
        self.begins_m.append(begins_m)
        self.line.append(line)

    def _new_node(self, xy: Floats | tuple[float, float]) -> int:
        self.xy.append((float(xy[0]), float(xy[1])))
        return self.network.nodes + len(self.xy) - 1

    def _place(self, node: int) -> Floats:
        if node < self.network.nodes:
            return self.network.xy[node : node + 1]
        return np.array([self.xy[node - self.network.nodes]])

    def _ends(self, edge: int) -> tuple[int, int]:
        if edge in self.ends:
            return self.ends[edge]
        return int(self.network.tail[edge]), int(self.network.head[edge])

    def _axis(self, edge: int) -> Floats:
        if edge in self.axis:
            return self.axis[edge]
        first, last = np.searchsorted(self.network.piece_edge, [edge, edge + 1])
        piece = self.network.piece[first:last]
        return np.vstack([piece[:, :2], piece[-1:, 2:]])


def _points(shared: BaseGeometry) -> list[Point]:
    """Return the points that lines share; of stretches that they share both ends."""
    found: list[Point] = []
    for part in shapely.get_parts(shared).tolist():
        if not part.is_empty:
            found += [Point(xy) for xy in shapely.get_coordinates(part)[[0, -1]]]
    return found


def _between(points: Floats, begin_m: float, end_m: float) -> Floats:
    """Return the bends of a line that lie between two places on it."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    return points[(along > begin_m + NOISE_M) & (along < end_m - NOISE_M)]


def _plain(points: Floats) -> Floats:
    """Return a line without points that lie where the one before does; two points at least."""
    differs = (np.diff(points, axis=0) != 0).any(axis=1)
    return points[np.concatenate([[True], differs])] if differs.any() else points[[0, -1]]
