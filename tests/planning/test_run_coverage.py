"""`manage.py run_coverage`: what it says and leaves as exit status."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from planning.models import CoverageRun, PublishedReach
from planning.operations.coverage_runs import start_coverage
from tests.planning.test_coverage_runs import facility, street

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["street"]

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("run_coverage", *arguments, stdout=out, stderr=err)
    assert isinstance(left.value.code, int)
    return left.value.code, out.getvalue(), err.getvalue()


@pytest.mark.usefixtures("street")
def test_a_norm_that_is_not_met_leaves_1_and_the_share_of_people() -> None:
    status, out, _ = run("--language", "en")

    assert status == 1
    assert out.startswith("Run #1: 0 norms met, 1 not met")
    (line,) = [line.split() for line in out.splitlines() if "pk_walk" in line]
    assert line == ["parking", "pk_walk", "not_met", "50.0", "%"]
    assert PublishedReach.objects.known_now().count() == 3
    # Nothing is left for a worker to do again.
    assert not DBTaskResult.objects.filter(task_path__endswith="carry_out_coverage_run").exists()


@pytest.mark.usefixtures("street")
def test_where_every_checked_norm_is_met_it_leaves_0() -> None:
    facility("q", "parking", 1_495)

    status, out, _ = run("--city")

    assert status == 0
    assert out.startswith("Lần tính #1: 1 chỉ tiêu đạt, 0 không đạt")


@pytest.mark.usefixtures("street")
def test_the_same_again_is_the_same_run() -> None:
    run()
    status, out, _ = run("--language", "en")

    assert (status, out.startswith("Run #1")) == (1, True)
    assert CoverageRun.objects.count() == 1


@pytest.mark.parametrize("arguments", [("--plan", "NONE"), ("--city", "--by", "nobody"), ()])
def test_what_cannot_be_done_is_refused_in_both_languages(arguments: tuple[str, ...]) -> None:
    """Without arguments too: there are no streets."""
    status, _, err = run(*arguments)

    assert status == 2
    first, second = err.strip().splitlines()
    assert first != second
    assert not first.startswith("error.")


@pytest.mark.usefixtures("street")
def test_while_the_worker_is_at_it_it_is_refused() -> None:
    start_coverage(version_id=None, by=None, on=timezone.localdate())

    status, _, err = run()

    assert status == 2
    assert "being worked out already" in err


@pytest.mark.usefixtures("street")
def test_the_figures_are_written_where_one_wants_them(tmp_path: Path) -> None:
    file = tmp_path / "reach.csv"

    status, out, _ = run("--out", str(file), "--language", "en")

    assert status == 1
    assert str(file) in out
    lines = file.read_text("utf-8-sig").splitlines()
    assert any(line.startswith("city,1,") and ",pk_walk," in line for line in lines)
