"""Notes about rows: columns of notes, because a delivery of half a million may earn thousands.

A value is noted only from columns of numbers, codes and measures. Free text is never quoted: an
address or a remark may name a person.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv
from django.db import connection
from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from importers.models import ImportRun

_LONGEST_VALUE: Final = 60
_EXAMPLES: Final = 10
#: Stands for "no row" among row numbers.
_NO_ROW: Final = -1


@dataclass(frozen=True)
class Notes:
    """One kind of note on many rows."""

    code: str
    column: str
    refuses: bool
    rows: NDArray[np.int64]
    values: list[str]


@dataclass
class IssueLog:
    """All notes of a run; a row that is refused once is refused, however many notes it has.

    `first_row` is what the sender's first row is shown as: 1 where rows are counted from 0, 0 where
    they bring a number of their own (feature ids, lines of a text).
    """

    first_row: int = 1
    notes: list[Notes] = field(default_factory=list)

    def add(
        self,
        code: str,
        rows: NDArray[np.int64] | Sequence[int],
        *,
        column: str = "",
        values: Sequence[str | None] | None = None,
        refuses: bool = False,
    ) -> None:
        """Note `code` on rows, counted as their sender counts."""
        if not len(rows):
            return
        said = ["" if v is None else v[:_LONGEST_VALUE] for v in values or [""] * len(rows)]
        self.notes.append(Notes(code, column, refuses, np.asarray(rows, np.int64), said))

    def add_file_note(self, code: str, *, column: str = "", value: str = "") -> None:
        """Note something about the file as a whole, or about a thing of many rows in it."""
        self.notes.append(Notes(code, column, True, np.array([_NO_ROW]), [value]))

    def summary(self) -> list[dict[str, Any]]:
        """Return each kind of note with its count, its sentences and the first few rows."""
        merged: dict[tuple[str, str, bool], list[tuple[int, str]]] = {}
        for notes in self.notes:
            key = (notes.code, notes.column, notes.refuses)
            merged.setdefault(key, []).extend(zip(notes.rows.tolist(), notes.values, strict=True))
        return [
            {
                "code": code,
                "column": column,
                "refuses": refuses,
                "count": len(said),
                "text": {
                    language: sentence(f"import.{code}", language) for language in ("vi", "en")
                },
                "first": [
                    {
                        "row": None if row == _NO_ROW else row,
                        "row_shown": None if row == _NO_ROW else row + self.first_row,
                        "value": value,
                    }
                    for row, value in sorted(said)[:_EXAMPLES]
                ],
            }
            for (code, column, refuses), said in sorted(merged.items())
        ]

    def store(self, run: ImportRun) -> None:
        """Write all notes into the issues table."""
        with connection.cursor() as cursor:
            for notes in self.notes:
                count = len(notes.rows)
                table = pa.table(
                    {
                        "run_id": pa.array(np.full(count, run.pk)),
                        "row": pa.array(notes.rows, mask=notes.rows == _NO_ROW),
                        "column": pa.array([notes.column] * count),
                        "code": pa.array([notes.code] * count),
                        "value": pa.array(notes.values, pa.string()),
                        "refuses": pa.array([notes.refuses] * count),
                    }
                )
                out = io.BytesIO()
                pyarrow.csv.write_csv(
                    table,
                    out,
                    pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid"),
                )
                out.seek(0)
                cursor.copy_expert(
                    'COPY importers_importissue (run_id, "row", "column", code, value, refuses) '
                    "FROM STDIN WITH (FORMAT csv)",
                    out,
                )


def sentence(message: str, language: str, **values: Any) -> str:
    """Return the catalogue's sentence for a code in a language, its values filled in."""
    with translation.override(language):
        text = translation.gettext(message)
    return text % values if values else text
