"""Which plots, people and wards a conflict touches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.conf import settings
from django.db import connection

from landdata.models import Population
from planning.conflicts.records import PartyKind
from planning.conflicts.shares import shares_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from planning.conflicts.facts import Parcels
    from planning.conflicts.records import Finding, Party

#: Two fields along one fence always overlap by a few square centimetres.
TOUCHED_M2: Final = 0.5


@dataclass(frozen=True)
class Found:
    """A finding with the plots and people that it touches."""

    finding: Finding
    parcels: int | None
    people: float | None
    wards: tuple[str, ...]


def boxes_of(findings: Sequence[Finding]) -> NDArray[np.float64]:
    """Return the boxes around the grounds, or the places, of findings."""
    shapes = [f.ground if f.ground is not None else shapely.Point(f.place) for f in findings]
    return np.asarray(shapely.bounds(shapes)).reshape(-1, 4)


def touched_by(
    findings: Sequence[Finding], parcels: Parcels, *, on: dt.date, revision: int
) -> list[Found]:
    """Return findings with the plots and people on their ground, and the wards of these.

    `parcels` must hold every plot that meets the ground of a finding. Of people a plot counts as
    much as its share of ground; None where nobody was counted plot by plot.
    """
    grounds = np.empty(len(findings), dtype=object)
    grounds[:] = [finding.ground for finding in findings]
    shares = shares_of(parcels.shape, grounds)
    kept = shares.area_m2 > np.minimum(TOUCHED_M2, parcels.area_m2[shares.one] / 2)
    plot, of, area_m2 = shares.one[kept], shares.other[kept], shares.area_m2[kept]
    many = np.bincount(of, minlength=len(findings))
    on_plot = parcels.people[plot] * area_m2 / parcels.area_m2[plot]
    people = np.bincount(of, on_plot, len(findings))
    wards = _wards(of, parcels.unit_code[plot], len(findings))
    by_key = {key: row for row, key in enumerate(parcels.key)} if len(parcels) else {}
    is_counted = _people_are_counted()
    own = [
        wards[k] | {parcels.unit_code[by_key[p.key]] for p in finding.parties if _is_of(p, by_key)}
        for k, finding in enumerate(findings)
    ]
    lonely = [k for k, codes in enumerate(own) if not codes]
    around = _wards_at([findings[k].place for k in lonely], on=on, revision=revision)
    for k, codes in zip(lonely, around, strict=True):
        own[k] = codes
    return [
        Found(
            finding,
            int(many[k]) or sum(_is_of(party, by_key) for party in finding.parties),
            float(people[k]) if is_counted else None,
            tuple(sorted(own[k])),
        )
        for k, finding in enumerate(findings)
    ]


def _is_of(party: Party, plots: Mapping[str, int]) -> bool:
    return party.kind == PartyKind.PARCEL and party.key in plots


def _wards(of: NDArray[Any], codes: NDArray[Any], many: int) -> list[set[str]]:
    wards: list[set[str]] = [set() for _ in range(many)]
    if len(of):
        names, number = np.unique(codes.astype(str), return_inverse=True)
        for pair in np.unique(of * len(names) + number):
            wards[pair // len(names)].add(str(names[pair % len(names)]))
    return wards


def _people_are_counted() -> bool:
    return Population.objects.known_now().filter(parcel__isnull=False).exists()


def _wards_at(
    places: Sequence[tuple[float, float]], *, on: dt.date, revision: int
) -> list[set[str]]:
    """Return the codes of the wards around each place; none where no boundary says so."""
    found: list[set[str]] = [set() for _ in places]
    if places:
        east, north = zip(*places, strict=True)
        values: dict[str, Any] = {"east": list(east), "north": list(north)}
        values |= {"on": on, "revision": revision}
        with connection.cursor() as cursor:
            cursor.execute(_WARDS_AT, values)
            for number, code in cursor.fetchall():
                found[number - 1].add(code)
    return found


def newest_revision() -> int:
    """Return the number of the newest revision; 0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) FROM landdata_revision")
        (number,) = cursor.fetchone()
        return int(number)


_WARDS_AT: Final = f"""
    SELECT p.number, t.code
    FROM unnest(%(east)s::float8[], %(north)s::float8[]) WITH ORDINALITY AS p (east, north, number)
    JOIN landdata_administrativeunit t ON ST_Intersects(
        t.boundary, ST_SetSRID(ST_MakePoint(p.east, p.north), {settings.STORAGE_SRID})
    )
    WHERE t.level = 'ward' AND t.from_revision <= %(revision)s
        AND (t.to_revision IS NULL OR t.to_revision > %(revision)s)
        AND t.valid_from <= %(on)s AND (t.valid_to IS NULL OR t.valid_to > %(on)s)
"""  # noqa: S608 - our own number
