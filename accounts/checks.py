"""System checks: no demo account where the system is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from accounts.models import User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.apps import AppConfig


@register(Tags.database)
def no_demo_account_in_production(
    app_configs: Sequence[AppConfig] | None = None,
    databases: Sequence[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """Find open demo accounts in production (`check --database default`, every `migrate`)."""
    if not settings.PRODUCTION or "default" not in (databases or ()):
        return []
    # Before the first `migrate` there is no table to look into.
    if User._meta.db_table not in connections["default"].introspection.table_names():
        return []
    count = User.objects.filter(is_demo=True, is_active=True).count()
    if not count:
        return []
    return [
        Error(
            f"{count} tài khoản thử trong hệ thống đang dùng. "
            f"{count} open demo accounts in a system that is in use.",
            hint="Đóng bằng lệnh / Close them with: manage.py close_demo_accounts",
            id="accounts.E001",
        )
    ]
