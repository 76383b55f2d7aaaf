"""Where MapProxy gets its pictures: straight from the MapServer pool.

An address on our own server would wait for a thread that waits for it.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from mapproxy.image import ImageResult
from mapproxy.layer.map_layer import MapLayer
from mapproxy.srs import get_epsg_num

from tileserver.drawing import Order, draw

if TYPE_CHECKING:
    from mapproxy.image.opts import ImageOptions
    from mapproxy.query import MapQuery

#: Names under which the state to be drawn goes through MapProxy, as dimensions.
STATE = "state"


# MapProxy brings no types.
class MapServerSource(MapLayer):  # type: ignore[misc]
    """Draws some layers of the catalogue. Public: `get_map`."""

    supports_meta_tiles = True

    def __init__(self, layers: tuple[str, ...], image_opts: ImageOptions) -> None:
        super().__init__(image_opts)
        self.layers = layers

    def get_map(self, query: MapQuery) -> ImageResult:
        """Return the picture MapProxy asks for. Raises NoPicture."""
        state = query.dimensions[STATE]
        width_px, height_px = query.size
        order = Order(
            layers=self.layers,
            epsg=get_epsg_num(query.srs.srs_code),
            box=tuple(query.bbox),
            width_px=width_px,
            height_px=height_px,
            as_of=state.today,
            known_at=state.newest.revision,
        )
        return ImageResult(io.BytesIO(draw(order)), size=query.size, image_opts=self.image_opts)
