"""Places for which all choices are the same, taken together without losing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from planning.reach.measures import within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planning.reach.records import Bools, Floats, Ints
    from planning.reach.siting.records import Cover, Existing, Problem

    Words = NDArray[np.uint64]

_SEED: Final = 20_26_11


class Demand(NamedTuple):
    """Classes of places: candidates of class c are `start[c] : start[c + 1]`."""

    start: Ints
    candidate: Ints
    #: People not served yet.
    people: Floats
    #: By pair: what one person gains when the candidate is chosen; of several the most counts.
    gain: Floats
    #: Metres of all people together as it is (p_median), else 0.
    metres: float
    out_of_reach: float
    #: Class of each place, -1 where no candidate serves it.
    member: Ints

    @property
    def owner(self) -> Ints:
        """Class of each pair."""
        return np.repeat(np.arange(len(self.people), dtype=np.int32), np.diff(self.start))


def demand(problem: Problem, cover: Cover, people: Floats, existing: Existing) -> Demand:
    """Return who is not served yet, as classes of places with the same candidates and gains.

    Where nobody was counted nobody is counted on. For `p_median` somebody whom nothing reaches
    walks as far as the longest way of all.
    """
    people = np.nan_to_num(people)
    owner = np.repeat(np.arange(len(people), dtype=np.int32), np.diff(cover.start))
    if problem.model == "p_median":
        known = np.concatenate([cover.metres, existing.metres])
        farthest = float(known[np.isfinite(known)].max(initial=0.0))
        today = np.minimum(existing.metres, farthest)
        gain = today[owner] - np.minimum(cover.metres, farthest)
        kept = np.isfinite(cover.metres) & (gain > 0)
        left, metres = people, float(people @ today)
        reached = np.isfinite(existing.metres)
        reached[owner[np.isfinite(cover.metres)]] = True
    else:
        kept = within(cover.metres, problem.limit_m)
        gain = np.ones(len(owner))
        left, metres = people * (1.0 - _served(problem, existing)), 0.0
        reached = np.zeros(len(people), dtype=np.bool_)
        reached[owner[kept]] = True
    out = float(left[~reached].sum())
    kept = kept & (left[owner] > 0)
    return _merged(owner[kept], cover.candidate[kept], gain[kept], left, metres, out)


def _served(problem: Problem, existing: Existing) -> Floats:
    is_covered = within(existing.metres, problem.limit_m).astype(np.float64)
    if problem.model == "capacitated" and existing.with_room is not None:
        return is_covered * existing.with_room
    return is_covered


def _merged(
    owner: Ints, candidate: Ints, gain: Floats, people: Floats, metres: float, out: float
) -> Demand:
    order = np.lexsort((candidate, owner))
    owner, candidate, gain = owner[order], candidate[order], gain[order]
    rows, many = np.unique(owner, return_counts=True)
    start = np.concatenate([[0], np.cumsum(many)])
    random = np.random.default_rng(_SEED)
    most = int(candidate.max(initial=-1)) + 1
    words = random.integers(0, 2**64, most, dtype=np.uint64)
    first, member = same_lists(start, candidate, gain, words)
    of_class = np.bincount(member, people[rows], len(first)).astype(np.float64)
    kept = np.repeat(_flags(first, len(rows)), many)
    of_place = np.full(len(people), -1, dtype=np.int32)
    of_place[rows] = member
    return Demand(
        np.concatenate([[0], np.cumsum(many[first])]).astype(np.int32),
        candidate[kept].astype(np.int32),
        of_class,
        gain[kept],
        metres,
        out,
        of_place,
    )


def _flags(rows: Ints, of: int) -> Bools:
    flags = np.zeros(of, dtype=np.bool_)
    flags[rows] = True
    return flags


def same_lists(start: Ints, candidate: Ints, gain: Floats, words: Words) -> tuple[Ints, Ints]:
    """Return the first row of each class, ascending, and the class of each row.

    Rows are brought together by a sum of random words and then compared entry by entry: if two
    different lists have the same sum there may be more classes than needed, never wrong ones.
    """
    rows = len(start) - 1
    if rows == 0:
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    mixed = words[candidate] * (gain.view(np.uint64) | np.uint64(1)) ^ gain.view(np.uint64)
    total = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)])
    many = np.diff(start)
    order = np.lexsort((total[start[1:]] - total[start[:-1]], many))
    is_new = np.ones(rows, dtype=np.bool_)
    same = np.flatnonzero(many[order[1:]] == many[order[:-1]]) + 1
    length = many[order[same]]
    step = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    one = np.repeat(start[order[same]], length) + step
    other = np.repeat(start[order[same - 1]], length) + step
    differs = (candidate[one] != candidate[other]) | (gain[one] != gain[other])
    is_new[same] = np.bincount(np.repeat(np.arange(len(same)), length), differs, len(same)) > 0
    class_ = np.empty(rows, dtype=np.int64)
    class_[order] = np.cumsum(is_new) - 1
    _, first, member = np.unique(class_, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    return np.sort(first).astype(np.int32), rank[member].astype(np.int32)
