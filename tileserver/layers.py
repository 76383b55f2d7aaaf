"""The one list of layers: vector tiles, MapServer's mapfile and the client's tree come from it.

A layer names a `public_…` view, never a table: what is not in the view cannot leak. Every layer is
drawn from the stored EPSG:3857 copy, which is two to three times faster than reprojecting.

Adding a layer is one entry here, one view, and one line in docs/layers.md.
"""

from __future__ import annotations

from tileserver.layer import Attribute, Layer, Shape, Style, Thinning

OPENSTREETMAP = "© OpenStreetMap contributors (ODbL 1.0)"

_MAIN_ROADS = "'motorway','motorway_link','trunk','trunk_link','primary','primary_link'"
_TOWN_ROADS = f"{_MAIN_ROADS},'secondary','secondary_link','tertiary','tertiary_link'"
_DRIVEN_ROADS = f"{_TOWN_ROADS},'unclassified','residential','living_street','road','pedestrian'"

WATER = Layer(
    id="water",
    title_vi="Mặt nước",
    title_en="Water",
    view="public_water",
    geometry="boundary_3857",
    shape=Shape.AREA,
    attributes=(
        Attribute("name", "v.name"),
        Attribute("name_en", "v.name_en"),
        Attribute("kind", "v.kind"),
    ),
    min_zoom=9,
    style=Style(fill="#a9cfe3", outline="#7fb2cf"),
    group="water",
    colour="#0b6fa4",
    attribution=OPENSTREETMAP,
)

WARDS = Layer(
    id="wards",
    title_vi="Phường, xã",
    title_en="Wards",
    view="public_units",
    geometry="boundary_3857",
    shape=Shape.AREA,
    attributes=(
        Attribute("code", "v.code"),
        Attribute("name", "v.name"),
        Attribute("name_en", "v.name_en"),
        Attribute("full_name", "v.full_name"),
        Attribute("full_name_en", "v.full_name_en"),
    ),
    min_zoom=8,
    style=Style(outline="#8a5a83", width_px=1.4, label="name", label_size_pt=9),
    where="v.level = 'ward'",
    attribution="thanglequoc/vietnamese-provinces-database (MIT)",
)

ROADS = Layer(
    id="roads",
    title_vi="Đường phố",
    title_en="Streets",
    view="public_roads",
    geometry="axis_3857",
    shape=Shape.LINE,
    attributes=(
        Attribute("name", "v.name"),
        Attribute("name_en", "v.name_en"),
        Attribute("road_class", "v.road_class"),
        Attribute("width_m", "v.width_m"),
    ),
    min_zoom=9,
    style=Style(
        outline="#d9d3c7", width_px=2, width_from="width_m", label="name", label_from_scale=8000
    ),
    thinned=(
        Thinning(12, f"v.road_class IN ({_MAIN_ROADS})"),
        Thinning(14, f"v.road_class IN ({_TOWN_ROADS})"),
        Thinning(16, f"v.road_class IN ({_DRIVEN_ROADS})"),
    ),
    group="transport",
    colour="#8a4b08",
    attribution=OPENSTREETMAP,
)

ZONES = Layer(
    id="zones",
    title_vi="Khu chức năng quy hoạch",
    title_en="Planned zones",
    view="public_zones",
    geometry="boundary_3857",
    shape=Shape.AREA,
    attributes=(
        Attribute("uid", "v.uid::text"),
        Attribute("level", "v.level"),
        Attribute("label", "v.label"),
        Attribute("function", "v.function"),
        Attribute("plan", "v.plan_code"),
        Attribute("colour", "coalesce(nullif(f.colour, ''), nullif(u.colour, ''), '#bfbfbf')"),
    ),
    min_zoom=10,
    style=Style(fill="[colour]", outline="#4d4d4d", width_px=0.7, opacity=60, label="label"),
    # A plan older than the prescribed signs is drawn in them all the same.
    joins=(
        "LEFT JOIN LATERAL (SELECT f.colour FROM public_plan_functions f"
        " WHERE f.code = v.function AND {known:f}"
        " ORDER BY {valid:f} DESC, f.valid_from DESC LIMIT 1) f ON true"
        # The functions of a land-use plan are codes of land use.
        " LEFT JOIN LATERAL (SELECT u.colour FROM public_land_use_codes u"
        " WHERE v.level = 'land_use' AND u.code = v.function AND {known:u}"
        " ORDER BY {valid:u} DESC, u.valid_from DESC LIMIT 1) u ON true"
    ),
    also_reads=("public_plan_functions", "public_land_use_codes"),
    # The coarser plan below, the finer above it.
    split_by=("level", ("general", "zoning", "detailed")),
)

PARCELS = Layer(
    id="parcels",
    title_vi="Thửa đất",
    title_en="Parcels",
    view="public_parcels",
    geometry="boundary_3857",
    shape=Shape.AREA,
    attributes=(
        Attribute("uuid", "v.uuid::text"),
        Attribute("number", "v.number"),
        Attribute(
            "land_use",
            "(SELECT string_agg(u.code, '+' ORDER BY u.position) "
            "FROM public_parcel_land_uses u WHERE u.version_id = v.id)",
        ),
    ),
    # A tile of zoom 14 over a dense ward is 2 MB.
    min_zoom=15,
    is_labelled_once=True,
    style=Style(outline="#4a443a", width_px=0.8, label="number", label_from_scale=1500),
    also_reads=("public_parcel_land_uses",),
)

