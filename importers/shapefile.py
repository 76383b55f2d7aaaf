"""Read a polygon shapefile without GDAL: whole columns of bytes, rings by array arithmetic.

Source: ESRI Shapefile Technical Description (July 1998) and the dBASE III table layout. Attribute
values leave here as the bytes that were in the file; nothing is decoded, converted or guessed.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from importers import guard, rings
from landdata.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_HEADER: Final = 100
_INDEX_ENTRY: Final = 8
_RECORD_HEADER: Final = 8
#: Polygon, PolygonZ, PolygonM; the first two coordinates of a point lie alike in all three.
_POLYGON_TYPES: Final = (5, 15, 25)
_NULL_SHAPE: Final = 0
#: Type, box, number of parts and of points before the parts of a polygon.
_POLYGON_HEAD: Final = 44
_DBASE_III: Final = 3
_DBF_FIELD: Final = 32
_DELETED: Final = ord("*")
BATCH: Final = 50_000


@dataclass(frozen=True)
class Field:
    """A column of the attribute table; `width` is in bytes."""

    name: str
    kind: str
    width: int
    decimals: int
    at: int


@dataclass(frozen=True)
class Opened:
    """A shapefile whose parts fit together."""

    parts: guard.ShapefileParts
    fields: tuple[Field, ...]
    records: int
    language_driver: int
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    table_at: int
    record_width: int


def open_shapefile(path: Path) -> Opened:
    """Check that the parts of a shapefile are whole and belong together.

    Raises Invalid with the file, the record counted from 0 and the numbers that disagree:
    `shapefile_header_broken`, `shapefile_not_polygons`, `shapefile_cut`,
    `shapefile_record_broken`, `dbf_broken`, `dbf_cut`, `record_counts_differ`.
    """
    if guard.declared_format(path) != guard.SHAPEFILE:
        raise Invalid("format_not_as_declared", file=path.name, declared=guard.SHAPEFILE)
    parts = guard.shapefile_parts(path)
    _check_header(parts.shp)
    _check_header(parts.shx)
    starts, lengths = _record_places(parts)
    fields, records, table_at, record_width, driver = _read_dbf_header(parts.dbf)
    if records != len(starts):
        raise Invalid(
            "record_counts_differ", file=path.name, shapes=len(starts), table_rows=records
        )
    return Opened(parts, fields, records, driver, starts, lengths, table_at, record_width)


def read_batches(opened: Opened, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield `row`, `deleted`, the shape with its findings, and the wanted columns as bytes.

    `wanted` are upper-case names; a column that nobody asked for never leaves the table.
    """
    taken = [f for f in opened.fields if f.name.upper() in set(wanted)]
    shp = np.memmap(opened.parts.shp, np.uint8, "r")
    dbf = np.memmap(opened.parts.dbf, np.uint8, "r")
    ends = opened.table_at + opened.records * opened.record_width
    table = dbf[opened.table_at : ends].reshape(opened.records, opened.record_width)
    # A table without rows still has its columns: one empty batch.
    for first in range(0, max(opened.records, 1), BATCH):
        rows = np.arange(first, min(first + BATCH, opened.records))
        records = np.asarray(table[first : first + BATCH])
        shapes = rings.assemble(_polygons(shp, opened.starts[rows], opened.lengths[rows], first))
        columns = {
            "row": pa.array(rows, pa.int64()),
            "deleted": pa.array(records[:, 0] == _DELETED),
            **shapes,
            **{f.name.upper(): _column(records[:, f.at : f.at + f.width]) for f in taken},
        }
        yield pa.RecordBatch.from_pydict(columns)


def describe(opened: Opened) -> dict[str, Any]:
    """Return what the reader says about a file beside its rows."""
    prj = opened.parts.prj
    cpg = opened.parts.cpg
    return {
        "format": guard.SHAPEFILE,
        "records": opened.records,
        "prj": prj.read_bytes().decode("utf-8", "replace") if prj else None,
        "cpg": cpg.read_bytes()[:40].decode("ascii", "replace").strip() if cpg else None,
        "language_driver": opened.language_driver,
        "columns": [
            {"name": f.name, "kind": f.kind, "width": f.width, "decimals": f.decimals}
            for f in opened.fields
        ],
    }


def _check_header(path: Path) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEADER)
    if len(head) < _HEADER or struct.unpack(">i", head[:4])[0] != 9994:
        raise Invalid("shapefile_header_broken", file=path.name)
    (words,) = struct.unpack(">i", head[24:28])
    version, kind = struct.unpack("<ii", head[28:36])
    if version != 1000:
        raise Invalid("shapefile_header_broken", file=path.name)
    if kind not in _POLYGON_TYPES:
        raise Invalid("shapefile_not_polygons", file=path.name, kind=kind)
    if words * 2 != size:
        raise Invalid("shapefile_cut", file=path.name, bytes=size, bytes_declared=words * 2)


