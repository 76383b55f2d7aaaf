"""On which days which corridors lie around an object. Numbers only, without a database."""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planning.corridors import DayRules, Rule, SourceObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planning.corridors.reach import Reached

#: What names a rule's row: its id, its measure, and its first day.
RuleKey = tuple[str, int, dt.date]


@dataclass(frozen=True, eq=False)
class Lasting:
    """A corridor in numbers that lies around an object from one day to another."""

    source: SourceObject
    reached: Reached
    valid_from: dt.date
    valid_to: dt.date | None
    fingerprint: str


class Calendar:
    """The rules of all days. Between two days on which a rule begins or ends nothing changes."""

    def __init__(self, rules: Mapping[RuleKey, int], told: Sequence[Rule]) -> None:
        """Take the rules to go by, and for each the number of its row."""
        self._rows = rules
        self._told = told
        days = {day for rule in told for day in (rule.valid_from, rule.valid_to) if day}
        self._days = sorted(days)
        self._books: dict[int, DayRules] = {}

    def row_of(self, rule: Rule) -> int:
        """Return the number of a rule's row."""
        return self._rows[rule.id, rule.measure, rule.valid_from]

    def lasting(
        self, source: SourceObject, valid_from: dt.date, valid_to: dt.date | None
    ) -> list[Lasting]:
        """Return the corridors around an object that holds on the days `[valid_from, valid_to)`."""
        first = bisect_right(self._days, valid_from)
        starts = [valid_from]
        starts += [day for day in self._days[first:] if valid_to is None or day < valid_to]
        found: list[Lasting] = []
        open_: dict[str, tuple[dt.date, Reached]] = {}
        for place, start in enumerate(starts):
            now = {
                self._fingerprint(source, reached): reached
                for reached in self._book(first + place).reached(source)
            }
            for print_ in [p for p in open_ if p not in now]:
                since, reached = open_.pop(print_)
                found.append(Lasting(source, reached, since, start, print_))
            for print_, reached in now.items():
                open_.setdefault(print_, (start, reached))
        for print_, (since, reached) in open_.items():
            found.append(Lasting(source, reached, since, valid_to, print_))
        return found

    def _book(self, place: int) -> DayRules:
        """Return the rules from the day before `place` on; before the first day, of that before."""
        if place not in self._books:
            day = self._days[place - 1] if place else dt.date.min
            self._books[place] = DayRules.on(self._told, day)
        return self._books[place]

    def _fingerprint(self, source: SourceObject, reached: Reached) -> str:
        said = (
            str(source.kind),
            source.id,
            self.row_of(reached.rule),
            reached.inner,
            reached.outer,
            reached.without,
            reached.doubts,
        )
        return hashlib.blake2b(repr(said).encode(), digest_size=16).hexdigest()
