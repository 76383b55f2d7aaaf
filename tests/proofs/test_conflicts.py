"""The proof that runs of the check are whole or not there, and what is kept is what is found.

Small here; `make prove JOB=conflicts` in full.
"""

from __future__ import annotations

import logging
import os
import time
from random import Random
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.utils import timezone

from planning.models import ConflictFinding, ConflictRun, RunState
from planning.operations.conflict_runs import carry_out, start_run
from planning.operations.conflict_work import refresh
from tests.planning.conflict_town import PlannedTown, checked_whole, difference, kept
from tests.proofs.freshness import worker
from tests.servers import beside

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)
pytestmark = pytest.mark.django_db(transaction=True)

#: Changes one after the other, each followed and compared; set for the proof in full.
SIZE = "PROOF_SIZE"
SMALL_CHANGES, SMALL_KILLS, FULL_KILLS = 8, 2, 20
WITHIN_S = 120


def environment(folder: Path) -> dict[str, str]:
    name = connection.settings_dict["NAME"]
    urls = ("DATABASE_URL", "DIADO_PUBLIC_DATABASE_URL", "DIADO_TEAM_DATABASE_URL")
    return {**{url: beside(os.environ[url], name) for url in urls}, "DIADO_VAR": str(folder)}


def test_a_run_whose_worker_is_killed_shows_nothing_and_is_carried_out_again(tmp_path):
    town = PlannedTown(Random(11))
    town.found()
    draft, on = town.draft, timezone.localdate()
    run, _ = start_run(version_id=draft.pk, by=town.planner, on=on)
    kills = FULL_KILLS if SIZE in os.environ else SMALL_KILLS
    dice, steps = Random(3), []
    for _ in range(kills):
        # Whoever ended three workers is not given to a fourth: the run is asked for again.
        run, _ = start_run(version_id=draft.pk, by=town.planner, on=on)
        with worker(environment(tmp_path), tmp_path / "worker.log"):
            running = wait_for(run.pk, {RunState.RUNNING, RunState.DONE})
            time.sleep(dice.uniform(0, 0.4))
        seen = ConflictRun.objects.get(pk=run.pk)
        steps.append(seen.step)
        if seen.state == RunState.DONE:
            break
        assert running.state == RunState.RUNNING
        assert not ConflictFinding.objects.filter(version=draft).exists()
        assert not ConflictRun.objects.filter(version=draft, state=RunState.DONE).exists()
    run, _ = start_run(version_id=draft.pk, by=town.planner, on=on)
    with worker(environment(tmp_path), tmp_path / "worker.log"):
        done = wait_for(run.pk, {RunState.DONE, RunState.FAILED})

    logger.info("killed while at %s", steps)
    assert done.state == RunState.DONE
    assert kept(draft)
    assert difference(kept(draft), checked_whole(draft)) == []


def test_what_is_kept_stays_what_a_whole_check_finds():
    changes = int(os.environ.get(SIZE, SMALL_CHANGES))
    town = PlannedTown(Random(changes))
    town.found()
    draft, on = town.draft, timezone.localdate()
    run, _ = start_run(version_id=draft.pk, by=None, on=on)
    carry_out(run_id=run.pk)
    kinds: dict[str, int] = {}
    for number in range(changes):
        what = town.step()
        run = refresh(version_id=draft.pk, by=town.planner, on=on)
        kinds[run.kind] = kinds.get(run.kind, 0) + 1
        if run.state == RunState.QUEUED:
            carry_out(run_id=run.pk)
        said = difference(kept(draft), checked_whole(draft))
        assert said == [], f"after change {number} ({what})\n" + "\n".join(said)
    logger.info(
        "%s changes followed: %s, %s conflicts at the end", changes, kinds, len(kept(draft))
    )


def wait_for(run_id: int, states: set[str]) -> ConflictRun:
    until = time.monotonic() + WITHIN_S
    while True:
        run = ConflictRun.objects.get(pk=run_id)
        if run.state in states:
            return run
        assert time.monotonic() < until, f"the run stays {run.state} at {run.step}"
        time.sleep(0.02)
