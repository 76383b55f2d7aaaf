"""What a person does with accounts: open them, give and end roles; the demo accounts."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Language, Office, Role, RoleAssignment, Territory, User

if TYPE_CHECKING:
    import datetime as dt

logger = logging.getLogger(__name__)

#: Names of the demo accounts; also the family name, so that nobody takes them for people.
DEMO_NAMES: dict[Role, str] = {
    Role.INVESTOR: "Nhà đầu tư (thử)",
    Role.PLANNER: "Người lập quy hoạch (thử)",
    Role.REVIEWER: "Người thẩm định (thử)",
    Role.APPROVER: "Người phê duyệt (thử)",
    Role.LAND_REGISTER_OFFICER: "Cán bộ đăng ký đất đai (thử)",
    Role.DATA_OFFICER: "Cán bộ dữ liệu (thử)",
    Role.ADMINISTRATOR: "Quản trị viên (thử)",
}


@transaction.atomic
def open_account(
    *, username: str, full_name: str, email: str, language: Language, password: str
) -> User:
    """Open an account without any role.

    Raises ValidationError for a name that is taken or a password that is too easily guessed.
    """
    user = User(
        username=User.normalize_username(username),
        full_name=full_name,
        email=email,
        language=language,
    )
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    logger.info("account %s opened", user.pk)
    return user


@transaction.atomic
def open_office(*, code: str, name_vi: str, name_en: str) -> Office:
    """Add an office, or rename the one with this code."""
    office, is_new = Office.objects.update_or_create(
        code=code, defaults={"name_vi": name_vi, "name_en": name_en}
    )
    logger.info("office %s %s", office.pk, "opened" if is_new else "renamed")
    return office


@transaction.atomic
def assign_role(
    *,
    user: User,
    role: Role,
    territory: Territory | None,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
) -> RoleAssignment:
    """Give `user` a role on a territory (None: everywhere) for `[valid_from, valid_to)`.

    Raises ValidationError if the user holds it there already on one of these days, or for a
    range of no day.
    """
    # Asked first: PostgreSQL cannot even compare a range that ends before it begins.
    if valid_to is not None and valid_to <= valid_from:
        raise ValidationError(_("A role lasts at least one day."), code="lasts_no_day")
    assignment = RoleAssignment(
        user=user, role=role, territory=territory, valid_from=valid_from, valid_to=valid_to
    )
    assignment.full_clean()
    assignment.save()
    logger.info("role %s given to user %s (assignment %s)", role, user.pk, assignment.pk)
    return assignment


@transaction.atomic
def end_role(
    *, user: User, role: Role, territory: Territory | None, on: dt.date
) -> RoleAssignment | None:
    """Let the role end on that day (the first day without it); None if it was not held.

    A role that would have begun on that day or later is taken back altogether: it never held.
    """
    assignment = (
        RoleAssignment.objects.select_for_update()
        .filter(user=user, role=role, territory=territory, valid_to=None)
        .first()
    )
    if assignment is None:
        return None
    logger.info("role %s of user %s ends on %s", role, user.pk, on)
    if assignment.valid_from >= on:
        assignment.delete()
        return assignment
    assignment.valid_to = on
    assignment.save(update_fields=["valid_to"])
    return assignment


def demo_username(role: Role) -> str:
    """Return the user name of a role's demo account, e.g. "demo-planner"."""
    return f"demo-{role.value.replace('_', '-')}"


@transaction.atomic
def make_demo_accounts(*, on: dt.date) -> dict[str, str]:
    """Make one account per role, each with a new password; return {user name: password}.

    Run again, the accounts keep their role and get new passwords.

    Raises PermissionError in production: what is in use has no accounts for everybody.
    """
    if settings.PRODUCTION:
        raise PermissionError("no demo accounts in production")
    passwords: dict[str, str] = {}
    for role, name in DEMO_NAMES.items():
        username = demo_username(role)
        password = secrets.token_urlsafe(12)
        user, _made = User.objects.get_or_create(
            username=username, defaults={"full_name": name, "is_demo": True}
        )
        if not user.is_demo:
            raise PermissionError(f"{username} is somebody's account")
        user.is_active = True
        user.set_password(password)
        user.save(update_fields=["is_active", "password"])
        held = RoleAssignment.objects.filter(user=user, role=role).valid_on(on)
        if not held.exists():
            assign_role(user=user, role=role, territory=None, valid_from=on)
        passwords[username] = password
    return passwords


@transaction.atomic
def close_demo_accounts() -> int:
    """Close every demo account, sessions included, and return how many were open.

    They are not deleted: a revision may name one of them as the person who made it.
    """
    users = User.objects.filter(is_demo=True, is_active=True)
    for user in users:
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
    return len(users)
