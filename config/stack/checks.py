"""`make check` and `make test`."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from config.stack import packages
from config.stack.messages import SENTENCES
from config.stack.programs import show
from config.stack.progress import say, step
from config.stack.setup import set_up

if TYPE_CHECKING:
    from config.stack import node
    from config.stack.places import Places

# No database is needed to compare models with migrations; Django warns that none answers.
_MISSING_MIGRATIONS = (
    *("-W", "ignore::RuntimeWarning", "manage.py"),
    *("makemigrations", "--check", "--dry-run", "--verbosity", "1"),
)


def commands(places: Places, tool: node.Node) -> list[tuple[str, list[str]]]:
    """Return every check of the source text with the name it is shown under."""
    python = str(places.python)

    def program(name: str, *arguments: str) -> list[str]:
        return [str(places.venv / "bin" / name), *arguments]

    templates = sorted(
        str(path.relative_to(places.root)) for path in places.root.glob("*/templates")
    )
    return [
        ("ruff check", program("ruff", "check", ".")),
        ("ruff format", program("ruff", "format", "--check", ".")),
        ("mypy", program("mypy", ".")),
        ("import-linter", program("lint-imports")),
        ("djlint format", program("djlint", "--check", "--quiet", *templates)),
        ("djlint", program("djlint", "--lint", "--quiet", *templates)),
        ("makemigrations", [python, *_MISSING_MIGRATIONS]),
        ("tsc, eslint", [*tool.npm, "run", "--silent", "check"]),
    ]


def check(places: Places) -> int:
    """Run every check, whatever the others find; return 1 when one found something."""
    return _check(places, set_up(places, tests=True))


def _check(places: Places, tool: node.Node) -> int:
    failed = []
    for name, command in commands(places, tool):
        began = time.monotonic()
        say(f"— {name}")
        if show(places, command, env=tool.environment) != 0:
            failed.append(name)
        say(f"  {time.monotonic() - began:.1f} s")
    if failed:
        vietnamese, english = SENTENCES["checks_failed"]
        say(f"✗ {vietnamese} / {english}: {', '.join(failed)}")
    return 1 if failed else 0


def test_qgis(places: Places) -> int:
    """Read the services of a small city with Debian's QGIS, installed when it is missing."""
    tool = set_up(places, tests=True)
    with step("QGIS", "QGIS") as it:
        absent = packages.missing(packages.QGIS)
        if absent:
            packages.install(places, absent)
        it.note(" ".join(absent))
    command = [str(places.python), "-m", "pytest", "-q", "tests/qgis/qgis_reads_back.py"]
    return show(places, command, env=tool.environment)


def test(places: Places) -> int:
    """Set up, check, then run all tests; pytest's closing line comes last."""
    tool = set_up(places, tests=True)
    status = _check(places, tool)
    if status != 0:
        return status
    say("— vitest")
    status = show(places, [*tool.npm, "test", "--silent"], env=tool.environment)
    if status != 0:
        return status
    say("— pytest")
    workers = str(min(4, os.cpu_count() or 1))
    return show(
        places, [str(places.python), "-m", "pytest", "-q", "-n", workers], env=tool.environment
    )
