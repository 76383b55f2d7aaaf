"""What a serving process knows of changes without asking: a thread listens to the database.

The database says the number of each new revision when it is committed (`landdata.changed_areas`).
The thread then reads what is new and puts it, as one frozen value, where all threads see it. It
also asks twice a second whether it missed something. What it knows counts for a second and a half
after it was last found current: with a broken connection, or after a fork, nobody believes it.
"""

from __future__ import annotations

import bisect
import datetime as dt
import logging
import select
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import psycopg2
from django.db import connections

from landdata.changed_areas import CHANNEL
from tileserver.cache import Edition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

#: Legal days begin there.
LEGAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
#: As many changes are kept in memory (40 bytes each); of older pictures the database is asked.
KEPT_AREAS = 50_000
ASK_EVERY_S = 0.5
#: Longer than asking takes on a busy machine, shorter than anybody waits for an edit to show.
TRUSTED_FOR_S = 1.5
CONNECT_AGAIN_S = 1.0
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_NEVER = "never"


def edition_of(row: Sequence[Any]) -> Edition:
    """Return the edition of a row (number, made_at)."""
    number, made_at = row
    return Edition(int(number), (made_at - _EPOCH) // dt.timedelta(microseconds=1))


def moment_of(edition: Edition) -> dt.datetime:
    """Return when an edition was made."""
    return _EPOCH + dt.timedelta(microseconds=edition.made_at_us)


def day_name(day: dt.date | None) -> str:
    """Return how a day that rows waited for stands in the name of a folder."""
    return f"{day:%Y%m%d}" if day else _NEVER


@dataclass(frozen=True)
class Areas:
    """Boxes that changed, and at which revision, oldest first."""

    boxes: NDArray[np.float64]
    revisions: NDArray[np.int64]

    def touch(self, box: NDArray[np.float64], *, after: int) -> bool:
        """Say whether one of them is newer than a revision and touches a box."""
        first = int(np.searchsorted(self.revisions, after, side="right"))
        west, south, east, north = self.boxes[first:].T
        return bool(
            np.any((west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1]))
        )


@dataclass(frozen=True)
class Known:
    """The newest edition and all changes after revision `since`."""

    newest: Edition
    #: The last legal day on which a revision was made.
    latest_day: dt.date
    since: int
    #: Revision to moment, from `since` on.
    editions: Mapping[int, int]
    areas: Mapping[str, Areas]
    days: Mapping[str, tuple[dt.date, ...]]
    last_area: int

    def judge(
        self, names: Sequence[str], box: NDArray[np.float64], shown: Edition, newest: Edition
    ) -> bool | None:
        """Say whether a picture holds, None if that is not known here."""
        if newest.revision > self.newest.revision or shown.revision < self.since:
            return None
        made_at_us = self.editions.get(shown.revision)
        if made_at_us is None:
            return None
        if made_at_us != shown.made_at_us:
            return False
        return not any(
            name in self.areas and self.areas[name].touch(box, after=shown.revision)
            for name in names
        )

    def last_awaited(self, names: Sequence[str], today: dt.date) -> str:
        """Name the last day up to `today` that rows waited for."""
        found = [_last_up_to(self.days.get(name, ()), today) for name in names]
        return day_name(max((day for day in found if day), default=None))


def _last_up_to(days: Sequence[dt.date], today: dt.date) -> dt.date | None:
    place = bisect.bisect_right(days, today)
    return days[place - 1] if place else None


