"""After each of 200 random edits kept tiles equal a full new drawing, by pixel and by byte."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from tileserver.shelves import At, Shelf

FULL_SIZE = 200
SMALL_SIZE = 3
#: At the small size, one zoom in so many is looked at.
SMALL_EVERY = 4
#: Tells the test which size to run at; `make prove` sets it.
SIZE = "PROOF_SIZE"
#: Of so many edits, one falls into the time in which the worker is dead.
KILLED_EVERY = 5
_SETTLED_WITHIN_S = 60.0


@dataclass
class Seen:
    """What came of the comparisons."""

    edits: dict[str, int] = field(default_factory=dict)
    tiles: int = 0
    #: Tiles whose picture an edit changed, and those that were the same before and after.
    changed: int = 0
    unchanged: int = 0
    kills: int = 0


@dataclass(frozen=True)
class Cover:
    """The tiles of every grid and zoom over the town: raster of all layers, vector of each."""

    places: tuple[tuple[Shelf, At], ...]

    def draw(self, today: dt.date) -> dict[tuple[int, At], bytes]:
        """Return every tile as it is given out now."""
        return {
            (number, at): _given_out(shelf, at, today)
            for number, (shelf, at) in enumerate(self.places)
        }

    def drawn_anew(self, today: dt.date, folder: Path) -> dict[tuple[int, At], bytes]:
        """Return every tile as an installation would draw it that has kept none."""
        from django.test import override_settings

        with override_settings(TILE_CACHE=folder):
            return self.draw(today)


def cover(ground: tuple[float, float, float, float], *, every: int = 1) -> Cover:
    """Return the tiles over a box in EPSG:3857, of each zoom or of every few from the last on."""
    from tileserver.shelves import RasterShelf, VectorShelf, shelves
    from tileserver.wms import tree

    places: list[tuple[Shelf, At]] = []
    for shelf in shelves():
        if isinstance(shelf, RasterShelf):
            if shelf.cache.id != tree.ROOT:
                continue
            grid = shelf.cache.grid
            zooms = range(len(grid.resolutions) - 1, -1, -every)
            west, south, east, north = grid.box_from_3857(ground)
            left, _, _, top = grid.box
            for z in zooms:
                span = grid.span_m(z)
                columns = range(int((west - left) // span), int((east - left) // span) + 1)
                rows = range(int((top - north) // span), int((top - south) // span) + 1)
                places += [(shelf, (z, x, y)) for x in columns for y in rows]
        elif isinstance(shelf, VectorShelf):
            for z in range(shelf.layer.max_zoom, shelf.layer.min_zoom - 1, -every):
                ((x0, y0, x1, y1),) = shelf.reach(z, np.array([ground])).tolist()
                places += [(shelf, (z, x, y)) for x in range(x0, x1 + 1) for y in range(y0, y1 + 1)]
    return Cover(tuple(places))


def _given_out(shelf: Shelf, at: At, today: dt.date) -> bytes:
    from tileserver import tiles
    from tileserver.mapproxy import tiles as map_tiles
    from tileserver.shelves import RasterShelf, VectorShelf

    if isinstance(shelf, RasterShelf):
        place = map_tiles.Place(shelf.cache.id, shelf.cache.grid, *at)
        return map_tiles.current_tile(place, today=today).body
    assert isinstance(shelf, VectorShelf)
    return tiles.current_tile(tiles.Place(shelf.layer, *at), today=today).body


def differing(
    kept: dict[tuple[int, At], bytes], anew: dict[tuple[int, At], bytes]
) -> list[tuple[int, At]]:
    """Return the tiles that are not the same: pictures by their pixels, vectors by their bytes."""
    return [at for at, body in kept.items() if body != anew[at] and not _alike(body, anew[at])]


def _alike(one: bytes, other: bytes) -> bool:
    if not one.startswith(b"\x89PNG") or not other.startswith(b"\x89PNG"):
        return False
    return bool((_pixels(one) == _pixels(other)).all())


def _pixels(body: bytes) -> np.ndarray:
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(body)).convert("RGBA"))


@contextmanager
def worker(environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the worker of an installation, and kill it without a warning at the end."""
    from django.conf import settings

    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run_worker"],
            cwd=settings.BASE_DIR,
            env={**os.environ, **environment},
            stdout=out,
            stderr=out,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def settle() -> None:
    """Wait until the worker has followed up every change."""
    from tileserver import cache, expiry, freshness

    until = time.monotonic() + _SETTLED_WITHIN_S
    while cache.edition_at(expiry.position()) != freshness.newest():
        assert time.monotonic() < until, "the worker does not follow up the changes"
        time.sleep(0.05)


def stale_files(today: dt.date) -> list[str]:
    """Return every kept file, of whatever shelf, that no longer holds."""
    from tileserver import cache, freshness
    from tileserver.mapproxy.kept import State
    from tileserver.shelves import shelves

    newest = freshness.newest()
    stale: list[str] = []
    for shelf in shelves():
        current = shelf.folder(State(newest, today))
        for path in shelf.root.rglob(f"*{shelf.ending}"):
            edition = cache.edition_at(path)
            if edition is None:
                # Removed since it was listed.
                continue
            at = (int(path.parts[-3]), int(path.parts[-2]), int(path.name.partition(".")[0]))
            if current not in path.parents:
                stale.append(f"{path}: not of {current.name}")
            elif not all(freshness.hold_many(shelf.layers, shelf.boxes([at]), [edition], newest)):
                stale.append(f"{path}: {edition} before {newest}")
    return stale


if __name__ == "__main__":
    os.environ.setdefault(SIZE, str(FULL_SIZE))
    sys.exit(pytest.main(["-v", "--log-cli-level=INFO", "tests/proofs/test_freshness.py"]))
