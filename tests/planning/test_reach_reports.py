"""Reach fetched as files: figures and plots, of the street of the runs' own tests."""

from __future__ import annotations

import csv
import io
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Role, User
from planning.models import CoverageFigure, CoverageRun
from planning.operations.coverage_runs import carry_out_coverage, start_coverage
from planning.operations.reference import load_plan_functions
from planning.reach_reports.as_pdf import data_of
from planning.reach_reports.build import build_report
from planning.reach_reports.charts import minutes_chart, ward_chart
from planning.reach_reports.records import ReportFigure
from planning.reach_reports.sections import rooms
from planning.reach_words import of_reason
from tests.planning.city import Office, box, person
from tests.planning.test_conflict_ways import HOUSES, REFERENCE
from tests.planning.test_coverage_runs import facility, street, work_out
from tests.planning.test_draft_api import as_user

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

__all__ = ["street"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("street")]
API = "/api/planning/reach"


@pytest.fixture
def planner() -> Client:
    return as_user(person("planner", Role.PLANNER))


def get(client: Client, name: str, **given: Any) -> Any:
    return client.get(f"{API}/{name}", given, headers={"host": "localhost"})


def table(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.content
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_table_of_figures_has_each_with_its_norm_and_source(planner: Client) -> None:
    work_out()

    answer = get(planner, "report.csv", lang="en")

    assert answer["Content-Disposition"].endswith('filename="reach-city-run1-figures.csv"')
    (share,) = [
        row
        for row in table(answer)
        if (row["measure"], row["norm"], row["unit"]) == ("share_within", "pk_walk", "")
    ]
    assert (share["value"], share["people"], share["state"]) == ("0.5", "20.0", "not_met")
    assert share["source"] == "QCVN 01:2021/BXD 2.9.4, Table 2.18"
    assert (share["scope"], share["kind_en"]) == ("city", "Car park")


def test_what_is_not_known_is_an_empty_cell_with_a_reason(planner: Client) -> None:
    work_out()

    gaps = [row for row in table(get(planner, "report.csv", lang="en")) if row["measure"] == "gap"]

    assert {(row["value"], row["reason"]) for row in gaps} == {("", "fewer_than_two_wards")}
    assert all(row["why"] and not row["why"].startswith("reach.") for row in gaps)


def test_of_one_kind_only_its_figures_and_columns_come(planner: Client) -> None:
    work_out()

    assert {row["kind"] for row in table(get(planner, "report.csv", kind="parking"))} == {"parking"}
    (first, *_) = table(get(planner, "table.csv", kind="parking"))
    assert list(first)[:4] == ["parcel", "ward", "people", "parking_walk_m"]
    assert len(first) == 10
    assert get(planner, "table.csv", kind="casino").status_code == 404


def test_the_table_of_plots_has_each_way_and_each_answer(planner: Client) -> None:
    work_out()

    rows = table(get(planner, "table.csv"))

    told = {row["people"]: row for row in rows}
    assert {people: row["parking_walk_m"] for people, row in told.items()} == {
        "4.0": "452.0",
        "6.0": "47.0",
        "10.0": "1057.0",
    }
    assert told["10.0"]["parking_state"] == "not_met"
    assert told["6.0"]["parking_nearest"].endswith("/p")
    # No school is recorded: neither a way nor none.
    assert told["6.0"]["kindergarten_walk_m"] == ""
    assert (told["6.0"]["kindergarten_way"], told["6.0"]["kindergarten_state"]) == (
        "unknown",
        "not_checked",
    )


@pytest.fixture
def drafted() -> CoverageRun:
    """A run of a draft that has no streets of its own."""
    office = Office()
    load_plan_functions(REFERENCE / "plan_functions_tt16.csv", by=None)
    version = office.draft("QHPK", box(0, 0, 100, 100), {"Ô 1": (HOUSES, box(0, 0, 100, 100))})
    run, _ = start_coverage(version_id=version.pk, by=None, on=timezone.localdate())
    return carry_out_coverage(run_id=run.pk)


def test_the_plots_of_a_draft_are_worked_out_anew(drafted: CoverageRun) -> None:
    run, planner = drafted, as_user(User.objects.get(username="planner"))

    answer = get(planner, "table.csv", draft=run.version_id, kind="parking")

    assert answer["Content-Disposition"].endswith('filename="reach-QHPK-run1-plots.csv"')
    ways = {row["people"]: row["parking_walk_m"] for row in table(answer)}
    assert ways == {"4.0": "452.0", "6.0": "47.0", "10.0": "1057.0"}


def test_of_a_draft_that_went_on_there_is_no_table(drafted: CoverageRun) -> None:
    run, planner = drafted, as_user(User.objects.get(username="planner"))
    CoverageRun.objects.filter(pk=run.pk).update(table_sha256=bytes(32))

    answer = get(planner, "table.csv", draft=run.version_id)

    assert (answer.status_code, answer.json()["code"]) == (422, "coverage_run_outdated")
    # The figures of the run are still those of the run.
    assert table(get(planner, "report.csv", draft=run.version_id))


def test_the_table_of_a_run_does_not_see_what_came_later(drafted: CoverageRun) -> None:
    run, planner = drafted, as_user(User.objects.get(username="planner"))
    facility("q", "parking", 1_495)

    rows = table(get(planner, "table.csv", draft=run.version_id, kind="parking"))

    assert max(float(row["parking_walk_m"]) for row in rows) == pytest.approx(1_057)


def test_before_the_first_run_there_is_nothing_to_fetch(planner: Client) -> None:
    for name in ("report.csv", "table.csv"):
        assert get(planner, name).json()["code"] == "coverage_never_run"


def test_strangers_get_no_file(client: Client, planner: Client) -> None:
    work_out()

    assert get(planner, "table.csv", draft=999_999).status_code == 404
    assert get(client, "report.csv").status_code in (401, 403)


def test_the_document_has_figures_norms_and_what_is_not_known(
    planner: Client, tmp_path: Path
) -> None:
    work_out()
    path = tmp_path / "reach.pdf"
    path.write_bytes(get(planner, "report.pdf", lang="en").content)

    read = ["/usr/bin/pdftotext", "-layout", str(path), "-"]
    text = subprocess.run(read, capture_output=True, text=True, check=True).stdout

    assert "Report on services within reach" in text
    # 10 of 20 people are within 500 m on foot, 10 beyond.
    assert "50.0 %" in text.replace("\u00a0", " ")
    assert "not met" in text
    assert "QCVN 01:2021/BXD" in text
    assert "older than the drawing" not in text
    assert "reach_report." not in text
    assert "reach." not in text


def test_of_a_run_that_is_out_of_date_the_document_says_so(planner: Client, tmp_path: Path) -> None:
    work_out()
    facility("q", "parking", 1_495)
    path = tmp_path / "reach.pdf"
    path.write_bytes(get(planner, "report.pdf", lang="vi").content)

    read = ["/usr/bin/pdftotext", "-layout", str(path), "-"]
    text = subprocess.run(read, capture_output=True, text=True, check=True).stdout

    assert "hãy tính lại" in text


def told(measure: str, **values: Any) -> ReportFigure:
    plain = dict.fromkeys(("norm", "source", "confidence", "state", "reason", "unit"), "")
    names = {"kind": "park", "kind_vi": "Công viên", "kind_en": "Park", "unit_name": ""}
    numbers = dict.fromkeys(("value", "low", "high", "people"))
    return ReportFigure(
        **{**plain, **names, **numbers, "mode": "walk", "metric": "", "measure": measure, **values}
    )


def test_minutes_that_do_not_fit_are_one_bar_and_those_without_a_way_another() -> None:
    bins = [*[0.0] * 29, 8.0, 1.0, 1.0]
    figure = told("minutes", values={"histogram": {"bins": bins, "beyond": 2.0, "unreached": 4.0}})

    chart = minutes_chart(figure)

    assert (chart["last"], chart["bars"][-1]) == (30, 1.0)
    assert (chart["longer"], chart["unreached"]) == (0.5, 0.5)
    # 8 of 16 people.
    assert chart["highest"].startswith("50")


def test_wards_stand_by_what_is_certain_and_unknown_ones_have_no_bar() -> None:
    chart = ward_chart(
        [
            told("all_services", unit="", low=0.5, high=0.5),
            told("all_services", unit="00001", unit_name="A", low=0.7, high=0.7),
            told("all_services", unit="00002", unit_name="B", low=0.4, high=0.9999),
            told("all_services", unit="00003", unit_name="C"),
        ]
    )

    assert [one["name"] for one in chart] == ["B", "A"]
    (bar,) = ward_chart([told("", unit="1", low=0.4, high=0.9991)])
    # Of what is possible nobody reads less than there is.
    assert bar["high_text"].startswith("100")


def test_size_that_nobody_knows_is_no_supply_of_nothing() -> None:
    """One line of two car parks of unknown size, another of one of two."""
    work_out()
    of_both = {"facilities": 2, "capacity_unknown": 2, "unit": "m2"}
    of_one = {**of_both, "capacity_unknown": 1}
    figures = [
        told("reachable", norm="a", value=0.5, values={"none_people": 9.2}),
        told("supply", norm="a", value=0.0, values=of_both),
        told("reachable", norm="b", value=1.25),
        told("supply", norm="b", value=1.5, values=of_one),
        told("with_room", norm="b", low=0.5, high=0.75, values={"without_room": 10.0}),
    ]

    with override("en"):
        unknown, known = rooms(replace(build_report(None), figures=figures))
        reason = of_reason("capacity_unknown")

    assert (unknown["none"], unknown["supply"], unknown["room"]) == ("10", reason, "–")
    assert known["supply"].replace("\u00a0", " ") == "1,500.0 m² (size of 1 not known)"
    assert known["room"].replace("\u00a0", " ") == "50.0 % to 75.0 %"
    assert known["without"] == "10"


def test_a_draft_stands_beside_the_city(drafted: CoverageRun) -> None:
    work_out()
    CoverageFigure.objects.filter(run=drafted, norm="pk_walk", unit_code="").update(
        value=0.25, low=0.25, high=0.25
    )

    with override("en"):
        data = data_of(build_report(drafted.version_id))

    (line,) = [one for one in data["beside"] if "pk_walk" in one["name"]]
    assert line["before"].startswith("50.0")
    assert (line["after"][:4], line["change"]) == ("25.0", "worse")
    assert data_of(build_report(None))["beside"] == []
