"""People: an estimate for each parcel with dwellings, a census of each ward, and they differ."""

from __future__ import annotations

import collections
import csv

import numpy as np
import pytest


@pytest.fixture
def counts(city) -> list[dict[str, str]]:
    found = []
    for method in ("estimate", "census"):
        file = city.folder / f"population_{method}.csv"
        with file.open(encoding="utf-8", newline="") as rows:
            found += list(csv.DictReader(rows))
        assert {row["method"] for row in found[-1:]} == {method}
    return found


def test_a_row_speaks_of_a_parcel_or_of_a_ward_never_of_both(counts):
    assert list(counts[0]) == [
        "national_id", "unit_code", "people", "counted_on", "method", "source",
    ]  # fmt: skip
    for row in counts:
        assert (row["national_id"] == "") != (row["unit_code"] == "")
        assert row["method"] == ("estimate" if row["national_id"] else "census")
        assert int(row["people"]) >= 0
        assert "giả định" in row["source"]


def test_exactly_the_parcels_with_dwellings_have_an_estimate(city, counts):
    dwellings = {
        row["MADINHDANH"].decode() for row in city.rows if b"ODT" in row["LOAIDAT"].split(b"+")
    }
    estimated = [row["national_id"] for row in counts if row["national_id"]]

    assert len(estimated) == len(set(estimated))
    assert set(estimated) == dwellings


def test_more_ground_holds_more_people(city, counts):
    area = {row["MADINHDANH"].decode(): float(row["DTPHAPLY"]) for row in city.rows}
    people = np.array([int(r["people"]) for r in counts if r["national_id"]])
    m2 = np.array([area[r["national_id"]] for r in counts if r["national_id"]])

    assert 3 < people.mean() < 7
    assert people[m2 > 110].mean() > people[m2 < 60].mean()


def test_the_census_of_a_ward_is_near_the_sum_of_its_estimates_but_not_equal(city, counts):
    ward = {row["MADINHDANH"].decode(): f"{int(row['KVHC_ID']) - 100_000:05d}" for row in city.rows}
    estimated: collections.Counter[str] = collections.Counter()
    for row in counts:
        if row["national_id"]:
            estimated[ward[row["national_id"]]] += int(row["people"])
    census = {r["unit_code"]: int(r["people"]) for r in counts if r["unit_code"]}

    assert set(census) == set(ward.values())
    for code, people in census.items():
        assert people != estimated[code]
        assert abs(people - estimated[code]) <= max(1, 0.1 * estimated[code])
