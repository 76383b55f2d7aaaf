"""MapServer's mapfile, made from the list of layers.

Nothing that a person typed goes into it: what a request may set (a day, a revision, a row) is
filled in by MapServer after a pattern has been held against it. It connects as the restricted
role and draws from the stored EPSG:3857 copy, so nothing is ever reprojected here.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from landdata import crs
from tileserver.layer import Layer, Shape, Style, in_both_times
from tileserver.layers import BY_ID, LAYERS
from tileserver.layers.land import PARCELS
from tileserver.limits import LARGEST_PICTURE_PX

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FONTS = {
    "noto": Path("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"),
    "noto-bold": Path("/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf"),
}
#: Far around Viet Nam: a tight extent silently drops features at its edge.
EXTENT = (11_000_000, 600_000, 13_200_000, 2_900_000)
GROUND = "#f5f2ea"
#: The layer that outlines one row of `public_parcels`.
PLOT = "plot"
PLOT_COLOUR = "#c0143c"
#: Ends the name of a layer that draws only the names of another.
_LETTERS = "_names"
_PLOT_STYLES = ((7.0, "#ffffff"), (3.0, PLOT_COLOUR))

#: Ends the names of the layers that are drawn from the storage system.
NATIVE = "@native"
#: Once around the equator in EPSG:3857, and a pixel as MapServer counts scales (72 to the inch).
_WORLD_M = 2 * 20_037_508.342789244
MAPSERVERS_PIXEL_M = 0.0254 / 72
_TYPES = {Shape.AREA: "POLYGON", Shape.LINE: "LINE", Shape.POINT: "POINT"}
_THINNED = "%thinned%"

_DAY = "'%as_of%'"
_REVISION = "%known_at%"
# POSIX expressions: MapServer knows no \d.
_VALIDATION = """    VALIDATION
      "as_of" "^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]$"
      "known_at" "^[0-9]+$"
      "row" "^[0-9]+$"
    END"""


@dataclass(frozen=True)
class _Twin:
    """Each layer is drawn from two stored copies, so that nothing is ever reprojected.

    `epsg` only labels the coordinates: PROJ's own idea of a VN-2000 zone is never used.
    """

    epsg: int
    srid: int
    suffix: str

    def column(self, layer: Layer) -> str:
        """Return the geometry column that is drawn."""
        return layer.stored if self.suffix else layer.geometry


MERCATOR = _Twin(crs.WEB_MERCATOR, crs.WEB_MERCATOR, "")


def _twins() -> tuple[_Twin, _Twin]:
    return (MERCATOR, _Twin(settings.STORAGE_EPSG, settings.STORAGE_SRID, NATIVE))


def _twin(epsg: int) -> _Twin:
    if epsg == crs.GEOGRAPHIC:
        # WGS 84 as Web Mercator has it: the one way between two systems that cannot go wrong.
        return MERCATOR
    for twin in _twins():
        if twin.epsg == epsg:
            return twin
    raise ValueError(f"MapServer draws in EPSG:3857, 4326 and {settings.STORAGE_EPSG} only")


def denominator(zoom: float) -> float:
    """Return MapServer's scale denominator above which what begins at a tile zoom is not drawn.

    A vector tile is seen 512 pixels wide, so that of zoom z stands for 78 km / 2^z to the pixel.
    Half a zoom of room lets each grid find the same at its nearest level.
    """
    return _WORLD_M / 512 / 2 ** (zoom - 0.5) / MAPSERVERS_PIXEL_M


def ms_layers(layer_ids: Iterable[str], epsg: int) -> list[str]:
    """Return the names of MapServer's layers for layers of the catalogue, bottom to top.

    `epsg` is Web Mercator, WGS 84 or the storage system, which is never reprojected (WMS 1.1.1
    keeps east before north in all three). Raises ValueError for another system and KeyError for an
    unknown layer.
    """
    wanted = {BY_ID[layer_id].id for layer_id in layer_ids}
    twin = _twin(epsg)
    return [
        f"{name}{twin.suffix}" for layer in LAYERS if layer.id in wanted for name in _names(layer)
    ]


def pictured_layers() -> list[str]:
    """Return the names of MapServer's layers in the picture of a plot, without the plot."""
    return ms_layers([layer.id for layer in LAYERS if layer.is_in_picture], crs.WEB_MERCATOR)