@dataclass
class Listener:
    """Keeps `known` current in a thread of its own, from the database of one alias."""

    alias: str
    _known: Known | None = None
    _confirmed: float = float("-inf")
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._thread = threading.Thread(target=self._run, name="listening", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and wait for it."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    @property
    def known(self) -> Known | None:
        """What is known, or None while that is not certain to be current."""
        if time.monotonic() - self._confirmed > TRUSTED_FOR_S:
            return None
        return self._known

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
            except psycopg2.Error as trouble:
                self._confirmed = float("-inf")
                logger.warning("not listening for changes: %s", trouble)
                self._stop.wait(CONNECT_AGAIN_S)

    def _listen(self) -> None:
        connection = psycopg2.connect(**self._parameters())
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            # What is read together has to be of one moment.
            connection.autocommit = False
            connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
            self._known = None
            while not self._stop.is_set():
                connection.notifies.clear()
                begun = time.monotonic()
                self._known = read(connection, self._known)
                self._confirmed = begun
                self._await(connection)
        finally:
            connection.close()

    def _await(self, connection: Any) -> None:
        """Wait until something is said, or it is time to ask."""
        connection.poll()
        if not connection.notifies:
            waiting = select.poll()
            waiting.register(connection, select.POLLIN)
            waiting.poll(ASK_EVERY_S * 1000)
            connection.poll()

    def _parameters(self) -> dict[str, Any]:
        given = connections[self.alias].get_connection_params()
        kept = {k: v for k, v in given.items() if k not in ("cursor_factory", "isolation_level")}
        # A dead server is found out before anybody believes the silence.
        return {**kept, "connect_timeout": 5, "application_name": "diado-listening"}


def read(connection: Any, before: Known | None) -> Known:
    """Return what is known now, reading no more than is new. Raises psycopg2.Error."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        row = cursor.fetchone()
        newest = edition_of(row) if row else Edition(0, 0)
        if before is not None and before.newest == newest:
            connection.commit()
            return before
        if before is not None and not _goes_on(cursor, before):
            before = None
        cursor.execute(_AREAS, {"after": before.last_area if before else 0, "most": KEPT_AREAS})
        areas = cursor.fetchall()
        cursor.execute(_EDITIONS, {"after": before.newest.revision if before else 0})
        editions = [edition_of(found) for found in cursor.fetchall()]
        cursor.execute(_DAYS)
        days = cursor.fetchall()
    connection.commit()
    return _together(before, newest, areas, editions, days)


def _goes_on(cursor: Any, before: Known) -> bool:
    """Say whether the history we know is still part of the database's."""
    cursor.execute(_MADE_AT, {"number": before.newest.revision})
    row = cursor.fetchone()
    return row is not None and edition_of((before.newest.revision, *row)) == before.newest


def _together(
    before: Known | None,
    newest: Edition,
    rows: Sequence[tuple[Any, ...]],
    editions: Iterable[Edition],
    days: Iterable[tuple[str, list[dt.date]]],
) -> Known:
    since = before.since if before else 0
    if len(rows) >= KEPT_AREAS:
        # Of the oldest revision there may be more; what came before it is forgotten too.
        since, before = int(rows[-1][2]), None
    made: dict[int, int] = dict(before.editions) if before else {}
    made.update((edition.revision, edition.made_at_us) for edition in editions)
    areas = _joined(before.areas if before else {}, rows)
    if sum(len(kept.revisions) for kept in areas.values()) > KEPT_AREAS:
        since = _forgotten_up_to(areas, since)
    made = {number: at for number, at in made.items() if number >= since}
    areas = {name: _after(kept, since) for name, kept in areas.items()}
    latest = max(
        (Edition(n, at) for n, at in made.items()), key=lambda e: e.made_at_us, default=newest
    )
    latest_day = moment_of(latest).astimezone(LEGAL_TIME).date()
    return Known(
        newest,
        max(latest_day, before.latest_day) if before else latest_day,
        since,
        made,
        areas,
        {layer: tuple(sorted(theirs)) for layer, theirs in days},
        int(rows[0][0]) if rows else (before.last_area if before else 0),
    )


def _joined(known: Mapping[str, Areas], rows: Sequence[tuple[Any, ...]]) -> dict[str, Areas]:
    """Add rows (id, layer, revision, west, south, east, north), newest first."""
    by_layer: dict[str, list[tuple[Any, ...]]] = {}
    for row in reversed(rows):
        by_layer.setdefault(row[1], []).append(row[2:])
    joined = dict(known)
    for layer, added in by_layer.items():
        table = np.array(added, float)
        new = Areas(table[:, 1:], table[:, 0].astype(np.int64))
        old = joined.get(layer)
        joined[layer] = new if old is None else _appended(old, new)
    return joined


def _appended(old: Areas, new: Areas) -> Areas:
    return Areas(
        np.concatenate([old.boxes, new.boxes]), np.concatenate([old.revisions, new.revisions])
    )


def _forgotten_up_to(areas: Mapping[str, Areas], since: int) -> int:
    """Return the revision up to which half of the changes can be forgotten."""
    every = np.sort(np.concatenate([kept.revisions for kept in areas.values()]))
    return max(since, int(every[len(every) // 2]))


def _after(kept: Areas, since: int) -> Areas:
    first = int(np.searchsorted(kept.revisions, since, side="right"))
    return kept if first == 0 else Areas(kept.boxes[first:].copy(), kept.revisions[first:].copy())


_listener: Listener | None = None
_starting = threading.Lock()


def start(alias: str = "public") -> None:
    """Begin to listen in this process, once."""
    global _listener
    with _starting:
        if _listener is None:
            _listener = Listener(alias)
            _listener.start()


def stop() -> None:
    """End listening in this process."""
    global _listener
    with _starting:
        if _listener is not None:
            _listener.stop()
            _listener = None


def known() -> Known | None:
    """Return what this process knows of changes, None if it does not listen or is not sure."""
    listener = _listener
    return None if listener is None else listener.known


_NEWEST = "SELECT number, made_at FROM public_revisions ORDER BY number DESC LIMIT 1"
_MADE_AT = "SELECT made_at FROM public_revisions WHERE number = %(number)s"
# Rows are numbered under the lock of the revision: their order is that of the commits.
_AREAS = """
    SELECT id, layer, revision, ST_XMin(extent_3857), ST_YMin(extent_3857), ST_XMax(extent_3857),
        ST_YMax(extent_3857)
    FROM public_changed_areas WHERE id > %(after)s ORDER BY id DESC LIMIT %(most)s
"""
_EDITIONS = "SELECT number, made_at FROM public_revisions WHERE number > %(after)s"
_DAYS = "SELECT layer, array_agg(day) FROM public_awaited_days GROUP BY layer"
