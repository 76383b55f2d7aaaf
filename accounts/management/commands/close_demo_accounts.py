"""Closes the demo accounts, for a system that goes into use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts import operations


class Command(BaseCommand):
    """Closes every demo account and removes the file with their passwords."""

    help = "Close the demo accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        """Close them; on the second run there is nothing left to do."""
        count = operations.close_demo_accounts()
        (settings.VAR / "demo-accounts.txt").unlink(missing_ok=True)
        self.stdout.write(f"Đã đóng / closed: {count}")
