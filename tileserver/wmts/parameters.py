"""Reading a GetTile or GetFeatureInfo, however it was addressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tileserver.mapproxy.grids import GRID_BY_ID, TILE_PX
from tileserver.mapproxy.tiles import PNG, Place
from tileserver.wms import tree
from tileserver.wms.info import WRITERS
from tileserver.wms.parameters import short
from tileserver.wmts.errors import TileException

if TYPE_CHECKING:
    from collections.abc import Mapping

STYLE = "default"
#: Media types by the endings of paths.
ENDINGS = {
    "json": "application/json",
    "html": "text/html",
    "txt": "text/plain",
    "gml": "application/vnd.ogc.gml",
}


@dataclass(frozen=True)
class PointInTile:
    """A GetFeatureInfo, checked."""

    place: Place
    column: int
    row: int
    format: str

    @property
    def point(self) -> tuple[float, float]:
        """The middle of the pixel, in the grid's system."""
        at = self.place
        west, _, _, north = at.grid.tile_box(at.z, at.x, at.y)
        pixel = at.grid.resolutions[at.z]
        return (west + (self.column + 0.5) * pixel, north - (self.row + 0.5) * pixel)


def place_of(given: Mapping[str, str]) -> Place:
    """Return the tile that is asked for. Raises TileException.

    `given` holds the standard's parameters by their names in capitals.
    """
    layer = _needed(given, "LAYER")
    if layer not in tree.by_name():
        raise _invalid("LAYER", layer, "layer")
    if _needed(given, "STYLE", may_be_empty=True) not in ("", STYLE):
        raise _invalid("STYLE", given["STYLE"], "style")
    if _needed(given, "FORMAT") != PNG:
        raise TileException(
            "format",
            code="InvalidParameterValue",
            locator="FORMAT",
            given=short(given["FORMAT"]),
            formats=PNG,
        )
    grid = GRID_BY_ID.get(_needed(given, "TILEMATRIXSET"))
    if grid is None:
        raise _invalid("TILEMATRIXSET", given["TILEMATRIXSET"], "grid")
    matrix = _needed(given, "TILEMATRIX")
    if matrix not in map(str, range(len(grid.resolutions))):
        raise _invalid("TILEMATRIX", matrix, "zoom")
    z = int(matrix)
    columns, rows = grid.size(z)
    y = _index(given, "TILEROW", rows)
    x = _index(given, "TILECOL", columns)
    return Place(layer, grid, z, x, y)


def point_of(given: Mapping[str, str]) -> PointInTile:
    """Return the point that is asked about. Raises TileException."""
    place = place_of(given)
    row, column = _pixel(given, "J"), _pixel(given, "I")
    format_ = _needed(given, "INFOFORMAT")
    if format_ not in WRITERS:
        raise TileException(
            "info_format",
            code="InvalidParameterValue",
            locator="INFOFORMAT",
            given=short(format_),
            formats=", ".join(WRITERS),
        )
    return PointInTile(place, column, row, format_)


def missing(name: str) -> TileException:
    """Return the refusal of a request that lacks a parameter."""
    return TileException("missing", code="MissingParameterValue", locator=name, name=name)


def _needed(given: Mapping[str, str], name: str, *, may_be_empty: bool = False) -> str:
    value = given.get(name)
    if value is None or (not value and not may_be_empty):
        raise missing(name)
    return value


def _invalid(name: str, value: str, sentence: str) -> TileException:
    return TileException(
        sentence, code="InvalidParameterValue", locator=name, **{sentence: short(value)}
    )


def _whole_number(given: Mapping[str, str], name: str) -> int:
    text = _needed(given, name)
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 12):
        raise TileException(
            "number", code="InvalidParameterValue", locator=name, name=name, given=short(text)
        )
    return int(text)


def _index(given: Mapping[str, str], name: str, count: int) -> int:
    number = _whole_number(given, name)
    if not 0 <= number < count:
        raise TileException(
            "tile_outside",
            code="TileOutOfRange",
            locator=name,
            name=name,
            asked=number,
            last=count - 1,
        )
    return number


def _pixel(given: Mapping[str, str], name: str) -> int:
    number = _whole_number(given, name)
    if not 0 <= number < TILE_PX:
        raise TileException(
            "point",
            code="PointIJOutOfRange",
            locator=name,
            name=name,
            asked=number,
            last=TILE_PX - 1,
        )
    return number
