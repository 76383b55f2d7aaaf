"""What the yearly listing of a project means for those who hold the land.

Source: Land Law 31/2024/QH15 art. 76, as the domain tables give it:

- 76.4: the plan is published, the plot is not in the annual plan: all rights continue;
- 76.6: the plot is in the annual plan for recovery: rights continue, but no new house and no
  perennial trees; a limited permit is possible;
- 76.7: two consecutive years without a recovery decision: the authority must adjust or cancel and
  publish that; otherwise there is no restriction of rights.

Our reading, where these words leave room (docs/annual-plans.md says why):

- the years are calendar years, because a plan holds for one: listed in 2024, 2025 and still in
  2026, two years have passed from 2026-01-01 on;
- "consecutive" means that a gap starts the count again, and so does a cancellation;
- years before the oldest row count on the plan's own word (`first_listed_year`);
- a status counts from the day of its decision, without one from New Year of its plan;
- a recovery decision stands, whatever later lists say, until it is cancelled or completed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LAW: Final = "31/2024/QH15"
#: Before this day another law answered, of which the domain tables say nothing.
LAW_FROM: Final = dt.date(2024, 8, 1)
#: After so many consecutive years in the list without a decision nothing is restricted (76.7).
YEARS_WITHOUT_DECISION: Final = 2

_RECOVERY, _CONVERSION = "recovery", "conversion"
_LISTED, _DECIDED = "listed", "recovery_decided"
_CANCELLED, _COMPLETED = "cancelled", "completed"
_KINDS: Final = (_RECOVERY, _CONVERSION)
#: What binds the owner most comes first: two plans may list one project in the same year.
_STATUSES: Final = (_DECIDED, _LISTED, _COMPLETED, _CANCELLED)


class ItemState(StrEnum):
    """Where a project stands on a day, for the owner of the land."""

    NOT_LISTED = "not_listed"
    LISTED = "listed"
    TWO_YEARS_PASSED = "two_years_passed"
    RECOVERY_DECIDED = "recovery_decided"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    CONVERSION = "conversion"


class Restriction(StrEnum):
    """What the owner may not do because of the listing."""

    #: All rights continue.
    NONE = "none"
    #: Rights continue, but no new house and no perennial trees; a limited permit is possible.
    NO_NEW_BUILDING = "no_new_building"
    #: What the decision on the land says.
    BY_DECISION = "by_decision"
    #: Our sources do not say; never to be read as "none".
    NOT_SAID = "not_said"


class NextStep(StrEnum):
    """What the owner can do."""

    NOTHING = "nothing"
    #: For repairs, or to build for a limited time.
    ASK_FOR_LIMITED_PERMIT = "ask_for_limited_permit"
    #: The authority owes an adjustment or cancellation, and its publication.
    ASK_TO_ADJUST_OR_CANCEL = "ask_to_adjust_or_cancel"
    READ_THE_DECISION = "read_the_decision"
    ASK_THE_AUTHORITY = "ask_the_authority"


@dataclass(frozen=True)
class ListedYear:
    """One year's row of a project. Raises ValueError for a status or kind that nobody knows."""

    #: The year of the plan that lists it.
    year: int
    #: listed, recovery_decided, cancelled or completed.
    status: str
    #: recovery or conversion.
    kind: str
    #: What this plan says of the beginning; None where it says nothing.
    first_listed_year: int | None = None
    decision_number: str = ""
    decision_date: dt.date | None = None

    def __post_init__(self) -> None:
        if self.status not in _STATUSES:
            raise ValueError(f"unknown status {self.status!r}")
        if self.kind not in _KINDS:
            raise ValueError(f"unknown kind {self.kind!r}")


@dataclass(frozen=True)
class ItemEffect:
    """What holds for the owner on a day."""

    state: ItemState
    restriction: Restriction
    next_step: NextStep
    #: Article and clause of `LAW` that says so; empty where none of those we know does.
    article: str
    #: Years up to the day whose plans list it, gaps included.
    years_listed: tuple[int, ...] = ()
    #: The year from which consecutive years are counted.
    counted_from: int | None = None
    #: The first day on which two consecutive years will have passed, or have.
    two_years_end: dt.date | None = None
    decision_number: str = ""
    decision_date: dt.date | None = None

    @property
    def restriction_ended_year(self) -> int | None:
        """The year in which the restriction ended because two years had passed."""
        if self.state != ItemState.TWO_YEARS_PASSED or self.two_years_end is None:
            return None
        return self.two_years_end.year


