"""Keep what came in, byte for byte, under its SHA-256.

The received coordinates are the record, so the file is stored before anything reads it, and it is
the stored copy that is read: nobody can change it in between. It may hold personal data: only the
owner of the process may open it and nothing serves it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings

from importers import guard

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_BLOCK: Final = 1024 * 1024
_SUMS: Final = "SHA256SUMS"
_INCOMING: Final = ".incoming-"


@dataclass(frozen=True)
class Received:
    """A stored delivery; `path` is the file to read, its parts beside it."""

    name: str
    sha256: str
    size_bytes: int
    stored_as: str
    path: Path


@contextmanager
def received(
    path: Path, *, keep: bool, formats: Collection[str] = (guard.SHAPEFILE, guard.GEOPACKAGE)
) -> Iterator[Received]:
    """Yield the stored copy of a delivery, which stays below settings.RECEIVED if `keep`.

    A single file has its own SHA-256. A shapefile is several files: they lie in one folder named
    by the SHA-256 of the SHA256SUMS in it, which sha256sum can check.

    Raises Invalid for a format that is none of `formats` and for what the guard does not take.
    """
    kind = guard.declared_format(path, formats)
    parts = guard.shapefile_parts(path).present() if kind == guard.SHAPEFILE else [path]
    settings.RECEIVED.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(settings.RECEIVED)
    incoming = Path(tempfile.mkdtemp(prefix=_INCOMING, dir=settings.RECEIVED))
    try:
        digest, size = _copy(parts, incoming)
        folder = incoming
        if keep:
            folder = settings.RECEIVED / digest
            # Another run may have stored the same bytes meanwhile: theirs is as good.
            if not folder.exists():
                incoming.rename(folder)
            elif not (folder / path.name).exists():
                # The same bytes under another name; a shapefile's digest covers its names.
                (incoming / path.name).rename(folder / path.name)
        yield Received(path.name, digest, size, f"{digest}/{path.name}", folder / path.name)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def _copy(parts: Sequence[Path], folder: Path) -> tuple[str, int]:
    """Copy the parts and return the delivery's digest and size in bytes."""
    sums: dict[str, str] = {}
    size = 0
    for part in parts:
        digest = hashlib.sha256()
        descriptor = os.open(folder / part.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with part.open("rb") as source, os.fdopen(descriptor, "wb") as copy:
            while block := source.read(_BLOCK):
                digest.update(block)
                copy.write(block)
                size += len(block)
            copy.flush()
            os.fsync(copy.fileno())
        sums[part.name] = digest.hexdigest()
    if len(parts) == 1:
        return sums[parts[0].name], size
    listed = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()
    descriptor = os.open(folder / _SUMS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(listed)
    return hashlib.sha256(listed).hexdigest(), size


def _sweep(folder: Path) -> None:
    """Remove what a killed run left half copied a day ago or earlier."""
    for left in folder.glob(f"{_INCOMING}*"):
        if time.time() - left.stat().st_mtime > 86_400:
            shutil.rmtree(left, ignore_errors=True)
