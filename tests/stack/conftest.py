"""Folders and clusters for the tests of set-up."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.stack.cluster import Cluster, throwaway_cluster
from config.stack.places import Places, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder that the database's own system user can reach, unlike pytest's."""
    made = Path(tempfile.mkdtemp(prefix="stack-", dir=os.environ["DIADO_TEST_RUN"]))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def installation(folder: Path) -> Places:
    """Return the places of an installation in a folder of its own."""
    return Places(
        root=folder,
        var=folder / "var",
        port=free_port(),
        postgres_port=free_port(),
        outside_database="",
    )


@pytest.fixture
def cluster(folder: Path) -> Iterator[Cluster]:
    """Return a throwaway cluster that is not made yet, and end it after the test."""
    one = throwaway_cluster(folder, free_port())
    yield one
    one.end_orphans()


@contextmanager
def started(cluster: Cluster, folder: Path) -> Iterator[None]:
    """Run a cluster for a while; it is ended the hard way if the block did not end it."""
    log = folder / "server.log"
    with log.open("ab") as out:
        server = cluster.start(out)
    try:
        cluster.wait_until_ready(server, log)
        yield
    finally:
        cluster.end_orphans()
        server.wait(timeout=30)
