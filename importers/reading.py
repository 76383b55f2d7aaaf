"""What runs inside the sandboxed reader: open one stranger's file, hand its rows to the parent.

Standard output carries Arrow IPC streams, one per layer, each with what the reader found beside
the rows in its schema's metadata. A refusal goes to standard error as one line of JSON.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Exit status for a file that was refused for a reason we can name.
REFUSED: Final = 3
HEADER: Final = b"diado"
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_PR_SET_NO_NEW_PRIVS: Final = 38


def main() -> int:
    """Read the order from the first argument and carry it out within its limits."""
    order: dict[str, Any] = json.loads(sys.argv[1])
    _lock_in(order["limits"])
    # Only now: the libraries that read strangers' bytes start inside the limits.
    from landdata.errors import Invalid

    try:
        with os.fdopen(1, "wb", closefd=False) as out:
            if order["format"] == "shapefile":
                _send_shapefile(Path(order["path"]), order["columns"], out)
            elif order["format"] == "geotiff":
                _send_raster(Path(order["path"]), order["is_measured"], out)
            elif order["format"] == "cells":
                _send_cells(Path(order["path"]), out)
            elif order["format"] == "csv":
                _send_csv(Path(order["path"]), order["columns"], out)
            elif order["format"] == "osm":
                _send_osm(Path(order["path"]), order["keys"], out)
            else:
                _send_geopackage(Path(order["path"]), order["layers"], out)
    except Invalid as refusal:
        return _refuse(refusal.code, refusal.values)
    except sqlite3.Error as broken:
        return _refuse("geopackage_broken", {"reason": str(broken)[:200]})
    except MemoryError:
        return _refuse("reader_out_of_memory", {})
    return 0


def _lock_in(limits: Mapping[str, int]) -> None:
    """Give up network and files to come, and cap memory, time and descriptors.

    The network goes where the kernel lets us (a user namespace); elsewhere the readers have
    no code that could use it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"],) * 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits["open_files"],) * 2)


def _send_shapefile(path: Path, columns: list[str], out: Any) -> None:
    import pyarrow as pa

    from importers import shapefile

    opened = shapefile.open_shapefile(path)
    header = shapefile.describe(opened)
    header["epsg"] = _resolved(header["prj"])
    batches = shapefile.read_batches(opened, columns)
    first = next(batches)
    with pa.ipc.new_stream(out, _labelled(first.schema, header)) as writer:
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch)


def _send_geopackage(path: Path, layers: list[dict[str, Any]], out: Any) -> None:
    import pyarrow as pa

    from importers import geopackage

    with geopackage.open_geopackage(path) as connection:
        there = geopackage.layers(connection)
        for layer in layers:
            wanted = geopackage.Wanted(**layer)
            if not wanted.required and wanted.name not in there:
                _send(out, pa.table({}), {"missing": True})
                continue
            header, table = geopackage.read_layer(connection, wanted)
            named = str(header["organization"]).upper() == "EPSG"
            header["epsg"] = _resolved(f"EPSG:{header['code']}" if named else header["definition"])
            _send(out, table, header)


def _send_raster(path: Path, is_measured: bool, out: Any) -> None:
    import pyarrow as pa

    from importers import cells

    described = cells.describe_raster(path, is_measured=is_measured)
    described["epsg"] = _resolved(described.pop("system"))
    _send(out, pa.table({}), described)


def _send_cells(path: Path, out: Any) -> None:
    import pyarrow as pa

    from importers import cells

    place, values = cells.read_cells(path)
    _send(out, pa.table({"value": pa.array(values.ravel())}), place)


def _send_csv(path: Path, columns: list[str], out: Any) -> None:
    from importers import separated

    _send(out, separated.read_csv(path, columns), {})


def _send_osm(path: Path, keys: list[str], out: Any) -> None:
    from importers.osm import reading

    for name, table in reading.read_osm(path, keys):
        _send(out, table, {"layer": name})


def _send(out: Any, table: Any, header: Mapping[str, Any]) -> None:
    import pyarrow as pa

    with pa.ipc.new_stream(out, _labelled(table.schema, header)) as writer:
        writer.write_table(table)


def _labelled(schema: Any, header: Mapping[str, Any]) -> Any:
    return schema.with_metadata({HEADER: json.dumps(header).encode()})


def _resolved(text: str | None) -> int | None:
    """Return our EPSG code for a file's own words on its system, None if they are not enough."""
    from landdata import crs

    if not text:
        return None
    try:
        return crs.resolve(text)
    except crs.UnknownCrsError:
        return None


def _refuse(code: str, values: Mapping[str, Any]) -> int:
    sys.stderr.write(json.dumps({"code": code, "values": values}) + "\n")
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
