"""`make locks`: pins the Python packages anew, with hashes and without any server's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.stack import python
from config.stack.programs import call
from config.stack.progress import step
from config.stack.setup import set_up

if TYPE_CHECKING:
    from config.stack.places import Places

_OPTIONS = (
    "--generate-hashes",
    "--strip-extras",
    "--allow-unsafe",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--no-header",
    "--quiet",
)


def compile_locks(places: Places) -> int:
    """Write requirements/*.txt from requirements/*.in, keeping versions that still fit."""
    set_up(places, tests=True)
    # dev.in is held to what base.txt pins, so base comes first.
    for name in (*python.TESTS, python.NODE):
        with step(f"Khoá {name}", f"locking {name}"):
            lock = ("--output-file", f"requirements/{name}.txt", f"requirements/{name}.in")
            program = str(places.venv / "bin" / "pip-compile")
            call(places, f"lock-{name}", [program, *_OPTIONS, *lock])
    return 0
