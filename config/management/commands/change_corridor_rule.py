"""`manage.py change_corridor_rule RULE --from DAY --decision TEXT`: a rule as an office decided."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from importers import reporting
from importers.models import Outcome
from landdata.errors import Refusal
from planning.operations.corridor_rules import Decided, change_corridor_rule

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Exit status 0: changed. 2: refused."""

    help = "Change a rule on corridors from a day on, by a decision of an office."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the options."""
        day = dt.date.fromisoformat
        parser.add_argument("rule", help="the rule's id in safety_corridors.csv")
        parser.add_argument("--measure", type=int, default=1, help="which of its measures")
        parser.add_argument("--from", dest="valid_from", type=day, required=True, metavar="DAY")
        parser.add_argument(
            "--until", dest="valid_to", type=day, metavar="DAY", help="first day out"
        )
        parser.add_argument("--decision", required=True, help="number, date and body")
        parser.add_argument("--figure", dest="figure_m", type=float, help="metres")
        parser.add_argument("--other-figure", dest="other_figure_m", type=float, help="metres")
        parser.add_argument("--condition-vi", default="")
        parser.add_argument("--condition-en", default="")
        parser.add_argument("--by", default="", help="administrator who changes it")

    def handle(self, *args: Any, **given: Any) -> None:
        """Turn the options into one call and the answer into an exit status."""
        names = Decided.__dataclass_fields__
        try:
            row = change_corridor_rule(
                Decided(**{name: given[name] for name in names}),
                on=timezone.localdate(),
                by=reporting.acting_user(given["by"]),
            )
        except Refusal as refusal:
            for language in ("vi", "en"):
                self.stderr.write(reporting.refusal_text(refusal, language))
            sys.exit(reporting.EXIT_STATUS[Outcome.NOTHING])
        self.stdout.write(f"{row}: {row.figure_m} m")
