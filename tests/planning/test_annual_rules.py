"""What the yearly listing of a project means, with every New Year from both sides."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.annual import (
    LAW_FROM,
    ItemState,
    ListedYear,
    NextStep,
    Restriction,
    effect_of,
)


def listed(*years, first=None, kind="recovery"):
    return [ListedYear(year, "listed", kind, first) for year in years]


def decided(year, status, day=None):
    return ListedYear(year, status, "recovery", None, "7/QĐ-UBND", day)


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("on", "state", "restriction", "article"),
    [
        ("2024-12-31", ItemState.NOT_LISTED, Restriction.NONE, "76.4"),
        ("2025-01-01", ItemState.LISTED, Restriction.NO_NEW_BUILDING, "76.6"),
        ("2025-12-31", ItemState.LISTED, Restriction.NO_NEW_BUILDING, "76.6"),
        ("2026-01-01", ItemState.LISTED, Restriction.NO_NEW_BUILDING, "76.6"),
        ("2026-12-31", ItemState.LISTED, Restriction.NO_NEW_BUILDING, "76.6"),
        ("2027-01-01", ItemState.TWO_YEARS_PASSED, Restriction.NONE, "76.7"),
        ("2027-12-31", ItemState.TWO_YEARS_PASSED, Restriction.NONE, "76.7"),
        ("2028-01-01", ItemState.NOT_LISTED, Restriction.NONE, "76.4"),
    ],
)
def test_a_project_listed_three_years_restricts_in_the_first_two(on, state, restriction, article):
    effect = effect_of(listed(2025, 2026, 2027), day(on))

    assert (effect.state, effect.restriction, effect.article) == (state, restriction, article)


def test_a_listed_plot_may_ask_for_a_limited_permit_and_knows_until_when():
    effect = effect_of(listed(2025, 2026), day("2026-06-30"))

    assert effect.next_step == NextStep.ASK_FOR_LIMITED_PERMIT
    assert (effect.years_listed, effect.counted_from) == ((2025, 2026), 2025)
    assert (effect.two_years_end, effect.restriction_ended_year) == (day("2027-01-01"), None)


def test_in_its_third_year_the_authority_owes_an_adjustment_or_cancellation():
    effect = effect_of(listed(2024, 2025, 2026), day("2026-05-31"))

    assert effect.next_step == NextStep.ASK_TO_ADJUST_OR_CANCEL
    assert effect.years_listed == (2024, 2025, 2026)
    assert effect.restriction_ended_year == 2026


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2025-12-31", ItemState.LISTED),
        ("2026-01-01", ItemState.TWO_YEARS_PASSED),
    ],
)
def test_years_before_our_oldest_row_count_on_the_plans_word(on, state):
    rows = [*listed(2025, first=2024), *listed(2026, first=2024)]

    effect = effect_of(rows, day(on))

    assert (effect.state, effect.counted_from) == (state, 2024)


def test_the_oldest_row_counts_where_a_plan_claims_a_later_beginning():
    effect = effect_of([*listed(2024, 2025), *listed(2026, first=2026)], day("2026-01-01"))

    assert (effect.state, effect.counted_from) == (ItemState.TWO_YEARS_PASSED, 2024)


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2024-12-31", ItemState.LISTED),
        ("2025-01-01", ItemState.NOT_LISTED),
        ("2025-12-31", ItemState.NOT_LISTED),
        ("2026-01-01", ItemState.LISTED),
        ("2027-12-31", ItemState.LISTED),
        ("2028-01-01", ItemState.TWO_YEARS_PASSED),
    ],
)
def test_a_year_without_listing_starts_the_count_again(on, state):
    rows = listed(2024, 2026, 2027, 2028, first=2024)

    assert effect_of(rows, day(on)).state == state


def test_a_beginning_after_the_gap_still_counts_on_the_plans_word():
    rows = [*listed(2020), *listed(2026, first=2024)]

    assert effect_of(rows, day("2026-01-01")).counted_from == 2024


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2025-05-31", ItemState.LISTED),
        ("2025-06-01", ItemState.RECOVERY_DECIDED),
        ("2026-01-01", ItemState.RECOVERY_DECIDED),
        ("2030-01-01", ItemState.RECOVERY_DECIDED),
    ],
)
def test_a_recovery_decision_counts_from_its_day_and_stays(on, state):
    rows = [*listed(2024), decided(2025, "recovery_decided", day("2025-06-01"))]

    assert effect_of(rows, day(on)).state == state


def test_a_recovery_decision_is_named_and_decides_what_the_owner_may_do():
    effect = effect_of([decided(2025, "recovery_decided", day("2025-06-01"))], day("2025-06-01"))

    assert (effect.restriction, effect.next_step, effect.article) == (
        Restriction.BY_DECISION,
        NextStep.READ_THE_DECISION,
        "",
    )
    assert (effect.decision_number, effect.decision_date) == ("7/QĐ-UBND", day("2025-06-01"))


def test_a_recovery_decision_stands_though_a_later_plan_merely_lists():
    rows = [decided(2024, "recovery_decided"), *listed(2025, 2026)]

    assert effect_of(rows, day("2026-06-01")).state == ItemState.RECOVERY_DECIDED


def test_a_decision_that_only_next_years_plan_reports_counts_from_its_own_day():
    rows = [*listed(2025), decided(2026, "recovery_decided", day("2025-11-03"))]

    assert effect_of(rows, day("2025-11-02")).state == ItemState.LISTED
    assert effect_of(rows, day("2025-11-03")).state == ItemState.RECOVERY_DECIDED


@pytest.mark.parametrize(
    ("on", "state"),
    [("2025-12-31", ItemState.LISTED), ("2026-01-01", ItemState.CANCELLED)],
)
def test_a_status_without_a_day_counts_from_new_year_of_its_plan(on, state):
    assert effect_of([*listed(2025), decided(2026, "cancelled")], day(on)).state == state


def test_a_cancelled_project_restricts_nothing():
    effect = effect_of([decided(2025, "cancelled", day("2025-06-01"))], day("2026-06-01"))

    assert (effect.state, effect.restriction, effect.article) == (
        ItemState.CANCELLED,
        Restriction.NONE,
        "76.4",
    )


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2026-12-31", ItemState.LISTED),
        ("2027-12-31", ItemState.LISTED),
        ("2028-01-01", ItemState.TWO_YEARS_PASSED),
    ],
)
def test_a_cancelled_project_that_is_listed_again_counts_from_then(on, state):
    rows = [*listed(2024), decided(2025, "cancelled", day("2025-06-01")), *listed(2026, 2027, 2028)]
    rows += listed(2026, first=2024)

    assert effect_of(rows, day(on)).state == state


def test_after_completion_the_listing_no_longer_says_what_holds():
    effect = effect_of([*listed(2024), decided(2025, "completed", day("2025-06-01"))], LAST_OF_2025)

    assert (effect.state, effect.restriction) == (ItemState.COMPLETED, Restriction.NOT_SAID)


LAST_OF_2025 = day("2025-12-31")


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2025-05-19", ItemState.LISTED),
        ("2025-05-20", ItemState.RECOVERY_DECIDED),
        ("2025-12-31", ItemState.RECOVERY_DECIDED),
        ("2026-01-01", ItemState.COMPLETED),
    ],
)
def test_completion_reported_with_the_day_of_recovery_counts_from_its_own_plan(on, state):
    recovered = day("2025-05-20")
    rows = [
        *listed(2024),
        decided(2025, "recovery_decided", recovered),
        decided(2026, "completed", recovered),
    ]

    assert effect_of(rows, day(on)).state == state


def test_a_later_decision_that_next_years_plan_reports_replaces_an_earlier_one():
    rows = [
        decided(2025, "recovery_decided", day("2025-05-20")),
        decided(2026, "cancelled", day("2025-11-03")),
    ]

    assert effect_of(rows, day("2025-11-02")).state == ItemState.RECOVERY_DECIDED
    assert effect_of(rows, day("2025-11-03")).state == ItemState.CANCELLED


def test_conversion_is_not_recovery_and_never_said_to_be_free():
    effect = effect_of(listed(2024, 2025, 2026, kind="conversion"), day("2026-06-01"))

    assert (effect.state, effect.restriction, effect.article) == (
        ItemState.CONVERSION,
        Restriction.NOT_SAID,
        "",
    )


def test_years_of_conversion_do_not_count_for_recovery():
    rows = [*listed(2024, kind="conversion"), *listed(2025, 2026, first=2024)]

    assert effect_of(rows, day("2026-06-01")).state == ItemState.LISTED
    assert effect_of(rows, day("2026-06-01")).counted_from == 2025


@pytest.mark.parametrize("other", ["cancelled", "completed", "recovery_decided"])
def test_of_two_plans_of_one_year_the_one_that_binds_more_counts(other):
    rows = [*listed(2026), decided(2026, other)]
    expected = ItemState.RECOVERY_DECIDED if other == "recovery_decided" else ItemState.LISTED

    assert effect_of(rows, day("2026-06-01")).state == expected
    assert effect_of(rows[::-1], day("2026-06-01")).state == expected


def test_before_the_law_was_in_force_nothing_is_said_in_its_name():
    rows = listed(2021, 2022, 2023, 2024)

    before = effect_of(rows, LAW_FROM - dt.timedelta(days=1))
    after = effect_of(rows, LAW_FROM)

    assert (before.state, before.restriction, before.article) == (
        ItemState.LISTED,
        Restriction.NOT_SAID,
        "",
    )
    assert (after.state, after.two_years_end) == (ItemState.TWO_YEARS_PASSED, LAW_FROM)
    assert effect_of([], LAW_FROM - dt.timedelta(days=1)).restriction == Restriction.NOT_SAID


def test_a_project_that_no_plan_ever_named_is_not_listed():
    effect = effect_of([], day("2026-01-01"))

    assert (effect.state, effect.years_listed) == (ItemState.NOT_LISTED, ())


@pytest.mark.parametrize(("status", "kind"), [("planned", "recovery"), ("listed", "purchase")])
def test_words_that_nobody_knows_are_refused(status, kind):
    with pytest.raises(ValueError, match="unknown"):
        ListedYear(2026, status, kind)


some_year = st.integers(2024, 2031)
some_day = st.dates(day("2024-08-01"), day("2032-12-31"))
some_row = st.builds(
    ListedYear,
    year=some_year,
    status=st.sampled_from(["listed", "listed", "listed", "recovery_decided", "cancelled"]),
    kind=st.sampled_from(["recovery", "recovery", "conversion"]),
    first_listed_year=st.none() | st.integers(2018, 2031),
    decision_date=st.none() | some_day,
)
some_rows = st.lists(some_row, max_size=8)


@given(rows=some_rows, on=some_day, seed=st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows, on, seed):
    mixed = list(rows)
    seed.shuffle(mixed)

    assert effect_of(mixed, on) == effect_of(rows, on)


@given(years=st.sets(some_year), on=some_day)
def test_two_years_have_passed_exactly_if_the_year_and_the_two_before_are_listed(years, on):
    passed = {on.year, on.year - 1, on.year - 2} <= years

    state = effect_of(listed(*years), on).state

    assert (state == ItemState.TWO_YEARS_PASSED) == passed
    assert (state == ItemState.LISTED) == (on.year in years and not passed)


@given(rows=some_rows, on=some_day)
def test_building_is_restricted_only_while_a_plan_of_that_year_lists_recovery(rows, on):
    effect = effect_of(rows, on)

    if effect.restriction == Restriction.NO_NEW_BUILDING:
        assert any(row.year == on.year and row.kind == "recovery" for row in rows)
        assert effect.two_years_end is not None
        assert on < effect.two_years_end


@given(rows=some_rows, on=some_day)
def test_a_day_within_the_same_year_changes_nothing_unless_a_decision_falls_between(rows, on):
    newyear, last = dt.date(on.year, 1, 1), dt.date(on.year, 12, 31)
    if on.year == 2024:
        newyear = LAW_FROM
    if not any(r.decision_date and newyear < r.decision_date <= last for r in rows):
        assert effect_of(rows, newyear).state == effect_of(rows, last).state


@given(rows=some_rows, on=some_day)
def test_later_plans_without_an_earlier_decision_never_change_an_answer(rows, on):
    known = [r for r in rows if r.year <= on.year or (r.decision_date and r.decision_date <= on)]

    assert effect_of(rows, on) == effect_of(known, on)


@given(rows=some_rows, on=some_day)
def test_the_end_of_the_two_years_is_two_new_years_after_the_first(rows, on):
    effect = effect_of(rows, on)

    if effect.counted_from is not None:
        assert effect.two_years_end is not None
        assert effect.two_years_end >= dt.date(effect.counted_from + 2, 1, 1)
        assert (effect.state == ItemState.TWO_YEARS_PASSED) == (on >= effect.two_years_end)
