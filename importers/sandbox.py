"""Start the reader of strangers' files in a process of its own, and take its rows.

The process has capped memory, time and descriptors, no network where the kernel allows, no
environment and no right to write a file. Whatever a file does to it, the parent gets either
checked Arrow data or a refusal.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from importers.geopackage import Wanted
from importers.reading import HEADER, REFUSED
from landdata.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

_ROOT: Final = Path(__file__).resolve().parent.parent
_START: Final = (
    "import sys; sys.path.insert(0, {root!r}); from importers.reading import main; sys.exit(main())"
)
#: Threads of the numeric libraries would each reserve address space that the limit counts.
_ENVIRONMENT: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LANG": "C.UTF-8"}
_MOST_WORDS: Final = 64 * 1024


@dataclass(frozen=True)
class Limits:
    """What a reader may use up before it is ended."""

    memory_bytes: int = 6 * 1024**3
    cpu_seconds: int = 300
    open_files: int = 64
    wall_seconds: float = 600.0


@dataclass(frozen=True)
class Layer:
    """What came out of a file: the reader's findings and the rows."""

    header: dict[str, Any]
    table: pa.Table


def read_shapefile(path: Path, columns: Sequence[str], *, limits: Limits | None = None) -> Layer:
    """Return the rows of a shapefile with the wanted columns as bytes.

    Raises Invalid with the reason the reader gave, or `reader_ended` if it was killed.
    """
    order = {"format": "shapefile", "path": str(path), "columns": list(columns)}
    (layer,) = _read(order, 1, limits or Limits())
    return layer


def read_geopackage(
    path: Path, layers: Sequence[str], *, limits: Limits | None = None
) -> list[Layer]:
    """Return the named layers of surfaces of a GeoPackage, in that order; all must be there."""
    found = read_layers(path, [Wanted(name) for name in layers], limits=limits)
    return [found[name] for name in layers]


def read_layers(
    path: Path, layers: Sequence[Wanted], *, limits: Limits | None = None
) -> dict[str, Layer]:
    """Return the wanted layers that a GeoPackage has, by name.

    Raises Invalid `layer_missing` without a required one, and what `read_shapefile` raises.
    """
    order = {
        "format": "geopackage",
        "path": str(path),
        "layers": [asdict(layer) for layer in layers],
    }
    found = _read(order, len(layers), limits or Limits())
    return {
        layer.name: read
        for layer, read in zip(layers, found, strict=True)
        if not read.header.get("missing")
    }


def read_osm(
    path: Path, keys: Sequence[str], *, limits: Limits | None = None
) -> dict[str, pa.Table]:
    """Return the tables of an .osm, see `importers.osm.reading.read_osm`."""
    order = {"format": "osm", "path": str(path), "keys": list(keys)}
    return {layer.header["layer"]: layer.table for layer in _read(order, 4, limits or Limits())}


def read_raster(path: Path, *, is_measured: bool, limits: Limits | None = None) -> dict[str, Any]:
    """Return what a GeoTIFF says of itself, see `importers.cells.describe_raster`; its EPSG code
    is None where the file has no usable one.
    """
    order = {"format": "geotiff", "path": str(path), "is_measured": is_measured}
    (layer,) = _read(order, 1, limits or Limits())
    return layer.header


def read_cells(
    path: Path, *, limits: Limits | None = None
) -> tuple[dict[str, float], NDArray[np.float32]]:
    """Return where the grid of a GeoTIFF lies and its cells, see `importers.cells.read_cells`."""
    (layer,) = _read({"format": "cells", "path": str(path)}, 1, limits or Limits())
    values = layer.table.column("value").to_numpy()
    shape = int(layer.header["rows"]), int(layer.header["columns"])
    if values.dtype != np.float32 or values.shape != (shape[0] * shape[1],):
        raise Invalid("raster_broken")
    return layer.header, values.reshape(shape)


def read_csv(path: Path, columns: Sequence[str], *, limits: Limits | None = None) -> pa.Table:
    """Return the wanted columns of a .csv, see `importers.separated.read_csv`."""
    order = {"format": "csv", "path": str(path), "columns": list(columns)}
    (layer,) = _read(order, 1, limits or Limits())
    return layer.table


def _read(order: dict[str, Any], streams: int, limits: Limits) -> Iterator[Layer]:
    order["limits"] = {
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": limits.cpu_seconds,
        "open_files": limits.open_files,
    }
    command = [sys.executable, "-I", "-c", _START.format(root=str(_ROOT)), json.dumps(order)]
    with subprocess.Popen(  # noqa: S603  (our own interpreter and code)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_ENVIRONMENT,
        cwd="/",
        start_new_session=True,
    ) as process:
        out, err = process.stdout, process.stderr
        if out is None or err is None:
            raise RuntimeError("the reader was started without the pipes that were asked for")
        words: list[bytes] = []
        listener = threading.Thread(target=_listen, args=(err, words), daemon=True)
        listener.start()
        too_late = threading.Event()
        timer = threading.Timer(limits.wall_seconds, _end, (process, too_late))
        timer.start()
        layers: list[Layer] | None = None
        try:
            layers = _layers(out, streams)
        except (pa.ArrowInvalid, OSError):
            # A stream that stops short: the status below says why.
            layers = None
        finally:
            # A reader that still writes gets a broken pipe and ends.
            out.close()
            status = process.wait()
            timer.cancel()
            listener.join()
    if status != 0 or layers is None:
        raise _refusal(status, b"".join(words), timed_out=too_late.is_set())
    return iter(layers)


def _end(process: subprocess.Popen[bytes], too_late: threading.Event) -> None:
    too_late.set()
    process.kill()


def _layers(stream: Any, count: int) -> list[Layer]:
    layers: list[Layer] = []
    source = pa.PythonFile(stream, mode="r")
    for _ in range(count):
        reader = pa.ipc.open_stream(source)
        table = reader.read_all()
        # The bytes come from a process that may have been taken over: believe no offset.
        table.validate(full=True)
        header: dict[str, Any] = json.loads((reader.schema.metadata or {})[HEADER])
        layers.append(Layer(header, table.replace_schema_metadata(None)))
    return layers


def _listen(stream: Any, words: list[bytes]) -> None:
    kept = 0
    while chunk := stream.read(4096):
        if kept < _MOST_WORDS:
            words.append(chunk)
            kept += len(chunk)


def _refusal(status: int, words: bytes, *, timed_out: bool) -> Invalid:
    """Return why there are no rows."""
    if status == REFUSED:
        said = json.loads(words.splitlines()[-1])
        return Invalid(str(said["code"]), **said["values"])
    # What a library wrote may quote the file, so it stays out of the log.
    logger.warning("reader ended with status %s", status)
    return Invalid("reader_ended", status=status, timed_out=timed_out)
