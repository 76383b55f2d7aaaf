"""Read comma-separated text, inside the sandboxed reader: UTF-8, nothing guessed."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from importers import guard
from landdata.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAX_BYTES: Final = 512 * 1024**2
_MOST_ROWS: Final = 5_000_000
_LONGEST_CELL: Final = 10_000
#: The sender's row is the line on which a record ends: what an editor shows.
ROW: Final = "row"
#: Whether the record has as many cells as the header; the others have no values.
WHOLE: Final = "whole"


def read_csv(path: Path, columns: Sequence[str]) -> pa.Table:
    """Return the wanted columns as text, with the line of each row.

    Raises Invalid `file_too_large`, `csv_not_utf8`, `csv_broken` with the line,
    `csv_columns_missing`.
    """
    if guard.declared_format(path) != guard.CSV:
        raise Invalid("format_not_as_declared", file=path.name, declared=guard.CSV)
    guard.check_size(path, MAX_BYTES)
    csv.field_size_limit(_LONGEST_CELL)
    lines: list[int] = []
    whole: list[bool] = []
    cells: list[list[str]] = [[] for _ in columns]
    # Excel puts a byte order mark before UTF-8.
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, strict=True)
        try:
            header = [name.strip() for name in next(rows, [])]
            missing = [name for name in columns if name not in header]
            if missing or len(set(header)) < len(header):
                raise Invalid(
                    "csv_columns_missing",
                    missing=", ".join(missing) or "–",
                    wanted=",".join(columns),
                )
            wanted = [header.index(name) for name in columns]
            for row in rows:
                if not row:
                    continue
                is_whole = len(row) == len(header)
                lines.append(rows.line_num)
                whole.append(is_whole)
                for column, at in zip(cells, wanted, strict=True):
                    column.append(row[at] if is_whole else "")
                if len(lines) > _MOST_ROWS:
                    raise Invalid("file_too_large", rows=len(lines), most=_MOST_ROWS)
        except UnicodeDecodeError as broken:
            raise Invalid("csv_not_utf8", line=rows.line_num + 1) from broken
        except csv.Error as broken:
            raise Invalid("csv_broken", line=rows.line_num, reason=str(broken)) from broken
    return pa.table(
        {
            ROW: pa.array(lines, pa.int64()),
            WHOLE: pa.array(whole, pa.bool_()),
            **{
                name: pa.array(texts, pa.string())
                for name, texts in zip(columns, cells, strict=True)
            },
        }
    )
