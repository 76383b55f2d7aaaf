"""MapServer's mapfile, made from the list of layers.

Nothing that a person typed goes into it: what a request may set (a day, a revision, a row) is
filled in by MapServer after a pattern has been held against it. It connects as the restricted
role and draws each picture from the copy that is stored in its system, so nothing is ever
reprojected here.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tileserver.layer import Shape
from tileserver.layers import MAP_LAYERS, TEAM_LAYERS
from tileserver.layers.land import PARCELS
from tileserver.limits import LARGEST_PICTURE_PX
from tileserver.mapserver.mapfile.classes import BOLD, FONT, drawn, lettered
from tileserver.mapserver.mapfile.sources import (
    FILE_COLUMN,
    connection_string,
    files_source,
    labelled_system,
    letters_source,
    row_source,
    scale_tokens,
    source,
)
from tileserver.mapserver.mapfile.symbols import symbols
from tileserver.mapserver.mapfile.twins import (
    INDEX,
    LETTERS,
    MAPSERVERS_PIXEL_M,
    MERCATOR,
    Twin,
    first_denominator,
    is_true_to_width,
    ms_layers,
    parts,
    pictured_layers,
    twins,
)
from tileserver.style import GROUND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tileserver.layer import Layer

__all__ = [
    "MAPSERVERS_PIXEL_M",
    "PLOT",
    "PLOT_COLOUR",
    "first_denominator",
    "mapfile",
    "ms_layers",
    "pictured_layers",
    "write",
]

FONTS = {
    FONT: Path("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"),
    BOLD: Path("/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf"),
}
#: Far around Viet Nam: a tight extent silently drops features at its edge.
EXTENT = (11_000_000, 600_000, 13_200_000, 2_900_000)
#: So far from a picture's edge no letters stand. A tile cache that cuts this much off around what
#: it asks for (MapProxy's `meta_buffer`) never cuts a word in two.
EDGE_PX = 16
#: The layer that outlines one row of `public_parcels`.
PLOT = "plot"
PLOT_COLOUR = "#c0143c"
_PLOT_STROKES = ((7.0, "#ffffff"), (3.0, PLOT_COLOUR))
_TYPES = {Shape.AREA: "POLYGON", Shape.LINE: "LINE", Shape.POINT: "POINT"}

_FORMATS = """  OUTPUTFORMAT
    NAME "png"
    DRIVER "AGG/PNG"
    MIMETYPE "image/png"
    IMAGEMODE RGB
    EXTENSION "png"
  END
  OUTPUTFORMAT
    NAME "png8"
    DRIVER "AGG/PNG8"
    MIMETYPE "image/png; mode=8bit"
    IMAGEMODE RGB
    EXTENSION "png"
    FORMATOPTION "QUANTIZE_FORCE=ON"
    FORMATOPTION "QUANTIZE_COLORS=256"
  END
  OUTPUTFORMAT
    NAME "jpeg"
    DRIVER "AGG/JPEG"
    MIMETYPE "image/jpeg"
    IMAGEMODE RGB
    EXTENSION "jpg"
    FORMATOPTION "QUALITY=85"
  END"""


def mapfile(
    database: Mapping[str, Any], fontset: str, *, team: Mapping[str, Any] | None = None
) -> str:
    """Return the mapfile for a database of Django's settings.

    `team` is the same database as the role that reads drafts; without it none are drawn.

    Raises ImproperlyConfigured for connection values that cannot be written down.
    """
    connection = connection_string(database)
    blocks = [
        block
        for twin in twins()
        for layer in MAP_LAYERS
        for block in _layer_blocks(layer, twin, connection)
    ]
    if team is not None:
        theirs = connection_string(team)
        blocks += [
            block
            for twin in twins()
            for layer in TEAM_LAYERS
            for block in _layer_blocks(layer, twin, theirs)
        ]
    west, south, east, north = EXTENT
    head = f"""MAP
  NAME "diado"
  FONTSET "{fontset}"
  IMAGECOLOR "{GROUND}"
  IMAGETYPE "png"
  SIZE 400 300
  MAXSIZE {LARGEST_PICTURE_PX}
  UNITS METERS
  CONFIG "ON_MISSING_DATA" "LOG"
  EXTENT {west} {south} {east} {north}
  PROJECTION
    "init=epsg:3857"
  END
{_FORMATS}
  WEB
    METADATA
      "ows_title" "Dia Do"
      "ows_onlineresource" "http://localhost/"
      "wms_srs" "EPSG:3857 EPSG:4326 EPSG:{settings.STORAGE_EPSG}"
      "wms_enable_request" "GetMap"
      "labelcache_map_edge_buffer" "-{EDGE_PX}"
    END
  END"""
    return "\n".join([head, symbols(), *blocks, _plot_layer(connection), "END", ""])


def write(
    folder: Path, database: Mapping[str, Any], *, team: Mapping[str, Any] | None = None
) -> Path:
    """Write the mapfile and its list of fonts below a folder, for this user only; return it.

    Raises ImproperlyConfigured when a font is missing.
    """
    missing = [str(path) for path in FONTS.values() if not path.is_file()]
    if missing:
        raise ImproperlyConfigured(f"fonts-noto-core: {', '.join(missing)}")
    folder.mkdir(parents=True, exist_ok=True)
    fonts = "".join(f"{name} {path}\n" for name, path in FONTS.items())
    _put(folder / "fonts.list", fonts)
    return _put(folder / "diado.map", mapfile(database, "fonts.list", team=team))


def _layer_blocks(layer: Layer, twin: Twin, connection: str) -> Iterable[str]:
    if layer.shape is Shape.RASTER:
        yield from _picture_blocks(layer, twin, connection)
        return
    for name, condition in parts(layer):
        yield _block(
            layer, f"{name}{twin.suffix}", source(layer, twin, connection, condition), drawn(layer)
        )
    if is_true_to_width(layer):
        name = f"{layer.id}{LETTERS}{twin.suffix}"
        yield _block(layer, name, letters_source(layer, twin, connection), lettered(layer))


def _block(layer: Layer, name: str, reading: Iterable[str], body: Iterable[str]) -> str:
    lines = [
        "  LAYER",
        f'    NAME "{name}"',
        f"    TYPE {_TYPES[layer.shape]}",
        "    STATUS ON",
        f"    MAXSCALEDENOM {first_denominator(layer)}",
        *scale_tokens(layer),
        *reading,
        *body,
        "  END",
    ]
    return "\n".join(lines)


def _picture_blocks(layer: Layer, twin: Twin, connection: str) -> Iterable[str]:
    """Return a layer of files, and the one that says which of them hold at the asked times."""
    index = f"{layer.id}{INDEX}{twin.suffix}"
    lines = [
        "  LAYER",
        f'    NAME "{index}"',
        "    TYPE POLYGON",
        "    STATUS OFF",
        *files_source(layer, twin, connection),
        "  END",
        "  LAYER",
        f'    NAME "{layer.id}{twin.suffix}"',
        "    TYPE RASTER",
        "    STATUS ON",
        f"    MAXSCALEDENOM {first_denominator(layer)}",
        f'    TILEINDEX "{index}"',
        f'    TILEITEM "{FILE_COLUMN}"',
        '    PROCESSING "RESAMPLE=BILINEAR"',
        *labelled_system(layer, twin),
        "  END",
    ]
    yield "\n".join(lines)


def _plot_layer(connection: str) -> str:
    strokes = [
        f'      STYLE COLOR "{colour}" WIDTH {width:g} LINEJOIN MITER END'
        for width, colour in _PLOT_STROKES
    ]
    lines = [
        "  LAYER",
        f'    NAME "{PLOT}"',
        "    TYPE LINE",
        "    STATUS ON",
        *row_source(PARCELS, MERCATOR, connection),
        "    CLASS",
        *strokes,
        "    END",
        "  END",
    ]
    return "\n".join(lines)


def _put(path: Path, text: str) -> Path:
    """Write a file in one step: a MapServer that starts meanwhile reads the old one or the new."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(name, path)
    return path
