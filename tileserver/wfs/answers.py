"""What the answers to GetFeature and GetPropertyValue have in common: times, pages, links."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils import timezone

from tileserver import limits
from tileserver.features import read, tokens
from tileserver.features.query import FeatureQuery, Keyset
from tileserver.sight import drafts_in_sight
from tileserver.wfs.parts import Part, about, parts
from tileserver.wfs.problems import problem
from tileserver.wfs.requests import Asked, today

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tileserver.features.sql import Source

    Select = Callable[[Source], list[str]]
    Row = tuple[Any, ...]

#: Features that are read before any is written; more of them are streamed.
_AT_ONCE = 1_000

#: What a link may be long: common servers and proxies take 8 kB.
_LONGEST_LINK = 7_500
#: Parameters of which a page and its neighbour differ.
_OF_A_PAGE = frozenset(
    ("PAGE", "COUNT", "MAXFEATURES", "STARTINDEX", "KNOWN_AT", "AS_OF", "RESULTTYPE")
)


@dataclass(frozen=True)
class Answer:
    """One page of what was asked: which features of which layers, at which pair of times.

    A page begins where the token of its link says, or by the number of its first feature.
    """

    asked: Asked
    parts: tuple[Part, ...]
    place: tokens.Place
    count: int
    address: str
    #: Features to skip from the place on, for who asks by number alone.
    skip: int
    #: Versions of plans whose drafts the asker sees; a stream goes on after the view has ended.
    drafts: tuple[int, ...] = ()

    @property
    def start(self) -> int:
        """How many features lie on the pages before."""
        return self.place.start + self.skip

    def query(self, at: int, *, limit: int | None = None) -> FeatureQuery:
        """Return the engine's query for one of the parts."""
        part = self.parts[at]
        goes_on = at == self.place.part
        return FeatureQuery(
            layer=part.layer,
            as_of=self.place.as_of,
            known_at=self.place.known_at,
            epsg=part.system.epsg,
            condition=part.condition,
            sort=part.sort,
            after=self.place.after if goes_on else None,
            skip=self.skip if goes_on else 0,
            limit=self.count if limit is None else limit,
            attributes=part.attributes,
            drafts=self.drafts,
        )

    def next_link(self, part: int, after: Keyset | None, returned: int) -> str | None:
        """Return the address of the next page, None if the request has no such form."""
        if self.asked.pairs is None:
            return None
        place = tokens.Place(
            self.place.known_at, self.place.as_of, after, self.start + returned, part
        )
        token = tokens.write(place, asked=self._question())
        return self._link({"COUNT": str(self.count), "PAGE": token})

    def first_link(self) -> str | None:
        """Return the address of the first page of what was counted, at the same pair of times."""
        if self.asked.pairs is None or not self.count:
            return None
        return self._link(
            {
                "COUNT": str(self.count),
                "KNOWN_AT": str(self.place.known_at),
                "AS_OF": self.place.as_of.isoformat(),
            }
        )

    def previous_link(self) -> str | None:
        """Return the address of the page before, by numbers at the same pair of times."""
        if self.asked.pairs is None or not self.start or self.start > limits.LARGEST_START:
            return None
        first = max(0, self.start - self.count)
        return self._link(
            {
                "COUNT": str(self.start - first),
                "STARTINDEX": str(first),
                "KNOWN_AT": str(self.place.known_at),
                "AS_OF": self.place.as_of.isoformat(),
            }
        )

    def _link(self, more: dict[str, str]) -> str | None:
        link = f"{self.address}?{urlencode({**self._kept(), **more})}"
        return link if len(link) <= _LONGEST_LINK else None

    def _kept(self) -> dict[str, str]:
        return {k: v for k, v in (self.asked.pairs or {}).items() if k not in _OF_A_PAGE}

    def _question(self) -> str:
        return urlencode(sorted(self._kept().items()))


