"""Conflicts of a draft, fetched as files."""

from __future__ import annotations

import csv
import io
import subprocess

import pyogrio
import pytest

from accounts.models import Role
from planning import conflict_report_api
from tests.planning.city import person
from tests.planning.test_conflict_ways import GREEN, HOUSES, check, draft, office

__all__ = ["draft", "office"]

pytestmark = pytest.mark.django_db


def get(client, draft, ending, **given):
    where = f"/api/planning/conflicts/report.{ending}"
    return client.get(where, {"draft": draft.pk, **given}, headers={"host": "localhost"})


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.fixture
def checked(client, office, draft):
    client.force_login(office.planner)
    check(draft)
    return draft


def test_the_table_has_what_the_list_has(client, checked):
    answer = get(client, checked, "csv", rule="P01")

    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="conflicts-QHPK-run1.csv"'
    text = body(answer).decode()
    (line,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert (line["rule"], line["severity"], line["area_m2"]) == ("P01", "blocks", "1000.0")
    assert "1.000 m²" in line["text_vi"]
    assert "1,000 m²" in line["text_en"]
    assert line["law"].startswith("Law 47/2024/QH15")
    assert line["parties"].startswith("zone:")


def test_the_layers_have_both_zones(client, checked, tmp_path):
    path = tmp_path / "c.gpkg"
    path.write_bytes(body(get(client, checked, "gpkg", rule="P01")))

    (ground,) = pyogrio.read_dataframe(path, layer="conflicts_blocks").geometry
    assert ground.area == pytest.approx(1000)
    parties = pyogrio.read_dataframe(path, layer="conflict_parties")
    assert sorted(parties.area.round().tolist()) == [5000, 6000]


def test_more_than_a_file_may_hold_is_refused_with_a_way_on(client, checked, monkeypatch):
    monkeypatch.setattr(conflict_report_api, "MOST_IN_GEOPACKAGE", 0)

    answer = get(client, checked, "gpkg")

    assert answer.status_code == 422
    assert "CSV" in answer.json()["detail"]


def test_the_document_names_plan_run_and_law(client, checked, tmp_path):
    path = tmp_path / "c.pdf"
    path.write_bytes(body(get(client, checked, "pdf", lang="en")))

    text = subprocess.run(
        ["/usr/bin/pdftotext", "-layout", str(path), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Plan QHPK" in text
    assert "Function differs from the higher level" in text
    assert "Law 47/2024/QH15" in text
    # No population, no terrain: said, and not counted as conflicts.
    assert "could not be checked" in text
    assert HOUSES not in text
    assert GREEN not in text


def test_before_the_first_check_there_is_no_report(client, office, draft):
    client.force_login(office.planner)

    for ending in ("csv", "gpkg", "pdf"):
        assert get(client, draft, ending).status_code == 422


def test_who_may_not_see_the_draft_gets_no_file(client, checked):
    client.force_login(person("administrator", Role.ADMINISTRATOR))

    for ending in ("csv", "gpkg", "pdf"):
        assert get(client, checked, ending).status_code in (403, 404)
