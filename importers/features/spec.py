"""What a way in knows of a layer before it has seen a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from importers.geopackage import Wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from importers.features.columns import Column
    from importers.issues import IssueLog
    from landdata.models import DeliveredFeature


@dataclass(frozen=True)
class LayerSpec:
    """A layer of a file: its name, what its shapes are, its columns, and where it goes.

    `key` is the column of the sender's identifier; empty where the rows have none. `theme` is the
    one of the extract that rests on these rows; empty where none does. With
    `is_the_file` the row speaks of the file itself: it stands beside those of other files.
    """

    name: str
    shape: str
    key: str
    columns: tuple[Column, ...]
    model: type[DeliveredFeature] | None = None
    theme: str = ""
    is_the_file: bool = False
    #: Whether a row without a shape stays out, in a layer that has shapes.
    shape_needed: bool = True

    def wanted(self, *, required: bool = False) -> Wanted:
        """Return the order for the reader."""
        return Wanted(self.name, self.shape, required)


def note(
    code: str,
    spec: LayerSpec,
    column: str,
    rows: NDArray[np.int64],
    log: IssueLog,
    values: Sequence[str | None] | None = None,
    *,
    refuses: bool = True,
) -> None:
    """Note something about rows of a layer, named with its column."""
    place = f"{spec.name}.{column}" if column else spec.name
    log.add(code, rows, column=place, values=values, refuses=refuses)
