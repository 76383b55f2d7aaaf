"""Makes one account per role for trying the system out."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import operations
from accounts.models import User


class Command(BaseCommand):
    """Makes the demo accounts and writes their passwords to var/demo-accounts.txt (mode 0600)."""

    help = "Make one demo account per role (development only)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing; if nothing is, change nothing."""
        if settings.PRODUCTION:
            raise CommandError(
                "Không tạo tài khoản thử trong chế độ production. "
                "No demo accounts in production mode."
            )
        path = settings.VAR / "demo-accounts.txt"
        open_ones = User.objects.filter(is_demo=True, is_active=True)
        there = open_ones.count() == len(operations.DEMO_NAMES)
        if not (there and path.is_file()):
            passwords = operations.make_demo_accounts(on=timezone.localdate())
            path.parent.mkdir(parents=True, exist_ok=True)
            # Created with its mode: a file that is made first and closed after can be read between.
            path.unlink(missing_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.writelines(f"{name}\t{word}\n" for name, word in passwords.items())
        self.stdout.write(f"Tài khoản thử / demo accounts: {path}")
