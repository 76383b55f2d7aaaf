"""Which plots, people and wards a conflict touches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.db import connection

from landdata.geometry import to_shapely
from landdata.models import AdministrativeUnit, Population, UnitLevel
from planning.conflicts.records import PartyKind
from planning.conflicts.shares import shares_of
from planning.operations.conflict_store import Found

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planning.conflicts.facts import Parcels
    from planning.conflicts.records import Finding

#: Two fields along one fence always overlap by a few square centimetres.
TOUCHED_M2: Final = 0.5


def boxes_of(findings: Sequence[Finding]) -> NDArray[np.float64]:
    """Return the boxes around the grounds, or the places, of findings."""
    shapes = [f.ground if f.ground is not None else shapely.Point(f.place) for f in findings]
    return np.asarray(shapely.bounds(shapes)).reshape(-1, 4)


def touched_by(
    findings: Sequence[Finding], parcels: Parcels, *, on: dt.date, revision: int
) -> list[Found]:
    """Return findings with the plots and people on their ground, and the wards of these.

    `parcels` must hold every plot whose box meets the box of a finding. Of people a plot counts as
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
    units = _Units(on, revision)
    found = []
    for k, finding in enumerate(findings):
        named = [
            by_key[p.key] for p in finding.parties if p.kind == PartyKind.PARCEL and p.key in by_key
        ]
        own = tuple(sorted(wards[k] | {parcels.unit_code[row] for row in named}))
        found.append(
            Found(
                finding,
                int(many[k]) or len(named),
                float(people[k]) if is_counted else None,
                own or units.at(finding.place),
            )
        )
    return found


def _wards(of: NDArray[Any], codes: NDArray[Any], many: int) -> list[set[str]]:
    wards: list[set[str]] = [set() for _ in range(many)]
    if len(of):
        names, number = np.unique(codes.astype(str), return_inverse=True)
        for pair in np.unique(of * len(names) + number):
            wards[pair // len(names)].add(str(names[pair % len(names)]))
    return wards


def _people_are_counted() -> bool:
    return Population.objects.known_now().filter(parcel__isnull=False).exists()


class _Units:
    """The wards of a day, read when first asked for."""

    def __init__(self, on: dt.date, revision: int) -> None:
        self._on, self._revision = on, revision
        self._tree: shapely.STRtree | None = None
        self._codes: list[str] = []

    def at(self, place: tuple[float, float]) -> tuple[str, ...]:
        """Return the code of the ward around a place; none where no boundary says so."""
        if self._tree is None:
            units = (
                AdministrativeUnit.objects.known_at(self._revision)
                .valid_on(self._on)
                .filter(level=UnitLevel.WARD, boundary__isnull=False)
                .order_by("code")
            )
            known = [(unit.code, to_shapely(unit.boundary)) for unit in units if unit.boundary]
            self._codes = [code for code, _ in known]
            self._tree = shapely.STRtree([shape for _, shape in known])
        inside = self._tree.query(shapely.Point(place), predicate="intersects")
        return tuple(sorted({self._codes[k] for k in inside}))


def newest_revision() -> int:
    """Return the number of the newest revision; 0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) FROM landdata_revision")
        (number,) = cursor.fetchone()
        return int(number)
