"""Layer `theme_coverage`: how far the registers reach that a file brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings

from importers import guard
from importers.features.columns import Column, Day, Truth, Word
from importers.features.layers import check_layer
from importers.features.spec import LayerSpec
from landdata.geometry import to_multipolygon
from landdata.models import Theme
from landdata.operations.coverage import Declaration

if TYPE_CHECKING:
    from importers.issues import IssueLog
    from importers.sandbox import Layer

COVERAGE: Final = LayerSpec(
    "theme_coverage",
    guard.SURFACE,
    "",
    (
        Column("theme", Word(Theme.values), needed=True),
        Column("is_complete", Truth(), needed=True),
        Column("data_date", Day(), needed=True),
        Column("valid_from", Day(), needed=True),
    ),
)


@dataclass(frozen=True)
class CheckedCoverage:
    """Declarations that can be made, and how many rows could not be read."""

    declarations: tuple[Declaration, ...]
    refused: int


def check_coverage(layer: Layer, log: IssueLog) -> CheckedCoverage:
    """Return what the layer declares. Raises Invalid as `check_layer` does."""
    checked = check_layer(layer, COVERAGE, log)
    shapes = checked.shapes if checked.shapes is not None else ()
    return CheckedCoverage(
        tuple(
            Declaration(
                theme=Theme(row["theme"]),
                boundary=to_multipolygon(shape, settings.STORAGE_SRID),
                is_complete=row["is_complete"],
                data_date=row["data_date"],
                valid_from=row["valid_from"],
            )
            for row, shape in zip(checked.features.to_pylist(), shapes, strict=True)
        ),
        checked.refused,
    )
