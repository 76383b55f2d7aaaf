"""Sites on the streets: how far everybody is from each, and from what is there already."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planning.reach.measures import within
from planning.reach.records import Metric, Mode, PlaceState
from planning.reach.siting.records import Candidates
from planning.reach_candidates import LeftOut
from planning.reach_city import entered
from planning.reach_facts import FacilityRows
from planning.reach_ways import Ways, direction_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from planning.reach.records import Floats, Ints, Objects
    from planning.reach.siting.question import Question
    from planning.reach_candidates import Candidate
    from planning.reach_city import City


class Homes(NamedTuple):
    """Where people live, and who is served already."""

    #: Of each plot; 0 where nobody was counted and where there is no street.
    people: Floats
    #: Way to the nearest facility that is there.
    existing_m: Floats
    #: People of each plot who are served.
    served: Floats
    #: People of whom nobody knows whether there is room for them.
    unknown: Floats

    @property
    def left(self) -> Floats:
        """People who are certainly not served."""
        return np.maximum(self.people - self.served - self.unknown, 0.0)


class Sites:
    """Candidates with a street, and the ways of all plots to them.

    `rows` are their numbers among all that were found; everything here goes by its place in `rows`.
    `each` is how many units of capacity a person needs, None where room does not count: else a
    candidate without a capacity cannot be chosen. `hear` is called before each search of ways and
    may raise CalledOffError.
    """

    def __init__(
        self,
        city: City,
        question: Question,
        found: Sequence[Candidate],
        each: float | None,
        hear: Callable[[], None] = lambda: None,
    ) -> None:
        self.city, self.question, self._hear = city, question, hear
        self._direction = direction_of(question.kind)
        self._here = Ways(city)
        kinds = _objects([question.kind] * len(found))
        xy = np.array([one.xy for one in found], dtype=np.float64).reshape(-1, 2)
        at = entered(city, xy, kinds)
        capacity = np.array([one.capacity for one in found], dtype=np.float64)
        has_street = at.places.state < PlaceState.NO_STREET
        has_room = np.ones(len(found), bool) if each is None else ~np.isnan(capacity)
        self.rows = np.flatnonzero(has_street & has_room).astype(np.int32)
        self._without_street = int((~has_street).sum())
        self._without_room = int((has_street & ~has_room).sum())
        key = _objects([one.key for one in found])
        none = _objects([""] * len(found))
        stand = FacilityRows(key, none, kinds, capacity, none, xy)
        self._there = self._here.with_city(replace(city, facilities=stand, at=at))
        self.candidates = Candidates(
            key[self.rows],
            xy[self.rows],
            np.array([found[row].cost for row in self.rows.tolist()], dtype=np.float64),
            capacity[self.rows] / (each or 1.0),
            at.places,
        )

    def __len__(self) -> int:
        return len(self.rows)

    def places_of(self, rows: Ints) -> Ints:
        """Return where some of all that were found stand in `rows`."""
        return np.searchsorted(self.rows, rows).astype(np.int32)

    def metres_to(self, chosen: Ints) -> Floats:
        """Return how far each plot is from the nearest of some candidates; NaN without a street."""
        self._hear()
        if not len(chosen):
            return np.where(self._here.unknown, np.nan, np.inf)
        asked = Mode.WALK, Metric.METRES, self._direction
        return self._there.cost(*asked, self.rows[chosen])

    def existing_rows(self) -> Ints:
        """Return the facilities of the kind that are there."""
        return self._here.of_kind(self.question.kind)

    def metres_to_existing(self, rows: Ints) -> Floats:
        """Return how far each plot is from the nearest of some facilities that are there."""
        self._hear()
        if not len(rows):
            return np.where(self._here.unknown, np.nan, np.inf)
        return self._here.cost(Mode.WALK, Metric.METRES, self._direction, rows)

    def homes(self) -> Homes:
        """Return where people live, and who has a facility within the limit, whatever its room."""
        counted = self.city.plots.people.people
        people = np.where(self._here.unknown | np.isnan(counted), 0.0, counted)
        metres = self.metres_to_existing(self.existing_rows())
        is_served = within(metres, self.question.limit_m)
        return Homes(people, metres, people * is_served, np.zeros(len(people)))

    def left_out(self) -> list[LeftOut]:
        """Return what is not known of candidates, plots and facilities that are there."""
        counted = self.city.plots.people.people
        unknown = self._here.unknown
        of_facilities = self.city.at.places.state[self.existing_rows()]
        told = {
            "candidates_without_street": self._without_street,
            "candidates_without_capacity": self._without_room,
            "plots_not_counted": int(np.isnan(counted).sum()),
            "people_without_street": float(np.nansum(counted[unknown])),
            "facilities_without_street": int((of_facilities >= PlaceState.NO_STREET).sum()),
        }
        return [LeftOut(reason, many) for reason, many in told.items() if many]


def _objects(values: Iterable[str]) -> Objects:
    rows = list(values)
    array = np.empty(len(rows), dtype=object)
    array[:] = rows
    return array
