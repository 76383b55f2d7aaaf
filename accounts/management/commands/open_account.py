"""Opens an account that may do nothing yet."""

from __future__ import annotations

from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import operations
from accounts.models import Language


class Command(BaseCommand):
    """`open_account lan "Trần Thị Lan"`; asks for the password, roles come by `assign_role`."""

    help = "Open an account; asks for its password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the arguments."""
        parser.add_argument("username")
        parser.add_argument("full_name")
        parser.add_argument("--email", default="")
        parser.add_argument("--language", choices=Language.values, default=Language.VIETNAMESE)

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for the password, which shall stand in no command line, and open the account."""
        try:
            operations.open_account(
                username=options["username"],
                full_name=options["full_name"],
                email=options["email"],
                language=Language(options["language"]),
                password=getpass("Mật khẩu / password: "),
            )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
