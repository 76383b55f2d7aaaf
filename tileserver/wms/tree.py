"""Which layers the services show: one root, a theme each, the catalogue's layers below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tileserver.layers import MAP_LAYERS
from tileserver.layers.themes import OTHERWISE, THEMES
from tileserver.mapserver.mapfile import MAPSERVERS_PIXEL_M, first_denominator
from tileserver.sight import layers_in_sight

if TYPE_CHECKING:
    from tileserver.layer import Layer
    from tileserver.layers.themes import Theme

#: Pixels by which scales are told (OGC 06-042, 7.2.4.6.9).
PIXEL_M = 0.00028
#: The layer that holds all others.
ROOT = "diado"


@dataclass(frozen=True)
class Group:
    """A named layer that stands for several."""

    id: str
    title_vi: str
    title_en: str
    layers: tuple[Layer, ...]

    @property
    def shown(self) -> tuple[Layer, ...]:
        """What is drawn for the name: everything once."""
        return _once(self.layers)


def groups() -> tuple[Group, ...]:
    """Return the themes that have layers, from the bottom of the map to its top."""
    made = (
        Group(
            f"theme_{t.id}", t.title_vi, t.title_en, tuple(y for y in MAP_LAYERS if _belongs(y, t))
        )
        for t in THEMES
    )
    return tuple(group for group in made if group.layers)


def _once(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    return tuple(layer for layer in layers if not layer.part_of)


def _belongs(layer: Layer, theme: Theme) -> bool:
    if layer.id in theme.members or (layer.group and layer.group == theme.id):
        return True
    is_claimed = any(
        layer.id in other.members or (layer.group and layer.group == other.id) for other in THEMES
    )
    return not is_claimed and theme.id == OTHERWISE


def by_name() -> dict[str, tuple[Layer, ...]]:
    """Return the catalogue's layers behind every name that can be asked for."""
    names: dict[str, tuple[Layer, ...]] = {ROOT: _once(MAP_LAYERS)}
    for group in groups():
        names[group.id] = group.shown
    names.update({layer.id: (layer,) for layer in (*MAP_LAYERS, *layers_in_sight())})
    return names


def largest_scale_denominator(layer: Layer) -> float:
    """Return the scale denominator up to which MapServer draws a layer, for pixels of 0.28 mm."""
    return first_denominator(layer) * MAPSERVERS_PIXEL_M / PIXEL_M