def _record_places(
    parts: guard.ShapefileParts,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each record's content begins and its length, both in bytes."""
    index = np.fromfile(parts.shx, ">i4", offset=_HEADER)
    if len(index) % 2 or len(index) // 2 > guard.MAX_RECORDS:
        raise Invalid("shapefile_header_broken", file=parts.shx.name)
    places = index.reshape(-1, 2).astype(np.int64) * 2
    starts, lengths = places[:, 0] + _RECORD_HEADER, places[:, 1]
    size = parts.shp.stat().st_size
    wrong = (
        (places[:, 0] < _HEADER) | (lengths < 4) | (starts + lengths > size) | (lengths % 4 != 0)
    )
    if wrong.any():
        raise _broken_record(parts.shp, int(wrong.argmax()))
    if len(starts):
        shp = np.memmap(parts.shp, np.uint8, "r")
        heads = shp[places[:, :1] + np.arange(_RECORD_HEADER)].copy().view(">i4").astype(np.int64)
        wrong = heads[:, 1] * 2 != lengths
        if wrong.any():
            raise _broken_record(parts.shp, int(wrong.argmax()))
        if int((lengths + _RECORD_HEADER).sum()) > size - _HEADER:
            raise Invalid("shapefile_header_broken", file=parts.shp.name)
    return starts, lengths


def _broken_record(path: Path, record: int) -> Invalid:
    return Invalid("shapefile_record_broken", file=path.name, row=record)


def _read_dbf_header(path: Path) -> tuple[tuple[Field, ...], int, int, int, int]:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(32)
        if len(head) < 32 or head[0] & 7 != _DBASE_III:
            raise Invalid("dbf_broken", file=path.name)
        records, header_length, record_width = struct.unpack("<IHH", head[4:12])
        described = file.read(max(header_length - 32, 0))
    fields: list[Field] = []
    at = 1
    for start in range(0, len(described) - _DBF_FIELD + 1, _DBF_FIELD):
        entry = described[start : start + _DBF_FIELD]
        if entry[0] == 0x0D:
            break
        name = entry[:11].split(b"\x00")[0].decode("latin-1").strip()
        # Clipper and FoxPro keep the high byte of a character field's width in the decimals.
        width = entry[16] + (entry[17] << 8 if entry[11:12] == b"C" else 0)
        fields.append(Field(name, entry[11:12].decode("latin-1"), width, entry[17], at))
        at += width
    names = [f.name.upper() for f in fields]
    if not fields or at != record_width or len(fields) > guard.MAX_COLUMNS:
        raise Invalid("dbf_broken", file=path.name)
    if len(set(names)) != len(names):
        raise Invalid("dbf_column_twice", file=path.name)
    if header_length + records * record_width > size:
        raise Invalid(
            "dbf_cut",
            file=path.name,
            table_rows=max((size - header_length) // record_width, 0),
            table_rows_declared=records,
        )
    return tuple(fields), records, header_length, record_width, head[29]


def _polygons(
    shp: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64], first_row: int
) -> rings.RingTable:
    """Return the rings of a run of records as one table of coordinates."""
    kinds = _int32(shp, starts)
    is_polygon = np.isin(kinds, _POLYGON_TYPES)
    if (~is_polygon & (kinds != _NULL_SHAPE)).any() or (lengths[is_polygon] < _POLYGON_HEAD).any():
        wrong = (~is_polygon & (kinds != _NULL_SHAPE)) | (is_polygon & (lengths < _POLYGON_HEAD))
        raise Invalid("shapefile_record_broken", row=first_row + int(wrong.argmax()))
    part_counts = np.zeros(len(starts), np.int64)
    point_counts = np.zeros(len(starts), np.int64)
    part_counts[is_polygon] = _int32(shp, starts[is_polygon] + 36)
    point_counts[is_polygon] = _int32(shp, starts[is_polygon] + 40)
    needed = _POLYGON_HEAD + 4 * part_counts + 16 * point_counts
    wrong = is_polygon & (
        (part_counts < 0)
        | (point_counts < 0)
        | (part_counts > guard.MAX_RINGS_PER_SHAPE)
        | (point_counts > guard.MAX_POINTS_PER_SHAPE)
        | ((part_counts == 0) & (point_counts > 0))
        | (needed > lengths)
    )
    if wrong.any():
        raise Invalid("shapefile_record_broken", row=first_row + int(wrong.argmax()))
    parts_at = starts + _POLYGON_HEAD
    first_points = _int32(shp, _ragged(parts_at, part_counts, 4))
    points_at = parts_at + 4 * part_counts
    places = _ragged(points_at, point_counts, 16)
    coordinates = shp[places[:, None] + np.arange(16)].view("<f8").reshape(-1, 2)
    return rings.RingTable(part_counts, point_counts, first_points, coordinates)


def _int32(data: NDArray[np.uint8], places: NDArray[np.int64]) -> NDArray[np.int64]:
    words: NDArray[np.int32] = data[places[:, None] + np.arange(4)].view("<i4").reshape(-1)
    return words.astype(np.int64)


def _ragged(starts: NDArray[np.int64], counts: NDArray[np.int64], step: int) -> NDArray[np.int64]:
    """Return the places of `counts[i]` things of `step` bytes, each run from its start."""
    total = int(counts.sum())
    before = np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(starts, counts) + (np.arange(total) - before) * step


def _column(cells: NDArray[np.uint8]) -> pa.Array:
    """Return fixed-width cells as Arrow binary, the blanks that fill them stripped at the end."""
    count, width = cells.shape
    filled = (cells != 0x20) & (cells != 0)
    ends = np.where(filled.any(axis=1), width - filled[:, ::-1].argmax(axis=1), 0)
    data = cells[np.arange(width) < ends[:, None]]
    offsets = np.zeros(count + 1, np.int32)
    np.cumsum(ends, out=offsets[1:])
    return pa.Array.from_buffers(
        pa.binary(), count, [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(data.tobytes())]
    )
