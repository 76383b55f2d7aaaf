"""Prints the table of every address and who may call it (docs/access.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.access import RULES, Callers, Rule

HEAD = """\
# Every address and who may call it

Made by `manage.py list_access --out docs/access.md` from `config/access.py`; a test holds that it
is current. What is not listed is refused. Within these limits the operation behind an address
decides again, on the ground and the thing in question (see [roles.md](roles.md)).

| address | methods | who |
|---|---|---|
"""


def people(rule: Rule) -> str:
    """Say in words who may call."""
    if isinstance(rule.who, Callers):
        return {Callers.PUBLIC: "everybody", Callers.SIGNED_IN: "whoever is signed in"}[rule.who]
    return ", ".join(sorted(role.value for role in rule.who))


def as_markdown() -> str:
    """Return the whole page."""
    rows = [f"| `/{rule.route}` | {' '.join(rule.methods)} | {people(rule)} |" for rule in RULES]
    return HEAD + "\n".join(rows) + "\n"


class Command(BaseCommand):
    """Renders the access table as Markdown."""

    help = "Print every address and who may call it."
    # Needs neither a database nor a complete configuration.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the arguments."""
        parser.add_argument("--out", type=Path, help="write to this file instead of the screen")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print or write the page."""
        if options["out"]:
            options["out"].write_text(as_markdown(), encoding="utf-8")
        else:
            self.stdout.write(as_markdown(), ending="")
