"""People of parcels and units: a census and an estimate are two statements."""

from __future__ import annotations

import datetime as dt
import functools

import pytest

from importers.ways_in import POPULATION
from landdata.errors import Invalid
from landdata.models import Dataset, Parcel, ParcelVersion, Population, Revision
from tests.importers.conftest import counted, noted

HEADER = "national_id,unit_code,people,counted_on,method,source"
COUNTED, LATER = dt.date(2025, 8, 1), dt.date(2026, 8, 1)


@pytest.fixture
def bring(bring, wards):
    return functools.partial(bring, POPULATION)


@pytest.fixture
def plot(run, wards):
    """Enter plots with an identifier beside those of a sample."""
    run("plain")
    like = ParcelVersion.objects.known_now().earliest("number")

    def enter(number, national_id):
        with Revision.open(by=None, why="a plot with an identifier") as revision:
            return ParcelVersion.objects.create(
                parcel=Parcel.objects.create(),
                sheet=like.sheet,
                number=number,
                national_id=national_id,
                geometry_state=like.geometry_state,
                boundary=like.boundary,
                boundary_3857=like.boundary_3857,
                unit_code=like.unit_code,
                source_file=like.source_file,
                source_row=9,
                fingerprint=number.encode(),
                valid_from=like.valid_from,
                from_revision=revision.number,
            )

    return enter


@pytest.fixture
def file(tmp_path):
    def write(*rows, header=HEADER, encoding="utf-8"):
        path = tmp_path / "population.csv"
        path.write_bytes("\n".join([header, *rows, ""]).encode(encoding))
        return path

    return write


def test_people_of_wards_come_in_once(bring, file):
    path = file(
        "00004".join([",", ",1200,2025-08-01,estimate,Phường"]),
        ",00070,900.5,2025-08-01,estimate,Phường",
    )

    report, again = bring(path), bring(path)

    assert report.layers["population"] == counted(read=2, new=2)
    assert again.layers["population"] == counted(read=2, unchanged=2)
    assert (again.intake.revision, Population.objects.count()) == (None, 2)
    row = Population.objects.get(unit_code="00070")
    assert (row.people, row.method, row.parcel_id) == (900.5, "estimate", None)
    assert (row.valid_from, row.counted_on) == (COUNTED, COUNTED)


def test_people_of_a_parcel_are_joined_by_its_national_identifier(bring, file, plot):
    mine = plot("98", "w7er8u0f5g3k")

    report = bring(
        file("w7er8u0f5g3k,,4,2025-08-01,estimate,mẫu", "w7er8unknown,,2,2025-08-01,estimate,m")
    )

    assert report.layers["population"] == counted(read=2, new=1, refused=1)
    assert noted(report) == {("parcel_unknown", "population.national_id"): [3]}
    assert Population.objects.get().parcel_id == mine.parcel_id


def test_an_identifier_that_two_plots_have_is_refused(bring, file, plot):
    plot("98", "w7er8u0f5g3k")
    plot("99", "w7er8u0f5g3k")

    report = bring(file("w7er8u0f5g3k,,4,2025-08-01,estimate,mẫu"))

    assert noted(report) == {("parcel_ambiguous", "population.national_id"): [2]}
    assert report.outcome.value == "nothing"


def test_a_census_leaves_the_estimate_where_it_is(bring, file):
    bring(file(",00004,1200,2025-08-01,estimate,Phường"))

    report = bring(file(",00004,1150,2025-07-01,census,Tổng cục Thống kê"))

    assert report.layers["population"] == counted(read=1, new=1)
    people = dict(Population.objects.known_now().values_list("method", "people"))
    assert people == {"estimate": 1200.0, "census": 1150.0}
    codes = set(
        Dataset.objects.filter(kind__startswith="population").values_list("code", flat=True)
    )
    assert codes == {"population-census", "population-estimate"}


