"""Everything that must be on the machine before Địa Đồ can start or be tested."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from config.stack import catalogues, node, packages, python
from config.stack.messages import Trouble
from config.stack.progress import step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from config.stack.places import Places

_KEPT = "đã có sẵn / was there"


def set_up(places: Places, *, tests: bool) -> node.Node:
    """Install and build what is missing; everything that is there is left alone."""
    make_folders(places)
    with held(places.run / "setup.lock", "already_starting"):
        with step("Gói hệ thống", "system packages") as it:
            names = packages.needed(
                outside_database=bool(places.outside_database),
                venv=python.maker() is None,
                tests=tests,
            )
            absent = packages.missing(names)
            if absent:
                packages.install(places, absent)
            it.note(" ".join(absent) or _KEPT)
        with step("Gói Python", "Python packages") as it:
            made = python.make_environment(places)
            changed = python.install(places, python.TESTS if tests else python.RUN)
            it.note("" if made or changed else _KEPT)
        with step("Gói Node", "Node packages") as it:
            tool = node.find(places)
            it.note("" if node.install(places, tool) else _KEPT)
        with step("Trang bản đồ", "browser client") as it:
            it.note("" if node.build(places, tool) else _KEPT)
        with step("Danh mục ngôn ngữ", "message catalogues") as it:
            it.note("" if catalogues.compile_changed(places) else _KEPT)
    return tool


def make_folders(places: Places) -> None:
    """Make the folders of an installation.

    What citizens sent lies below: others may pass through, as the database server must, but
    not look in.
    """
    places.var.mkdir(parents=True, exist_ok=True)
    places.var.chmod(0o711)
    places.run.mkdir(exist_ok=True)
    places.run.chmod(0o711)
    places.log.mkdir(exist_ok=True)
    places.log.chmod(0o700)


@contextmanager
def held(path: Path, code: str) -> Iterator[None]:
    """Hold a lock that ends with this process, however it ends; raise Trouble if it is taken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Trouble(code, pid=lock.read().strip() or "?") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
