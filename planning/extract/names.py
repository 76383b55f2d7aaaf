"""Names and decisions that many plots share, read once.

The same (as_of, known_at) always gives the same words, so what was read for one plot serves the
next; published decisions never change at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from planning import queries
from planning.models import PublicPlanVersion

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True)
class Name:
    """What a code means, in both languages."""

    vi: str
    en: str
    colour: str = ""


@dataclass(frozen=True, eq=False)
class Names:
    """Words for the codes of plans and registers on a day, as known at a revision."""

    functions: dict[str, Name]
    land_uses: dict[str, Name]

    def function(self, code: str) -> Name:
        """Return the name of a planned function; a land-use plan's functions are land uses."""
        return self.functions.get(code) or self.land_uses.get(code) or Name(code, code)

    def land_use(self, code: str) -> Name:
        """Return the name of a land use; a code that no table has stands for itself."""
        return self.land_uses.get(code) or Name(code, code)


@dataclass(frozen=True)
class Known:
    """A revision as a key of what was read at it: a restored record gives numbers out again."""

    number: int
    made_at: dt.datetime


@lru_cache(maxsize=64)
def names_on(as_of: dt.date, known: Known) -> Names:
    """Return the words of a day. Raises DatabaseError."""
    return Names(
        {
            code: Name(row.name_vi, row.name_en, row.colour)
            for code, row in queries.function_names(as_of=as_of, known_at=known.number).items()
        },
        {
            code: Name(row.name_vi, row.name_en, row.colour)
            for code, row in queries.land_use_names(as_of=as_of, known_at=known.number).items()
        },
    )


@lru_cache(maxsize=4096)
def ward_name(code: str, as_of: dt.date, known: Known) -> Name:
    """Return the name of the ward that had a code on a day; the code where there was none."""
    ward = queries.ward(code, as_of=as_of, known_at=known.number)
    return Name(ward.full_name, ward.full_name_en) if ward else Name(code, code)


@lru_cache(maxsize=4096)
def plan_version(pk: int) -> PublicPlanVersion:
    """Return a published decision. Raises DatabaseError."""
    return PublicPlanVersion.objects.get(pk=pk)
