"""What plots were numbered before."""

from __future__ import annotations

import datetime as dt

import pytest

from landdata.models import ParcelAlias, Revision
from landdata.queries import FormerNumber, aliases
from tests.ground import add_alias, add_parcel, add_unit, square

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 9, 1)
REORGANISED = dt.date(2025, 7, 1)
NEWEST = 1_000


@pytest.fixture
def plot():
    add_unit("00076", "Phường Hàng Bài", valid_from=dt.date(2025, 1, 1), valid_to=REORGANISED)
    add_unit("00076", "Phường Cửa Nam", valid_from=REORGANISED)
    return add_parcel("45", square(590000, 2325000))


def test_an_old_number_is_told_with_the_ward_that_gave_it_then(plot):
    add_alias(plot, "5", "12", unit_code="00076")

    found = aliases([plot.parcel_id], as_of=TODAY, known_at=NEWEST)

    assert found == {
        plot.parcel_id: (FormerNumber("5", "12", "00076", "Phường Hàng Bài", "Hàng Bài"),)
    }


def test_several_old_numbers_are_all_told_and_none_is_no_entry(plot):
    other = add_parcel("46", square(590020, 2325000))
    add_alias(plot, "5", "13")
    add_alias(plot, "5", "12")

    found = aliases([plot.parcel_id, other.parcel_id], as_of=TODAY, known_at=NEWEST)

    assert [(old.number, old.unit_name) for old in found[plot.parcel_id]] == [
        ("12", ""),
        ("13", ""),
    ]
    assert other.parcel_id not in found


def test_an_old_number_is_told_as_it_was_known_and_on_the_days_it_held(plot):
    alias = add_alias(plot, "5", "12", valid_from=dt.date(2026, 3, 1))
    with Revision.open(by=None, why="test") as revision:
        ParcelAlias.objects.filter(pk=alias.pk).close(revision)

    known_before = alias.from_revision

    assert aliases([plot.parcel_id], as_of=TODAY, known_at=known_before)
    assert not aliases([plot.parcel_id], as_of=TODAY, known_at=revision.number)
    assert not aliases([plot.parcel_id], as_of=dt.date(2026, 2, 28), known_at=known_before)


def test_a_hundred_plots_cost_two_statements(plot, django_assert_num_queries):
    add_alias(plot, "5", "12", unit_code="00076")
    plots = [plot, *(add_parcel(str(number), None) for number in range(100, 105))]

    with django_assert_num_queries(2):
        aliases([each.parcel_id for each in plots], as_of=TODAY, known_at=NEWEST)
