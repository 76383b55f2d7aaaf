"""Adds an office, or renames it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import operations


class Command(BaseCommand):
    """`open_office TT-QUY-DAT "Trung tâm Phát triển quỹ đất" "Land Fund Development Centre"`."""

    help = "Add an office, or rename it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the arguments."""
        parser.add_argument("code")
        parser.add_argument("name_vi")
        parser.add_argument("name_en")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add or rename it."""
        operations.open_office(
            code=options["code"], name_vi=options["name_vi"], name_en=options["name_en"]
        )
