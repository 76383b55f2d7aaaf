"""Rows of layer `theme_coverage` to declarations of how far registers reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from importers.plans import content
from importers.plans.rows import Unreadable
from landdata.errors import Forbidden
from landdata.operations.coverage import declare_coverage
from planning.permissions import may_draft

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from accounts.models import User
    from importers.plans.report import Report
    from importers.plans.rows import Row
    from landdata.models import SourceFile, Theme

COVERAGE: Final = "theme_coverage"


def declare_rows(
    rows: Sequence[Row],
    report: Report,
    *,
    by: User | None,
    source: SourceFile,
    read_in_part: Collection[Theme] = (),
) -> None:
    """Declare what the rows say; each that cannot be declared is noted and counted.

    Registers of themes `read_in_part` lack rows that were refused: they are not complete here,
    whatever the sender says, or ground that a refused row speaks of would be answered as clear.
    """
    for row in rows:
        try:
            coverage = content.read_coverage(row, report.log)
        except Unreadable:
            report.count(COVERAGE, "refused")
            continue
        on = report.options.as_of
        if by is not None and not may_draft(by, on=on, at=coverage.boundary):
            report.refuse(COVERAGE, Forbidden("declare_coverage").code, "theme", [row])
            continue
        is_complete = coverage.is_complete
        if is_complete and coverage.theme in read_in_part:
            report.note("register_read_in_part", "theme", [row], refuses=False)
            is_complete = False
        declared = declare_coverage(
            theme=coverage.theme,
            boundary=coverage.boundary,
            is_complete=is_complete,
            data_date=coverage.data_date,
            valid_from=coverage.valid_from,
            dataset=source.dataset,
            by=by,
            source_file=source,
        )
        report.count(COVERAGE, "new" if declared is not None else "unchanged")
