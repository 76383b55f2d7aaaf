"""Tables that a spreadsheet opens: CSV in UTF-8 with a mark, in which no cell is a formula."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Cell = str | int | float

#: Spreadsheets take a text that begins so for a formula and carry it out.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARK: Final = "\ufeff"
#: Lines that are sent at a time.
_LINES: Final = 200


class _Echo:
    """What csv writes is handed back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield a table in pieces, as its rows come; a cell that is not known is empty."""
    writer = csv.writer(_Echo())
    waiting = [_MARK + writer.writerow(header)]
    for row in rows:
        waiting.append(writer.writerow([_safe(value) for value in row]))
        if len(waiting) >= _LINES:
            yield "".join(waiting).encode()
            waiting = []
    yield "".join(waiting).encode()


def _safe(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
