"""Who may do what to plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Role
from accounts.permissions import has_role

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.gis.geos import GEOSGeometry

    from accounts.models import User


def may_draft(user: User, *, on: dt.date, at: GEOSGeometry) -> bool:
    """Planners draw, data officers bring in dossiers, each within a territory."""
    return has_role(user, Role.PLANNER, on=on, at=at) or has_role(
        user, Role.DATA_OFFICER, on=on, at=at
    )


def may_approve(user: User, *, on: dt.date, at: GEOSGeometry) -> bool:
    """Approvers put a plan into force, within their territory."""
    return has_role(user, Role.APPROVER, on=on, at=at)


def may_take_in_annual_plan(user: User, *, on: dt.date, at: GEOSGeometry) -> bool:
    """Data officers bring in annual land-use plans of ground within their territory."""
    return has_role(user, Role.DATA_OFFICER, on=on, at=at)


def may_change_corridor_rules(user: User, *, on: dt.date) -> bool:
    """Administrators change rules that hold for the whole city."""
    return has_role(user, Role.ADMINISTRATOR, on=on)
