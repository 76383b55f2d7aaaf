"""Reading and writing many rows at once, as PostgreSQL's binary COPY carries them.

Half a million boundaries come out three times as fast as through a cursor, which takes each of
them as hexadecimal text. Format: PostgreSQL documentation, COPY, "Binary Format".
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import numba
import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

#: Signature, flags and length of an extension of which there is none.
_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"
#: Shapes that are made of bytes at a time.
_AT_ONCE: Final = 50_000
_TYPES: Final = {"int32": ">i4", "int64": ">i8", "float64": ">f8"}


def copied_wkb(
    cursor: Any, sql: str, values: Mapping[str, Any]
) -> tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.int64]]:
    """Return numbers and geometries of a query with these two columns, bigint and geometry.

    Given are the numbers, the bytes of the answer, and for each row where its EWKB begins and ends
    in them; a geometry that is NULL begins and ends at 0.
    """
    out = io.BytesIO()
    asked = cursor.mogrify(sql, values).decode()
    cursor.copy_expert(f"COPY ({asked}) TO STDOUT (FORMAT binary)", out)
    content = np.frombuffer(out.getbuffer(), dtype=np.uint8)
    rows = cursor.rowcount
    numbers, spans = np.empty(rows, np.int64), np.zeros((rows, 2), np.int64)
    if _spans(content, len(_HEADER), numbers, spans) != rows:
        raise RuntimeError("a copy from the database is cut short")
    return numbers, content, spans


def copied_columns(
    cursor: Any, sql: str, values: Mapping[str, Any], names: Sequence[str], numbers: Sequence[str]
) -> dict[str, NDArray[Any]]:
    """Return the columns of a query by name: real numbers, NaN for NULL, and otherwise text.

    A text that many rows have is held once.
    """
    out = io.BytesIO()
    asked = cursor.mogrify(sql, values).decode()
    cursor.copy_expert(f"COPY ({asked}) TO STDOUT (FORMAT csv)", out)
    if not out.tell():
        return {name: np.empty(0, dtype=float if name in numbers else object) for name in names}
    out.seek(0)
    kinds = {name: pa.float64() if name in numbers else pa.string() for name in names}
    table = pa_csv.read_csv(
        out,
        read_options=pa_csv.ReadOptions(column_names=list(names)),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(
            column_types=kinds, null_values=[""], strings_can_be_null=False
        ),
    )
    return {name: table[name].to_pandas().to_numpy() for name in names}


def copied_shapes(
    cursor: Any, sql: str, values: Mapping[str, Any]
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Return numbers and shapes of a query with these two columns, bigint and geometry."""
    numbers, content, spans = copied_wkb(cursor, sql, values)
    return numbers, shapes_in(content, spans)


def shapes_in(content: NDArray[np.uint8], spans: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return the shapes that stand in bytes, None where a span is empty."""
    shapes: NDArray[np.object_] = np.empty(len(spans), dtype=object)
    # Bytes of half a million boundaries are not held twice.
    for first in range(0, len(spans), _AT_ONCE):
        rows = slice(first, first + _AT_ONCE)
        wkb = [content[begin:end].tobytes() or None for begin, end in spans[rows].tolist()]
        shapes[rows] = shapely.from_wkb(np.array(wkb, dtype=object))
    return shapes


def copy_rows(
    cursor: Any, table: str, columns: Mapping[str, NDArray[Any]], *, order: Sequence[str] = ()
) -> int:
    """Append rows of whole and real numbers to a table, given as columns; return how many.

    Raises RuntimeError if fewer arrive than were sent.
    """
    names = list(order or columns)
    rows = len(columns[names[0]]) if names else 0
    layout: list[tuple[str, str]] = [("fields", ">i2")]
    for name in names:
        kind = _TYPES[columns[name].dtype.name]
        layout += [(f"{name}_size", ">i4"), (name, kind)]
    lines = np.empty(rows, dtype=np.dtype(layout))
    lines["fields"] = len(names)
    for name in names:
        lines[f"{name}_size"] = columns[name].dtype.itemsize
        lines[name] = columns[name]
    content = io.BytesIO(_HEADER + lines.tobytes() + _TRAILER)
    cursor.copy_expert(f"COPY {table} ({', '.join(names)}) FROM STDIN (FORMAT binary)", content)
    if cursor.rowcount != rows:
        raise RuntimeError(f"{rows} rows were sent, {cursor.rowcount} arrived")
    return rows


@numba.njit(cache=True)
def _number(content, at, size):  # type: ignore[no-untyped-def]
    """Return the whole number in network order at a place."""
    value = np.int64(content[at])
    if value > 127:
        value -= 256
    for k in range(1, size):
        value = (value << 8) | np.int64(content[at + k])
    return value


@numba.njit(cache=True)
def _spans(content, at, numbers, spans):  # type: ignore[no-untyped-def]
    """Write number and place of each row; return how many there are."""
    row = 0
    while at + 2 <= len(content):
        fields = _number(content, at, 2)
        if fields < 0:
            break
        at += 2
        for field in range(fields):
            size = _number(content, at, 4)
            at += 4
            if field == 0:
                numbers[row] = _number(content, at, size)
            elif size > 0:
                spans[row, 0], spans[row, 1] = at, at + size
            at += max(size, 0)
        row += 1
    return row
