"""Which processes are ours, and how they end.

A process id alone proves nothing, since numbers are used again. A process counts as ours only
when its id and its start time are in our records, or when it carries the mark that every child
of our supervisor gets in its environment.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Environment name that all children of one installation carry; its value is the var folder.
MARK = "DIADO_STACK_OF"
_PROC = Path("/proc")
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Process:
    """A process that cannot be mistaken for a later one with the same number."""

    pid: int
    #: Clock ticks after boot, as the kernel gives them.
    started: int

    @property
    def is_alive(self) -> bool:
        """Whether this very process still runs; one that ended but was not collected does not."""
        return started(self.pid) == self.started


def started(pid: int) -> int | None:
    """Return the start time of a running process in clock ticks after boot, else None."""
    try:
        line = (_PROC / str(pid) / "stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    # The name in brackets may hold spaces and brackets; proc(5) field 3 follows the last one.
    fields = line.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[19])


def process(pid: int) -> Process | None:
    """Return the running process of that number, or None."""
    at = started(pid)
    return None if at is None else Process(pid, at)


def _boot() -> str:
    return (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def record(folder: Path, name: str, pid: int) -> None:
    """Note a running process of ours, so that a later command can find it."""
    running = process(pid)
    if running is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    note = {"pid": pid, "started": running.started, "boot": _boot()}
    (folder / f"{name}.json").write_text(json.dumps(note), encoding="ascii")


def forget(folder: Path, name: str) -> None:
    """Remove the note about a process that has ended."""
    (folder / f"{name}.json").unlink(missing_ok=True)


def recorded(folder: Path) -> dict[str, Process]:
    """Return the processes of our notes that still run; notes about others are removed."""
    found: dict[str, Process] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            note = json.loads(path.read_text(encoding="ascii"))
            one = Process(int(note["pid"]), int(note["started"]))
            same_boot = note["boot"] == _boot()
        except (ValueError, KeyError, TypeError):
            # Half written when the machine lost power.
            path.unlink(missing_ok=True)
            continue
        if same_boot and one.is_alive:
            found[path.stem] = one
        else:
            path.unlink(missing_ok=True)
    return found


def _everybody() -> Iterable[int]:
    return (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal())


def marked(var: Path) -> list[Process]:
    """Return the running processes that carry the mark of the installation in `var`."""
    wanted = f"{MARK}={var}".encode()
    found = []
    for pid in _everybody():
        # Processes of other users cannot be read, and those that end meanwhile are gone.
        with contextlib.suppress(OSError):
            if wanted in (_PROC / str(pid) / "environ").read_bytes().split(b"\0"):
                one = process(pid)
                if one is not None and pid != os.getpid():
                    found.append(one)
    return found


def working_in(folder: Path, program: str) -> list[Process]:
    """Return the processes of `program` whose working folder or -D argument is `folder`.

    PostgreSQL overwrites its environment, so its processes show no mark; all of them work in
    their data folder. Where a container hides working folders even from root, the command line
    of the first process still tells.
    """
    found = []
    for pid in _everybody():
        if _works_in(pid, folder, program) or _was_started_for(pid, folder, program):
            one = process(pid)
            if one is not None:
                found.append(one)
    return found


def _works_in(pid: int, folder: Path, program: str) -> bool:
    try:
        at, running = (os.readlink(_PROC / str(pid) / link) for link in ("cwd", "exe"))
    except OSError:
        return False
    return at == str(folder) and Path(running).name == program


def _was_started_for(pid: int, folder: Path, program: str) -> bool:
    try:
        words = (_PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return (
        Path(os.fsdecode(words[0])).name == program and [b"-D", os.fsencode(folder)] == words[1:3]
    )


def marked_environment(var: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return `environ` with the mark of the installation in `var`."""
    return {**environ, MARK: str(var)}


def send(one: Process, number: signal.Signals) -> None:
    """Send a signal to that very process, if it still runs."""
    if one.is_alive:
        with contextlib.suppress(ProcessLookupError):
            os.kill(one.pid, number)


def end(
    processes: Iterable[Process], *, first: signal.Signals = signal.SIGTERM, grace_s: float = 10
) -> list[Process]:
    """End processes: `first`, and after `grace_s` seconds SIGKILL. Return those still there."""
    left = list(processes)
    for number, patience in ((first, grace_s), (signal.SIGKILL, 5.0)):
        for one in left:
            send(one, number)
        left = wait_for_end(left, patience)
        if not left:
            break
    return left


def wait_for_end(processes: Iterable[Process], seconds: float) -> list[Process]:
    """Wait until all have ended, at most `seconds`; return those still running."""
    until = time.monotonic() + seconds
    left = [one for one in processes if one.is_alive]
    while left and time.monotonic() < until:
        time.sleep(0.02)
        left = [one for one in left if one.is_alive]
    return left


def die_with_parent(number: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to signal this process when the thread that started it ends.

    For `preexec_fn`: the only way that children learn of a parent ended by SIGKILL.
    """
    _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
