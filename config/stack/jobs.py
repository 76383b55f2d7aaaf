"""Benchmarks and long proofs: one file a job, found by its name."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.stack.messages import Trouble, sentence
from config.stack.programs import show
from config.stack.progress import say
from config.stack.setup import set_up

if TYPE_CHECKING:
    from pathlib import Path

    from config.stack.places import Places


@dataclass(frozen=True)
class Kind:
    """A kind of job: the `make` target and the folder its files lie in."""

    target: str
    folder: str


BENCHMARKS = Kind("bench", "benchmarks")
PROOFS = Kind("prove", "tests/proofs")


def jobs(places: Places, kind: Kind) -> dict[str, str]:
    """Return the jobs of a kind: name → the first line of its description."""
    files = sorted((places.root / kind.folder).glob("[!_]*.py"))
    return {path.stem: _description(path) for path in files if not path.stem.startswith("test_")}


def _description(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0]


def show_list(places: Places, kind: Kind) -> int:
    """Show which jobs there are."""
    found = jobs(places, kind)
    if not found:
        say(sentence("no_jobs", folder=kind.folder))
    width = max(map(len, found), default=0)
    for name, description in found.items():
        say(f"  {name:<{width}}  {description}")
    return 0


def carry_out(places: Places, kind: Kind, name: str) -> int:
    """Run one job at its full size; return its exit status."""
    if not name:
        raise Trouble("name_a_job", kind=kind.target)
    if name not in jobs(places, kind):
        raise Trouble("no_job", kind=kind.target, name=name)
    set_up(places, tests=True)
    module = f"{kind.folder.replace('/', '.')}.{name}"
    return show(places, [str(places.python), "-m", module])