def effect_of(years: Sequence[ListedYear], on: dt.date) -> ItemEffect:
    """Return what the rows of one project, in any order, mean on a day.

    Rows of later years speak for an earlier day only by a decision dated before it.

    >>> rows = [ListedYear(year, "listed", "recovery") for year in (2024, 2025, 2026)]
    >>> effect_of(rows, dt.date(2025, 12, 31)).state.value
    'listed'
    >>> effect = effect_of(rows, dt.date(2026, 1, 1))
    >>> effect.state.value, effect.article, effect.restriction_ended_year
    ('two_years_passed', '76.7', 2026)
    """
    known = [row for row in years if row.year <= on.year or _status_on(row, on) != _LISTED]
    rows = _by_year(known, on)
    listed = tuple(year for year in sorted(rows) if year <= on.year)
    last = _last_decision(rows, on)
    today = rows.get(on.year)
    if last is not None and (today is None or last.year >= on.year or last.status == _DECIDED):
        return _ended(last, listed, on)
    if today is None:
        return _effect(ItemState.NOT_LISTED, on, years_listed=listed)
    if today.kind == _CONVERSION:
        return _effect(ItemState.CONVERSION, on, years_listed=listed)
    since = _counted_from(rows, on)
    end = max(dt.date(since + YEARS_WITHOUT_DECISION, 1, 1), LAW_FROM)
    return _effect(
        ItemState.TWO_YEARS_PASSED if on >= end else ItemState.LISTED,
        on,
        years_listed=listed,
        counted_from=since,
        two_years_end=end,
    )


#: What a state means, with the article that says so.
_MEANING: Final = {
    ItemState.NOT_LISTED: (Restriction.NONE, NextStep.NOTHING, "76.4"),
    ItemState.LISTED: (Restriction.NO_NEW_BUILDING, NextStep.ASK_FOR_LIMITED_PERMIT, "76.6"),
    ItemState.TWO_YEARS_PASSED: (Restriction.NONE, NextStep.ASK_TO_ADJUST_OR_CANCEL, "76.7"),
    ItemState.RECOVERY_DECIDED: (Restriction.BY_DECISION, NextStep.READ_THE_DECISION, ""),
    # Cancelled means that it is in the annual plan no more.
    ItemState.CANCELLED: (Restriction.NONE, NextStep.NOTHING, "76.4"),
    ItemState.COMPLETED: (Restriction.NOT_SAID, NextStep.ASK_THE_AUTHORITY, ""),
    # The domain tables speak of recovery only.
    ItemState.CONVERSION: (Restriction.NOT_SAID, NextStep.ASK_THE_AUTHORITY, ""),
}


def _effect(
    state: ItemState,
    on: dt.date,
    *,
    years_listed: tuple[int, ...],
    counted_from: int | None = None,
    two_years_end: dt.date | None = None,
    decision: ListedYear | None = None,
) -> ItemEffect:
    restriction, next_step, article = _MEANING[state]
    if article and on < LAW_FROM:
        restriction, next_step, article = Restriction.NOT_SAID, NextStep.ASK_THE_AUTHORITY, ""
    return ItemEffect(
        state=state,
        restriction=restriction,
        next_step=next_step,
        article=article,
        years_listed=years_listed,
        counted_from=counted_from,
        two_years_end=two_years_end,
        decision_number=decision.decision_number if decision else "",
        decision_date=decision.decision_date if decision else None,
    )


def _ended(row: ListedYear, listed: tuple[int, ...], on: dt.date) -> ItemEffect:
    return _effect(ItemState(row.status), on, years_listed=listed, decision=row)


def _last_decision(rows: dict[int, ListedYear], on: dt.date) -> ListedYear | None:
    """Return the row whose decision holds, if any: the newest plan's word up to the day.

    Of later plans only a later decision counts: a plan that reports completion may still give the
    day on which recovery was decided.
    """
    ended = [row for row in rows.values() if _status_on(row, on) != _LISTED]
    past = max((r for r in ended if r.year <= on.year), key=lambda r: r.year, default=None)
    later = [r for r in ended if r.year > on.year and (past is None or _begins(r) > _begins(past))]
    return max(later, key=lambda r: (_begins(r), -r.year), default=past)


def _begins(row: ListedYear) -> dt.date:
    return row.decision_date or dt.date(row.year, 1, 1)


def _status_on(row: ListedYear, on: dt.date) -> str:
    """Return a row's status on a day: until its decision the project is merely listed."""
    return row.status if _begins(row) <= on else _LISTED


def _by_year(years: Sequence[ListedYear], on: dt.date) -> dict[int, ListedYear]:
    """Return for each year the row that binds most; two plans may list one project."""

    def bond(row: ListedYear) -> tuple[int, int, int, dt.date, str]:
        # The last three only keep the answer the same whatever the order of the rows.
        return (
            _STATUSES.index(_status_on(row, on)),
            _KINDS.index(row.kind),
            row.first_listed_year or row.year,
            row.decision_date or dt.date.min,
            row.decision_number,
        )

    found: dict[int, ListedYear] = {}
    for row in sorted(years, key=bond):
        found.setdefault(row.year, row)
    return found


def _counted_from(rows: dict[int, ListedYear], on: dt.date) -> int:
    """Return the first of the consecutive years that end with the one of the day."""

    def counts(year: int) -> bool:
        row = rows.get(year)
        return row is not None and row.kind == _RECOVERY and _status_on(row, on) == _LISTED

    first = on.year
    while counts(first - 1):
        first -= 1
    before = max((year for year in rows if year < first), default=None)
    said = [
        row.first_listed_year
        for year, row in rows.items()
        if first <= year <= on.year and row.first_listed_year is not None
    ]
    # What began before a gap that we can see does not count; what our rows are too young for does.
    return min([first, *(year for year in said if before is None or year > before)])
