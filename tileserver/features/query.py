"""What is asked of a layer's features, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tileserver import limits
from tileserver.features.conditions import All, Condition

if TYPE_CHECKING:
    import datetime as dt

    from tileserver.layer import Layer

EVERYTHING: Condition = All(())

#: A sort key: the name of an attribute, and whether the least comes first.
SortKey = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Keyset:
    """Where a page ended: the texts of its last row's sort values, and that row's number.

    A text is what PostgreSQL writes for the value and reads back as the same one; None is NULL.
    """

    values: tuple[str | None, ...]
    row: int


@dataclass(frozen=True, slots=True)
class FeatureQuery:
    """Features of a layer as known at a revision and valid on a day, in a stable order.

    Rows without a value come last whichever way is sorted; the row number ends every order. At
    one pair of day and revision the answer never changes, so `after` continues exactly where a
    page ended, whatever was edited meanwhile. `epsg` is the system of the coordinates.
    """

    layer: Layer
    as_of: dt.date
    known_at: int
    epsg: int
    condition: Condition = EVERYTHING
    sort: tuple[SortKey, ...] = ()
    after: Keyset | None = None
    #: Rows to skip, for who asks by number; `after` is what costs nothing.
    skip: int = 0
    limit: int = limits.USUAL_FEATURES
    #: Names of the attributes to give out; None is all of them.
    attributes: tuple[str, ...] | None = None
    #: First day of a span whose last is `as_of`: features that hold on any day of it, each once, in
    #: its last version there. None asks for `as_of` alone.
    since: dt.date | None = None
    #: Versions of plans whose drafts the caller may see, for a layer of drafts.
    drafts: tuple[int, ...] = ()
