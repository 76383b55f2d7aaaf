"""Layer `theme_coverage`: how far the registers reach that a file brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from django.conf import settings

from importers import guard
from importers.features.columns import Column, Day, Truth, Word
from importers.features.layers import CheckedLayer, check_layer, read_in_part
from importers.features.spec import LayerSpec, note
from landdata.geometry import to_multipolygon
from landdata.models import Theme
from landdata.operations.coverage import Declaration

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def check_coverage(layer: Layer, others: Iterable[CheckedLayer], log: IssueLog) -> CheckedCoverage:
    """Return what the layer declares of the registers that `others` bring.

    A register of which a row was refused is not complete here, whatever the sender says, or the
    ground that the row speaks of would be answered as clear. Raises Invalid as `check_layer` does.
    """
    checked = check_layer(layer, COVERAGE, log)
    rows = checked.features.to_pylist()
    partial = read_in_part(others)
    lowered = [row for row in rows if row["is_complete"] and row["theme"] in partial]
    note(
        "register_read_in_part",
        COVERAGE,
        "theme",
        np.array([row["row"] for row in lowered], np.int64),
        log,
        [row["theme"] for row in lowered],
        refuses=False,
    )
    shapes = checked.shapes if checked.shapes is not None else ()
    return CheckedCoverage(
        tuple(
            Declaration(
                theme=Theme(row["theme"]),
                boundary=to_multipolygon(shape, settings.STORAGE_SRID),
                is_complete=row["is_complete"] and row["theme"] not in partial,
                data_date=row["data_date"],
                valid_from=row["valid_from"],
            )
            for row, shape in zip(rows, shapes, strict=True)
        ),
        checked.refused,
    )
