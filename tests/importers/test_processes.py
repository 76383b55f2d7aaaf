"""Importers as real processes: killed half way, and two at once.

They are held at a known place by a lock that the test has: before the write phase by the revision
lock, at the very last statement by a lock on the table that it writes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, connections

from landdata.models import (
    CadastralSheet,
    Parcel,
    ParcelVersion,
    Revision,
    RoadSegment,
    SourceFile,
)
from landdata.models.revision import REVISION_LOCK
from tests.importers.conftest import load_reference, sample
from tests.importers.networks import network, write

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def blocker():
    """A connection of its own that can hold the importer up."""
    other = connections.create_connection("default")
    # A lock on a table lasts as long as its transaction.
    other.set_autocommit(False)
    yield other
    other.close()


def importer(report: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start an import of the plain sample, or the one that `words` say."""
    given = connection.settings_dict
    address = (
        f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}"
        f"/{given['NAME']}"
    )
    asked = words or ("import_parcels", str(sample("plain")))
    command = [sys.executable, "manage.py", *asked]
    return subprocess.Popen(
        [*command, "--data-date", "2026-01-01", "--report", str(report)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address, "DIADO_VAR": str(report.parent)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def wait_until_blocked(*processes: subprocess.Popen[bytes]) -> None:
    """Return when as many sessions wait for a lock."""
    for _ in range(1200):
        assert all(p.poll() is None for p in processes), "it ended although it was held up"
        with connection.cursor() as cursor:
            # Here alone: another test run beside us waits for locks of its own.
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0] == len(processes):
                return
        time.sleep(0.05)
    pytest.fail("the importer never came to the lock")


def state() -> list[int]:
    return [
        m.objects.count() for m in (Revision, Parcel, ParcelVersion, CadastralSheet, SourceFile)
    ]


@pytest.mark.parametrize(
    "hold",
    [
        f"SELECT pg_advisory_lock({REVISION_LOCK})",
        "LOCK TABLE landdata_changedarea IN EXCLUSIVE MODE",
    ],
    ids=["before the write phase", "at the last statement"],
)
def test_kill_9_half_way_leaves_the_state_before_and_the_next_run_completes(
    blocker, hold, tmp_path
):
    load_reference()
    before = state()
    with blocker.cursor() as cursor:
        cursor.execute(hold)
    process = importer(tmp_path / "report.json")
    wait_until_blocked(process)

    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    blocker.close()

    assert state() == before
    again = importer(tmp_path / "report.json")
    assert again.wait(timeout=120) == 0
    counts = json.loads((tmp_path / "report.json").read_text())["counts"]
    assert counts == {"read": 3, "new": 3, "changed": 0, "unchanged": 0, "refused": 0}
    assert ParcelVersion.objects.count() == 3
    assert Revision.objects.count() == before[0] + 1


def test_two_importers_of_one_file_at_once_bring_it_in_once(blocker, tmp_path):
    load_reference()
    before = Revision.objects.count()
    with blocker.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock({REVISION_LOCK})")
    both = [importer(tmp_path / name) for name in ("one.json", "other.json")]
    wait_until_blocked(*both)

    blocker.close()

    assert [process.wait(timeout=120) for process in both] == [0, 0]
    counts = [json.loads((tmp_path / n).read_text())["counts"] for n in ("one.json", "other.json")]
    assert sorted((c["new"], c["unchanged"]) for c in counts) == [(0, 3), (3, 0)]
    assert ParcelVersion.objects.count() == 3
    assert Revision.objects.count() == before + 1


def test_two_importers_of_one_network_at_once_bring_it_in_once(blocker, tmp_path):
    path = write(tmp_path / "network.gpkg", network())
    with blocker.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock({REVISION_LOCK})")
    both = [
        importer(tmp_path / name, "import_network", str(path))
        for name in ("one.json", "other.json")
    ]
    wait_until_blocked(*both)

    blocker.close()

    assert [process.wait(timeout=120) for process in both] == [0, 0]
    counts = [json.loads((tmp_path / n).read_text())["counts"] for n in ("one.json", "other.json")]
    assert sorted((c["new"], c["unchanged"]) for c in counts) == [(0, 12), (12, 0)]
    assert (RoadSegment.objects.count(), Revision.objects.count()) == (2, 1)


def test_a_network_importer_killed_at_its_last_statement_leaves_nothing(blocker, tmp_path):
    path = write(tmp_path / "network.gpkg", network())
    with blocker.cursor() as cursor:
        cursor.execute("LOCK TABLE importers_importissue IN EXCLUSIVE MODE")
        cursor.execute("LOCK TABLE importers_importrun IN EXCLUSIVE MODE")
    process = importer(tmp_path / "report.json", "import_network", str(path))
    wait_until_blocked(process)

    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    blocker.close()

    assert (RoadSegment.objects.count(), Revision.objects.count()) == (0, 0)
    assert importer(tmp_path / "report.json", "import_network", str(path)).wait(timeout=120) == 0
    assert (RoadSegment.objects.count(), Revision.objects.count()) == (2, 1)
