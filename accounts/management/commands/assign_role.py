"""Gives a person a role, or ends it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import operations
from accounts.models import Role, Territory, User


class Command(BaseCommand):
    """`assign_role lan planner --territory BA-DINH --from 2026-01-01`, or with `--end DAY`."""

    help = "Give a user a role on a territory, or end it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the arguments; days are ISO dates."""
        parser.add_argument("username")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--territory", metavar="CODE", help="default: everywhere")
        parser.add_argument(
            "--from", dest="start", type=dt.date.fromisoformat, help="default: today"
        )
        parser.add_argument("--to", dest="stop", type=dt.date.fromisoformat, help="default: open")
        parser.add_argument(
            "--end", type=dt.date.fromisoformat, help="end the role: the first day without it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Find user and territory, then give or end the role."""
        role = Role(options["role"])
        try:
            user = User.objects.get_by_natural_key(options["username"])
            code = options["territory"]
            territory = Territory.objects.get(code=code) if code else None
        except User.DoesNotExist as error:
            raise CommandError("Không có người dùng này. No such user.") from error
        except Territory.DoesNotExist as error:
            raise CommandError("Không có địa bàn này. No such territory.") from error
        if options["end"]:
            ended = operations.end_role(
                user=user, role=role, territory=territory, on=options["end"]
            )
            if ended is None:
                raise CommandError("Không giữ vai trò này. The role is not held there.")
            return
        try:
            operations.assign_role(
                user=user,
                role=role,
                territory=territory,
                valid_from=options["start"] or timezone.localdate(),
                valid_to=options["stop"],
            )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
