"""Small predicates over (user, thing): who may do what, where and on which day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from accounts.models import Role, RoleAssignment, User

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.gis.geos import GEOSGeometry

#: Ground that may stick out of a territory and still count as inside, in m². Boundaries of
#: territory and drawing come from different surveys; HOUSE rule: touching is not sharing.
STICKS_OUT_M2 = 1.0


def roles_of(user: AbstractBaseUser | AnonymousUser, *, on: dt.date) -> frozenset[Role]:
    """Return the roles that `user` holds on that day on some ground, however small.

    Nobody holds a role while the account is closed. A superuser holds none by being one: who
    approves a plan or sees right holders is assigned by name.
    """
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    held = RoleAssignment.objects.filter(user=user).valid_on(on).values_list("role", flat=True)
    return frozenset(Role(role) for role in held)


def has_role(
    user: AbstractBaseUser | AnonymousUser,
    role: Role,
    *,
    on: dt.date,
    at: GEOSGeometry | None = None,
) -> bool:
    """Say whether `user` holds `role` on that day, and on all of the ground `at` if given.

    `at` is in the storage system. Several territories of the same role count together, so that
    a planner of two wards may draw across the line between them. An invalid drawing is judged by
    its convex hull, an empty one lies nowhere.

    Raises ValueError for a geometry in another system: areas would be meaningless.
    """
    if not isinstance(user, User) or not user.is_active:
        return False
    held = (
        RoleAssignment.objects.filter(user=user, role=role).valid_on(on).select_related("territory")
    )
    territories = [assignment.territory for assignment in held]
    if at is None:
        return bool(territories)
    if at.srid != settings.STORAGE_SRID:
        raise ValueError(f"geometry in SRID {at.srid}, not in the storage SRID")
    if any(territory is None or territory.boundary is None for territory in territories):
        return True
    if not territories or at.empty:
        return False
    outside = at if at.valid else at.convex_hull
    for territory in territories:
        if territory is not None and territory.boundary is not None:
            outside = outside.difference(territory.boundary)
    # A line or a point has no area, so nothing of it may be left outside.
    return outside.empty if at.dims < 2 else outside.area <= STICKS_OUT_M2
