"""The two stored copies that every layer is drawn from, and the names of what MapServer draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from landdata import crs
from tileserver.layers import LAYERS, MAP_LAYERS, TEAM_LAYERS
from tileserver.style import Line, resolution

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tileserver.layer import Layer

#: Every layer that MapServer knows, bottom to top.
_BY_ID = {layer.id: layer for layer in (*MAP_LAYERS, *TEAM_LAYERS)}
#: Ends the names of the layers that are drawn from the storage system.
NATIVE = "@native"
#: Ends the name of the layer that says where the files of a picture lie.
INDEX = "_files"
#: Ends the name of a layer that draws only the names of another.
LETTERS = "_names"
#: A pixel as MapServer counts scales: 72 to the inch.
MAPSERVERS_PIXEL_M = 0.0254 / 72
#: Half a zoom of room lets each grid find a layer at its nearest level.
_ROOM = 0.5


@dataclass(frozen=True)
class Twin:
    """Nothing is ever reprojected: a picture in a system is drawn from the copy stored in it.

    `epsg` only labels the coordinates: PROJ's own idea of a VN-2000 zone is never used.
    """

    epsg: int
    srid: int
    suffix: str

    def column(self, layer: Layer) -> str:
        """Return the geometry column that is drawn."""
        return layer.stored if self.suffix else layer.geometry

    def stretch(self, layer: Layer) -> str:
        """Return SQL for how many units of the system a metre on the ground is, at a row."""
        if self.suffix:
            return "1"
        # The scale of the Mercator projection, from the row's southern edge.
        return f"cosh(ST_YMin(v.{layer.geometry}) / 6378137)"


MERCATOR = Twin(crs.WEB_MERCATOR, crs.WEB_MERCATOR, "")


def twins() -> tuple[Twin, Twin]:
    """Return the twin in Web Mercator and the one in the storage system."""
    return (MERCATOR, Twin(settings.STORAGE_EPSG, settings.STORAGE_SRID, NATIVE))


def ms_layers(layer_ids: Iterable[str], epsg: int) -> list[str]:
    """Return the names of MapServer's layers for layers of the catalogue, bottom to top.

    `epsg` is Web Mercator, WGS 84 or the storage system, which is never reprojected (WMS 1.1.1
    keeps east before north in all three). Raises ValueError for another system and KeyError for an
    unknown layer.
    """
    wanted = {_BY_ID[layer_id].id for layer_id in layer_ids}
    twin = _twin(epsg)
    return [
        f"{name}{twin.suffix}"
        for layer in _BY_ID.values()
        if layer.id in wanted
        for name in names(layer)
    ]


def _twin(epsg: int) -> Twin:
    if epsg == crs.GEOGRAPHIC:
        # WGS 84 as Web Mercator has it: the one way between two systems that cannot go wrong.
        return MERCATOR
    for twin in twins():
        if twin.epsg == epsg:
            return twin
    raise ValueError(f"MapServer draws in EPSG:3857, 4326 and {settings.STORAGE_EPSG} only")


def pictured_layers() -> list[str]:
    """Return the names of MapServer's layers in the picture of a plot, without the plot."""
    return ms_layers([layer.id for layer in LAYERS if layer.is_in_picture], crs.WEB_MERCATOR)


def parts(layer: Layer) -> list[tuple[str, str]]:
    """Return the MapServer layers that a layer is drawn as, with their SQL condition."""
    if layer.split_by is None:
        return [(layer.id, "")]
    column, values = layer.split_by
    return [(f"{layer.id}.{value}", f"v.{column} = '{value}'") for value in values]


def names(layer: Layer) -> list[str]:
    """Return the names of the MapServer layers that a layer is drawn as, lowest first."""
    drawn = [name for name, _ in parts(layer)]
    return [*drawn, f"{layer.id}{LETTERS}"] if is_true_to_width(layer) else drawn


def is_true_to_width(layer: Layer) -> bool:
    """Say whether strokes are measured on the ground. Then letters need a layer of their own."""
    return any(
        isinstance(part, Line) and part.width_from is not None
        for rule in layer.style.rules
        for part in rule.draw
    )


def denominator(zoom: float) -> int:
    """Return MapServer's scale denominator at a zoom of a style."""
    return round(resolution(zoom) / MAPSERVERS_PIXEL_M)


def first_denominator(layer: Layer) -> int:
    """Return the scale denominator above which a layer is not drawn."""
    return denominator(layer.min_zoom - _ROOM)
