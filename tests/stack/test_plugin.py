"""A test run makes its own database and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from config.stack import processes
from config.stack.places import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Sequence

ASKING = """
import os, pathlib, time
import psycopg2
def test_the_database_answers():
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection:
        connection.cursor().execute("SELECT postgis_version()")
    pathlib.Path(os.environ["NOTE"]).write_text(os.environ["DIADO_TEST_RUN"])
    assert "DIADO_CITY" not in os.environ
    time.sleep(float(os.environ["LINGER"]))
"""


def start_run(
    folder: Path, *, linger_s: float = 0, more: Sequence[str] = ()
) -> subprocess.Popen[str]:
    test = folder / "test_asking.py"
    test.write_text(ASKING)
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DIADO_")}
    return subprocess.Popen(
        [
            # Whoever started us in the background may have left this signal ignored.
            *("env", "--default-signal=INT"),
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "tests.plugin"),
            *("-c", os.devnull, "--rootdir", str(folder), str(test), *more),
        ],
        cwd=REPOSITORY,
        env={
            **{name: ours[name] for name in ours if not name.startswith("PYTEST_")},
            "NOTE": str(folder / "note"),
            "LINGER": str(linger_s),
            "DIADO_CITY": "vung-tau",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def servers_of(run: Path) -> list[processes.Process]:
    return processes.working_in(run / "postgres" / "data", "postgres")


def wait_for_note(folder: Path) -> Path:
    until = time.monotonic() + 60
    note = folder / "note"
    while not note.is_file() or not note.read_text():
        assert time.monotonic() < until
        time.sleep(0.05)
    return Path(note.read_text())


def test_a_run_has_a_database_of_its_own_and_leaves_nothing(tmp_path: Path) -> None:
    run = start_run(tmp_path)
    said, _ = run.communicate(timeout=120)

    assert run.returncode == 0, said
    used = wait_for_note(tmp_path)
    assert used != Path(os.environ["DIADO_TEST_RUN"])
    assert not used.exists()
    assert servers_of(used) == []


def test_the_workers_of_a_run_share_its_database(tmp_path: Path) -> None:
    run = start_run(tmp_path, more=("-n", "2"))
    said, _ = run.communicate(timeout=120)

    assert run.returncode == 0, said
    assert not wait_for_note(tmp_path).exists()


def test_an_interrupted_run_leaves_nothing(tmp_path: Path) -> None:
    run = start_run(tmp_path, linger_s=60)
    used = wait_for_note(tmp_path)
    assert servers_of(used)

    run.send_signal(signal.SIGINT)
    run.communicate(timeout=60)

    assert not used.exists()
    assert servers_of(used) == []


def test_the_next_run_sweeps_up_after_one_that_was_killed(tmp_path: Path) -> None:
    run = start_run(tmp_path, linger_s=60)
    left = wait_for_note(tmp_path)
    run.kill()
    run.communicate()
    assert left.exists()
    assert servers_of(left)

    (tmp_path / "next").mkdir()
    start_run(tmp_path / "next").communicate(timeout=120)

    assert not left.exists()
    assert servers_of(left) == []
