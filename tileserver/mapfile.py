"""MapServer's mapfile, made from the list of layers.

Nothing that a person typed goes into it: what a request may set (a day, a revision, a row) is
filled in by MapServer after a pattern has been held against it. It connects as the restricted
role and draws from the stored EPSG:3857 copy, so nothing is ever reprojected here.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from tileserver.layer import Layer, Shape, Style, in_both_times
from tileserver.layers import LAYERS
from tileserver.layers.land import PARCELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FONTS = {
    "noto": Path("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"),
    "noto-bold": Path("/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf"),
}
#: Far around Viet Nam: a tight extent silently drops features at its edge.
EXTENT = (11_000_000, 600_000, 13_200_000, 2_900_000)
LARGEST_PX = 2048
GROUND = "#f5f2ea"
#: The layer that outlines one row of `public_parcels`.
PLOT = "plot"
PLOT_COLOUR = "#c0143c"
#: Ends the name of a layer that draws only the names of another.
_LETTERS = "_names"
_PLOT_STYLES = ((7.0, "#ffffff"), (3.0, PLOT_COLOUR))

_DAY = "'%as_of%'"
_REVISION = "%known_at%"
# POSIX expressions: MapServer knows no \d.
_VALIDATION = """    VALIDATION
      "as_of" "^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]$"
      "known_at" "^[0-9]+$"
      "row" "^[0-9]+$"
    END"""


def drawn_layers() -> list[str]:
    """Return the names of MapServer's layers from the bottom to the top, without the plot."""
    return [name for layer in _pictured() for name in _names(layer)]


def _pictured() -> list[Layer]:
    return [layer for layer in LAYERS if layer.is_in_picture]


def mapfile(database: Mapping[str, Any], fontset: str) -> str:
    """Return the mapfile for a database of Django's settings.

    Raises ImproperlyConfigured for connection values that cannot be written down.
    """
    connection = connection_string(database)
    layers = [
        _layer(layer, name, condition, connection)
        for layer in _pictured()
        for name, condition in _parts(layer)
    ]
    west, south, east, north = EXTENT
    head = f"""MAP
  NAME "diado"
  FONTSET "{fontset}"
  IMAGECOLOR "{GROUND}"
  IMAGETYPE "png"
  SIZE 400 300
  MAXSIZE {LARGEST_PX}
  UNITS METERS
  EXTENT {west} {south} {east} {north}
  PROJECTION
    "init=epsg:3857"
  END
  OUTPUTFORMAT
    NAME "png"
    DRIVER "AGG/PNG"
    MIMETYPE "image/png"
    IMAGEMODE RGB
    EXTENSION "png"
  END
  WEB
    METADATA
      "ows_title" "Dia Do"
      "ows_onlineresource" "http://localhost/"
      "wms_srs" "EPSG:3857"
      "wms_enable_request" "GetMap"
    END
  END"""
    return "\n".join([head, *layers, _plot_layer(connection), "END", ""])


def write(folder: Path, database: Mapping[str, Any]) -> Path:
    """Write the mapfile and its list of fonts below a folder, for this user only; return it.

    Raises ImproperlyConfigured when a font is missing.
    """
    missing = [str(path) for path in FONTS.values() if not path.is_file()]
    if missing:
        raise ImproperlyConfigured(f"fonts-noto-core: {', '.join(missing)}")
    folder.mkdir(parents=True, exist_ok=True)
    fonts = "".join(f"{name} {path}\n" for name, path in FONTS.items())
    _put(folder / "fonts.list", fonts)
    return _put(folder / "diado.map", mapfile(database, "fonts.list"))


def connection_string(database: Mapping[str, Any]) -> str:
    """Return libpq's connection string for a database of Django's settings."""
    options = database.get("OPTIONS", {}).get("options", "")
    values = {
        "host": database["HOST"],
        "port": database["PORT"],
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "options": options,
        "application_name": "diado-mapserver",
    }
    parts = []
    for name, value in values.items():
        text = str(value)
        if any(letter in text for letter in "\"%\n\r\\'"):
            raise ImproperlyConfigured(f"MapServer cannot be given this value: {name}")
        if text:
            parts.append(f"{name}='{text}'")
    return " ".join(parts)


def _parts(layer: Layer) -> Iterable[tuple[str, str]]:
    """Return the MapServer layers that a layer is drawn as, with their SQL condition."""
    if layer.split_by is None:
        return [(layer.id, "")]
    column, values = layer.split_by
    return [(f"{layer.id}_{value}", f"v.{column} = '{value}'") for value in values]


def _layer(layer: Layer, name: str, condition: str, connection: str) -> str:
    style = layer.style
    if style.width_from is None:
        body = [*_labelled(layer), "    CLASS", *_styles(layer.shape, style), *_label(layer)]
        return _block(layer, name, condition, connection, [*body, "    END"])
    # In a layer whose widths are metres the letters would be metres high too.
    drawn = ["    SIZEUNITS METERS", "    CLASS", *_styles(layer.shape, style), "    END"]
    lettered = [*_labelled(layer), "    CLASS", *_label(layer), "    END"]
    return "\n".join(
        (
            _block(layer, name, condition, connection, drawn),
            _block(layer, f"{name}{_LETTERS}", condition, connection, lettered),
        )
    )


