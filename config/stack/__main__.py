"""`python3 -m config.stack COMMAND`: what the Makefile calls."""

from __future__ import annotations

import re
import signal
import sys
from typing import TYPE_CHECKING

from config.stack import checks, development, jobs, locks, run, tidy
from config.stack.messages import Trouble
from config.stack.places import REPOSITORY, Places, places
from config.stack.progress import complain, say
from config.stack.setup import set_up

if TYPE_CHECKING:
    from types import FrameType


def show_help() -> int:
    """Show the targets of the Makefile with what their comments say."""
    text = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):\s+## (.+?) · (.+)$", text, flags=re.MULTILINE)
    for name, vietnamese, english in targets:
        say(f"  make {name:<11} {vietnamese}\n{'':<18}{english}")
    return 0


def _set_up(where: Places) -> int:
    set_up(where, tests=False)
    return 0


def carry_out(command: str, argument: str) -> int:
    """Carry out one command; return its exit status."""
    if command == "help":
        return show_help()
    where = places()
    simple = {
        "run": run.run,
        "stop": run.stop,
        "setup": _set_up,
        "cluster": development.start_cluster,
        "check": checks.check,
        "test": checks.test,
        "test-qgis": checks.test_qgis,
        "clean": tidy.clean,
        "locks": locks.compile_locks,
    }
    if command in simple:
        return simple[command](where)
    for kind in (jobs.BENCHMARKS, jobs.PROOFS):
        if command == kind.target:
            return jobs.carry_out(where, kind, argument)
        if command == f"{kind.target}-list":
            return jobs.show_list(where, kind)
    show_help()
    return 2


def _end_politely(number: int, frame: FrameType | None) -> None:
    # An exception, so that programs which set-up is running are ended as well.
    sys.exit(128 + number)


def main(arguments: list[str]) -> int:
    """Carry out the command line; return the exit status."""
    signal.signal(signal.SIGTERM, _end_politely)
    command, argument = [*arguments, "", ""][:2]
    try:
        return carry_out(command or "help", argument)
    except Trouble as trouble:
        complain(f"\n{trouble}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
