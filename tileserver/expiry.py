"""Removing kept tiles that no longer hold, and drawing again those that are often asked for.

Nothing stale is given out without this: every kept tile is judged when it is asked for. What is
done here keeps the folders small, and spares the next asker the drawing. When there is nothing to
draw again, the tiles of small zooms are made that nobody asked for yet (`tileserver.ahead`). How
far the changes were followed up stands beside the tiles, so that a worker that was killed goes on
where it stopped.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone

from tileserver import cache, freshness, listening
from tileserver.ahead import Ahead
from tileserver.drawing import NoPicture
from tileserver.freshness import ALIAS
from tileserver.mapproxy.kept import State
from tileserver.shelves import At, Shelf, shelves

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from tileserver.cache import Edition

    Areas = dict[str, NDArray[np.float64]]

logger = logging.getLogger(__name__)

#: A tile that was asked for within this time is drawn again at once.
BUSY_FOR_S = 15 * 60
#: With more changed areas than this, looking at every tile is quicker than looking for them.
MOST_AREAS = 500
#: As many are drawn again after one change; the others when somebody asks.
MOST_DRAWN = 500
LOOK_EVERY_S = 0.1
TRY_AGAIN_S = 2.0


@dataclass
class _Wanted:
    """What is drawn in one go: a tile or several, and when each was last asked for."""

    shelf: Shelf
    asked_at: dict[At, float]


@dataclass
class Expiry:
    """Follows the changes of the data. Public: `catch_up`, `draw_next`, `start`, `stop`."""

    _shelves: list[Shelf] = field(default_factory=shelves)
    #: What to draw again, in this order, by shelf and first tile.
    _wanted: dict[tuple[int, At], _Wanted] = field(default_factory=dict)
    _ahead: Ahead = field(default_factory=Ahead)
    _done: State | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def catch_up(self, today: dt.date) -> int:
        """Remove what the newest edition no longer shows on this day; return how many tiles."""
        state = State(freshness.newest(), today)
        if state == self._done:
            return 0
        followed = _read_position()
        areas = None if followed is None else _areas_since(followed)
        removed = 0
        for number, shelf in enumerate(self._shelves):
            for at, asked_at in _remove(shelf, state, areas):
                removed += 1
                if time.time() - asked_at < BUSY_FOR_S:
                    key = number, shelf.drawn_with(at)
                    self._wanted.setdefault(key, _Wanted(shelf, {})).asked_at[at] = asked_at
        # Only now: whoever is killed before does it all again, which harms nothing.
        _write_position(state.newest)
        self._done = state
        self._put_latest_first()
        if removed:
            logger.info("revision %d: %d tiles removed", state.newest.revision, removed)
        return removed

    def draw_next(self, today: dt.date) -> bool:
        """Draw one of the removed tiles that are often asked for; say whether there was one."""
        if not self._wanted:
            return False
        wanted = self._wanted.pop(next(iter(self._wanted)))
        state = State(freshness.newest(), today)
        wanted.shelf.draw(next(iter(wanted.asked_at)), state)
        for at, asked_at in wanted.asked_at.items():
            # We are nobody who asks: the next change finds it as much asked for as this one.
            cache.note_asked(wanted.shelf.path(at, state), asked_at)
        return True

    def start(self) -> None:
        """Begin to follow changes in a thread of this process."""
        self._thread = threading.Thread(target=self._run, name="expiry", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and wait for it."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        listening.start()
        try:
            while not self._stopping.is_set():
                self._stopping.wait(self._follow())
        finally:
            connections.close_all()
            if not self._stopping.is_set():
                # Not silently without us: the supervisor starts the worker again.
                os.kill(os.getpid(), signal.SIGTERM)

    def _follow(self) -> float:
        """Do what there is to do; return how long there is nothing more."""
        today = timezone.localdate()
        try:
            self.catch_up(today)
            is_busy = self.draw_next(today) or self._ahead.draw_next(today)
            return 0.0 if is_busy else LOOK_EVERY_S
        except (DatabaseError, InterfaceError, OSError) as trouble:
            logger.warning("changes are not followed: %s", trouble)
            connections.close_all()
        except NoPicture:
            # The reason is in the log already; whoever asks will try again.
            self._wanted.clear()
        return TRY_AGAIN_S

    def _put_latest_first(self) -> None:
        latest = sorted(self._wanted.items(), key=lambda one: -max(one[1].asked_at.values()))
        self._wanted = dict(latest[:MOST_DRAWN])


def _remove(shelf: Shelf, state: State, areas: Areas | None) -> Iterator[tuple[At, float]]:
    """Remove what no longer holds; yield each tile and when it was last asked for."""
    current = shelf.folder(state)
    for folder in _subfolders(shelf.root):
        if folder != current:
            yield from _asked(folder, shelf.ending)
            shutil.rmtree(folder, ignore_errors=True)
    touched = _boxes_for(shelf, areas)
    if touched is not None and not len(touched):
        return
    for level in _subfolders(current):
        z = int(level.name)
        reach = None if touched is None else shelf.reach(z, touched)
        yield from _remove_stale(shelf, level, z, reach, state.newest)


def _remove_stale(
    shelf: Shelf, level: Path, z: int, reach: NDArray[np.int64] | None, newest: Edition
) -> Iterator[tuple[At, float]]:
    paths = {(z, x, y): path for x, y, path in _kept(level, shelf.ending, reach)}
    editions = {at: cache.edition_at(path) for at, path in paths.items()}
    whole = [(at, edition) for at, edition in editions.items() if edition is not None]
    answers = freshness.hold_many(
        shelf.layers, shelf.boxes([at for at, _ in whole]), [e for _, e in whole], newest
    )
    good = {at for (at, _), holds in zip(whole, answers, strict=True) if holds}
    for at in editions.keys() - good:
        asked_at = cache.asked_at(paths[at])
        paths[at].unlink(missing_ok=True)
        yield at, asked_at


def _boxes_for(shelf: Shelf, areas: Areas | None) -> NDArray[np.float64] | None:
    """Return the boxes that concern a shelf, None for everywhere."""
    if areas is None:
        return None
    found = [areas[name] for name in freshness.noted_names(shelf.layers) if name in areas]
    if sum(map(len, found)) > MOST_AREAS:
        return None
    return np.concatenate(found) if found else np.empty((0, 4))


def _kept(
    level: Path, ending: str, reach: NDArray[np.int64] | None
) -> Iterator[tuple[int, int, Path]]:
    """Yield column, row and path of the kept tiles of a zoom within ranges of columns and rows."""
    for column in _subfolders(level):
        x = int(column.name)
        rows = None if reach is None else reach[(reach[:, 0] <= x) & (x <= reach[:, 2])][:, [1, 3]]
        if rows is not None and not len(rows):
            continue
        for path in column.iterdir():
            name = path.name.removesuffix(ending)
            if not name.isdecimal():
                continue
            y = int(name)
            if rows is None or ((rows[:, 0] <= y) & (y <= rows[:, 1])).any():
                yield x, y, path


def _asked(folder: Path, ending: str) -> Iterator[tuple[At, float]]:
    """Yield the tiles of a folder and when each was asked for."""
    for level in _subfolders(folder):
        for x, y, path in _kept(level, ending, None):
            yield (int(level.name), x, y), cache.asked_at(path)


def _subfolders(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.is_dir()]
    except FileNotFoundError:
        return []


def _areas_since(followed: Edition) -> Areas | None:
    """Return by name the boxes that changed after an edition, None if it is not of our history."""
    moment = listening.moment_of(followed)
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_IS_OURS, {"number": followed.revision, "made_at": moment})
        (is_ours,) = cursor.fetchone()
        if not is_ours:
            return None
        cursor.execute(_AREAS, {"number": followed.revision})
        rows = cursor.fetchall()
    by_name: dict[str, list[tuple[float, ...]]] = {}
    for name, *box in rows:
        by_name.setdefault(name, []).append(tuple(box))
    return {name: np.array(boxes, float) for name, boxes in by_name.items()}


_IS_OURS = """
    SELECT EXISTS (
        SELECT FROM public_revisions WHERE number = %(number)s AND made_at = %(made_at)s
    )
"""
_AREAS = """
    SELECT layer, ST_XMin(extent_3857), ST_YMin(extent_3857), ST_XMax(extent_3857),
        ST_YMax(extent_3857)
    FROM public_changed_areas WHERE revision > %(number)s
"""


def position() -> Path:
    return settings.TILE_CACHE / "followed"


def _read_position() -> Edition | None:
    return cache.edition_at(position())


def _write_position(edition: Edition) -> None:
    cache.write(position(), cache.CachedTile(edition, b""))
    # Housekeeping takes what nobody asked for.
    cache.note_asked(position(), time.time())
