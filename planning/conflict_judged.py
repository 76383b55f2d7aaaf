"""What a partial check judges anew, and where it reads the facts for that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely

from planning.conflicts.boxes import wider

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from planning.topology import Fault

    Boxes = NDArray[np.float64]

#: An index of boxes finds what lies so far outside of one, in metres: it rounds.
FAULT_M: Final = 2.0


@dataclass(frozen=True)
class Area:
    """Boxes in which facts are read, (n, 4) in metres, which may overlap; None: everywhere."""

    #: Zones, and streets.
    zones: Boxes | None = None
    plots: Boxes | None = None
    #: Lines that keep ground free.
    lines: Boxes | None = None
    #: Buildings, projects, works with their corridors.
    works: Boxes | None = None


@dataclass(frozen=True, eq=False)
class Judged:
    """What is judged anew or is gone: conflicts that rest on it are those now found."""

    #: Keys ("zone:…"): all conflicts that rest on them but for those of some rules, by code.
    keys: frozenset[str]
    but: tuple[str, ...]
    #: Keys of zones of which only conflicts of some rules are judged, and the codes of these.
    beside: frozenset[str]
    by_plots: tuple[str, ...]
    #: Boxes with all conflicts of some rules on ground in them, and the codes of these.
    places: Boxes
    by_place: tuple[str, ...]


def faults_told(faults: Sequence[tuple[str, Fault]], judged: Judged) -> list[tuple[str, Fault]]:
    """Return the faults that a partial run tells: what is at its places, and of judged zones.

    Those of one kind between the same zones are one conflict: all of them or none.
    """
    alike: dict[tuple[str, str, tuple[str, ...]], list[Fault]] = {}
    for code, one in faults:
        alike.setdefault((code, one.kind, one.zones), []).append(one)
    near = shapely.union_all(shapely.box(*wider(judged.places, FAULT_M).T))
    shapely.prepare(near)
    return [
        (code, one)
        for (code, _, zones), same in alike.items()
        if any(f"zone:{key}" in judged.keys for key in zones)
        or near.intersects(shapely.box(*shapely.total_bounds([one.surface for one in same])))
        for one in same
    ]
