"""Who may do what to land data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Role
from accounts.permissions import has_role

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from django.contrib.gis.geos import Point

    from accounts.models import User


def may_take_in_parcels(user: User, *, on: dt.date, at: Sequence[Point]) -> bool:
    """Data officers bring in parcels of wards whose points `at` lie in their territory.

    Points, because the boundaries of wards at hand are simplified: parcels at the edge of a ward
    would stick out of it.
    """
    if not at:
        return has_role(user, Role.DATA_OFFICER, on=on)
    return all(has_role(user, Role.DATA_OFFICER, on=on, at=point) for point in at)


def may_take_in_features(user: User, *, on: dt.date) -> bool:
    """Data officers bring in networks, facilities, lines, people and rasters of the city."""
    return has_role(user, Role.DATA_OFFICER, on=on)
