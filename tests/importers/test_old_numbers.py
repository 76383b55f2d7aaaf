"""Old numbers that come with a delivery of parcels."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from fixtures.samples.make import parcel
from fixtures.samples.writer import COLUMNS, Column
from landdata.models import ParcelAlias, ParcelVersion, Revision
from tests.importers.conftest import DATA_DATE

pytestmark = pytest.mark.django_db
LATER = dt.date(2026, 6, 1)
WITH_OLD = (*COLUMNS, Column("SOTOCU", "C", 30), Column("SOTHUACU", "C", 30))
WITH_OLD_WARD = (*WITH_OLD, Column("KVHCCU_ID", "N", 9), Column("GHICHU", "C", 20))


@pytest.fixture
def take(run, delivery):
    """Bring rows in; each has a number, then its old sheet, old number and old ward."""

    def come(*rows, words=(), columns=WITH_OLD_WARD):
        named = [
            parcel(
                number,
                SOTOCU=sheet,
                SOTHUACU=old,
                **({"KVHCCU_ID": ward} if "KVHCCU_ID" in {c.name for c in columns} else {}),
            )
            for number, sheet, old, ward in rows
        ]
        return run(delivery(*named, columns=columns), *words)

    return come


def standing() -> list[tuple[str, str, str, str]]:
    """Return current number, old ward, old sheet and old number of what is said now."""
    number = dict(
        ParcelVersion.objects.known_now().filter(valid_to=None).values_list("parcel_id", "number")
    )
    return sorted(
        (number[a.parcel_id], a.unit_code, a.sheet_number, a.number)
        for a in ParcelAlias.objects.known_now().filter(valid_to=None)
    )


def test_an_old_number_is_kept_with_its_ward_beside_the_new_one(take):
    result = take((1, "5", "12", "106820"), (2, "5", "13", ""))

    assert result.counts["new"] == 2
    assert standing() == [("1", "06820", "5", "12"), ("2", "", "5", "13")]
    alias = ParcelAlias.objects.get(number="12")
    assert (alias.valid_from, alias.valid_to, alias.source_row) == (DATA_DATE, None, 0)
    assert alias.from_revision == ParcelVersion.objects.get(number="1").from_revision
    assert result.report["columns"]["taken"]["old_number"] == "SOTHUACU"
    assert result.report["columns"]["ignored"] == ["GHICHU"]
    assert result.report["issues"] == []


def test_the_same_old_numbers_twice_change_nothing(take):
    rows = [(1, "5", "12", "106820"), (2, "5", "45+46", "")]
    take(*rows)
    before = (ParcelAlias.objects.count(), Revision.objects.count())

    again = take(*rows)

    assert (again.counts["unchanged"], again.report["revision"]) == (2, None)
    assert (ParcelAlias.objects.count(), Revision.objects.count()) == before


def test_a_changed_old_number_is_a_change_and_the_one_of_before_held_until_then(take):
    take((1, "5", "12", ""), (2, "5", "13", ""))

    result = take((1, "5", "14", ""), (2, "5", "13", ""), words=("--data-date", LATER.isoformat()))

    assert (result.counts["changed"], result.counts["unchanged"]) == (1, 1)
    assert standing() == [("1", "", "5", "14"), ("2", "", "5", "13")]
    told = ParcelAlias.objects.known_now().filter(number__in=["12", "14"]).order_by("number")
    assert [(a.number, a.valid_from, a.valid_to) for a in told] == [
        ("12", DATA_DATE, LATER),
        ("14", LATER, None),
    ]
    first = ParcelAlias.objects.known_at(result.report["revision"] - 1)
    assert sorted((a.number, a.valid_to) for a in first) == [("12", None), ("13", None)]


def test_an_old_number_corrected_on_the_same_day_leaves_no_trace_in_what_is_believed(take):
    take((1, "5", "12", ""))

    take((1, "5", "14", ""))

    assert [a.number for a in ParcelAlias.objects.known_now()] == ["14"]
    assert ParcelAlias.objects.count() == 2


def test_an_older_delivery_corrects_an_old_number_for_the_days_that_its_row_holds(take, run):
    take((1, "5", "12", ""), words=("--data-date", "2026-01-01"))
    take((1, "5", "14", ""), words=("--data-date", "2026-06-01"))

    take((1, "5", "15", ""), words=("--data-date", "2026-03-01"))

    told = ParcelAlias.objects.known_now().order_by("valid_from")
    assert [(a.number, a.valid_from, a.valid_to) for a in told] == [
        ("12", dt.date(2026, 1, 1), dt.date(2026, 6, 1)),
        ("15", dt.date(2026, 6, 1), None),
    ]


def test_an_old_number_that_is_said_again_stays_as_it_was_written(run, delivery, take):
    take((1, "5", "12", ""))
    (before,) = ParcelAlias.objects.all()

    run(delivery(parcel(1, SOTOCU="5", SOTHUACU="12", DIACHI="So 1A"), columns=WITH_OLD))

    (after,) = ParcelAlias.objects.all()
    assert (after.pk, after.to_revision) == (before.pk, None)
    assert ParcelVersion.objects.known_now().get().address == "So 1A"


def test_a_delivery_that_no_longer_says_an_old_number_ends_it(take):
    take((1, "5", "12", ""))

    result = take((1, "", "", ""), words=("--data-date", LATER.isoformat()))

    assert result.counts["changed"] == 1
    assert standing() == []
    assert ParcelAlias.objects.known_now().get().valid_to == LATER


def test_old_numbers_of_a_parcel_that_leaves_end_with_it(take):
    take((1, "5", "12", ""), (2, "5", "13", ""))
    words = ("--complete-sheets", "all", "--retire-gone", "--accept-gone")

    take((1, "5", "12", ""), words=(*words, "--data-date", LATER.isoformat()))

    assert standing() == [("1", "", "5", "12")]
    assert ParcelAlias.objects.known_now().get(number="13").valid_to == LATER


def test_what_is_no_number_gives_no_old_number_and_no_note(take):
    cells = ["", "  ", "0", "KXD", "kxd", "0.000", "KXD+0"]

    result = take(*((n, "5", cell, "106820") for n, cell in enumerate(cells, 1)))

    assert result.counts["new"] == len(cells)
    assert standing() == []
    assert result.report["issues"] == []


def test_blanks_and_decimals_go_and_a_united_parcel_has_all_its_old_numbers(take):
    cells = {
        (" 5 ", " 12 "): [("5", "12")],
        ("5.000", "12.0"): [("5", "12")],
        ("6-IV", "45/1"): [("6-IV", "45/1")],
        ("5", "45+46"): [("5", "45"), ("5", "46")],
        ("5", "45; 46 ;"): [("5", "45"), ("5", "46")],
        ("5+6", "45,46"): [("5", "45"), ("6", "46")],
        ("5", "45+KXD+45"): [("5", "45")],
        ("5+0", "45+46"): [("5", "45")],
    }

    take(*((n, sheet, number, "") for n, (sheet, number) in enumerate(cells, 1)))

    kept = [(str(n), "", *old) for n, olds in enumerate(cells.values(), 1) for old in olds]
    assert standing() == sorted(kept)


def test_an_old_number_that_cannot_be_told_is_noted_and_the_row_comes_in(take):
    result = take(
        (1, "5", "12", ""),
        (2, "", "12", ""),
        (3, "0", "12", ""),
        (4, "5+6", "12", ""),
        (5, "5", "1" * 21, ""),
        (6, "5" * 21, "12", ""),
    )

    assert result.counts["new"] == 6
    assert result.issues == {"old_sheet_missing": [1, 2], "old_number_unreadable": [3, 4, 5]}
    assert standing() == [("1", "", "5", "12")]


def test_an_old_ward_that_cannot_be_told_is_noted_and_the_number_kept(take):
    result = take((1, "5", "12", "6820"), (2, "5", "13", "199998"))

    assert result.issues == {"old_unit_unreadable": [0], "old_unit_unknown": [1]}
    assert standing() == [("1", "", "5", "12"), ("2", "99998", "5", "13")]


def test_a_delivery_without_an_old_sheet_column_says_so_row_by_row(run, delivery):
    columns = [column for column in WITH_OLD if column.name != "SOTOCU"]

    result = run(delivery(parcel(1, SOTHUACU="12"), parcel(2), columns=columns))

    assert result.issues == {"old_sheet_missing": [0]}
    assert standing() == []


def test_rows_without_old_numbers_are_unchanged_after_a_delivery_that_could_not_say_them(
    run, delivery, take
):
    run(delivery(parcel(1), parcel(2)))

    result = take((1, "", "", ""), (2, "5", "13", ""))

    assert (result.counts["unchanged"], result.counts["changed"]) == (1, 1)


CELLS = st.sampled_from(["", "5", "6", "KXD", "0", "5+6", "45", "x" * 21])
ROWS = st.lists(
    st.tuples(CELLS, CELLS, st.sampled_from(["", "106820", "100070"])), min_size=1, max_size=4
)


@hypothesis_settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(deliveries=st.lists(ROWS, min_size=2, max_size=2))
def test_after_any_deliveries_the_last_one_is_what_stands(take, deliveries):
    words = ("--complete-sheets", "all", "--retire-gone", "--accept-gone")
    for rows in deliveries:
        take(*((n, *cells) for n, cells in enumerate(rows, 1)), words=words)
        expected = set()
        for n, (sheet, number, ward) in enumerate(rows, 1):
            sheets, numbers = sheet.split("+"), number.split("+")
            if len(sheets) not in (1, len(numbers)) or "x" in sheet + number:
                continue
            for place, each in enumerate(numbers):
                mine = sheets[place if len(sheets) > 1 else 0]
                if {mine, each} & {"", "0", "KXD"}:
                    continue
                expected.add((str(n), ward[1:], mine, each))
        assert standing() == sorted(expected)
