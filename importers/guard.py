"""The one guard between strangers' files and everything else.

A file is opened by the format that it was declared to be, by readers of our own: GDAL opens by
content, so that a VRT named parcels.shp reads local files and addresses, and it turns cut or
absurd records into null geometries without a word. What is damaged is refused as a whole, with
the place, because half a delivery looks like a whole one.

Everything here is pure and runs inside the sandboxed reader (importers/sandbox.py).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from landdata.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

#: Half a million parcels take about 90 MB; the format itself ends at 8 GB.
MAX_FILE_BYTES: Final = 4 * 1024**3
MAX_PRJ_BYTES: Final = 64 * 1024
#: The longest boundary in the Vietnamese data at hand has 1,473 points.
MAX_POINTS_PER_SHAPE: Final = 1_000_000
MAX_RINGS_PER_SHAPE: Final = 100_000
MAX_RECORDS: Final = 20_000_000
MAX_COLUMNS: Final = 255

SHAPEFILE: Final = "shapefile"
GEOPACKAGE: Final = "geopackage"
OSM_XML: Final = "osm"
CSV: Final = "csv"
GEOTIFF: Final = "geotiff"
FORMAT_OF_SUFFIX: Final = {
    ".shp": SHAPEFILE,
    ".gpkg": GEOPACKAGE,
    ".osm": OSM_XML,
    ".csv": CSV,
    ".tif": GEOTIFF,
    ".tiff": GEOTIFF,
}

#: What a layer's shapes are: surfaces, lines, points, or none.
SURFACE: Final = "surface"
LINE: Final = "line"
POINT: Final = "point"
NO_GEOMETRY: Final = "none"

_SHAPEFILE_MAGIC: Final = struct.pack(">i", 9994)
_SQLITE_MAGIC: Final = b"SQLite format 3\x00"
#: "GPKG" from version 1.2 on, "GP10" and "GP11" before.
_GEOPACKAGE_IDS: Final = (b"GPKG", b"GP10", b"GP11")
_GEOPACKAGE_ID_AT: Final = 68

#: TIFF and BigTIFF, in both byte orders.
_TIFF_MAGICS: Final = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_XML_BEGINS: Final = (b"<?xml", b"<osm", b"\xef\xbb\xbf<?xml", b"\xef\xbb\xbf<osm")

_POINT: Final = 1
_LINE: Final = 2
_POLYGON: Final = 3
_MULTILINE: Final = 5
_MULTIPOLYGON: Final = 6
_GEOMETRY_COLLECTION: Final = 7
#: The only kind that stands inside another: a depth of two is never passed.
_INSIDE: Final = {_MULTIPOLYGON: (_POLYGON,), _MULTILINE: (_LINE,)}
_TAKEN: Final = {
    SURFACE: (_POLYGON, _MULTIPOLYGON),
    LINE: (_LINE, _MULTILINE),
    POINT: (_POINT,),
}
_WRONG_KIND: Final = {
    SURFACE: "geometry_not_polygon",
    LINE: "geometry_not_line",
    POINT: "geometry_not_point",
}
_EWKB_Z: Final = 0x80000000
_EWKB_M: Final = 0x40000000
_EWKB_SRID: Final = 0x20000000


@dataclass(frozen=True)
class ShapefileParts:
    """The files that are one shapefile; without a .prj somebody has to say the system."""

    shp: Path
    shx: Path
    dbf: Path
    prj: Path | None
    cpg: Path | None

    def present(self) -> list[Path]:
        """Return the parts there are, the .shp first."""
        return [p for p in (self.shp, self.shx, self.dbf, self.prj, self.cpg) if p is not None]


def declared_format(path: Path, taken: Collection[str] = tuple(FORMAT_OF_SUFFIX.values())) -> str:
    """Return the format that a file's name declares, if its first bytes bear it out.

    `taken` are the formats that the asking way in reads. Raises Invalid: `file_missing`,
    `format_not_taken`, `format_not_as_declared`, `file_too_large`.
    """
    if not path.is_file():
        raise Invalid("file_missing", file=path.name)
    declared = FORMAT_OF_SUFFIX.get(path.suffix.lower())
    if declared is None or declared not in taken:
        suffixes = sorted(s for s, known in FORMAT_OF_SUFFIX.items() if known in taken)
        raise Invalid("format_not_taken", file=path.name, taken=", ".join(suffixes))
    check_size(path, MAX_FILE_BYTES)
    with path.open("rb") as file:
        head = file.read(100)
    if not _is_genuine(declared, head):
        raise Invalid("format_not_as_declared", file=path.name, declared=declared)
    return declared


def _is_genuine(declared: str, head: bytes) -> bool:
    if declared == SHAPEFILE:
        return head[:4] == _SHAPEFILE_MAGIC
    if declared == OSM_XML:
        return head.startswith(_XML_BEGINS)
    if declared == GEOTIFF:
        return head[:4] in _TIFF_MAGICS
    if declared == CSV:
        # No magic bytes; a text has no zero byte, and every letter is checked when it is read.
        return b"\x00" not in head
    application = head[_GEOPACKAGE_ID_AT : _GEOPACKAGE_ID_AT + 4]
    return head[:16] == _SQLITE_MAGIC and application in _GEOPACKAGE_IDS


def check_size(path: Path, most: int) -> None:
    """Raise Invalid `file_too_large` beyond `most` bytes."""
    if path.stat().st_size > most:
        raise Invalid("file_too_large", file=path.name, bytes=path.stat().st_size, most=most)


def shapefile_parts(shp: Path) -> ShapefileParts:
    """Return the parts beside a .shp, in whatever case their suffixes are written.

    Raises Invalid `file_part_missing` without .shx or .dbf, `file_part_twice` if a suffix is there
    in two spellings.
    """
    beside: dict[str, list[Path]] = {}
    for path in sorted(shp.parent.iterdir()):
        if path.stem == shp.stem and path.is_file():
            beside.setdefault(path.suffix.lower(), []).append(path)
    for suffix in (".shx", ".dbf", ".prj", ".cpg"):
        if len(beside.get(suffix, ())) > 1:
            raise Invalid("file_part_twice", file=shp.name, part=suffix)
    for suffix in (".shx", ".dbf"):
        if suffix not in beside:
            raise Invalid("file_part_missing", file=shp.name, part=suffix)
        check_size(beside[suffix][0], MAX_FILE_BYTES)
    for suffix in (".prj", ".cpg"):
        if suffix in beside:
            check_size(beside[suffix][0], MAX_PRJ_BYTES)
    return ShapefileParts(
        shp=shp,
        shx=beside[".shx"][0],
        dbf=beside[".dbf"][0],
        prj=beside[".prj"][0] if ".prj" in beside else None,
        cpg=beside[".cpg"][0] if ".cpg" in beside else None,
    )


def wkb_problem(data: bytes, wanted: str = SURFACE) -> str | None:
    """Return what keeps a WKB from being read as a `wanted` kind of shape, or None.

    Surfaces are polygons and multipolygons, lines are linestrings and multilinestrings. Written
    without recursion into anything deeper and before any library sees the bytes: 106 kB of
    collections inside collections kill the process in GEOS. Counts are held against the bytes.
    """
    at, problem = _geometry_end(data, 0, _TAKEN[wanted], _WRONG_KIND[wanted])
    if problem is None and at != len(data):
        return "geometry_has_rest"
    return problem


def _geometry_end(
    data: bytes, at: int, taken: tuple[int, ...], wrong: str
) -> tuple[int, str | None]:
    """Return where the geometry at `at` ends."""
    if at + 5 > len(data):
        return at, "geometry_cut"
    order = "<" if data[at] == 1 else ">"
    if data[at] > 1:
        return at, "geometry_unreadable"
    (raw,) = struct.unpack_from(order + "I", data, at + 1)
    at += 5
    kind, dimensions = _kind_and_dimensions(raw)
    if raw & _EWKB_SRID:
        at += 4
    if kind == _GEOMETRY_COLLECTION:
        return at, "geometry_is_collection"
    if kind not in taken:
        return at, wrong
    if kind == _POINT:
        at += 8 * dimensions
        return (at, None) if at <= len(data) else (at, "geometry_cut")
    if kind == _LINE:
        return _ring_end(data, at, order, dimensions)
    if at + 4 > len(data):
        return at, "geometry_cut"
    (count,) = struct.unpack_from(order + "I", data, at)
    at += 4
    if count > MAX_RINGS_PER_SHAPE:
        return at, "geometry_too_large"
    for _ in range(count):
        if kind in _INSIDE:
            at, problem = _geometry_end(data, at, _INSIDE[kind], wrong)
        else:
            at, problem = _ring_end(data, at, order, dimensions)
        if problem is not None:
            return at, problem
    return at, None


def _kind_and_dimensions(raw: int) -> tuple[int, int]:
    """Return the plain geometry type and the number of coordinates of its points."""
    kind = raw & 0x0FFFFFFF
    iso = kind // 1000
    dimensions = 2 + bool(raw & _EWKB_Z) + bool(raw & _EWKB_M)
    if iso:
        dimensions = {1: 3, 2: 3, 3: 4}.get(iso, 4)
    return kind % 1000, dimensions


def _ring_end(data: bytes, at: int, order: str, dimensions: int) -> tuple[int, str | None]:
    if at + 4 > len(data):
        return at, "geometry_cut"
    (points,) = struct.unpack_from(order + "I", data, at)
    at += 4
    if points > MAX_POINTS_PER_SHAPE:
        return at, "geometry_too_large"
    at += points * dimensions * 8
    return (at, None) if at <= len(data) else (at, "geometry_cut")
