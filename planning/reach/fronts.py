"""The kernel of entrances: which streets the ground of a plot meets without crossing another's.

Streets and plots lie in grids of squares. All streets within reach of a plot are looked at exactly:
the nearest pair of points of its outline and of the axis, an edge at a time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numba
import numpy as np

from planning.reach.squares import SQUARE_M, Outlines, boxes_of, grid_of, squares_of

if TYPE_CHECKING:
    from planning.reach.records import Bools, Floats, Ints
    from planning.reach.squares import Grid

#: Edges within reach of one plot that are told apart; 60 m of an old quarter hold about 40.
_MOST_NEAR: Final = 256
_MOST_CROSSINGS: Final = 64
#: Shorter than this a position at the end of an edge is its end.
_END_M: Final = 1e-9


class Axes(NamedTuple):
    """Stretches of streets that may be walked, at most a square long each."""

    #: x0 y0 x1 y1
    piece: Floats
    edge: Ints
    #: Metres from the tail of the edge to the beginning of the stretch.
    at_m: Floats
    grid: Grid


class Found(NamedTuple):
    """Of each plot up to `most` entrances, the nearest first; edge -1 where there is none."""

    edge: Ints
    at_m: Floats
    offset_m: Floats
    #: (plots, most, 2)
    xy: Floats
    #: Whether the way to them crosses nobody's ground.
    is_clear: Bools


class Walls(NamedTuple):
    """What nobody crosses on the way to a street: other plots, and lines."""

    plots: Outlines
    plot_grid: Grid
    #: Plots that are no hindrance: ground of streets.
    is_open: Bools
    line: Floats
    line_grid: Grid
    crosses_m: float


def axes_of(piece: Floats, edge: Ints, at_m: Floats) -> Axes:
    """Return straight pieces of streets cut into stretches, in a grid."""
    long = np.hypot(piece[:, 2] - piece[:, 0], piece[:, 3] - piece[:, 1])
    many = np.maximum(1, np.ceil(long / SQUARE_M).astype(np.int64))
    row = np.repeat(np.arange(len(piece)), many)
    step = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    begin, end = step / many[row], (step + 1) / many[row]
    along = piece[row, 2:] - piece[row, :2]
    cut = np.hstack(
        [
            piece[row, :2] + along * begin[:, None],
            np.where((step + 1 == many[row])[:, None], piece[row, 2:],
                     piece[row, :2] + along * end[:, None]),
        ]
    )  # fmt: skip
    return Axes(
        np.ascontiguousarray(cut),
        np.ascontiguousarray(edge[row]),
        at_m[row] + long[row] * begin,
        grid_of(boxes_of(cut)),
    )


def fronts(
    axes: Axes,
    length_m: Floats,
    plots: Outlines,
    rows: Ints,
    own: Ints,
    walls: Walls | None,
    reach_m: float,
    most: int,
) -> Found:
    """Return where plots meet the streets within a reach.

    `rows` are the plots meant, `own` the numbers they have among the walls, which are no hindrance
    to themselves. Without walls, or where no way is clear, the nearest edge is the only entrance.
    """
    many = len(rows)
    found = Found(
        np.full((many, most), -1, dtype=np.int32),
        np.full((many, most), np.nan),
        np.full((many, most), np.nan),
        np.full((many, most, 2), np.nan),
        np.zeros(many, dtype=np.bool_),
    )
    if not many or not len(axes.edge):
        return found
    shut = _plain(walls if walls is not None else _no_walls())
    streets = (axes.piece, axes.edge, axes.at_m, tuple(axes.grid), length_m)

    def look(begin: int, end: int) -> None:
        part = slice(begin, end)
        out = tuple(column[part] for column in found)
        _look((rows[part], own[part]), tuple(plots), streets, shut, walls is not None, reach_m, out)

    cuts = np.linspace(0, many, 4 * (cpu_count() or 1) + 1).astype(int)
    with ThreadPoolExecutor(min(4, cpu_count() or 1)) as pool:
        list(pool.map(look, cuts[:-1].tolist(), cuts[1:].tolist()))
    return found


def _plain(walls: Walls) -> tuple[Any, ...]:
    return (
        *(tuple(walls.plots), tuple(walls.plot_grid), walls.is_open),
        *(walls.line, tuple(walls.line_grid), walls.crosses_m),
    )


def _no_walls() -> Walls:
    nothing = np.zeros((0, 4))
    grid = grid_of(nothing)
    plots = Outlines(nothing, np.zeros(1, np.int32), nothing)
    return Walls(plots, grid, np.zeros(0, np.bool_), nothing, grid, 0.0)


@numba.njit(cache=True, nogil=True)
def _look(asked, plots, streets, walls, checks, reach, out):  # type: ignore[no-untyped-def]
    rows, own = asked
    start = plots[1]
    length = streets[4]
    o_edge, o_clear = out[0], out[4]
    near = np.empty(_MOST_NEAR, np.int32)
    best = np.empty((_MOST_NEAR, 6))
    cuts = np.empty(_MOST_CROSSINGS + 2)
    for k in range(len(rows)):
        s = rows[k]
        if start[s] == start[s + 1]:
            continue
        many = _near_edges(plots, s, streets, reach, not checks, near, best)
        taken = 0
        for z in range(many):
            if checks and not _is_clear(best[z], own[k], walls, cuts):
                continue
            _take(k, taken, near[z], best[z], length, out)
            taken += 1
            if taken == o_edge.shape[1]:
                break
        o_clear[k] = checks and taken > 0
        if taken == 0 and many > 0:
            _take(k, 0, near[0], best[0], length, out)


@numba.njit(cache=True, nogil=True)
def _take(k, row, e, one, length, out):  # type: ignore[no-untyped-def]
    o_edge, o_at, o_off, o_xy, _ = out
    at = min(max(one[1], 0.0), length[e])
    if at < _END_M:
        at = 0.0
    elif at > length[e] - _END_M:
        at = length[e]
    o_edge[k, row], o_at[k, row], o_off[k, row] = e, at, one[0]
    o_xy[k, row, 0], o_xy[k, row, 1] = one[4], one[5]


@numba.njit(cache=True, nogil=True)
def _near_edges(plots, s, streets, reach, only_one, near, best):  # type: ignore[no-untyped-def]
    """Fill in edges within reach: distance, metres on the edge, point of the plot, of the axis.

    Of equal distances on one edge the one nearer to its tail, of equal edges the smaller number.
    """
    side, first, last, box = plots[0], plots[1][s], plots[1][s + 1], plots[2][s]
    piece, edge, at_m, grid, _ = streets
    many = 0
    west, south, east, north = box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach
    c0, c1, r0, r1 = squares_of(grid, west, south, east, north)
    columns, starts, held = grid[3], grid[5], grid[6]
    if c1 < c0:
        return 0
    for row in range(r0, r1 + 1):
        for q in range(starts[row * columns + c0], starts[row * columns + c1 + 1]):
            p = held[q]
            ax, ay, bx, by = piece[p]
            aside = max(max(box[0] - max(ax, bx), min(ax, bx) - box[2]), 0.0)
            above = max(max(box[1] - max(ay, by), min(ay, by) - box[3]), 0.0)
            e, z = edge[p], 0
            while z < many and near[z] != e and not only_one:
                z += 1
            limit = best[z, 0] if z < many else reach
            if aside * aside + above * above > limit * limit:
                continue
            apart, along, px, py, qx, qy = _pair(side, first, last, ax, ay, bx, by)
            at = at_m[p] + along
            if apart > limit:
                continue
            if z < many and apart == limit and (near[z], best[z, 1]) <= (e, at):
                continue
            if z == len(near):
                z = int(np.argmax(best[:, 0]))
                if best[z, 0] <= apart:
                    continue
            near[z] = e
            best[z, 0], best[z, 1] = apart, at
            best[z, 2], best[z, 3], best[z, 4], best[z, 5] = px, py, qx, qy
            many = max(many, z + 1)
    for z in range(many - 1):
        low = z
        for other in range(z + 1, many):
            if (best[other, 0], near[other]) < (best[low, 0], near[low]):
                low = other
        if low != z:
            near[z], near[low] = near[low], near[z]
            for column in range(6):
                best[z, column], best[low, column] = best[low, column], best[z, column]
    return many


@numba.njit(cache=True, nogil=True)
def _pair(side, first, last, ax, ay, bx, by):  # type: ignore[no-untyped-def]
    """Return the nearest points of an outline and a stretch a–b, and how far they are apart.

    Of points equally near, as along a front that is parallel to its street, the one nearest to a.
    A stretch that begins inside is 0 m away where it begins. Distance, metres from a, both points.
    """
    best2, share, px, py = np.inf, 0.0, 0.0, 0.0
    inside = False
    for k in range(first, last):
        cx, cy, dx, dy = side[k]
        if (cy > ay) != (dy > ay) and ax < (dx - cx) * (ay - cy) / (dy - cy) + cx:
            inside = not inside
        one = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        two = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax)
        three = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx)
        four = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx)
        if one * two < 0 and three * four < 0:
            there = three / (three - four)
            if best2 > 0 or there < share:
                best2, share = 0.0, there
                px, py = ax + there * (bx - ax), ay + there * (by - ay)
            continue
        for x, y in ((cx, cy), (dx, dy)):
            there = _share(x, y, ax, ay, bx, by)
            east, north = ax + there * (bx - ax) - x, ay + there * (by - ay) - y
            apart2 = east * east + north * north
            if apart2 < best2 or (apart2 == best2 and there < share):
                best2, share, px, py = apart2, there, x, y
        for there, x, y in ((0.0, ax, ay), (1.0, bx, by)):
            on = _share(x, y, cx, cy, dx, dy)
            fx, fy = cx + on * (dx - cx), cy + on * (dy - cy)
            apart2 = (fx - x) ** 2 + (fy - y) ** 2
            if apart2 < best2 or (apart2 == best2 and there < share):
                best2, share, px, py = apart2, there, fx, fy
    if inside:
        best2, share, px, py = 0.0, 0.0, ax, ay
    long = np.hypot(bx - ax, by - ay)
    return (
        *(np.sqrt(best2), share * long, px, py),
        *(ax + share * (bx - ax), ay + share * (by - ay)),
    )


@numba.njit(cache=True, nogil=True)
def _share(px, py, ax, ay, bx, by):  # type: ignore[no-untyped-def]
    """Return where on a–b the point nearest to p lies, 0 to 1."""
    wide, tall = bx - ax, by - ay
    length2 = wide * wide + tall * tall
    if length2 == 0.0:
        return 0.0
    return min(1.0, max(0.0, ((px - ax) * wide + (py - ay) * tall) / length2))


@numba.njit(cache=True, nogil=True)
def _is_clear(one, own, walls, cuts):  # type: ignore[no-untyped-def]
    """Whether a straight way from a plot to a street crosses no other ground and no line.

    It is looked at a little to the left and to the right: along a fence between two plots nobody
    goes, along the side of one that stands out everybody may.
    """
    px, py, qx, qy = one[2], one[3], one[4], one[5]
    long = np.hypot(qx - px, qy - py)
    if long == 0.0:
        return True
    left, up = -(qy - py) / long * 2.0 * walls[5], (qx - px) / long * 2.0 * walls[5]
    for hand in (-1.0, 1.0):
        east, north = hand * left, hand * up
        if not _is_hindered(px + east, py + north, qx + east, qy + north, own, walls, cuts):
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _is_hindered(px, py, qx, qy, own, walls, cuts):  # type: ignore[no-untyped-def]
    """Whether p–q crosses a line, or ground that is neither its own nor of a street."""
    others, grid, is_open, line, line_grid, crosses = walls
    west, south, east, north = min(px, qx), min(py, qy), max(px, qx), max(py, qy)
    c0, c1, r0, r1 = squares_of(line_grid, west, south, east, north)
    for row in range(r0, r1 + 1):
        for column in range(c0, c1 + 1):
            square = row * line_grid[3] + column
            for z in range(line_grid[5][square], line_grid[5][square + 1]):
                if _meets(line[line_grid[6][z]], px, py, qx, qy, crosses):
                    return True
    side, start, box = others
    c0, c1, r0, r1 = squares_of(grid, west, south, east, north)
    for row in range(r0, r1 + 1):
        for column in range(c0, c1 + 1):
            square = row * grid[3] + column
            for z in range(grid[5][square], grid[5][square + 1]):
                s = grid[6][z]
                if s == own or is_open[s] or box[s, 0] > east or box[s, 2] < west:
                    continue
                if box[s, 1] > north or box[s, 3] < south:
                    continue
                if _goes_through(side, start[s], start[s + 1], px, py, qx, qy, crosses, cuts):
                    return True
    return False


@numba.njit(cache=True, nogil=True)
def _meets(piece, px, py, qx, qy, crosses):  # type: ignore[no-untyped-def]
    """Whether p–q crosses a piece, and not just where it begins or ends."""
    ax, ay, bx, by = piece
    one = (qx - px) * (ay - py) - (qy - py) * (ax - px)
    two = (qx - px) * (by - py) - (qy - py) * (bx - px)
    three = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    four = (bx - ax) * (qy - ay) - (by - ay) * (qx - ax)
    if one * two > 0 or three * four > 0 or three == four:
        return False
    there = three / (three - four)
    return min(there, 1.0 - there) * np.hypot(qx - px, qy - py) > crosses


@numba.njit(cache=True, nogil=True)
def _goes_through(side, first, last, px, py, qx, qy, crosses, cuts):  # type: ignore[no-untyped-def]
    """Whether p–q is somewhere inside an outline, and not only a hand's breadth from its side."""
    long = np.hypot(qx - px, qy - py)
    cuts[0], cuts[1], many = 0.0, long, 2
    for k in range(first, last):
        cx, cy, dx, dy = side[k]
        one = (qx - px) * (cy - py) - (qy - py) * (cx - px)
        two = (qx - px) * (dy - py) - (qy - py) * (dx - px)
        three = (dx - cx) * (py - cy) - (dy - cy) * (px - cx)
        four = (dx - cx) * (qy - cy) - (dy - cy) * (qx - cx)
        if one * two <= 0 and three * four <= 0 and three != four:
            if many == len(cuts):
                return True
            cuts[many] = three / (three - four) * long
            many += 1
    at = np.sort(cuts[:many])
    for z in range(many - 1):
        if at[z + 1] - at[z] <= crosses:
            continue
        middle = (at[z] + at[z + 1]) / 2 / long
        x, y = px + middle * (qx - px), py + middle * (qy - py)
        if _is_deep(side, first, last, x, y, crosses):
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _is_deep(side, first, last, x, y, crosses):  # type: ignore[no-untyped-def]
    """Whether a point is inside an outline and farther from its sides than told."""
    inside = False
    for k in range(first, last):
        cx, cy, dx, dy = side[k]
        if (cy > y) != (dy > y) and x < (dx - cx) * (y - cy) / (dy - cy) + cx:
            inside = not inside
        on = _share(x, y, cx, cy, dx, dy)
        if (cx + on * (dx - cx) - x) ** 2 + (cy + on * (dy - cy) - y) ** 2 <= crosses * crosses:
            return False
    return inside
