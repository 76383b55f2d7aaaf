"""What is asked of a search for sites, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planning.reach.records import Floats, Ints, Objects, Places

Model = Literal["max_cover", "p_median", "capacitated", "set_cover"]
Status = Literal["optimal", "feasible", "none"]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What to look for.

    `max_cover`: most people within the limit. `capacitated`: most people within the limit for whom
    there is room. `set_cover`: the least cost that covers whom any candidate covers. `p_median`:
    the fewest metres of all people together. All but `set_cover` need a budget or a count.
    """

    model: Model
    kind: str
    limit_m: float
    budget: float | None = None
    count: int | None = None
    time_limit_s: float = 60.0
    #: The search may stop this near to the best (share of it).
    gap: float = 0.0


@dataclass(frozen=True, eq=False)
class Candidates:
    """Sites to choose from."""

    key: Objects
    #: (n, 2)
    xy: Floats
    cost: Floats
    #: People for whom there is room.
    capacity: Floats
    places: Places

    def __len__(self) -> int:
        return len(self.key)


class Cover(NamedTuple):
    """Ways from places to candidates: those of place p are `start[p] : start[p + 1]`.

    A candidate stands once at a place. Ways longer than the limit count for `p_median` only.
    """

    start: Ints
    candidate: Ints
    metres: Floats


class Existing(NamedTuple):
    """What there is already for each place."""

    #: Way to the nearest facility, `inf` where there is none.
    metres: Floats
    #: Share of the people of a place within the limit for whom there is room; none given: all.
    with_room: Floats | None = None


@dataclass(frozen=True, eq=False)
class Answer:
    """Sites chosen, and how much better any choice could be at most.

    `objective` is people (max_cover, capacitated), cost (set_cover) or metres of all people
    together (p_median); no choice is beyond `bound`. `gap` is what lies between, as a share of the
    objective. `optimal` is said only where that is nothing.
    """

    status: Status
    chosen: Ints
    objective: float
    bound: float
    gap: float
    seconds: float = 0.0
    newly_people: float = 0.0
    #: People not served today whom no candidate serves either.
    out_of_reach_people: float = 0.0
    #: By how many metres a person the bound is looser since places were taken together.
    loosened_m: float = 0.0
    is_cancelled: bool = False
    alternatives: Sequence[Answer] = field(default_factory=tuple)


def nothing() -> Answer:
    """Return the answer where nothing was found."""
    return Answer("none", np.zeros(0, np.int32), np.nan, np.nan, np.inf)
