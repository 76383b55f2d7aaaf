"""`manage.py run_conflicts`: what it says, writes, and leaves as exit status."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from planning.models import ConflictRun, PublishedConflict
from planning.operations.conflict_runs import start_run
from tests.planning.city import box
from tests.planning.test_conflict_publication import contradicting
from tests.planning.test_conflict_ways import GREEN, HOUSES, draft, office

__all__ = ["contradicting", "draft", "office"]

pytestmark = pytest.mark.django_db


def run(*arguments):
    """Exit status, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("run_conflicts", *arguments, stdout=out, stderr=err)
    return left.value.code, out.getvalue(), err.getvalue()


def test_a_draft_with_a_blocking_conflict_leaves_1_and_its_list(draft, tmp_path):
    path = tmp_path / "list.csv"

    status, out, _ = run("--draft", str(draft.pk), "--out", str(path), "--language", "en")

    assert status == 1
    assert out.startswith("Check #1: 1 block approval (1 of them open)")
    # There is no population, no terrain here.
    assert "could not be checked" in out
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert "P01" in [line["rule"] for line in csv.DictReader(file)]
    # Nothing is left for a worker to do again.
    assert not DBTaskResult.objects.filter(task_path__endswith="carry_out_conflict_run").exists()


def test_checking_the_same_again_is_the_same_run_whatever_the_number_of_workers(draft):
    run("--draft", str(draft.pk), "--workers", "1")
    status, out, _ = run("--draft", str(draft.pk), "--workers", "3")

    assert status == 1
    assert out.startswith("Lần kiểm tra #1: 1 chặn phê duyệt")
    assert ConflictRun.objects.count() == 1


def test_the_city_is_checked_and_the_public_told(contradicting):
    status, out, _ = run()

    assert status == 1
    assert "1 chặn" in out
    assert PublishedConflict.objects.known_now().filter(rule="P01").exists()


def test_a_plan_in_force_is_named_by_its_code(contradicting):
    status, _, _ = run("--plan", "QHPK")

    assert status == 1
    assert ConflictRun.objects.get(version__plan__code="QHPK")


def test_where_nothing_blocks_it_leaves_0(office):
    zones = {"Ô 1": (HOUSES, box(0, 0, 60, 100)), "Ô 2": (GREEN, box(60, 0, 100, 100))}
    version = office.draft("QHPK", box(0, 0, 100, 100), zones)

    status, out, _ = run("--draft", str(version.pk), "--language", "en")

    assert (status, "(0 of them open)" in out) == (0, True)


@pytest.mark.parametrize(
    "arguments", [("--draft", "99999"), ("--plan", "NONE"), ("--city", "--by", "nobody")]
)
def test_what_cannot_be_done_is_refused_in_both_languages(office, arguments):
    status, _, err = run(*arguments)

    assert status == 2
    first, second = err.strip().splitlines()
    assert first != second
    assert not first.startswith("error.")


def test_while_the_worker_checks_the_same_it_is_refused(draft):
    start_run(version_id=draft.pk, by=None, on=timezone.localdate())

    status, _, err = run("--draft", str(draft.pk))

    assert status == 2
    assert "being checked already" in err