def test_an_estimate_cannot_be_brought_into_the_data_set_of_a_census(bring, file):
    bring(file(",00004,1150,2025-07-01,census,TCTK"))

    with pytest.raises(Invalid, match="dataset_of_another_kind"):
        bring(file(",00004,1200,2025-08-01,estimate,Phường"), dataset="population-census")


def test_a_newer_count_ends_the_older_one_on_its_day(bring, file):
    bring(file(",00004,1200,2025-08-01,estimate,Phường"))

    bring(file(",00004,1300,2026-08-01,estimate,Phường"))

    rows = Population.objects.known_now().order_by("valid_from")
    assert [(r.people, r.valid_from, r.valid_to) for r in rows] == [
        (1200.0, COUNTED, LATER),
        (1300.0, LATER, None),
    ]


def test_a_code_counts_for_the_ward_that_had_it_on_the_day_of_the_count(bring, file):
    report = bring(file(",00004,5,2024-01-01,estimate,x", ",06820,7,2025-03-01,estimate,x"))

    assert noted(report) == {("unit_unknown", "population.unit_code"): [2]}
    assert report.layers["population"] == counted(read=2, new=1, refused=1)


def test_rows_that_cannot_be_read_are_refused_with_their_line(bring, file):
    report = bring(
        file(
            ",00004,1200,2025-08-01,estimate,x",
            ",00070,-3,2025-08-01,estimate,x",
            ",00070,many,2025-08-01,estimate,x",
            ",00070,3,2025-02-31,estimate,x",
            ",00070,3,2025-08-01,guess,x",
            ",00070,3,2025-08-01,estimate,",
            "a,00070,3,2025-08-01,estimate,x",
            ",,3,2025-08-01,estimate,x",
            ",00070,3,2025-08-01,estimate,x,more",
            ",00004,3,2025-08-01,estimate,x",
            ",00070,nan,2025-08-01,estimate,x",
        )
    )

    assert noted(report) == {
        ("value_unreadable", "population.people"): [3, 4, 12],
        ("value_unreadable", "population.counted_on"): [5],
        ("value_unreadable", "population.method"): [6],
        ("value_missing", "population.source"): [7],
        ("place_unclear", "population.national_id"): [8, 9],
        ("csv_cells_differ", "population"): [10],
        ("key_twice", "population.national_id"): [11],
    }
    assert report.layers["population"] == counted(read=11, new=1, refused=10)


@pytest.mark.parametrize(
    ("rows", "given", "code"),
    [
        ([",00004,1,2025-08-01,census,x", ",00070,1,2025-08-01,estimate,x"], {}, "methods_mixed"),
        ([], {}, "file_empty"),
        ([], {"header": "national_id;unit_code;people"}, "csv_columns_missing"),
        ([], {"header": HEADER + ",people"}, "csv_columns_missing"),
        ([",00004,1,2025-08-01,census,Phường"], {"encoding": "utf-16"}, "format_not_as_declared"),
        ([",00004,1,2025-08-01,census,Phê"], {"encoding": "latin-1"}, "csv_not_utf8"),
        ([',00004,1,2025-08-01,census,"open'], {}, "csv_broken"),
        ([",00004,1,2025-08-01,census," + "x" * 20_000], {}, "csv_broken"),
    ],
    ids=["mixed", "empty", "semicolons", "twice", "UTF-16", "Latin-1", "open quote", "long cell"],
)
def test_a_file_that_is_no_such_table_is_refused_as_a_whole(bring, file, rows, given, code):
    with pytest.raises(Invalid) as refusal:
        bring(file(*rows, **given))

    assert refusal.value.code == code
    assert Population.objects.count() == 0


def test_a_byte_order_mark_and_blank_lines_are_not_rows(bring, file):
    report = bring(file(",00004,1200,2025-08-01,census,Phường", "", header="\ufeff" + HEADER))

    assert report.layers["population"] == counted(read=1, new=1)
