"""Issues an access key to a user, or ends one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import keys
from accounts.models import User


class Command(BaseCommand):
    """`issue_key lan "QGIS at the office"`, or `issue_key lan --end diado_Ab3Cd9`."""

    help = "Issue an access key to a user, or end one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the arguments; days are ISO dates."""
        parser.add_argument("username")
        parser.add_argument("label", nargs="?", default="", help="what it is used for")
        parser.add_argument("--to", dest="stop", type=dt.date.fromisoformat, help="default: open")
        parser.add_argument(
            "--units", type=int, default=keys.USUAL_UNITS_PER_MINUTE, help="request units a minute"
        )
        parser.add_argument("--end", metavar="BEGINNING", help="end the key that begins so, today")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the new key on a line of its own: it is not shown again."""
        today = timezone.localdate()
        try:
            user = User.objects.get_by_natural_key(options["username"])
        except User.DoesNotExist as error:
            raise CommandError("Không có người dùng này. No such user.") from error
        try:
            if options["end"]:
                if not keys.end_key(user=user, beginning=options["end"], on=today):
                    raise CommandError("Không có khóa này. No such key.")
                return
            key = keys.issue_key(
                user=user,
                label=options["label"],
                valid_from=today,
                valid_to=options["stop"],
                units_per_minute=options["units"],
            )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(key)
