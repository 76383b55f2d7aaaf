"""Places taken together before a search: who has the same sites within the limit, or lives near.

A city has hundreds of thousands of places. Which sites each has within the limit takes a bit a
pair, and places with the same bits are one group: nothing is lost. Where metres count, places that
lie near each other are one group, and how much that loosens the bound is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from planning.reach.siting.greedy import largest
from planning.reach.siting.records import Cover

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planning.reach.records import Bools, Floats, Ints
    from planning.reach.siting.records import Problem

#: With more places than this those near each other are taken together (p_median).
MOST_PLACES: Final = 3_000
#: Side of the squares tried first, in metres, and how much larger the next ones are.
_SIDE_M, _LARGER = 25.0, 1.25


class Near:
    """Which places have which candidates within the limit, a bit a pair."""

    def __init__(self, places: int, candidates: int) -> None:
        self.candidates = candidates
        self._bits = np.zeros((places, max(1, (candidates + 7) // 8)), dtype=np.uint8)

    def add(self, candidate: int, places: Bools) -> None:
        """Note the places that have a candidate within the limit."""
        self._bits[places, candidate >> 3] |= np.uint8(1 << (candidate & 7))

    def of(self, candidate: int) -> Bools:
        """Return which places have a candidate within the limit."""
        return np.asarray((self._bits[:, candidate >> 3] >> (candidate & 7)) & 1, dtype=np.bool_)

    def of_any(self, candidates: Ints) -> Bools:
        """Return which places have one of some candidates within the limit."""
        wanted = np.zeros(self._bits.shape[1], dtype=np.uint8)
        for one in candidates.tolist():
            wanted[one >> 3] |= np.uint8(1 << (one & 7))
        return np.asarray((self._bits & wanted).any(axis=1))

    def groups(self, people: Floats) -> Groups:
        """Return places where people are and that have a candidate, by what they have."""
        rows = np.flatnonzero((people > 0) & self._bits.any(axis=1))
        member = np.full(len(people), -1, dtype=np.int32)
        held = np.ascontiguousarray(self._bits[rows])
        whole = held.view(np.dtype((np.void, held.shape[1]))).ravel()
        _, first, of = np.unique(whole, return_index=True, return_inverse=True)
        member[rows] = of
        bits = np.unpackbits(held[first], axis=1, bitorder="little", count=self.candidates)
        group, candidate = np.nonzero(bits)
        start = np.searchsorted(group, np.arange(len(first) + 1)).astype(np.int32)
        cover = Cover(start, candidate.astype(np.int32), np.zeros(len(candidate)))
        return Groups(member, np.bincount(of, people[rows], len(first)).astype(float), cover)


class Groups(NamedTuple):
    """Places taken together."""

    #: Group of each place, -1 for none.
    member: Ints
    people: Floats
    cover: Cover


class Clusters(NamedTuple):
    """Places near each other taken together, with the mean of their ways."""

    groups: Groups
    #: Mean way of the people of each cluster to the nearest facility that is there.
    existing_m: Floats
    #: By how many metres of all people together a bound is looser than one over the places.
    loosened: float
    #: Longest way of all, which those go whom nothing reaches yet.
    farthest_m: float
    #: People whom neither a facility nor a candidate reaches by any way; they are in no cluster.
    out_of_reach: float


def clusters(
    metres_to: Callable[[int], Floats],
    candidates: int,
    existing_m: Floats,
    people: Floats,
    xy: Floats,
    *,
    most: int = MOST_PLACES,
) -> Clusters:
    """Return places with people near each other taken together, at most `most`.

    `metres_to` gives the ways of all places to a candidate. A person of a cluster is at most
    `D - d` nearer to any candidate than its people are on average, `D` the mean and `d` the own
    way; the largest of these for each place is what the bound is loosened by.
    """
    reached, farthest = np.isfinite(existing_m), 0.0
    if reached.any():
        farthest = float(existing_m[reached & (people > 0)].max(initial=0.0))
    for candidate in range(candidates):
        metres = metres_to(candidate)
        has_way = np.isfinite(metres)
        reached |= has_way
        farthest = max(farthest, float(metres[has_way & (people > 0)].max(initial=0.0)))
    out = float(people[~reached].sum())
    rows = np.flatnonzero((people > 0) & reached)
    of = squares(xy[rows], most)
    weight, many = people[rows], int(of.max(initial=-1)) + 1
    whole = np.bincount(of, weight, many).astype(np.float64)
    slack = np.zeros(len(rows))

    def mean(metres: NDArray[np.floating]) -> Floats:
        own = np.minimum(metres[rows], farthest)
        found = np.bincount(of, weight * own, many) / whole
        np.maximum(slack, found[of] - own, out=slack)
        return np.asarray(found)

    today = mean(existing_m)
    ways = np.stack([mean(metres_to(one)) for one in range(candidates)], axis=1)
    group, candidate_of = np.nonzero(ways < today[:, None])
    start = np.searchsorted(group, np.arange(many + 1)).astype(np.int32)
    cover = Cover(start, candidate_of.astype(np.int32), ways[group, candidate_of])
    member = np.full(len(people), -1, dtype=np.int32)
    member[rows] = of
    return Clusters(Groups(member, whole, cover), today, float(weight @ slack), farthest, out)


def bound_of_places(
    problem: Problem,
    cost: Floats,
    metres_to: Callable[[int], Floats],
    found: Clusters,
    existing_m: Floats,
    people: Floats,
    chosen_m: Floats,
    price: Floats,
) -> float:
    """Return metres of all people together that no choice is below, by a price for each place.

    A person pays what a person of the cluster pays (`price`), and more or less by what the choice
    found (`chosen_m`: ways to it) gains here and there. Whatever the prices, no choice gains more
    than they and what candidates are worth above them; so no place is hidden by its neighbours.
    """
    rows = np.flatnonzero(found.groups.member >= 0)
    weight, member = people[rows], found.groups.member[rows]
    today = np.minimum(existing_m[rows], found.farthest_m)
    gains = today - np.minimum(today, chosen_m[rows])
    mean = np.bincount(member, weight * gains, len(price)) / found.groups.people
    own = weight * np.maximum(gains + (price - mean)[member], 0.0)
    worth = np.zeros(len(cost))
    for one in range(len(cost)):
        gain = np.maximum(today - metres_to(one)[rows], 0.0)
        worth[one] = float(np.maximum(weight * gain - own, 0.0).sum())
    return float(weight @ today) - float(own.sum()) - largest(problem, worth, cost)


def squares(xy: Floats, most: int) -> Ints:
    """Return a number for each point (n, 2): its own, or where there are more than `most` that of
    the square it lies in; squares are as small as they may be.
    """
    if len(xy) <= most:
        return np.arange(len(xy), dtype=np.int32)
    side = _SIDE_M
    while True:
        square = np.floor((xy - xy.min(axis=0)) / side).astype(np.int64)
        _, of = np.unique(square[:, 0] << 32 | square[:, 1], return_inverse=True)
        if int(of.max()) < most:
            return of.astype(np.int32)
        side *= _LARGER
