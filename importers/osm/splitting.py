"""Split ways into segments at the nodes that they share: arrays in, arrays out.

A way runs over many nodes; streets meet where two of them, or two stretches of one, have a node in
common. Every original way is its segments joined end to end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Segments:
    """Segment i runs over `nodes[starts[i]:ends[i]]` (both ends included) of way `way[i]`.

    `turn[i]` counts, from 0, the segments of the way that begin at the same node.
    """

    way: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    turn: NDArray[np.int64]


def split(
    nodes: NDArray[np.int64],
    offsets: NDArray[np.int64],
    also_at: NDArray[np.int64] | None = None,
) -> Segments:
    """Return the segments of ways; way i runs over `nodes[offsets[i]:offsets[i + 1]]`.

    A way has two nodes at least, and never the same node twice in a row. A node is a junction if
    a way begins or ends there, if the ways pass it more than once in all, or if it is among those
    of `also_at`.

    >>> s = split(np.array([1, 2, 3, 2, 9]), np.array([0, 3, 5]))
    >>> [s.way.tolist(), s.starts.tolist(), s.ends.tolist()]
    [[0, 0, 1], [0, 1, 3], [2, 3, 5]]
    """
    if len(offsets) < 2:
        nothing = np.zeros(0, np.int64)
        return Segments(nothing, nothing, nothing, nothing)
    _, which, passes = np.unique(nodes, return_inverse=True, return_counts=True)
    is_break = passes[which] > 1
    if also_at is not None:
        is_break |= np.isin(nodes, also_at)
    is_break[offsets[:-1]] = True
    is_break[offsets[1:] - 1] = True
    breaks = np.flatnonzero(is_break)
    way_of_break = np.searchsorted(offsets, breaks, side="right") - 1
    same = way_of_break[:-1] == way_of_break[1:]
    way, starts, ends = way_of_break[:-1][same], breaks[:-1][same], breaks[1:][same] + 1
    return Segments(way, starts, ends, _turns(way, nodes[starts]))


def without_repeats(
    nodes: NDArray[np.int64], offsets: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return ways in which no node follows itself."""
    fresh = np.ones(len(nodes), bool)
    fresh[1:] = nodes[1:] != nodes[:-1]
    begins = offsets[:-1][np.diff(offsets) > 0]
    fresh[begins] = True
    kept_before = np.concatenate([[0], np.cumsum(fresh)])
    return nodes[fresh], kept_before[offsets]


def _turns(way: NDArray[np.int64], first: NDArray[np.int64]) -> NDArray[np.int64]:
    order = np.lexsort((np.arange(len(way)), first, way))
    again = np.zeros(len(way), bool)
    again[1:] = (way[order][1:] == way[order][:-1]) & (first[order][1:] == first[order][:-1])
    run_start = np.maximum.accumulate(np.where(again, 0, np.arange(len(way))))
    turns = np.empty(len(way), np.int64)
    turns[order] = np.arange(len(way)) - run_start
    return turns
