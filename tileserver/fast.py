"""Kept pictures answered in front of Django, from memory or from their files.

Most of what a public map asks for is kept and still holds. To say so takes a look into memory;
Django's way through middleware and views takes some forty times as long. What is not kept, not
certain or in any way unusual goes on to Django.

The headers are those that Django itself sent with its last answer of the same kind to the same
host, so that what is decided there (security, caching, who may call) is decided once.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from tileserver import cache, freshness, listening
from tileserver.cache import Edition, etag_of
from tileserver.views import accepts_gzip, tags

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tileserver.listening import Known

    Environ = dict[str, Any]
    StartResponse = Callable[..., Any]
    Application = Callable[[Environ, StartResponse], Iterable[bytes]]
    Headers = tuple[tuple[str, str], ...]

logger = logging.getLogger(__name__)

#: What the pictures in the memory of a process weigh at most; a city's busiest tiles are 20 MB.
MEMORY_BYTES = 64 * 1024 * 1024
#: What an entry weighs beside its picture.
_ENTRY_BYTES = 1024
#: A host that Django never answered is not remembered, so these are few.
_MOST_KINDS = 64
_LEGAL_OFFSET_S, _DAY_S = 7 * 3600, 86_400


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a picture is kept, and what decides whether it holds."""

    file: Path
    layers: tuple[str, ...]
    #: All that was drawn for it, in EPSG:3857 metres.
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Route:
    """A family of addresses. `find` returns where what an address asks for is kept, else None.

    It gets path, query, the newest edition and the day, and may ask neither Django nor the
    database. `is_packed` says that the files are gzipped and go out as they are.
    """

    name: str
    prefix: str
    find: Callable[[str, str, Edition, dt.date], Kept | None]
    is_packed: bool
    #: Draws and keeps what an address asks for, if that can be done here. May ask the database.
    draw: Callable[[str, dt.date], None] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A picture in memory that holds at `newest` on `today`."""

    route: Route
    kept: Kept
    shown: Edition
    newest: Edition
    today: dt.date
    corners: NDArray[np.float64]
    body: bytes
    etag: str
    #: When its file was last told that somebody asks, by the monotonic clock.
    noted_at: float


class KeptAnswers:
    """A WSGI application around Django's."""

    def __init__(
        self, application: Application, routes: Sequence[Route], *, memory_bytes: int = MEMORY_BYTES
    ) -> None:
        self._application = application
        self._routes = routes
        self._memory = Memory(memory_bytes)
        #: What Django said, by kind of request and of answer.
        self._said: dict[tuple[str, ...], Headers] = {}
        self._today = timezone.localdate()
        self._day = 0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from what is kept, else let Django answer."""
        path = environ["PATH_INFO"]
        route = next((r for r in self._routes if path.startswith(r.prefix)), None)
        if route is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._application(environ, start_response)
        if route.is_packed and not accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            return self._application(environ, start_response)
        kind = (
            route.name,
            environ["wsgi.url_scheme"],
            environ.get("HTTP_HOST", ""),
            environ.get("HTTP_X_FORWARDED_PROTO", ""),
        )
        entry = self._entry(route, path, environ.get("QUERY_STRING", ""), kind)
        if entry is None:
            return self._application(environ, start_response)
        given = environ.get("HTTP_IF_NONE_MATCH")
        status = "304 Not Modified" if given and entry.etag in tags(given) else "200 OK"
        headers = self._said.get((*kind, status))
        if headers is None:
            return self._application(environ, self._listening(kind, start_response))
        length = len(entry.body) if status == "200 OK" else 0
        start_response(status, [*headers, ("Content-Length", str(length)), ("ETag", entry.etag)])
        is_empty = not length or environ["REQUEST_METHOD"] == "HEAD"
        return () if is_empty else (entry.body,)

    def _entry(self, route: Route, path: str, query: str, kind: tuple[str, ...]) -> Entry | None:
        """Return what holds now, None if that is not certain here."""
        known = listening.known()
        if known is None:
            return None
        today = self._legal_day()
        address = f"{path}?{query}" if query else path
        entry = self._memory.get(address)
        if entry is not None:
            if entry.newest == known.newest and entry.today == today:
                if time.monotonic() - entry.noted_at > cache.NOTED_EVERY_S:
                    entry = self._noted(address, entry)
                return entry
            if entry.today == today and _holds(entry.kept, entry.corners, entry.shown, known):
                entry = replace(entry, newest=known.newest)
                self._memory.put(address, entry)
                return entry
        kept = route.find(path, query, known.newest, today)
        if kept is None:
            return None
        entry = self._read(route, kept, known, today)
        if entry is None and route.draw is not None and (*kind, "200 OK") in self._said:
            entry = self._drawn(route, path, kept, known, today)
        if entry is not None:
            self._memory.put(address, entry)
        return entry

    def _drawn(
        self, route: Route, path: str, kept: Kept, known: Known, today: dt.date
    ) -> Entry | None:
        """Draw what is not kept. If that fails, Django fails in its own words."""
        assert route.draw is not None  # noqa: S101 - asked by the caller
        # As Django does before and after each request.
        close_old_connections()
        try:
            route.draw(path, today)
        except DatabaseError as trouble:
            logger.warning("not drawn: %s", trouble)
            return None
        finally:
            close_old_connections()
        return self._read(route, kept, listening.known() or known, today)

    def _read(self, route: Route, kept: Kept, known: Known, today: dt.date) -> Entry | None:
        file = cache.read(kept.file)
        if file is None:
            return None
        corners = np.array(kept.box)
        if not _holds(kept, corners, file.edition, known):
            return None
        etag = etag_of(file.body)
        noted_at = time.monotonic()
        return Entry(
            route, kept, file.edition, known.newest, today, corners, file.body, etag, noted_at
        )

    def _noted(self, address: str, entry: Entry) -> Entry:
        """Tell the file what only memory saw: that somebody asks."""
        cache.note_asked(entry.kept.file, time.time())
        entry = replace(entry, noted_at=time.monotonic())
        self._memory.put(address, entry)
        return entry

    def _legal_day(self) -> dt.date:
        """Return today in Viet Nam; asking the calendar takes longer than all the rest."""
        day = int((time.time() + _LEGAL_OFFSET_S) // _DAY_S)
        if day != self._day:
            self._today, self._day = timezone.localdate(), day
        return self._today

    def _listening(self, kind: tuple[str, ...], start_response: StartResponse) -> StartResponse:
        """Return a `start_response` that remembers what Django says."""

        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            names = {name.lower() for name, _ in headers}
            if (
                status in ("200 OK", "304 Not Modified")
                and "etag" in names
                and "set-cookie" not in names
                and ((*kind, status) in self._said or len(self._said) < _MOST_KINDS)
            ):
                self._said[(*kind, status)] = tuple(
                    (name, value)
                    for name, value in headers
                    if name.lower() not in ("etag", "content-length")
                )
            return start_response(status, headers, *more)

        return started


def _holds(kept: Kept, corners: NDArray[np.float64], shown: Edition, known: Known) -> bool | None:
    """Say whether a picture holds at the newest edition known here, None if nobody here knows."""
    if shown == known.newest:
        return True
    return known.judge(freshness.noted_names(kept.layers), corners, shown, known.newest)


class Memory:
    """Entries by address up to a weight; what was not asked for longest goes first, roughly.

    Two generations: what is asked for moves to the young one. When that weighs half of what is
    allowed, it becomes the old one, and the old one is forgotten.
    """

    def __init__(self, most_bytes: int) -> None:
        self._half = most_bytes // 2
        self._young: dict[str, Entry] = {}
        self._old: dict[str, Entry] = {}
        self._weight = 0

    def get(self, address: str) -> Entry | None:
        """Return the entry of an address."""
        entry = self._young.get(address)
        if entry is None:
            entry = self._old.get(address)
            if entry is not None:
                self.put(address, entry)
        return entry

    def put(self, address: str, entry: Entry) -> None:
        """Keep an entry. Threads may meet here; the weight is then a little off, nothing else."""
        weight = len(entry.body) + len(address) + _ENTRY_BYTES
        if weight > self._half // 4:
            return
        if address not in self._young:
            self._weight += weight
        if self._weight > self._half:
            self._old, self._young, self._weight = self._young, {}, weight
        self._young[address] = entry
