"""Health, self-check, the worker's start and the daily round."""

from __future__ import annotations

import datetime as dt
import os

import psycopg2
import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config.housekeeping import drop_old_files, keep_house, next_round, plan_next
from config.management.commands.run_worker import MOST_WORKERS, give_back_lost_tasks
from landdata import crs
from landdata.models import Revision

pytestmark = pytest.mark.django_db


@pytest.fixture
def wrong_datum(transactional_db):
    """PostGIS with the datum it would choose by itself, until the test ends.

    From outside, because a session does not see a system it changed after having used it.
    """

    def define(datum_operation: str) -> None:
        with psycopg2.connect(**connection.get_connection_params()) as other:
            other.cursor().execute(
                "UPDATE spatial_ref_sys SET proj4text = %s WHERE srid = %s",
                [crs.definition(5899, datum_operation=datum_operation), crs.srid_of(5899)],
            )
        other.close()
        connection.close()

    define("EPSG:5194")
    yield
    define(crs.OFFICIAL_DATUM)


def test_health_says_which_revision_is_the_newest(client):
    with Revision.open(by=None, why="a"):
        pass

    answer = client.get("/health/")

    assert (answer.status_code, answer.json()) == (200, {"healthy": True, "revision": 1})


def test_health_fails_when_coordinates_are_wrong(client, wrong_datum):
    answer = client.get("/health/")

    assert (answer.status_code, answer.json()["reason"]) == (503, "coordinates")


def test_the_check_at_start_finds_nothing_wrong():
    assert [m for m in run_checks(databases=["default"]) if m.id == "diado.E001"] == []


def test_the_check_at_start_finds_wrong_coordinates(wrong_datum):
    found = [m for m in run_checks(databases=["default"]) if m.id == "diado.E001"]
    assert len(found) == 1
    assert "0.8" in str(found[0].msg)


def lost_task(*, workers: int) -> DBTaskResult:
    task = DBTaskResult.objects.get(pk=keep_house.enqueue().id)
    for number in range(workers):
        task.claim(f"worker-{number}")
    return task


def test_a_task_whose_worker_was_killed_goes_back_into_the_queue():
    task = lost_task(workers=1)

    give_back_lost_tasks()

    task.refresh_from_db()
    assert task.status == "READY"


def test_a_task_that_ended_three_workers_is_given_up():
    task = lost_task(workers=MOST_WORKERS)

    give_back_lost_tasks()

    task.refresh_from_db()
    assert task.status == "FAILED"
    assert "3 workers ended" in task.traceback


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_is_refused():
    other = psycopg2.connect(**connection.get_connection_params())
    try:
        other.cursor().execute("SELECT pg_advisory_lock(7305902)")
        with pytest.raises(CommandError, match="running already"):
            call_command("run_worker")
    finally:
        other.close()


def test_the_daily_round_is_planned_once():
    plan_next()
    plan_next()

    (task,) = DBTaskResult.objects.filter(status="READY")
    assert timezone.localtime(task.run_after).hour == 2
    assert task.run_after > timezone.now()


def test_the_next_round_is_at_two_o_clock():
    two = dt.datetime(2026, 11, 21, 2, 0, tzinfo=dt.UTC)

    assert next_round(two - dt.timedelta(minutes=1)) == two
    assert next_round(two) == two + dt.timedelta(days=1)


def test_the_round_drops_only_old_files(tmp_path):
    old, new = tmp_path / "a" / "old", tmp_path / "new"
    old.parent.mkdir()
    for file in (old, new):
        file.write_text("tile")
    os.utime(old, (0, 0))

    assert drop_old_files(tmp_path, older_than=dt.timedelta(days=1)) == 1

    assert new.exists()
    assert not old.exists()
