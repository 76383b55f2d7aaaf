"""A throwaway PostGIS for every test run, there before Django's settings are imported.

pytest loads this through `-p tests.plugin`. The cluster lies in `var/test/<pid>-<start time>/`,
listens on a free loopback port, and is gone when the run ends; what runs that were killed left
behind is swept at the next start. Workers of pytest-xdist use the cluster of the run that
started them.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.stack import processes
from config.stack.cluster import OWNER, PUBLIC, TEAM, Cluster, throwaway_cluster
from config.stack.messages import Trouble
from config.stack.places import REPOSITORY, free_port

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Generator

_RUNS = REPOSITORY / "var" / "test"
#: Told to the workers through the environment: the run's cluster is there already.
_STARTED = "DIADO_TEST_RUN"
#: Another process may take a port between our asking and the server's listening.
_ATTEMPTS = 3


class ThrowawayRun:
    """The cluster and the folder of one test run."""

    def __init__(self) -> None:
        ours = processes.process(os.getpid())
        assert ours is not None
        self.folder = _RUNS / f"{ours.pid}-{ours.started}"
        self.cluster: Cluster | None = None
        self.server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the cluster and point the environment of this process at it."""
        sweep()
        log = self.folder / "postgres.log"
        for attempt in range(_ATTEMPTS):
            cluster = throwaway_cluster(self.folder, free_port())
            self._note(cluster.home)
            cluster.make()
            if attempt:
                cluster.set_admin_password()
            with log.open("ab") as out:
                self.server = cluster.start(out)
            self.cluster = cluster
            try:
                cluster.wait_until_ready(self.server, log)
            except Trouble:
                if attempt == _ATTEMPTS - 1:
                    raise
            else:
                break
        assert self.cluster is not None
        self.cluster.furnish()
        _point_environment_at(self.cluster, self.folder)

    def _note(self, home: Path) -> None:
        (self.folder / "cluster.json").write_text(json.dumps({"home": str(home)}), encoding="utf-8")

    def stop(self) -> None:
        """End the cluster and remove every file of the run."""
        if self.cluster is not None:
            # Nothing of a throwaway cluster is worth a clean end.
            self.cluster.end_orphans()
        if self.server is not None:
            self.server.wait(timeout=30)
        _remove(self.folder)


def _point_environment_at(cluster: Cluster, folder: Path) -> None:
    # A developer's own settings must not change what a test finds.
    for name in [name for name in os.environ if name.startswith("DIADO_")]:
        del os.environ[name]
    os.environ.update(
        {
            _STARTED: str(folder),
            "DIADO_MODE": "development",
            "DIADO_SECRET_KEY": "only-for-tests-and-of-no-value-anywhere-else-0123456789",
            "DIADO_VAR": str(folder / "var"),
            "DATABASE_URL": cluster.address(OWNER).url,
            "DIADO_PUBLIC_DATABASE_URL": cluster.address(PUBLIC).url,
            "DIADO_TEAM_DATABASE_URL": cluster.address(TEAM).url,
            "DIADO_TEST_ADMIN_DATABASE_URL": cluster.address("postgres").url,
        }
    )
    (folder / "var").mkdir(exist_ok=True)


def sweep() -> None:
    """End and remove what test runs left behind that no longer run themselves."""
    for folder in _RUNS.glob("*-*"):
        pid, _, began = folder.name.partition("-")
        if pid.isdecimal() and str(processes.started(int(pid))) != began:
            _end_left_cluster(folder)
            _remove(folder)


def _end_left_cluster(folder: Path) -> None:
    note = folder / "cluster.json"
    if note.is_file():
        home = Path(json.loads(note.read_text(encoding="utf-8"))["home"])
        processes.end(processes.working_in(home / "data", "postgres"), grace_s=5)
        shutil.rmtree(home, ignore_errors=True)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _is_only_asking(args: list[str]) -> bool:
    return bool({"--help", "-h", "--version", "-V"} & set(args))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, args: list[str]
) -> Generator[None, object, object]:
    """Start the cluster before pytest-django, in the same hook, imports the settings."""
    if _STARTED not in os.environ and not _is_only_asking(args):
        run = ThrowawayRun()
        early_config.add_cleanup(run.stop)
        try:
            run.start()
        except Trouble as trouble:
            raise pytest.UsageError(str(trouble)) from trouble
    return (yield)
