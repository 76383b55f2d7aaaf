"""Waiting for what a thread does."""

from __future__ import annotations

import time


def until(condition, *, within_s: float = 20):
    """Return the first true value of a condition."""
    deadline = time.monotonic() + within_s
    while not (found := condition()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)
    return found


def known_up_to(listener, revision: int):
    """Return what a listener knows once it knows this revision."""
    return until(lambda: (known := listener.known) and known.newest.revision >= revision and known)
