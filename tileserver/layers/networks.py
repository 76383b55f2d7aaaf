"""Networks: streets, railways, water, dykes, power, pipes."""

from __future__ import annotations

from tileserver.layer import Attribute, Kind, Layer, Shape, Thinning
from tileserver.layers.shared import DELIVERED, NAMED, OPENSTREETMAP, ORIGIN
from tileserver.styles import networks as styles

_MAIN_ROADS = "'motorway','motorway_link','trunk','trunk_link','primary','primary_link'"
_TOWN_ROADS = f"{_MAIN_ROADS},'secondary','secondary_link','tertiary','tertiary_link'"
_DRIVEN_ROADS = f"{_TOWN_ROADS},'unclassified','residential','living_street','road','pedestrian'"

WATER = Layer(
    id="water",
    title_vi="Mặt nước",
    title_en="Water",
    abstract_vi="Hồ, ao, sông, kênh được vẽ theo diện tích mặt nước.",
    abstract_en="Lakes, ponds, rivers and canals drawn as surfaces.",
    view="public_water",
    identity=DELIVERED,
    geometry="boundary_3857",
    stored="boundary",
    shape=Shape.AREA,
    attributes=(
        *NAMED,
        Attribute("kind", "v.kind", "Loại", "Kind"),
        Attribute("function", "v.function", "Chức năng hành lang", "Function", in_tiles=False),
        *ORIGIN,
    ),
    min_zoom=9,
    style=styles.WATER,
    group="water",
    colour="#0b6fa4",
    attribution=OPENSTREETMAP,
    keywords=("hydrography", "thủy hệ"),
)

ROADS = Layer(
    id="roads",
    title_vi="Đường phố",
    title_en="Streets",
    abstract_vi="Tim đường theo từng đoạn giữa hai nút giao, với cấp đường và bề rộng.",
    abstract_en="Centre lines of streets between junctions, with class and width.",
    view="public_roads",
    identity=DELIVERED,
    geometry="axis_3857",
    stored="axis",
    shape=Shape.LINE,
    attributes=(
        *NAMED,
        Attribute("road_class", "v.road_class", "Loại đường", "Class of use"),
        Attribute("width_m", "v.width_m", "Bề rộng", "Width", Kind.NUMBER, "m"),
        Attribute(
            "technical_class",
            "v.technical_class",
            "Cấp kỹ thuật",
            "Technical class",
            in_tiles=False,
        ),
        Attribute(
            "planned_by", "v.planned_by", "Theo quy hoạch", "Planned by (plan code)", in_tiles=False
        ),
        *ORIGIN,
    ),
    min_zoom=9,
    style=styles.ROADS,
    thinned=(
        Thinning(12, f"v.road_class IN ({_MAIN_ROADS})"),
        Thinning(14, f"v.road_class IN ({_TOWN_ROADS})"),
        Thinning(16, f"v.road_class IN ({_DRIVEN_ROADS})"),
    ),
    group="transport",
    colour="#8a4b08",
    attribution=OPENSTREETMAP,
    keywords=("transport networks", "giao thông"),
)

RAILWAYS = Layer(
    id="railways",
    title_vi="Đường sắt",
    title_en="Railways",
    abstract_vi="Tim đường sắt quốc gia, đường sắt đô thị.",
    abstract_en="Centre lines of national and urban railways.",
    view="public_railways",
    identity=DELIVERED,
    geometry="axis_3857",
    stored="axis",
    shape=Shape.LINE,
    attributes=(*NAMED, Attribute("kind", "v.kind", "Loại", "Kind"), *ORIGIN),
    min_zoom=9,
    style=styles.RAILWAYS,
    group="transport",
    colour="#4a4a4a",
    attribution=OPENSTREETMAP,
    keywords=("transport networks", "giao thông"),
)

DYKES = Layer(
    id="dykes",
    title_vi="Đê",
    title_en="Dykes",
    abstract_vi="Tim mặt đê với cấp đê.",
    abstract_en="Crests of dykes with their grade.",
    view="public_dykes",
    identity=DELIVERED,
    geometry="axis_3857",
    stored="axis",
    shape=Shape.LINE,
    attributes=(
        *NAMED,
        Attribute("kind", "v.kind", "Loại", "Kind"),
        Attribute("grade", "v.grade", "Cấp đê", "Grade"),
        *ORIGIN,
    ),
    min_zoom=10,
    style=styles.DYKES,
    group="water",
    colour="#7a5c1e",
    is_visible=False,
    keywords=("hydrography", "đê điều"),
)

POWER_LINES = Layer(
    id="power_lines",
    title_vi="Đường dây điện",
    title_en="Power lines",
    abstract_vi="Đường dây và cáp điện với điện áp và cách lắp đặt.",
    abstract_en="Electricity lines and cables with voltage and placement.",
    view="public_power_lines",
    identity=DELIVERED,
    geometry="axis_3857",
    stored="axis",
    shape=Shape.LINE,
    attributes=(
        *NAMED,
        Attribute("voltage_kv", "v.voltage_kv", "Điện áp", "Voltage", Kind.NUMBER, "kV"),
        Attribute("placement", "v.placement", "Cách lắp đặt", "Placement"),
        Attribute("conductor", "v.conductor", "Loại dây", "Conductor", in_tiles=False),
        *ORIGIN,
    ),
    min_zoom=10,
    style=styles.POWER_LINES,
    # Town lines would cover a whole city with threads.
    thinned=(Thinning(14, "v.voltage_kv >= 110"),),
    group="supply",
    colour="#7b2d8b",
    is_visible=False,
    attribution=OPENSTREETMAP,
    keywords=("utility networks", "điện"),
)

PIPELINES = Layer(
    id="pipelines",
    title_vi="Đường ống",
    title_en="Pipelines",
    abstract_vi="Ống chính cấp nước, thoát nước, khí đốt.",
    abstract_en="Mains for water, sewage and gas.",
    view="public_pipelines",
    identity=DELIVERED,
    geometry="axis_3857",
    stored="axis",
    shape=Shape.LINE,
    attributes=(
        *NAMED,
        Attribute("kind", "v.kind", "Loại", "Kind"),
        Attribute("diameter_mm", "v.diameter_mm", "Đường kính", "Diameter", Kind.NUMBER, "mm"),
        Attribute(
            "pressure_bar",
            "v.pressure_bar",
            "Áp lực",
            "Pressure",
            Kind.NUMBER,
            "bar",
            in_tiles=False,
        ),
        *ORIGIN,
    ),
    min_zoom=12,
    style=styles.PIPELINES,
    group="supply",
    colour="#0a7d6c",
    is_visible=False,
    keywords=("utility networks", "đường ống"),
)
