"""The file that a dossier came in, as the record keeps it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from landdata.models import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from importers.plans.report import Report
    from importers.sandbox import Layer
    from landdata.models import Dataset


def source_file_of(
    report: Report, dataset: Dataset, *, epsg: int | None, layers: Iterable[Layer]
) -> SourceFile:
    """Return the file's row, saved; its data are of the latest `data_date` in `layers`."""
    days = [
        (day or "")[:10]
        for layer in layers
        if "data_date" in layer.table.column_names
        for day in layer.table.column("data_date").to_pylist()
    ]
    source, _ = SourceFile.objects.get_or_create(
        dataset=dataset,
        sha256=report.file.sha256,
        data_date=_latest(days) or report.options.as_of,
        defaults={
            "name": report.file.name,
            "size_bytes": report.file.size_bytes,
            "stored_as": report.file.stored_as,
            "epsg": epsg,
        },
    )
    return source


def _latest(days: list[str]) -> dt.date | None:
    found = []
    for day in days:
        try:
            found.append(dt.date.fromisoformat(day))
        except ValueError:
            continue  # noted where the row is read
    return max(found, default=None)