_NAMED = (Attribute("name", "v.name"), Attribute("name_en", "v.name_en"))

RAILWAYS = Layer(
    id="railways",
    title_vi="Đường sắt",
    title_en="Railways",
    view="public_railways",
    geometry="axis_3857",
    shape=Shape.LINE,
    attributes=(*_NAMED, Attribute("kind", "v.kind")),
    min_zoom=9,
    style=Style(outline="#4a4a4a", width_px=1.6),
    group="transport",
    colour="#4a4a4a",
    attribution=OPENSTREETMAP,
)

DYKES = Layer(
    id="dykes",
    title_vi="Đê",
    title_en="Dykes",
    view="public_dykes",
    geometry="axis_3857",
    shape=Shape.LINE,
    attributes=(*_NAMED, Attribute("kind", "v.kind"), Attribute("grade", "v.grade")),
    min_zoom=10,
    style=Style(outline="#7a5c1e", width_px=2.2),
    group="water",
    colour="#7a5c1e",
    is_visible=False,
)

POWER_LINES = Layer(
    id="power_lines",
    title_vi="Đường dây điện",
    title_en="Power lines",
    view="public_power_lines",
    geometry="axis_3857",
    shape=Shape.LINE,
    attributes=(
        *_NAMED,
        Attribute("voltage_kv", "v.voltage_kv"),
        Attribute("placement", "v.placement"),
    ),
    min_zoom=10,
    style=Style(outline="#7b2d8b", width_px=1.4),
    # Town lines would cover a whole city with threads.
    thinned=(Thinning(14, "v.voltage_kv >= 110"),),
    group="supply",
    colour="#7b2d8b",
    is_visible=False,
    attribution=OPENSTREETMAP,
)

PIPELINES = Layer(
    id="pipelines",
    title_vi="Đường ống",
    title_en="Pipelines",
    view="public_pipelines",
    geometry="axis_3857",
    shape=Shape.LINE,
    attributes=(
        *_NAMED,
        Attribute("kind", "v.kind"),
        Attribute("diameter_mm", "v.diameter_mm"),
    ),
    min_zoom=12,
    style=Style(outline="#0a7d6c", width_px=1.4),
    group="supply",
    colour="#0a7d6c",
    is_visible=False,
)

CONTROL_LINES = Layer(
    id="control_lines",
    title_vi="Chỉ giới đường đỏ, chỉ giới xây dựng",
    title_en="Red lines and building lines",
    view="public_control_lines",
    geometry="boundary_3857",
    shape=Shape.AREA,
    attributes=(*_NAMED, Attribute("kind", "v.kind"), Attribute("plan", "v.plan_code")),
    min_zoom=14,
    style=Style(outline="#c0143c", width_px=1.2),
    group="limits",
    colour="#c0143c",
    is_visible=False,
)

HAZARD_SITES = Layer(
    id="hazard_sites",
    title_vi="Công trình cần khoảng cách an toàn",
    title_en="Sites that need a distance",
    view="public_hazard_sites",
    geometry="boundary_3857",
    shape=Shape.AREA,
    attributes=(*_NAMED, Attribute("kind", "v.kind")),
    min_zoom=11,
    style=Style(fill="#d99a9a", outline="#8f1d1d", opacity=70),
    group="limits",
    colour="#8f1d1d",
    is_visible=False,
)

PROTECTED_SITES = Layer(
    id="protected_sites",
    title_vi="Khu vực được bảo vệ",
    title_en="Protected sites",
    view="public_protected_sites",
    geometry="boundary_3857",
    shape=Shape.AREA,
    attributes=(
        *_NAMED,
        Attribute("kind", "v.kind"),
        Attribute("protection_zone", "v.protection_zone"),
    ),
    min_zoom=11,
    style=Style(outline="#6a4c93", width_px=1.6),
    group="limits",
    colour="#6a4c93",
    is_visible=False,
)

BUILDINGS = Layer(
    id="buildings",
    title_vi="Nhà, công trình",
    title_en="Buildings",
    view="public_buildings",
    geometry="boundary_3857",
    shape=Shape.AREA,
    attributes=(Attribute("use", "v.use"), Attribute("storeys", "v.storeys")),
    # As many as there are plots.
    min_zoom=16,
    style=Style(fill="#d8d2c6", outline="#9a917f"),
    group="town",
    colour="#9a917f",
    is_visible=False,
    is_in_picture=False,
    attribution=OPENSTREETMAP,
)

FACILITIES = Layer(
    id="facilities",
    title_vi="Công trình công cộng",
    title_en="Public facilities",
    view="public_facilities",
    geometry="position_3857",
    shape=Shape.POINT,
    attributes=(
        *_NAMED,
        Attribute("kind", "v.kind"),
        Attribute("is_synthetic", "v.is_synthetic"),
    ),
    min_zoom=13,
    style=Style(fill="#1d5fa8"),
    group="town",
    colour="#1d5fa8",
    is_visible=False,
    is_in_picture=False,
    attribution=OPENSTREETMAP,
)

#: From the bottom of the map to its top.
LAYERS: tuple[Layer, ...] = (
    WATER,
    ZONES,
    PROTECTED_SITES,
    HAZARD_SITES,
    CONTROL_LINES,
    BUILDINGS,
    ROADS,
    RAILWAYS,
    DYKES,
    PIPELINES,
    POWER_LINES,
    WARDS,
    PARCELS,
    FACILITIES,
)
BY_ID = {layer.id: layer for layer in LAYERS}
