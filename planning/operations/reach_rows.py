"""Rows of reach by plot as PostgreSQL's binary COPY carries them, each with a digest of itself.

Half a million rows with five lists each would take minutes through the ORM. Format: PostgreSQL
documentation, COPY, "Binary Format", and array_send of its source for lists.
"""

from __future__ import annotations

import hashlib
import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from planning.models.published_reach import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Objects = NDArray[np.object_]

MANY: Final = len(KINDS)
#: Lists of numbers, in the order of the columns.
MEASURES: Final = ("walk_m", "straight_m", "walk_minutes", "motorbike_minutes")
#: Those that a limit is held against.
HELD: Final = ("walk_m", "straight_m")
COLUMNS: Final = ("parcel_id", *MEASURES, "states", "unit_code", "nearest", "fingerprint")
BATCH: Final = 20_000
TENTH: Final = 0.1
#: In tenths: what sums of square roots leave of a round number.
NOISE: Final = 1e-4
#: Numbers of the types real and varchar in pg_type.
_REAL, _TEXT = 700, 1043
_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"
_LIST: Final = np.dtype(
    [
        ("bytes", ">i4"),
        ("head", ">i4", (5,)),
        ("item", [("size", ">i4"), ("value", ">f4")], (MANY,)),
    ]
)
_FIXED: Final = np.dtype(
    [
        ("fields", ">i2"),
        ("parcel_size", ">i4"),
        ("parcel", "V16"),
        *((measure, _LIST) for measure in MEASURES),
        ("states_size", ">i4"),
        ("states", f"S{MANY}"),
    ]
)


@dataclass(frozen=True, eq=False)
class PlotsReached:
    """What is told of plots; (plots, kinds) in the order of KINDS, judged but not yet rounded."""

    #: 16 bytes of each parcel's identifier, as V16.
    parcel: NDArray[Any]
    unit_code: Objects
    walk_m: Floats
    straight_m: Floats
    walk_minutes: Floats
    motorbike_minutes: Floats
    #: Row of `facilities`, -1 for none.
    nearest: NDArray[np.int32]
    #: Keys of facilities.
    facilities: Sequence[str]
    #: (plots,) one text of m, n, u and - a plot.
    states: Objects

    def __len__(self) -> int:
        return len(self.parcel)


def copy_plots(cursor: Any, table: str, plots: PlotsReached) -> None:
    """Append plots to a table with the columns of COLUMNS.

    Raises RuntimeError if fewer arrive than were sent.
    """
    for first in range(0, len(plots), BATCH):
        rows = slice(first, min(first + BATCH, len(plots)))
        content = io.BytesIO(_HEADER + b"".join(_lines(plots, rows)) + _TRAILER)
        cursor.copy_expert(
            f"COPY {table} ({', '.join(COLUMNS)}) FROM STDIN (FORMAT binary)", content
        )
        if cursor.rowcount != rows.stop - rows.start:
            raise RuntimeError(f"{rows.stop - rows.start} rows were sent, {cursor.rowcount} came")


def _lines(plots: PlotsReached, rows: slice) -> Iterator[bytes]:
    fixed = np.zeros(rows.stop - rows.start, dtype=_FIXED)
    fixed["fields"], fixed["parcel_size"], fixed["states_size"] = len(COLUMNS), 16, MANY
    fixed["parcel"] = plots.parcel[rows]
    fixed["states"] = plots.states[rows].astype(f"S{MANY}")
    judged = np.ascontiguousarray(fixed["states"]).view("S1").reshape(-1, MANY)
    for measure in MEASURES:
        held = fixed[measure]
        held["bytes"] = _LIST.itemsize - 4
        held["head"] = (1, 0, _REAL, MANY, 1)
        held["item"]["size"] = 4
        values = getattr(plots, measure)[rows]
        held["item"]["value"] = _rounded(values, judged if measure in HELD else None)
    content, size = fixed.tobytes(), _FIXED.itemsize
    keys = [_text(key) for key in [*plots.facilities, ""]]
    lists: dict[bytes, bytes] = {}
    for row, (nearest, unit) in enumerate(
        zip(plots.nearest[rows], plots.unit_code[rows].tolist(), strict=True)
    ):
        # Neighbours have the same facilities.
        which = nearest.tobytes()
        if which not in lists:
            items = b"".join(keys[k] for k in nearest.tolist())
            head = struct.pack(">5i", 1, 0, _TEXT, MANY, 1)
            lists[which] = struct.pack(">i", len(head) + len(items)) + head + items
        line = content[row * size : (row + 1) * size] + _text(unit) + lists[which]
        yield line + struct.pack(">i", 16) + hashlib.blake2b(line, digest_size=16).digest()


def _text(text: str) -> bytes:
    held = text.encode()
    return struct.pack(">i", len(held)) + held


def _rounded(values: Floats, judged: NDArray[np.bytes_] | None) -> NDArray[np.float32]:
    """Round to a tenth; what was judged away from the limit, every NaN in the same bits.

    Nobody reads of 500 m that are not within 500 m.
    """
    tenths = values / TENTH
    rounded = np.round(tenths)
    if judged is not None:
        rounded = np.where(judged == b"n", np.ceil(tenths - NOISE), rounded)
        rounded = np.where(judged == b"m", np.floor(tenths + NOISE), rounded)
    return np.where(np.isnan(rounded), np.nan, rounded * TENTH).astype(np.float32)