def answer(asked: Asked, address: str, *, usual: int) -> Answer:
    """Return the page that is asked for, at the newest revision unless another is named.

    `usual` is how many features it has if nobody says. Raises Problem.
    """
    request = asked.request
    count = usual if request.count is None else request.count
    if count < 0:
        raise problem("InvalidParameterValue", "count", "wfs_number", name="count", given=count)
    start = request.startIndex or 0
    if not 0 <= start <= limits.LARGEST_START:
        raise problem("InvalidParameterValue", "startIndex", "wfs_start", most=limits.LARGEST_START)
    if request.resolve.name not in ("none", "local"):
        raise problem("OptionNotSupported", "resolve", "wfs_unsupported", locator="resolve")
    with about("KNOWN_AT"):
        newest = read.edition(asked.known_at)
    known_at = newest.revision if asked.known_at is None else asked.known_at
    made = Answer(
        asked,
        tuple(parts(asked)),
        tokens.Place(known_at, asked.as_of or today(), None),
        min(count, limits.MOST_FEATURES),
        address,
        skip=start,
        drafts=drafts_in_sight(),
    )
    if asked.page:
        with about("PAGE"):
            place = tokens.read(asked.page, asked=made._question())
        return replace(made, place=place, skip=0)
    if start and len(made.parts) > 1:
        raise problem("OptionNotSupported", "startIndex", "wfs_start_of_many")
    return made


@dataclass(frozen=True)
class Shown:
    """What of one part stands on a page, and where the next page begins after it."""

    part: int
    returned: int
    after: Keyset | None
    rows: Iterable[Row]


@dataclass(frozen=True)
class Contents:
    """A whole page: what it shows of each part, and what the following page begins with."""

    shown: tuple[Shown, ...]
    #: Part and place; None on the last page.
    following: tuple[int, Keyset | None] | None

    @property
    def returned(self) -> int:
        """How many features are on the page."""
        return sum(one.returned for one in self.shown)


def contents(answer: Answer, select: Callable[[Part], Select]) -> Contents:
    """Return a page of which all is known before the first row is written. Raises Problem.

    A small page is read at once. Of a large one the extent is found first, without making shapes,
    and the rows are read as they are written: the first leave before the last are read.
    """
    found: list[Shown] = []
    room = answer.count
    for at in range(answer.place.part, len(answer.parts)):
        if not room:
            # A page that ends with a part: the next one begins with the following part.
            return Contents(tuple(found), (at, None) if answer.count else None)
        one = _shown(answer, at, room, select(answer.parts[at]))
        found.append(one)
        if one.after is not None:
            return Contents(tuple(found), (at, one.after))
        room -= one.returned
    return Contents(tuple(found), None)


def _shown(answer: Answer, at: int, room: int, select: Select) -> Shown:
    query = answer.query(at, limit=room)
    with about("filter"):
        if room <= _AT_ONCE:
            page = read.page(query, select)
            rows = list(page)
            return Shown(at, page.returned, page.next, rows)
        returned, after = read.extent_of_page(query)
    if not returned:
        return Shown(at, 0, after, ())
    return Shown(at, returned, after, _later(replace(query, limit=returned), select))


def _later(query: FeatureQuery, select: Select) -> Iterator[Row]:
    """Read rows when the first one is wanted: two cursors of one connection would not end well."""
    yield from read.page(query, select)


def matched(answer: Answer) -> int:
    """Return how many features there are on all pages. Raises Problem."""
    with about("filter"):
        return sum(
            read.count(replace(answer.query(at), after=None, skip=0))
            for at in range(len(answer.parts))
        )


def number_matched(answer: Answer, page: Contents) -> str:
    """Return how many features match, "unknown" unless this page has all: no page is counted."""
    has_all = page.following is None and not answer.start and answer.count
    return str(page.returned) if has_all else "unknown"


def next_link(answer: Answer, page: Contents) -> str | None:
    """Return the address of the next page, None on the last one."""
    if page.following is None:
        return None
    return answer.next_link(*page.following, page.returned)


def stamp() -> str:
    """Return the moment of an answer."""
    return timezone.now().astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