def _names(layer: Layer) -> list[str]:
    """Return the names of the MapServer layers that a layer is drawn as."""
    names = [name for name, _ in _parts(layer)]
    return names if layer.style.width_from is None else [*names, f"{names[0]}{_LETTERS}"]


def _labelled(layer: Layer) -> list[str]:
    style = layer.style
    lines = [f'    LABELITEM "{style.label}"'] if style.label else []
    if style.label_from_scale:
        lines.append(f"    LABELMAXSCALEDENOM {style.label_from_scale}")
    return lines


def _block(layer: Layer, name: str, condition: str, connection: str, body: Iterable[str]) -> str:
    conditions = [*layer.conditions(), condition, "{known:v}", "{valid:v}"]
    lines = [
        "  LAYER",
        f'    NAME "{name}"',
        f"    TYPE {'LINE' if layer.shape is Shape.LINE else 'POLYGON'}",
        "    STATUS ON",
        *_source(layer, " AND ".join(c for c in conditions if c), connection),
        *body,
        "  END",
    ]
    return "\n".join(lines)


def _plot_layer(connection: str) -> str:
    strokes = [
        line
        for width, colour in _PLOT_STYLES
        for line in (
            "      STYLE",
            f'        COLOR "{colour}"',
            f"        WIDTH {width:g}",
            "        LINEJOIN MITER",
            "      END",
        )
    ]
    return "\n".join(
        [
            "  LAYER",
            f'    NAME "{PLOT}"',
            "    TYPE LINE",
            "    STATUS ON",
            *_source(PARCELS, "v.id = %row%", connection),
            "    CLASS",
            *strokes,
            "    END",
            "  END",
        ]
    )


def _source(layer: Layer, where: str, connection: str) -> list[str]:
    attributes = ", ".join(
        f"{_drawable(layer.style, a.name, a.sql)} AS {a.name}" for a in layer.tile_attributes
    )
    sql = in_both_times(
        f"SELECT v.id, v.{layer.geometry} AS shape, {attributes} "  # noqa: S608 - our own list
        f"FROM {layer.view} v {layer.joins} WHERE {where}",
        known=_REVISION,
        day=_DAY,
    )
    return [
        "    CONNECTIONTYPE POSTGIS",
        f'    CONNECTION "{connection}"',
        '    PROCESSING "CLOSE_CONNECTION=DEFER"',
        f'    DATA "shape FROM ({sql}) AS t USING UNIQUE id USING SRID=3857"',
        _VALIDATION,
        "    PROJECTION",
        '      "init=epsg:3857"',
        "    END",
        "    METADATA",
        f'      "ows_title" "{layer.title_en}"',
        '      "wms_srs" "EPSG:3857"',
        "    END",
    ]


def _drawable(style: Style, name: str, sql: str) -> str:
    """Give a width where the data have none: MapServer would draw nothing."""
    return f"coalesce({sql}, {style.width_px:g})" if name == style.width_from else sql


def _styles(shape: Shape, style: Style) -> list[str]:
    lines = []
    if style.fill and style.opacity < 100:
        # The ground again, so that a finer plan hides the colour of the coarser one below it.
        lines += ["      STYLE", f'        COLOR "{GROUND}"', "      END"]
    if style.fill:
        lines += [
            "      STYLE",
            f"        COLOR {_colour(style.fill)}",
            *([f"        OPACITY {style.opacity}"] if style.opacity < 100 else []),
            "      END",
        ]
    if style.outline:
        word = "COLOR" if shape is Shape.LINE else "OUTLINECOLOR"
        width = f"[{style.width_from}]" if style.width_from else f"{style.width_px:g}"
        lines += [
            "      STYLE",
            f"        {word} {_colour(style.outline)}",
            f"        WIDTH {width}",
            *([f"        MINWIDTH {style.width_px:g}"] if style.width_from else []),
            *(["        LINECAP ROUND", "        LINEJOIN ROUND"] if shape is Shape.LINE else []),
            "      END",
        ]
    return lines


def _label(layer: Layer) -> list[str]:
    style = layer.style
    if style.label is None:
        return []
    return [
        "      LABEL",
        "        TYPE TRUETYPE",
        '        FONT "noto"',
        "        ENCODING UTF-8",
        f"        SIZE {style.label_size_pt:g}",
        '        COLOR "#1b2a27"',
        '        OUTLINECOLOR "#fffdf8"',
        "        OUTLINEWIDTH 3",
        "        PARTIALS FALSE",
        "        MINDISTANCE 150",
        *(["        ANGLE FOLLOW"] if layer.shape is Shape.LINE else ["        POSITION CC"]),
        "      END",
    ]


def _colour(colour: str) -> str:
    return colour if colour.startswith("[") else f'"{colour}"'


def _put(path: Path, text: str) -> Path:
    """Write a file in one step: a MapServer that starts meanwhile reads the old one or the new."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(name, path)
    return path
