"""How often somebody asked within a minute, counted once for all processes of the web server.

A small file that every process maps into memory: no broker to run, and a count costs microseconds.
It holds digests and numbers, no address and no key. Losing it gives everybody a fresh minute.
"""

from __future__ import annotations

import fcntl
import hashlib
import math
import mmap
import os
import struct
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WINDOW_S = 60
#: Places in the file. When all that a name may take are in use, the one unused longest goes.
SLOTS = 65_536
_PROBES = 8
#: Counts are whole; whoever waited as told must not be refused for the last digit of a share.
_ROUNDING = 1e-6
_SLOT = struct.Struct("=QQII")


class Counters:
    """Sliding counts by name: the running minute, and the share of the last one still in sight.

    Public: `spend`. Safe between threads and processes.
    """

    def __init__(self, path: Path, *, slots: int = SLOTS) -> None:
        """Open the file, made where it is missing. `slots` is a power of two."""
        self._slots = slots
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        size = slots * _SLOT.size
        if os.fstat(self._file).st_size != size:
            os.ftruncate(self._file, size)
        self._memory = mmap.mmap(self._file, size)
        self._ours = threading.Lock()

    def close(self) -> None:
        """Let the file go; what was counted stays."""
        self._memory.close()
        os.close(self._file)

    def spend(self, name: bytes, cost: int, *, limit: int, now: float) -> float:
        """Count `cost` for `name` and return 0.0, or the seconds to wait and count nothing.

        At most `limit` within a minute; `now` is seconds of any clock all processes share.
        """
        window, since = divmod(now, WINDOW_S)
        digest = int.from_bytes(hashlib.blake2b(name, digest_size=8).digest()) or 1
        with self._ours:
            # Processes wait for each other, threads of this one by the lock above.
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                return self._spend(digest, int(window), since / WINDOW_S, cost, limit)
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def _spend(self, digest: int, window: int, share: float, cost: int, limit: int) -> float:
        at, current, previous = self._find(digest, window)
        if previous * (1 - share) + current + cost > limit + _ROUNDING:
            return _wait_s(share, current, previous, cost, limit)
        _SLOT.pack_into(self._memory, at, digest, window, current + cost, previous)
        return 0.0

    def _find(self, digest: int, window: int) -> tuple[int, int, int]:
        """Return a name's place and its counts of the running window and the one before."""
        oldest_at, oldest = 0, window + 2
        for probe in range(_PROBES):
            at = ((digest + probe) & (self._slots - 1)) * _SLOT.size
            found, seen, current, previous = _SLOT.unpack_from(self._memory, at)
            if found == digest:
                if seen == window:
                    return at, current, previous
                return at, 0, current if seen == window - 1 else 0
            if seen < oldest:
                oldest_at, oldest = at, seen
        return oldest_at, 0, 0


def _wait_s(share: float, current: int, previous: int, cost: int, limit: int) -> float:
    """Return after how many seconds `cost` will be within the limit."""
    if cost > limit:
        return float(WINDOW_S)
    if current + cost <= limit:
        # Enough of the minute before has to go out of sight.
        return max(1 - (limit - cost - current) / previous - share, 0) * WINDOW_S
    return (1 - share + max(1 - (limit - cost) / current, 0)) * WINDOW_S


def whole_seconds(wait_s: float) -> int:
    """Return a wait as Retry-After says it, never less than a second."""
    return max(1, math.ceil(wait_s))
