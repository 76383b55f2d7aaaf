"""What set-up shows while it works: one line for each step, with the time it took."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def say(text: str) -> None:
    """Write lines for a person."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Write lines about something that went wrong."""
    sys.stdout.flush()
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class Step:
    """One step of set-up; `note` adds a word to the line that closes it."""

    def __init__(self, vietnamese: str, english: str) -> None:
        self.title = f"{vietnamese} · {english}"
        self.remark = ""

    def note(self, remark: str) -> None:
        """Say in the closing line what came of the step."""
        self.remark = f" — {remark}" if remark else ""


@contextmanager
def step(vietnamese: str, english: str) -> Iterator[Step]:
    """Announce a step, and close it with the time that it took.

    On a terminal the closing line replaces the announcement.
    """
    it = Step(vietnamese, english)
    on_terminal = sys.stdout.isatty()
    began = time.monotonic()
    if on_terminal:
        sys.stdout.write(f"  … {it.title}")
        sys.stdout.flush()
    try:
        yield it
    except BaseException:
        sys.stdout.write(f"\r  ✗ {it.title}\n" if on_terminal else f"  ✗ {it.title}\n")
        sys.stdout.flush()
        raise
    took = f"{time.monotonic() - began:6.1f} s"
    sys.stdout.write(f"{chr(13) if on_terminal else ''}  ✓ {took}  {it.title}{it.remark}\n")
    sys.stdout.flush()
