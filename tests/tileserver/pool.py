"""A real MapServer on the database of the test run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from tileserver.mapserver import mapfile, sockets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def running_map_server(folder: Path, *, size: int = 1) -> Iterator[Path]:
    """Keep a pool on the test database, as the restricted roles, and yield its socket."""
    public, team = (
        {**settings.DATABASES[alias], "NAME": connection.settings_dict["NAME"]}
        for alias in ("public", "team")
    )
    path = mapfile.write(folder, public, team=team)
    socket = folder / "mapserver.sock"
    command = [sys.executable, "-m", "tileserver.mapserver.pool", "--size", str(size)]
    pool = subprocess.Popen(
        [*command, "--socket", str(socket), "--mapfile", str(path)],
        env={**os.environ, "PYTHONPATH": str(settings.BASE_DIR)},
    )
    try:
        _wait_for(socket)
        yield socket
    finally:
        pool.terminate()
        pool.wait(timeout=20)


def _wait_for(socket: Path) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            sockets.connect(socket, timeout_s=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