def mapfile(database: Mapping[str, Any], fontset: str) -> str:
    """Return the mapfile for a database of Django's settings.

    Raises ImproperlyConfigured for connection values that cannot be written down.
    """
    connection = connection_string(database)
    layers = [
        _layer(layer, twin, name, condition, connection)
        for twin in _twins()
        for layer in LAYERS
        for name, condition in _parts(layer)
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
  END
  SYMBOL
    NAME "dot"
    TYPE ELLIPSE
    FILLED TRUE
    POINTS 1 1 END
  END
  WEB
    METADATA
      "ows_title" "Dia Do"
      "ows_onlineresource" "http://localhost/"
      "wms_srs" "EPSG:3857 EPSG:4326 EPSG:{settings.STORAGE_EPSG}"
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


def _layer(layer: Layer, twin: _Twin, name: str, condition: str, connection: str) -> str:
    style = layer.style
    if style.width_from is None:
        body = [*_labelled(layer), "    CLASS", *_styles(layer.shape, style), *_label(layer)]
        return _block(layer, twin, name, condition, connection, [*body, "    END"])
    # In a layer whose widths are metres the letters would be metres high too.
    drawn = ["    SIZEUNITS METERS", "    CLASS", *_styles(layer.shape, style), "    END"]
    lettered = [*_labelled(layer), "    CLASS", *_label(layer), "    END"]
    return "\n".join(
        (
            _block(layer, twin, name, condition, connection, drawn),
            _block(layer, twin, f"{name}{_LETTERS}", condition, connection, lettered),
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


def _block(
    layer: Layer, twin: _Twin, name: str, condition: str, connection: str, body: Iterable[str]
) -> str:
    thinned = _THINNED if layer.thinned else ""
    conditions = [*layer.conditions(), condition, thinned, "{known:v}", "{valid:v}"]
    lines = [
        "  LAYER",
        f'    NAME "{name}{twin.suffix}"',
        f"    TYPE {_TYPES[layer.shape]}",
        "    STATUS ON",
        f"    MAXSCALEDENOM {denominator(layer.min_zoom):.0f}",
        *_thinning(layer),
        *_source(layer, twin, " AND ".join(c for c in conditions if c), connection),
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
            *_source(PARCELS, MERCATOR, "v.id = %row%", connection),
            "    CLASS",
            *strokes,
            "    END",
            "  END",
        ]
    )


def _thinning(layer: Layer) -> list[str]:
    """Return the condition of each range of scales, as vector tiles have it."""
    if not layer.thinned:
        return []
    values = [(0, "true")]
    for zoom in sorted({thinning.zoom for thinning in layer.thinned}, reverse=True):
        # Up to this scale the next coarser zoom is drawn.
        condition = " AND ".join(t.condition for t in layer.thinned if t.zoom >= zoom)
        values.append((round(denominator(zoom)), condition))
    return [
        "    SCALETOKEN",
        f'      NAME "{_THINNED}"',
        "      VALUES",
        *(f'        "{scale}" "{condition}"' for scale, condition in values),
        "      END",
        "    END",
    ]


def _source(layer: Layer, twin: _Twin, where: str, connection: str) -> list[str]:
    attributes = ", ".join(
        f"{_drawable(layer.style, a.name, a.sql)} AS {a.name}" for a in layer.tile_attributes
    )
    sql = in_both_times(
        f"SELECT v.id, v.{twin.column(layer)} AS shape, {attributes} "  # noqa: S608 - our own list
        f"FROM {layer.view} v {layer.joins} WHERE {where}",
        known=_REVISION,
        day=_DAY,
    )
    return [
        "    CONNECTIONTYPE POSTGIS",
        f'    CONNECTION "{connection}"',
        '    PROCESSING "CLOSE_CONNECTION=DEFER"',
        f'    DATA "shape FROM ({sql}) AS t USING UNIQUE id USING SRID={twin.srid}"',
        _VALIDATION,
        "    PROJECTION",
        f'      "init=epsg:{twin.epsg}"',
        "    END",
        "    METADATA",
        f'      "ows_title" "{layer.title_en}"',
        f'      "wms_srs" "EPSG:{twin.epsg}"',
        "    END",
    ]


def _drawable(style: Style, name: str, sql: str) -> str:
    """Give a width where the data have none: MapServer would draw nothing."""
    return f"coalesce({sql}, {style.width_px:g})" if name == style.width_from else sql


def _styles(shape: Shape, style: Style) -> list[str]:
    lines = []
    if shape is Shape.POINT:
        return [
            "      STYLE",
            '        SYMBOL "dot"',
            f"        COLOR {_colour(style.fill or GROUND)}",
            '        OUTLINECOLOR "#fffdf8"',
            "        SIZE 9",
            "      END",
        ]
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
