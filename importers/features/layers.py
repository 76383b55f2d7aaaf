"""Check the rows of a layer, all at once, and give what may come in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importers import guard
from importers.features import places
from importers.features.columns import Column, Text, said
from importers.features.spec import LayerSpec, note
from landdata.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from importers.issues import IssueLog
    from importers.sandbox import Layer

_LONGEST_KEY = 40


@dataclass(frozen=True)
class CheckedLayer:
    """Rows that may come in, and how many stayed out.

    `features` has `row`, `source_key` and our columns; `shapes` are in the storage system. What was
    refused is in the file all the same, so nothing that it may be is gone: `withheld` are its keys,
    `unkeyed` counts the rows of which nobody can tell the key.
    """

    spec: LayerSpec
    features: pa.Table
    shapes: NDArray[Any] | None
    refused: int = 0
    withheld: frozenset[str] = frozenset()
    unkeyed: int = 0

    @property
    def read(self) -> int:
        """Rows that were in the file."""
        return int(self.features.num_rows) + self.refused

    def keeping(self, good: NDArray[np.bool_]) -> CheckedLayer:
        """Return the layer without the rows that a later check refused."""
        dropped = self.features.filter(pa.array(~good))
        keyed = "source_key" in dropped.column_names
        keys = [key for key in dropped.column("source_key").to_pylist() if key] if keyed else []
        kept = replace(
            self,
            features=self.features.filter(pa.array(good)),
            shapes=None if self.shapes is None else self.shapes[good],
        )
        return kept.without(keys, int((~good).sum()))

    def without(self, keys: Collection[str], rows: int) -> CheckedLayer:
        """Return the layer with so many refused rows more, whose keys are `keys` where known."""
        return replace(
            self,
            refused=self.refused + rows,
            withheld=self.withheld | frozenset(keys),
            unkeyed=self.unkeyed + max(rows - len(keys), 0),
        )


def check_layer(layer: Layer, spec: LayerSpec, log: IssueLog) -> CheckedLayer:
    """Return the rows of a layer that may come in; every other one has its note.

    Raises Invalid `layer_columns_missing`, and what `places.to_storage` raises for a system or an
    order of axes that is none of ours.
    """
    good = np.ones(layer.table.num_rows, bool)
    shapes = None
    if spec.shape != guard.NO_GEOMETRY:
        shapes = places.to_storage(layer, spec, log, good)
    names = [column["name"] for column in layer.header["columns"]]
    return check_rows(layer.table.select(["row", *names]), shapes, spec, log, good)


def check_rows(
    table: pa.Table,
    shapes: NDArray[Any] | None,
    spec: LayerSpec,
    log: IssueLog,
    good: NDArray[np.bool_],
) -> CheckedLayer:
    """Return those of the `good` rows whose texts can be read.

    `table` has the sender's `row` and columns of text, `shapes` are in the storage system.
    Raises Invalid `layer_columns_missing`.
    """
    names = table.column_names
    lacking = [c.name for c in _columns(spec) if c.needed and c.name not in names]
    if lacking:
        raise Invalid("layer_columns_missing", layer=spec.name, missing=", ".join(lacking))
    numbers = np.asarray(table.column("row"))
    found = {"row": pa.array(numbers, pa.int64())}
    for column in _columns(spec):
        values = table.column(column.name) if column.name in names else _nothing(len(numbers))
        found[column.target] = _read(said(values), column, spec, numbers, good, log)
    if spec.key:
        _refuse_second(found["source_key"], spec, numbers, good, log)
    checked = CheckedLayer(spec, pa.table(found), shapes)
    return checked.keeping(good)


def read_in_part(layers: Iterable[CheckedLayer]) -> frozenset[str]:
    """Return the themes whose registers lack rows that were refused."""
    return frozenset(layer.spec.theme for layer in layers if layer.refused) - {""}


def _columns(spec: LayerSpec) -> tuple[Column, ...]:
    if not spec.key:
        return spec.columns
    return (Column(spec.key, Text(_LONGEST_KEY), "source_key", needed=True), *spec.columns)


def _nothing(count: int) -> pa.Array:
    return pa.nulls(count, pa.string())


def _read(
    values: pa.Array,
    column: Column,
    spec: LayerSpec,
    numbers: NDArray[np.int64],
    good: NDArray[np.bool_],
    log: IssueLog,
) -> pa.Array:
    """Return our values; refuse the rows whose value cannot be read or is missing."""
    found, bad = column.kind.read(values)
    if column.needed:
        silent = ~np.asarray(pc.is_valid(values), bool)
        note("value_missing", spec, column.name, numbers[silent], log)
        good &= ~silent
        bad &= ~silent
    shown = values.filter(pa.array(bad)).to_pylist() if column.quoted else None
    note("value_unreadable", spec, column.name, numbers[bad], log, shown)
    good &= ~bad
    return found


def _refuse_second(
    keys: pa.Array,
    spec: LayerSpec,
    numbers: NDArray[np.int64],
    good: NDArray[np.bool_],
    log: IssueLog,
) -> None:
    """Refuse every row whose key an earlier sound row has."""
    at = np.flatnonzero(good)
    _, first = np.unique(np.asarray(keys, object)[at].astype(str), return_index=True)
    second = np.setdiff1d(at, at[first])
    note("key_twice", spec, spec.key, numbers[second], log, keys.take(pa.array(second)).to_pylist())
    good[second] = False
