"""Rendered tiles as files. A file says at which revision it was rendered; the caller judges it.

The time of a file says when it was last asked for, to the minute; a tile that was only kept has
none. What is asked for often is drawn again as soon as it no longer holds (`tileserver.expiry`).
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import struct
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)

_MAGIC = b"DIADOT1\n"
_HEADER = struct.Struct("!8sqqq")
#: As exactly is noted when a tile was asked for.
NOTED_EVERY_S = 60
#: The time of a file that nobody has asked for.
_NEVER = 0


@dataclass(frozen=True, slots=True)
class Edition:
    """A state of the public data: a revision, and the moment it was made.

    The moment tells apart two histories in which the same number was given, as after a restore.
    """

    revision: int
    made_at_us: int


@dataclass(frozen=True, slots=True)
class CachedTile:
    """A tile as it goes out, vector tiles gzipped, and the edition it shows."""

    edition: Edition
    body: bytes


def etag_of(body: bytes) -> str:
    """Return the tag of a tile: its content's, whoever drew it and when."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def read(path: Path) -> CachedTile | None:
    """Return the tile at `path`, or None if there is none or it is not whole; note the asking."""
    try:
        with path.open("rb") as file:
            content = file.read()
            if time.time() - os.fstat(file.fileno()).st_mtime > NOTED_EVERY_S:
                os.utime(file.fileno())
    except (FileNotFoundError, NotADirectoryError):
        return None
    if len(content) < _HEADER.size:
        return None
    magic, revision, made_at_us, length = _HEADER.unpack_from(content)
    body = content[_HEADER.size :]
    if magic != _MAGIC or length != len(body):
        return None
    return CachedTile(Edition(revision, made_at_us), body)


def edition_at(path: Path) -> Edition | None:
    """Return the edition of the tile at `path` without asking for it, None if there is none."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER.size)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if len(head) < _HEADER.size or not head.startswith(_MAGIC):
        return None
    _, revision, made_at_us, _ = _HEADER.unpack(head)
    return Edition(revision, made_at_us)


def asked_at(path: Path) -> float:
    """Return when the tile at `path` was last asked for, in seconds of the epoch, 0 for never."""
    try:
        return path.stat().st_mtime
    except (FileNotFoundError, NotADirectoryError):
        return _NEVER


def note_asked(path: Path, at: float) -> None:
    """Note when the tile at `path` was last asked for, if it is there."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        os.utime(path, (at, at))


def write(path: Path, tile: CachedTile) -> None:
    """Put the tile at `path` in one step, so that nobody ever reads half of it.

    Two workers may write one after the other in any order: each file says what it shows. A full
    disk costs speed, not answers.
    """
    header = _HEADER.pack(_MAGIC, tile.edition.revision, tile.edition.made_at_us, len(tile.body))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as trouble:
        logger.warning("tile cache: %s", trouble)
        return
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(header + tile.body)
            file.flush()
            os.utime(file.fileno(), (_NEVER, _NEVER))
        os.replace(name, path)
    except OSError as trouble:
        logger.warning("tile cache: %s", trouble)
        os.unlink(name)
