"""The shape of the ground, as a picture."""

from __future__ import annotations

from tileserver.layer import Attribute, Kind, Layer, Shape
from tileserver.layers.shared import DELIVERED, NAMED, ORIGIN
from tileserver.styles import ground as styles

RELIEF = Layer(
    id="relief",
    title_vi="Địa hình (đổ bóng)",
    title_en="Relief (hillshade)",
    abstract_vi=(
        "Mô hình số độ cao được đổ bóng, ánh sáng từ hướng tây bắc; độ cao được nhân bốn lần để"
        " thấy được địa hình của đồng bằng. Chỉ để xem: độ cao nằm trong tệp gốc."
    ),
    abstract_en=(
        "Terrain models shaded by a lamp in the north-west; heights are taken four times as high,"
        " so that the ground of a delta is seen. To be looked at only: the heights stand in the"
        " received file."
    ),
    view="public_rasters",
    identity=DELIVERED,
    geometry="extent_3857",
    stored="extent",
    shape=Shape.RASTER,
    attributes=(
        *NAMED,
        Attribute("cell_width", "v.cell_width", "Bề rộng ô lưới", "Width of a cell", Kind.NUMBER),
        Attribute("minimum", "v.minimum", "Giá trị nhỏ nhất", "Least value", Kind.NUMBER),
        Attribute("maximum", "v.maximum", "Giá trị lớn nhất", "Greatest value", Kind.NUMBER),
        Attribute("unit", "v.unit", "Đơn vị", "Unit of the values"),
        *ORIGIN,
    ),
    min_zoom=6,
    style=styles.RELIEF,
    noted="public_rasters",
    where="v.kind = 'terrain'",
    group="ground",
    colour="#8b7d63",
    is_visible=False,
    is_in_picture=False,
    keywords=("elevation", "địa hình", "mô hình số độ cao"),
)
