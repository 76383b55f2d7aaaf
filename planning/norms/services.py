"""What services need of land: rows of `service_radii.csv` as they hold on a day."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_UNTIL: Final = re.compile(r"until (\d{4}-\d\d-\d\d)")
_FROM: Final = re.compile(r"from (\d{4}-\d\d-\d\d)")
_NUMBER: Final = r"(\d+(?:\.\d+)?)"
_EACH: Final = re.compile(rf"^{_NUMBER} m2/(?:pupil|place|bed)")
_OF_THOUSAND: Final = re.compile(rf"^{_NUMBER} (?:pupils|places|beds)/1000")
_A_PERSON: Final = re.compile(rf"^{_NUMBER} m2/person")
_BY_SIZE: Final = re.compile(
    rf"^{_NUMBER} / {_NUMBER} / {_NUMBER} m2/person for > (\d+)k / \d+-\d+k / < (\d+)k people"
)
_FROM_PEOPLE: Final = re.compile(r">= ([\d,]+) people")


@dataclass(frozen=True)
class ServiceNorm:
    """A row of the table in its own words."""

    id: str
    provision: str
    land: str
    applies_to: str
    source: str

    @property
    def m2_each(self) -> float:
        """Land for one pupil, place or bed, in m². Raises ValueError where the row says none."""
        return float(_found(_EACH, self.land)[1])

    def m2_a_person(self, people: float) -> float:
        """Return the land for each of so many people, in m²; 0 where so few need none."""
        if (few := _FROM_PEOPLE.search(self.applies_to)) and people < float(
            few[1].replace(",", "")
        ):
            return 0.0
        if by_size := _BY_SIZE.match(self.provision):
            many, some, few_, high, low = map(float, by_size.groups())
            return many if people > high * 1000 else some if people >= low * 1000 else few_
        if a_person := _A_PERSON.match(self.provision):
            return float(a_person[1])
        return float(_found(_OF_THOUSAND, self.provision)[1]) / 1000 * self.m2_each


class ServiceNorms:
    """The rows that hold on a day. Public: `row`."""

    def __init__(self, rows: Sequence[Mapping[str, str]], *, on: dt.date) -> None:
        self._rows = {row["id"]: row for row in rows if holds(row["in_force"], on)}

    def row(self, row_id: str) -> ServiceNorm | None:
        """Return a row, None if it does not hold on the day."""
        row = self._rows.get(row_id)
        if row is None:
            return None
        return ServiceNorm(
            id=row["id"],
            provision=row["min_provision"],
            land=row["min_land"],
            applies_to=row["applies_to"],
            source=row["source"],
        )


def holds(said: str, on: dt.date) -> bool:
    """Say whether a row holds on a day, from the words of its column `in_force`."""
    if until := _UNTIL.fullmatch(said):
        return on <= dt.date.fromisoformat(until[1])
    if begins := _FROM.fullmatch(said):
        return dt.date.fromisoformat(begins[1]) <= on
    if said in ("both", ""):
        return True
    raise ValueError(f"cannot read when the norm holds: {said!r}")


def _found(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.match(text)
    if found is None:
        raise ValueError(f"a norm is not written as expected: {text!r}")
    return found
