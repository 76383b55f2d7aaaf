"""Where a page ended, as a text that a link carries: signed, so that it comes back as it went."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.core import signing

from landdata.errors import Invalid
from tileserver.features.query import Keyset

_SALT = "tileserver.features.page"
#: Values of a sort key are attributes; the longest has 300 letters.
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an answer: both times, where the page before ended, and what lies before it."""

    known_at: int
    as_of: dt.date
    #: None where a query begins.
    after: Keyset | None
    #: Features on all pages before.
    start: int = 0
    #: Which query of the request goes on, counted from 0.
    part: int = 0


def write(place: Place, *, asked: str) -> str:
    """Return the token for a place; `asked` names the question it belongs to."""
    after = [list(place.after.values), place.after.row] if place.after else None
    values = [place.known_at, place.as_of.isoformat(), after, place.start, place.part]
    return signing.dumps([_mark(asked), *values], salt=_SALT, compress=True)


def read(token: str, *, asked: str) -> Place:
    """Return the place of a token. Raises Invalid if it is not ours or of another question."""
    try:
        if len(token) > _LONGEST:
            raise signing.BadSignature
        mark, known_at, as_of, after, start, part = signing.loads(token, salt=_SALT)
    except signing.BadSignature as foreign:
        raise Invalid("feature_page_unknown") from foreign
    if mark != _mark(asked):
        raise Invalid("feature_page_unknown")
    keyset = Keyset(tuple(after[0]), after[1]) if after else None
    return Place(known_at, dt.date.fromisoformat(as_of), keyset, start, part)


def _mark(asked: str) -> str:
    return hashlib.sha256(asked.encode()).hexdigest()[:12]
