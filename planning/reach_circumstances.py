"""What is known of the area of plots: by the unit that they lie in, and by what planners said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from landdata.models import AdministrativeUnit, UnitLevel
from planning.models import ZoneCircumstance
from planning.norms.circumstances import SIDES, Circumstance, Circumstances

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planning.reach.records import People

    Ints = NDArray[np.int32]

#: First word of a unit's full name, and what its area is: a ward or a town, or a commune.
_SETTINGS: Final = {"phường": "urban", "thị": "urban", "xã": "rural"}


def circumstances_of(zones: Sequence[uuid.UUID]) -> dict[uuid.UUID, Circumstance]:
    """Return what was last said of the area of each zone."""
    rows = ZoneCircumstance.objects.filter(zone_uid__in=zones).order_by("pk")
    return {uid: Circumstance(*words) for uid, *words in rows.values_list("zone_uid", *SIDES)}


def settings_of(units: Sequence[str]) -> list[str]:
    """Return of each unit whether it is urban or rural, "" where nobody knows."""
    rows = AdministrativeUnit.objects.known_now().filter(level=UnitLevel.WARD)
    names = dict(rows.order_by("valid_from").values_list("code", "full_name"))
    first = (names.get(code, "").partition(" ")[0].casefold() for code in units)
    return [_SETTINGS.get(word, "") for word in first]


def circumstances_by(zones: Sequence[Circumstance], of_zone: Ints, people: People) -> Circumstances:
    """Return what is known of the area of each place.

    `of_zone` is the row of its zone, -1 for none; of the setting the unit of `people` tells where
    its zone does not.
    """
    said = (*zones, Circumstance())
    by_unit = (*settings_of(people.units), "")
    both = np.stack([of_zone, people.unit], axis=1)
    pairs, row = np.unique(both, axis=0, return_inverse=True)
    known = [
        replace(said[zone], setting=said[zone].setting or by_unit[unit])
        for zone, unit in pairs.tolist()
    ]
    return Circumstances.of(known, row.astype(np.int32).ravel())
