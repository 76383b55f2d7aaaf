"""Unix sockets at paths of any length."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def _near(path: Path) -> Iterator[str]:
    """Yield a short name for `path`: sockaddr_un holds 107 bytes, folders can be deeper."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def connect(path: Path, *, timeout_s: float) -> socket.socket:
    """Return a connection to the server that listens at `path`; raise OSError without one."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout_s)
        with _near(path) as name:
            connection.connect(name)
    except OSError:
        connection.close()
        raise
    return connection


def listen(path: Path, *, backlog: int) -> socket.socket:
    """Return a socket that listens at `path` for this user only, in place of an older one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # Set before the socket has a name: others can never connect in between.
    os.fchmod(server.fileno(), 0o600)
    with _near(path) as name:
        server.bind(name)
    server.listen(backlog)
    return server
