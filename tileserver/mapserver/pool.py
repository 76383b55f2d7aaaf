"""`python -m tileserver.mapserver.pool`: keeps N MapServer processes at one unix socket.

We listen, and every child gets the listening socket as its standard input, which is how FastCGI
hands it over: whichever child is free takes the next request. A child that ends is replaced.
The pool and its children end together with the process that started them.
"""

from __future__ import annotations

import argparse
import ctypes
import logging
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tileserver.mapserver import sockets

if TYPE_CHECKING:
    import socket
    from types import FrameType

logger = logging.getLogger(__name__)

PROGRAM = Path("/usr/bin/mapserv")
_BACKLOG = 128
#: The mark by which a later start finds processes that were left behind.
_KEPT_ENVIRONMENT = ("LC_ALL", "DIADO_STACK_OF")
#: A child that lived shorter than this is not replaced at once: it would only die again.
_SETTLED_S = 2.0
_LONGEST_WAIT_S = 10.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def end_with_parent(number: int, *, parent: int) -> None:
    """Ask the kernel for a signal when our parent ends; the only notice a SIGKILL leaves.

    A parent that ended before we could ask sends nothing more, so we end at once.
    """
    _libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def configuration(mapfile: Path) -> str:
    """Return MapServer's configuration: this mapfile, and no way to name another one."""
    text = str(mapfile)
    if re.search(r'["\'\\\n\[\]^]', text):
        raise ValueError(f"a mapfile's path cannot hold quotes or brackets: {text}")
    pattern = "^" + re.sub(r"([^0-9A-Za-z/_-])", r"[\1]", text) + "$"
    return (
        "CONFIG\n"
        "  ENV\n"
        f'    MS_MAPFILE "{text}"\n'
        f'    MS_MAP_PATTERN "{pattern}"\n'
        '    MS_MAP_NO_PATH "1"\n'
        "  END\n"
        "  MAPS\n"
        f'    diado "{text}"\n'
        "  END\n"
        "END\n"
    )


@dataclass
class _Place:
    """Where one child works; `number` of its deaths in a row decides how long we wait."""

    child: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    start_again_at: float = 0.0


@dataclass
class Pool:
    """Owns the listening socket and the children. Public: `keep_until_told`, `stop`."""

    listening: socket.socket
    configuration_file: Path
    size: int
    _places: list[_Place] = field(default_factory=list)
    _stopping: bool = False

    def keep_until_told(self) -> None:
        """Start the children and replace those that end, until `stop` is called."""
        self._places = [_Place() for _ in range(self.size)]
        try:
            while not self._stopping:
                for place in self._places:
                    self._tend(place)
                time.sleep(0.1)
        finally:
            for place in self._places:
                if place.child is not None:
                    # An idle FastCGI child ignores SIGTERM; it holds nothing worth keeping.
                    place.child.kill()
                    place.child.wait()

    def stop(self) -> None:
        """Make `keep_until_told` end the children and return."""
        self._stopping = True

    def _tend(self, place: _Place) -> None:
        now = time.monotonic()
        if place.child is not None and (code := place.child.poll()) is not None:
            settled = now - place.started_at > _SETTLED_S
            place.deaths = 1 if settled else place.deaths + 1
            wait = 0.0 if settled else min(0.25 * 2**place.deaths, _LONGEST_WAIT_S)
            logger.warning("mapserv %d ended (%d); again in %.1f s", place.child.pid, code, wait)
            place.child, place.start_again_at = None, now + wait
        if place.child is None and now >= place.start_again_at:
            place.child, place.started_at = self._start(), now

    def _start(self) -> subprocess.Popen[bytes]:
        # Nothing else of our own environment: it holds passwords.
        kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        return subprocess.Popen(
            [str(PROGRAM)],
            stdin=self.listening.fileno(),
            env={**kept, "MAPSERVER_CONFIG_FILE": str(self.configuration_file)},
            cwd=self.configuration_file.parent,
            preexec_fn=partial(end_with_parent, signal.SIGKILL, parent=os.getpid()),
        )


def main(arguments: list[str]) -> int:
    """Keep a pool until a signal comes; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tileserver.mapserver.pool")
    parser.add_argument("--socket", type=Path, required=True, help="where the pool listens")
    parser.add_argument("--mapfile", type=Path, required=True, help="the only mapfile it serves")
    parser.add_argument("--size", type=int, default=max(2, os.cpu_count() or 2))
    chosen = parser.parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)

    end_with_parent(signal.SIGTERM, parent=os.getppid())
    mapfile: Path = chosen.mapfile.absolute()
    mapfile.parent.mkdir(parents=True, exist_ok=True)
    configuration_file = mapfile.parent / "mapserver.conf"
    configuration_file.write_text(configuration(mapfile), encoding="utf-8")
    pool = Pool(sockets.listen(chosen.socket, backlog=_BACKLOG), configuration_file, chosen.size)

    def told(number: int, frame: FrameType | None) -> None:
        pool.stop()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    logger.info("%d MapServer processes at %s for %s", chosen.size, chosen.socket, mapfile)
    pool.keep_until_told()
    chosen.socket.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
