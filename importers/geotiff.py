"""The header of a GeoTIFF, read by ourselves before GDAL sees the file.

Source: GeoTIFF specification 2.6.1 for the place of the cells; numbers of tags as JHOVE lists them;
the layout of directories was checked against files of GDAL in both byte orders and sizes. Only what
a raster of ours needs is let through: one image of bounded size, whose cells all lie inside the
file, north up.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from importers import guard
from landdata.errors import Invalid

if TYPE_CHECKING:
    from pathlib import Path

MAX_CELLS: Final = 4_000_000_000
_MAX_SIDE: Final = 300_000
_MAX_BANDS: Final = 16
#: What one block may take once it is unpacked: a reader holds a few of them.
_MAX_BLOCK_BYTES: Final = 512 * 1024**2
_MAX_ENTRIES: Final = 1_000
_MAX_IMAGES: Final = 32
_MAX_VALUES: Final = 20_000_000

_WIDTH, _HEIGHT, _BITS, _COMPRESSION = 256, 257, 258, 259
_STRIP_OFFSETS, _BANDS, _ROWS_PER_STRIP, _STRIP_BYTES = 273, 277, 278, 279
_TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_BYTES = 322, 323, 324, 325
_SUBFILE, _PLANAR = 254, 284
_PIXEL_SCALE, _TIEPOINT, _TRANSFORMATION = 33550, 33922, 34264
#: None, LZW, JPEG, deflate in both numbers, PackBits, Zstandard.
_COMPRESSIONS: Final = (1, 5, 7, 8, 32773, 32946, 50000)
#: Type → letter of struct and bytes, of the types that these tags have.
_TYPES: Final = {
    1: ("B", 1), 2: ("B", 1), 3: ("H", 2), 4: ("I", 4), 7: ("B", 1), 11: ("f", 4), 12: ("d", 8),
    13: ("I", 4), 16: ("Q", 8), 18: ("Q", 8),
}  # fmt: skip
_INTERESTING: Final = frozenset(
    {_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _STRIP_OFFSETS, _BANDS, _ROWS_PER_STRIP, _STRIP_BYTES}
    | {_TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_BYTES, _SUBFILE, _PLANAR}
    | {_PIXEL_SCALE, _TIEPOINT, _TRANSFORMATION}
)

_Tags = dict[int, tuple[Any, ...]]


@dataclass(frozen=True)
class _Layout:
    """How numbers and directories are written: byte order, and TIFF or BigTIFF."""

    order: str
    is_big: bool

    @property
    def offset(self) -> str:
        return self.order + ("Q" if self.is_big else "I")

    @property
    def count(self) -> str:
        return self.order + ("Q" if self.is_big else "H")

    @property
    def entry_bytes(self) -> int:
        return 20 if self.is_big else 12

    @property
    def inline_bytes(self) -> int:
        return 8 if self.is_big else 4


def check_geotiff(path: Path) -> None:
    """Raise Invalid for a file that is no raster that we take, with the reason.

    `format_not_as_declared`, `tiff_broken`, `tiff_cut`, `raster_too_large`, `raster_compression`,
    `raster_several_images`, `raster_without_place`, `raster_rotated`.
    """
    if guard.declared_format(path) != guard.GEOTIFF:
        raise Invalid("format_not_as_declared", file=path.name, declared=guard.GEOTIFF)
    size = path.stat().st_size
    with path.open("rb") as file:
        images = _images(file, size)
    # Smaller copies and masks of the image are marked; a second image would be lost.
    if sum(tags.get(_SUBFILE, (0,))[0] == 0 for tags in images) != 1:
        raise Invalid("raster_several_images")
    for tags in images:
        _check_image(tags, size)
    _check_place(next(tags for tags in images if tags.get(_SUBFILE, (0,))[0] == 0))


def _images(file: BinaryIO, size: int) -> list[_Tags]:
    head = _take(file, 0, 16, size)
    order = "<" if head[:2] == b"II" else ">"
    (version,) = struct.unpack_from(order + "H", head, 2)
    layout = _Layout(order, version == 43)
    (at,) = struct.unpack_from(layout.offset, head, 8 if layout.is_big else 4)
    found: list[_Tags] = []
    seen: set[int] = set()
    while at:
        if at in seen or len(found) >= _MAX_IMAGES:
            raise Invalid("tiff_broken")
        seen.add(at)
        tags, at = _directory(file, at, size, layout)
        found.append(tags)
    if not found:
        raise Invalid("tiff_broken")
    return found


def _directory(file: BinaryIO, at: int, size: int, layout: _Layout) -> tuple[_Tags, int]:
    """Return the tags of a directory and where the next one is, 0 for none."""
    width = struct.calcsize(layout.count)
    (entries,) = struct.unpack(layout.count, _take(file, at, width, size))
    if not 0 < entries <= _MAX_ENTRIES:
        raise Invalid("tiff_broken")
    at += width
    listed = _take(file, at, entries * layout.entry_bytes, size)
    tags: _Tags = {}
    for start in range(0, len(listed), layout.entry_bytes):
        tag, values = _entry(file, listed[start : start + layout.entry_bytes], size, layout)
        if tag in _INTERESTING:
            tags[tag] = values
    (following,) = struct.unpack(
        layout.offset,
        _take(file, at + len(listed), struct.calcsize(layout.offset), size),
    )
    return tags, following


def _entry(file: BinaryIO, entry: bytes, size: int, layout: _Layout) -> tuple[int, tuple[Any, ...]]:
    tag, kind = struct.unpack_from(layout.order + "HH", entry)
    if tag not in _INTERESTING:
        return tag, ()
    (count,) = struct.unpack_from(layout.offset, entry, 4)
    if kind not in _TYPES or not 0 < count <= _MAX_VALUES:
        raise Invalid("tiff_broken")
    letter, width = _TYPES[kind]
    data = entry[-layout.inline_bytes :]
    if count * width > layout.inline_bytes:
        (where,) = struct.unpack(layout.offset, data)
        data = _take(file, where, count * width, size)
    return tag, struct.unpack_from(f"{layout.order}{count}{letter}", data)


def _check_image(tags: _Tags, size: int) -> None:
    try:
        width, height = tags[_WIDTH][0], tags[_HEIGHT][0]
        is_tiled = _TILE_OFFSETS in tags
        offsets = tags[_TILE_OFFSETS if is_tiled else _STRIP_OFFSETS]
        lengths = tags[_TILE_BYTES if is_tiled else _STRIP_BYTES]
        block_width = tags[_TILE_WIDTH][0] if is_tiled else width
        strip = min(tags.get(_ROWS_PER_STRIP, (height,))[0], height)
        block_height = tags[_TILE_HEIGHT][0] if is_tiled else strip
    except KeyError as missing:
        raise Invalid("tiff_broken") from missing
    bands, bits = tags.get(_BANDS, (1,))[0], max(tags.get(_BITS, (1,)))
    if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE and width * height <= MAX_CELLS):
        raise Invalid("raster_too_large", width=width, height=height)
    if not 0 < bands <= _MAX_BANDS or not 0 < bits <= 64 or block_width * block_height == 0:
        raise Invalid("tiff_broken")
    in_block = bands if tags.get(_PLANAR, (1,))[0] == 1 else 1
    if block_width * block_height * in_block * bits > 8 * _MAX_BLOCK_BYTES:
        raise Invalid("raster_too_large", width=block_width, height=block_height)
    if tags.get(_COMPRESSION, (1,))[0] not in _COMPRESSIONS:
        raise Invalid("raster_compression", number=tags[_COMPRESSION][0])
    planes = bands // in_block
    across, down = -(-width // block_width), -(-height // block_height)
    if len(offsets) != len(lengths) or len(offsets) < across * down * planes:
        raise Invalid("tiff_broken")
    # A block of no bytes was never written and holds no data.
    if max(at + length for at, length in zip(offsets, lengths, strict=True)) > size:
        raise Invalid("tiff_cut")


def _check_place(tags: _Tags) -> None:
    """Raise Invalid unless the cells lie in rows from west to east, the first in the north."""
    if _TRANSFORMATION in tags:
        matrix = tags[_TRANSFORMATION]
        if len(matrix) < 8:
            raise Invalid("tiff_broken")
        # a b . c / d e . f: an oblique image has b and d, one upside down a positive e.
        if matrix[1] or matrix[4] or matrix[0] <= 0 or matrix[5] >= 0:
            raise Invalid("raster_rotated")
        return
    if _PIXEL_SCALE not in tags or len(tags.get(_TIEPOINT, ())) != 6:
        # Several tie points without a size of cells: a scanned map, not yet straightened.
        raise Invalid("raster_without_place")
    across, down = tags[_PIXEL_SCALE][:2]
    if not (across > 0 and down > 0):
        raise Invalid("raster_rotated")


def _take(file: BinaryIO, at: int, length: int, size: int) -> bytes:
    if at + length > size:
        raise Invalid("tiff_cut")
    file.seek(at)
    return file.read(length)
