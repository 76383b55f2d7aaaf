"""Declaring how far a register reaches, and saying that something is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from landdata.models import Revision, SourceHealth, Theme, ThemeCoverage

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.gis.geos import MultiPolygon

    from accounts.models import User
    from landdata.models import Dataset, SourceFile


@dataclass(frozen=True)
class Declaration:
    """That within `boundary` a theme's register is complete, or that it is not."""

    theme: Theme
    boundary: MultiPolygon
    is_complete: bool
    data_date: dt.date
    valid_from: dt.date


@transaction.atomic
def declare_coverage(
    *,
    theme: Theme,
    boundary: MultiPolygon,
    is_complete: bool,
    data_date: dt.date,
    valid_from: dt.date,
    dataset: Dataset,
    by: User | None,
    source_file: SourceFile | None = None,
) -> ThemeCoverage | None:
    """Record that within `boundary` a theme's register is complete, or that it is not.

    The newest word on the same ground counts: a row with exactly this boundary is closed. Returns
    None when that is already what is believed.
    """
    declaration = Declaration(theme, boundary, is_complete, data_date, valid_from)
    if verdict_on(declaration, dataset) == "unchanged":
        return None
    with Revision.open(by=by, why=f"coverage of {theme}", source_file=source_file) as revision:
        return write_declaration(revision, declaration, dataset)


def verdict_on(declaration: Declaration, dataset: Dataset) -> str:
    """Return whether a declaration is "new", "changed" (other words on its ground) or "unchanged".

    The ground is the same when it is so bit for bit, within one data set.
    """
    said = declaration.is_complete, declaration.data_date, declaration.valid_from
    same = _on_the_same_ground(declaration, dataset)
    if any((row.is_complete, row.data_date, row.valid_from) == said for row in same):
        return "unchanged"
    return "changed" if same else "new"


def write_declaration(
    revision: Revision, declaration: Declaration, dataset: Dataset
) -> ThemeCoverage:
    """Write a declaration in an open revision and close what was said of the same ground."""
    same = _on_the_same_ground(declaration, dataset)
    ThemeCoverage.objects.filter(pk__in=[row.pk for row in same]).close(revision)
    return ThemeCoverage.objects.create(
        theme=declaration.theme,
        boundary=declaration.boundary,
        is_complete=declaration.is_complete,
        data_date=declaration.data_date,
        dataset=dataset,
        valid_from=declaration.valid_from,
        from_revision=revision.number,
    )


def _on_the_same_ground(declaration: Declaration, dataset: Dataset) -> list[ThemeCoverage]:
    known = ThemeCoverage.objects.known_now().filter(theme=declaration.theme, dataset=dataset)
    return [row for row in known if row.boundary.equals_exact(declaration.boundary)]


@transaction.atomic
def report_trouble(
    *,
    theme: Theme,
    boundary: MultiPolygon,
    trouble: str,
    since: dt.date,
    by: User | None,
    detail: str = "",
) -> SourceHealth:
    """Record a trouble: from `since` on, this ground "could not be checked" for the theme."""
    with Revision.open(by=by, why=f"trouble with {theme}: {trouble}") as revision:
        return SourceHealth.objects.create(
            theme=theme,
            boundary=boundary,
            trouble=trouble,
            detail=detail,
            valid_from=since,
            from_revision=revision.number,
        )


@transaction.atomic
def end_trouble(*, trouble_id: int, by: User | None) -> None:
    """Record that a trouble was mended; what was answered meanwhile stays as it was."""
    with Revision.open(by=by, why="trouble ended") as revision:
        SourceHealth.objects.known_now().filter(pk=trouble_id).close(revision)
