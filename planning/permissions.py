"""Who may do what to plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from accounts.models import Role, RoleAssignment, User
from accounts.permissions import STICKS_OUT_M2, has_role, roles_of

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.gis.geos import GEOSGeometry


#: Planners draw, data officers bring in dossiers.
EDIT_ROLES = (Role.PLANNER, Role.DATA_OFFICER)


def may_draft(user: User, *, on: dt.date, at: GEOSGeometry) -> bool:
    """Whether the person may change drafts on all of this ground."""
    return any(has_role(user, role, on=on, at=at) for role in EDIT_ROLES)


def may_approve(user: User, *, on: dt.date, at: GEOSGeometry) -> bool:
    """Approvers put a plan into force, within their territory."""
    return has_role(user, Role.APPROVER, on=on, at=at)


def may_take_in_annual_plan(user: User, *, on: dt.date, at: GEOSGeometry) -> bool:
    """Data officers bring in annual land-use plans of ground within their territory."""
    return has_role(user, Role.DATA_OFFICER, on=on, at=at)


#: Who says in public which land can be had.
PUBLISHES_SITES = (Role.APPROVER, Role.DATA_OFFICER)


def publishes_sites(user: AbstractBaseUser | AnonymousUser, *, on: dt.date) -> bool:
    """Whether the person offers land anywhere."""
    return bool(roles_of(user, on=on) & set(PUBLISHES_SITES))


def may_publish_site(user: User, *, on: dt.date, at: GEOSGeometry) -> bool:
    """Approvers and data officers offer land within their territory."""
    return any(has_role(user, role, on=on, at=at) for role in PUBLISHES_SITES)


def may_change_corridor_rules(user: User, *, on: dt.date) -> bool:
    """Administrators change rules that hold for the whole city."""
    return has_role(user, Role.ADMINISTRATOR, on=on)


#: Who works on drafts. Reviewers join once a draft is sent to them.
DRAFT_ROLES = (Role.PLANNER, Role.DATA_OFFICER, Role.APPROVER)

# Territories of one role count together, as in accounts.permissions.has_role.
_IS_OPEN = """
    v.status <> 'published' AND EXISTS (
        SELECT FROM (
            SELECT a.role, bool_or(t.boundary IS NULL) AS is_everywhere,
                ST_Union(t.boundary) AS ground
            FROM accounts_roleassignment a
            LEFT JOIN accounts_territory t ON t.id = a.territory_id
            WHERE a.user_id = %(user)s AND a.role = ANY(%(roles)s)
                AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
            GROUP BY a.role
        ) held
        WHERE held.is_everywhere
            OR ST_Area(ST_Difference(v.extent, held.ground)) <= %(sticks_out_m2)s
    )
"""
_FROM = "FROM planning_planversion v WHERE"
_OPEN_DRAFTS = f"SELECT v.id {_FROM} {_IS_OPEN} ORDER BY v.id"
_EDITS_IF_OPEN = f"SELECT v.edits {_FROM} v.id = %(draft)s AND {_IS_OPEN}"


def drafts_open_to(user: AbstractBaseUser | AnonymousUser, *, on: dt.date) -> tuple[int, ...]:
    """Return the versions, by primary key, whose drafts this person may see on that day."""
    if not isinstance(user, User) or not user.is_active:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_DRAFTS, _holder(user, on))
        return tuple(pk for (pk,) in cursor.fetchall())


def edits_if_open(draft: int, user: User, *, on: dt.date) -> int | None:
    """Return the number of a draft's last edit, None where this person may not see it.

    One short question, for those who ask every other second whether something is new.
    """
    with connection.cursor() as cursor:
        cursor.execute(_EDITS_IF_OPEN, {**_holder(user, on), "draft": draft})
        row = cursor.fetchone()
        return None if row is None else row[0]


def conflicts_open_to(
    user: AbstractBaseUser | AnonymousUser, version: int | None, *, on: dt.date
) -> bool:
    """Whether the person may see the conflicts of a version, or with None those of the whole city.

    Those of a draft are for its team; what plans in force contradict in is for all who work on
    plans.
    """
    if not isinstance(user, User) or not user.is_active:
        return False
    if not roles_of(user, on=on) & set(DRAFT_ROLES):
        return False
    if version is None:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM planning_planversion WHERE id = %s", [version])
        row = cursor.fetchone()
    return row is not None and (row[0] == "published" or version in drafts_open_to(user, on=on))


def colleagues_of(version: int | None, *, on: dt.date) -> list[dict[str, Any]]:
    """Return who may be given a conflict of a version or of the city: who may see it."""
    held = RoleAssignment.objects.filter(role__in=DRAFT_ROLES, user__is_active=True).valid_on(on)
    people = User.objects.filter(pk__in=held.values("user")).order_by("full_name", "username")
    return [
        {"id": person.pk, "name": person.full_name or person.username}
        for person in people
        if conflicts_open_to(person, version, on=on)
    ]


def _holder(user: User, on: dt.date) -> dict[str, Any]:
    return {
        "user": user.pk,
        "roles": [role.value for role in DRAFT_ROLES],
        "on": on,
        "sticks_out_m2": STICKS_OUT_M2,
    }
