"""What everybody may read of a plot's services, through the public views alone."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.db import connection

from landdata.errors import Missing
from planning.queries import parcel_row, revision_known_at

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from uuid import UUID

_TABLE: Final = Path(__file__).parents[1] / "fixtures" / "reference" / "facility_kinds.csv"
#: What the letter of a kind says; "none": no norm of a distance holds.
STATES: Final = {"m": "met", "n": "not_met", "u": "not_checked", "-": "none"}


@dataclass(frozen=True)
class ServiceReached:
    """One kind of service, seen from a plot. None is what nobody knows, or where no way leads."""

    kind: str
    name_vi: str
    name_en: str
    #: met, not_met, not_checked, none.
    state: str
    walk_m: float | None
    straight_m: float | None
    walk_minutes: float | None
    motorbike_minutes: float | None
    #: It was looked at, and there is no way at all.
    is_unreached: bool
    #: "<data set>/<sender's key>" of the nearest one, "" for none, and what it is called.
    facility: str
    facility_vi: str
    facility_en: str


@dataclass(frozen=True)
class PlotReached:
    """What is told of a plot; `worked_out_on` is None where no run of the city knew it."""

    uuid: UUID
    number: str
    sheet: str
    as_of: dt.date
    known_at: int
    worked_out_on: dt.date | None
    services: tuple[ServiceReached, ...]

    def many(self, state: str) -> int:
        """Return of how many kinds this is the state."""
        return sum(one.state == state for one in self.services)


def plot_reached(parcel: UUID, *, as_of: dt.date, known_at: int | None = None) -> PlotReached:
    """Return how far a plot is from each kind of service. Raises Missing and Invalid."""
    revision = revision_known_at(known_at).number
    row = parcel_row(parcel, as_of=as_of, known_at=revision)
    if row is None:
        raise Missing("parcel", uuid=str(parcel), known_at=revision)
    times: dict[str, Any] = {"parcel": parcel, "on": as_of, "revision": revision}
    with connection.cursor() as cursor:
        cursor.execute(_REACH, times)
        found = cursor.fetchone()
        names = _facility_names(cursor, found[4] if found else (), times)
    return PlotReached(
        uuid=parcel,
        number=row.number,
        sheet=row.sheet_number,
        as_of=as_of,
        known_at=revision,
        worked_out_on=found[6] if found else None,
        services=_services(found, names) if found else (),
    )


def _services(
    found: Sequence[Any], names: dict[str, tuple[str, str]]
) -> tuple[ServiceReached, ...]:
    walk, straight, minutes, riding, nearest, states, _ = found
    return tuple(
        ServiceReached(
            kind=row["code"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            state=STATES[states[place]],
            walk_m=_known(walk[place]),
            straight_m=_known(straight[place]),
            walk_minutes=_known(minutes[place]),
            motorbike_minutes=_known(riding[place]),
            is_unreached=bool(np.isposinf(walk[place])),
            facility=nearest[place],
            facility_vi=names.get(nearest[place], ("", ""))[0],
            facility_en=names.get(nearest[place], ("", ""))[1],
        )
        for place, row in enumerate(_kinds()[: len(states)])
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _facility_names(
    cursor: Any, keys: Sequence[str], times: dict[str, Any]
) -> dict[str, tuple[str, str]]:
    wanted = [key.split("/", 1) for key in keys if key]
    given = {"datasets": [one[0] for one in wanted], "keys": [one[1] for one in wanted]}
    cursor.execute(_NAMES, {**times, **given})
    return {key: (name, name_en) for key, name, name_en in cursor.fetchall()}


@lru_cache(maxsize=1)
def _kinds() -> tuple[dict[str, str], ...]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


_IN_BOTH_TIMES: Final = """
    v.from_revision <= %(revision)s AND (v.to_revision IS NULL OR v.to_revision > %(revision)s)
    AND v.valid_from <= %(on)s AND (v.valid_to IS NULL OR v.valid_to > %(on)s)
"""
_REACH: Final = f"""
    SELECT v.walk_m, v.straight_m, v.walk_minutes, v.motorbike_minutes, v.nearest, v.states,
        v.valid_from
    FROM public_reach v
    WHERE v.parcel_uuid = %(parcel)s AND {_IN_BOTH_TIMES}
    ORDER BY v.valid_from DESC LIMIT 1
"""  # noqa: S608 - our own words
_NAMES: Final = f"""
    SELECT v.dataset || '/' || v.source_key, v.name, v.name_en
    FROM public_facilities v
    JOIN unnest(%(datasets)s::text[], %(keys)s::text[]) k (dataset, source_key)
        ON k.dataset = v.dataset AND k.source_key = v.source_key
    WHERE {_IN_BOTH_TIMES}
"""  # noqa: S608 - our own words
