"""Bring the reference tables up to date."""

from __future__ import annotations

import hashlib
import inspect
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from landdata import crs
from landdata.models import Dataset, SourceFile
from landdata.operations import reference
from planning.corridors import table as corridor_table
from planning.operations import reference as planning_reference
from planning.operations.reference import load_corridor_rules, load_plan_functions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

DATASET = "reference"


class Command(BaseCommand):
    """Take the tables below fixtures/ into the record; a second run changes nothing."""

    help = "Bring units, codes, plan functions and corridor rules up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-changed",
            action="store_true",
            help="do nothing when the same tables were the last to be taken in",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        units = settings.BASE_DIR / "fixtures" / "units"
        tables = settings.BASE_DIR / "fixtures" / "reference"
        digest = _digest([units, tables])
        if options["if_changed"] and _last_taken_in() == digest:
            self.stdout.write("already there")
            return
        for name, counts in (
            ("units", reference.load_units(units, by=None)),
            ("succession", reference.load_succession(units, by=None)),
            (
                "land-use codes",
                reference.load_land_use_codes(tables / "land_use_codes.csv", by=None),
            ),
            ("plan functions", load_plan_functions(tables / "plan_functions_tt16.csv", by=None)),
            ("corridor rules", load_corridor_rules(tables, by=None)),
        ):
            self.stdout.write(
                f"{name}: read {counts.read}, new {counts.new}, changed {counts.changed}, "
                f"unchanged {counts.unchanged}, gone {counts.gone}"
            )
        if _last_taken_in() != digest:
            _remember(digest)


def _digest(folders: Iterable[Path]) -> str:
    """Return one fingerprint of the tables and of the code that decides how they are read."""
    total = hashlib.sha256(str(settings.STORAGE_EPSG).encode())
    code = [
        inspect.getsource(module) for module in (reference, planning_reference, corridor_table, crs)
    ]
    tables = [path.read_bytes() for folder in folders for path in sorted(folder.iterdir())]
    for content in (*(text.encode() for text in code), *tables):
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def _last_taken_in() -> str | None:
    """Return the fingerprint that the database itself holds, so that a restore takes it along."""
    taken_in = SourceFile.objects.filter(dataset__code=DATASET).order_by("-pk")
    return taken_in.values_list("sha256", flat=True).first()


def _remember(digest: str) -> None:
    dataset, _ = Dataset.objects.get_or_create(
        code=DATASET,
        defaults={
            "title_vi": "Bảng tra cứu",
            "title_en": "Reference tables",
            "kind": "reference",
            "licence": "fixtures/*/README.md",
        },
    )
    SourceFile.objects.create(
        dataset=dataset,
        name="fixtures",
        sha256=digest,
        size_bytes=0,
        stored_as="",
        data_date=timezone.localdate(),
    )
