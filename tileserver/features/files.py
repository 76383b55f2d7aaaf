"""Features as a file of another program: GeoPackage, zipped shapefile.

GDAL writes them in a folder of their own, which is gone when the answer has been sent. Nothing of
a caller names a file.
"""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from tileserver.features.systems import System, geometry_sql
from tileserver.features.table import chosen
from tileserver.layer import Kind, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tileserver.features.sql import Source
    from tileserver.layer import Attribute, Layer

#: A dBASE field's name has ten letters.
_DBASE_NAME = 10
#: Beyond this a stream is kept on disk.
_IN_MEMORY_BYTES = 4_000_000

_GEOMETRY = {
    Shape.AREA: "MultiPolygon",
    Shape.LINE: "MultiLineString",
    Shape.POINT: "Point",
}


@dataclass(frozen=True)
class FileFormat:
    """A kind of file: what GDAL calls it and how its names are made."""

    driver: str
    ending: str
    short_names: bool


GEOPACKAGE = FileFormat("GPKG", "gpkg", short_names=False)
SHAPEFILE = FileFormat("ESRI Shapefile", "shp", short_names=True)


def columns(system: System) -> Callable[[Source], list[str]]:
    """Return what a row is selected as: identity, attributes, the shape as WKB, east first."""

    def select(source: Source) -> list[str]:
        layer = source.query.layer
        shape = geometry_sql(layer, system.epsg)
        if layer.shape is not Shape.POINT:
            shape = f"ST_Multi({shape})"
        values = [source.fill(a.sql) for a in chosen(layer, source.query.attributes)]
        return [layer.identity.sql, *values, f"ST_AsBinary({shape})"]

    return select


def written(
    layer: Layer,
    rows: Iterable[tuple[Any, ...]],
    attributes: list[Attribute],
    system: System,
    kind: FileFormat,
) -> IO[bytes]:
    """Return the file, open at its beginning: the GeoPackage, or the shapefile's parts in a zip."""
    from pyogrio.raw import write

    table = list(rows)
    names = ["id", *(a.name for a in attributes)]
    fields = _short(names) if kind.short_names else _unlike_their_own(names)
    values = [np.array([f"{layer.id}.{row[0]}" for row in table], dtype=object)]
    values += [_column(a, [row[at] for row in table]) for at, a in enumerate(attributes, 1)]
    shapes = np.array([None if r[-1] is None else bytes(r[-1]) for r in table], dtype=object)
    with tempfile.TemporaryDirectory(prefix="diado-") as folder:
        path = Path(folder) / f"{layer.id}.{kind.ending}"
        write(
            path,
            shapes,
            [_filled(column) for column in values],
            fields,
            field_mask=[_missing(column) for column in values],
            geometry_type=_GEOMETRY[layer.shape],
            crs=f"EPSG:{system.epsg}",
            driver=kind.driver,
            layer=layer.id,
            **({"encoding": "UTF-8"} if kind.short_names else {}),
        )
        return _packed(path, kind)


def _packed(path: Path, kind: FileFormat) -> IO[bytes]:
    out: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES)  # noqa: SIM115 - the answer closes it
    if kind is SHAPEFILE:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
            for part in sorted(path.parent.iterdir()):
                archive.write(part, part.name)
    else:
        with path.open("rb") as made:
            while piece := made.read(1 << 20):
                out.write(piece)
    out.seek(0)
    return out


def _column(of: Attribute, values: list[Any]) -> Any:
    if of.kind is Kind.DATE:
        return np.array(values, dtype="datetime64[D]")
    if of.kind is Kind.NUMBER:
        return np.array([np.nan if v is None else float(v) for v in values], dtype=np.float64)
    if of.kind is Kind.INTEGER:
        return np.ma.masked_array(
            [0 if v is None else int(v) for v in values],
            mask=[v is None for v in values],
            dtype=np.int64,
        )
    if of.kind is Kind.TRUTH:
        return np.ma.masked_array(
            [bool(v) for v in values], mask=[v is None for v in values], dtype=bool
        )
    return np.array(values, dtype=object)


def _filled(column: Any) -> Any:
    return column.data if isinstance(column, np.ma.MaskedArray) else column


def _missing(column: Any) -> Any:
    if not isinstance(column, np.ma.MaskedArray):
        return None
    return np.ma.getmaskarray(column)


def _unlike_their_own(names: list[str]) -> list[str]:
    """Return names that do not meet GeoPackage's own columns, fid and geom."""
    return [f"{name}_" if name.lower() in ("fid", "geom") else name for name in names]


def _short(names: list[str]) -> list[str]:
    """Return names of at most ten letters, no two alike.

    >>> _short(["density_min", "density_max", "name"])
    ['density_mi', 'density_ma', 'name']
    >>> _short(["decision_number", "decision_numeral"])
    ['decision_n', 'decision_1']
    """
    made: list[str] = []
    for name in names:
        short, count = name[:_DBASE_NAME], 0
        while short.lower() in (other.lower() for other in made):
            count += 1
            short = f"{name[: _DBASE_NAME - len(str(count))]}{count}"
        made.append(short)
    return made
