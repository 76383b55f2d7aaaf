"""Features out of the database: pages, streams, counts.

A small page is fetched at once. A large one comes through a cursor of the server, so that the
first bytes leave while most rows have not been read; it holds a transaction open until it is read
or closed, and is read in the thread that began it.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.signals import request_finished
from django.db import DatabaseError, connections, transaction
from django.dispatch import receiver

from landdata.errors import Invalid, Missing
from tileserver.features.query import Keyset
from tileserver.features.sql import Bound, Source
from tileserver.freshness import newest as newest_edition

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from tileserver.cache import Edition
    from tileserver.features.query import FeatureQuery

#: Rows that are fetched without a cursor: what a map's screen holds.
_AT_ONCE = 1_000
#: Rows of a stream's first and of each later round trip. The first one is small: somebody waits.
_FIRST_ROWS, _ROWS = 100, 2_000
#: SQLSTATE of what a caller can mend: it took too long, its shapes made GEOS fail, a figure of it
#: is larger than any in the column.
_REFUSALS = {
    "57014": "feature_query_too_slow",
    "XX000": "feature_shapes_incomparable",
    "22003": "feature_value_out_of_range",
}

#: What one row is selected as: SQL over the view `v` and the layer's joins.
Selected = list[str]


@dataclass
class Page:
    """The rows of one page; iterate once. `next` says where the following page begins.

    `next` is None until all rows are read, and afterwards if no row follows.
    """

    _rows: Iterator[tuple[Any, ...]]
    _query: FeatureQuery
    _width: int
    next: Keyset | None = field(default=None, init=False)
    returned: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        last: tuple[Any, ...] | None = None
        try:
            for row in self._rows:
                if self.returned == self._query.limit:
                    if last is not None:
                        self.next = Keyset(tuple(last[self._width : -1]), last[-1])
                    break
                self.returned += 1
                last = row
                yield row[: self._width]
        finally:
            self.close()

    def close(self) -> None:
        """End the reading; the database forgets the rest."""
        if isinstance(self._rows, _Stream):
            self._rows.close()


def edition(known_at: int | None) -> Edition:
    """Return the newest edition. Raises Missing if `known_at` is a revision yet to come."""
    newest = newest_edition()
    if known_at is not None and not 0 <= known_at <= newest.revision:
        raise Missing("revision", number=known_at)
    return newest


def page(query: FeatureQuery, select: Callable[[Source], Selected]) -> Page:
    """Return one page of rows, each the tuple that `select` asked for.

    The statement has run when this returns. Raises Invalid for what cannot be asked, for a query
    that takes too long, and for shapes that the database cannot compare.
    """
    bound = Bound()
    source = Source.of(query, bound)
    selected = select(source)
    keys = [f"({key})::text" for key in source.sort_keys]
    statement = source.rows([*selected, *keys, "v.id"], limit=query.limit + 1)
    alias = query.layer.audience.value
    if query.limit <= _AT_ONCE:
        return Page(_at_once(statement, bound.values, alias), query, len(selected))
    return Page(_Stream(_cursor_rows(statement, bound.values, alias)), query, len(selected))


def count(query: FeatureQuery) -> int:
    """Return how many rows there are, whatever the page. Raises Invalid as `page` does."""
    bound = Bound()
    statement = Source.of(query, bound).rows(["count(*)"], limit=None)
    ((number,),) = _at_once(statement, bound.values, query.layer.audience.value)
    return int(number)


def extent_of_page(query: FeatureQuery) -> tuple[int, Keyset | None]:
    """Return how many rows a page has and where the next one begins, without making its shapes."""
    bound = Bound()
    source = Source.of(query, bound)
    keys = [f"({key})::text AS k{at}" for at, key in enumerate(source.sort_keys)]
    inner = source.rows([*keys, "v.id"], limit=query.limit + 1)
    # Of one row the greatest value is the value.
    last = ", ".join(
        f"max(p.{name}) FILTER (WHERE p.n = {int(query.limit)})"
        for name in (*(f"k{at}" for at in range(len(keys))), "id")
    )
    statement = (
        f"SELECT count(*), {last}"  # noqa: S608 - made of our own list of layers only
        f" FROM (SELECT p.*, row_number() OVER () AS n FROM ({inner}) p) p"
    )
    ((found, *values, row),) = _at_once(statement, bound.values, query.layer.audience.value)
    if found <= query.limit:
        return int(found), None
    return query.limit, Keyset(tuple(values), row)


def _at_once(statement: str, values: dict[str, Any], alias: str) -> Iterator[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        with _said_plainly():
            cursor.execute(statement, values)
        return iter(cursor.fetchall())


class _Stream:
    """Rows of a cursor, chunk by chunk. Owns the transaction: `close` ends it, read or not."""

    def __init__(self, chunks: Generator[Sequence[tuple[Any, ...]]]) -> None:
        self._chunks = chunks
        # Up to the first row: what is wrong with the statement is known before an answer begins.
        self._rows = iter(next(chunks))
        _open().append(self)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self

    def __next__(self) -> tuple[Any, ...]:
        row = next(self._rows, None)
        if row is None:
            self._rows = iter(next(self._chunks))
            row = next(self._rows)
        return row

    def close(self) -> None:
        """Give the connection back."""
        self._chunks.close()
        if self in _open():
            _open().remove(self)


class _Thread(threading.local):
    """The streams of one thread that have not ended."""

    def __init__(self) -> None:
        self.streams: list[_Stream] = []


_thread = _Thread()


def _open() -> list[_Stream]:
    return _thread.streams


@receiver(request_finished)
def end_readings(**_: Any) -> None:
    """End what an answer left half read: its client went away, or asked for the head alone."""
    for stream in reversed(tuple(_open())):
        stream.close()


def _cursor_rows(
    statement: str, values: dict[str, Any], alias: str
) -> Generator[Sequence[tuple[Any, ...]]]:
    connection = connections[alias]
    # Outside a transaction the server would make all rows before it gives out the first.
    with transaction.atomic(using=alias), connection.chunked_cursor() as cursor, _said_plainly():
        cursor.execute(statement, values)
        rows = cursor.fetchmany(_FIRST_ROWS)
        yield rows
        while rows:
            rows = cursor.fetchmany(_ROWS)
            yield rows


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn what the caller can mend into a refusal; its words hold nothing of the statement."""
    try:
        yield
    except DatabaseError as trouble:
        code = _REFUSALS.get(getattr(trouble.__cause__, "pgcode", None) or "")
        if code is None:
            raise
        raise Invalid(code) from trouble
