"""Conflicts as layers of a GeoPackage.

`conflict_grounds` has the ground of each, `conflict_places` a point for every one of them, also
where there is no ground to show, and `conflict_parties` the shapes that contradict each other.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from planning.conflict_reports.as_csv import COLUMNS, cells
from planning.conflicts.records import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planning.conflict_reports.records import Report, ReportRow

#: Beyond this a file is kept on disk, in bytes.
_IN_MEMORY: Final = 4_000_000
_NUMBERS: Final = {"area_m2", "people", "east", "north", "longitude", "latitude"}
_WHOLE: Final = {"parcels", "first_run", "by_edit", "epsg"}


def geopackage(report: Report) -> IO[bytes]:
    """Return the file, open at its beginning; whoever takes it closes it."""
    rows = list(report.rows)
    with tempfile.TemporaryDirectory(prefix="diado-") as folder:
        path = Path(folder) / "conflicts.gpkg"
        grounds = [row for row in rows if row.ground is not None]
        for severity in Severity:
            of_it = [row for row in grounds if row.severity == severity]
            # A layer for each severity, so that each is there to be styled, even if empty.
            shapes = [_several(row.ground) for row in of_it]
            _layer(path, f"conflicts_{severity}", of_it, shapes, "MultiPolygon", report.epsg)
        places = [shapely.Point(row.place) for row in rows]
        _layer(path, "conflict_places", rows, places, "Point", report.epsg)
        _parties(path, rows, report.epsg)
        out: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the answer closes it
        with path.open("rb") as made:
            while piece := made.read(1 << 20):
                out.write(piece)
    out.seek(0)
    return out


def _layer(
    path: Path, name: str, rows: Sequence[ReportRow], shapes: Sequence[Any], kind: str, epsg: int
) -> None:
    table = [cells(row, epsg) for row in rows]
    columns = [_column(name, [line[at] for line in table]) for at, name in enumerate(COLUMNS)]
    _write(path, name, shapes, columns, list(COLUMNS), kind, epsg)


def _parties(path: Path, rows: Sequence[ReportRow], epsg: int) -> None:
    drawn = [
        (row, number, party, party.shape)
        for row in rows
        for number, party in enumerate(row.parties, start=1)
        if party.shape is not None
    ]
    texts = [
        [row.key for row, *_ in drawn],
        [row.rule.code for row, *_ in drawn],
        [row.severity for row, *_ in drawn],
        [str(number) for _, number, *_ in drawn],
        [party.kind for *_, party, _ in drawn],
        [party.key for *_, party, _ in drawn],
        [party.name for *_, party, _ in drawn],
    ]
    names = ["conflict", "rule", "severity", "number", "kind", "key", "name"]
    columns = [np.array(column, dtype=object) for column in texts]
    _write(path, "conflict_parties", [s for *_, s in drawn], columns, names, "Unknown", epsg)


def _write(
    path: Path,
    layer: str,
    shapes: Sequence[Any],
    columns: list[Any],
    names: list[str],
    kind: str,
    epsg: int,
) -> None:
    from pyogrio.raw import write

    array = np.empty(len(shapes), dtype=object)
    array[:] = [shapely.to_wkb(shape) for shape in shapes]
    write(
        path,
        array,
        [np.ma.getdata(column) for column in columns],
        names,
        field_mask=[_missing(column) for column in columns],
        geometry_type=kind,
        crs=f"EPSG:{epsg}",
        driver="GPKG",
        layer=layer,
        append=path.exists(),
    )


def _missing(column: Any) -> Any:
    return np.ma.getmaskarray(column) if isinstance(column, np.ma.MaskedArray) else None


def _several(shape: Any) -> Any:
    return shapely.MultiPolygon([shape]) if shape.geom_type == "Polygon" else shape


def _column(name: str, values: list[Any]) -> Any:
    if name in _NUMBERS:
        return np.array([np.nan if v == "" else float(v) for v in values], dtype=np.float64)
    if name in _WHOLE:
        missing = [v == "" for v in values]
        return np.ma.masked_array([0 if v == "" else int(v) for v in values], missing, np.int64)
    return np.array([str(v) for v in values], dtype=object)
