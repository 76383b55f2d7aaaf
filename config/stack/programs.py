"""Running one program of the set-up, its output kept in a log."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from config.stack.messages import Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from config.stack.places import Places


def tail(log: Path, lines: int = 12) -> str:
    """Return the last lines of a log file."""
    if not log.is_file():
        return ""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def call(
    places: Places, name: str, command: Sequence[str], *, env: Mapping[str, str] | None = None
) -> None:
    """Run a program, its output in var/log/<name>.log; raise Trouble when it fails."""
    places.log.mkdir(parents=True, exist_ok=True)
    log = places.log / f"{name}.log"
    with log.open("wb") as out:
        done = subprocess.run(
            list(command),
            cwd=places.root,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        raise Trouble("step_failed", step=name, log=log, below=tail(log))


def show(places: Places, command: Sequence[str], *, env: Mapping[str, str] | None = None) -> int:
    """Run a program on the terminal; return its exit status."""
    done = subprocess.run(
        list(command), cwd=places.root, env={**os.environ, **(env or {})}, check=False
    )
    return done.returncode
