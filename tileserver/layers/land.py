"""The land and what stands on it: units, plots, buildings, facilities."""

from __future__ import annotations

from tileserver.layer import Attribute, Identity, Kind, Layer, Shape
from tileserver.layers.shared import DELIVERED, NAMED, OPENSTREETMAP, ORIGIN, VALIDITY
from tileserver.styles import land as styles

WARDS = Layer(
    id="wards",
    title_vi="Phường, xã",
    title_en="Wards",
    abstract_vi=(
        "Đơn vị hành chính cấp xã từ ngày 01/7/2025. Ranh giới đã được đơn giản hóa (khoảng 50 m),"
        " không dùng để xác định thửa đất thuộc xã nào."
    ),
    abstract_en=(
        "Commune-level units since 2025-07-01. Boundaries are simplified (about 50 m) and do not"
        " decide to which commune a plot belongs."
    ),
    view="public_units",
    identity=Identity(("code",)),
    geometry="boundary_3857",
    stored="boundary",
    shape=Shape.AREA,
    attributes=(
        Attribute("code", "v.code", "Mã đơn vị", "Code"),
        Attribute("name", "v.name", "Tên", "Name"),
        Attribute("name_en", "v.name_en", "Tên không dấu", "Name in Latin letters"),
        Attribute("full_name", "v.full_name", "Tên đầy đủ", "Full name"),
        Attribute("full_name_en", "v.full_name_en", "Tên đầy đủ tiếng Anh", "English full name"),
        Attribute(
            "province_code", "v.parent_code", "Mã tỉnh, thành phố", "Province code", in_tiles=False
        ),
        *VALIDITY,
    ),
    min_zoom=8,
    style=styles.WARDS,
    where="v.level = 'ward'",
    attribution="thanglequoc/vietnamese-provinces-database (MIT)",
    keywords=("administrative units", "địa giới hành chính"),
)

PARCELS = Layer(
    id="parcels",
    title_vi="Thửa đất",
    title_en="Parcels",
    abstract_vi=(
        "Thửa đất theo bản đồ địa chính: số tờ, số thửa, loại đất, diện tích pháp lý. Không có"
        " thông tin về người sử dụng đất."
    ),
    abstract_en=(
        "Plots of the cadastral map: sheet, number, land use, legal area. Nothing about who"
        " holds them."
    ),
    view="public_parcels",
    identity=Identity(("uuid",), Kind.UUID),
    geometry="boundary_3857",
    stored="boundary",
    shape=Shape.AREA,
    attributes=(
        Attribute("uuid", "v.uuid::text", "Mã bản ghi", "Record identifier", from_zoom=17),
        Attribute("number", "v.number", "Số thửa", "Plot number", from_zoom=16),
        Attribute(
            "land_use",
            "(SELECT string_agg(u.code, '+' ORDER BY u.position) "
            "FROM public_parcel_land_uses u WHERE u.version_id = v.id)",
            "Loại đất",
            "Land use",
            from_zoom=18,
        ),
        Attribute("sheet", "v.sheet_number", "Số tờ bản đồ", "Sheet number", in_tiles=False),
        Attribute(
            "sheet_scale",
            "v.sheet_scale",
            "Mẫu số tỷ lệ",
            "Scale denominator",
            Kind.INTEGER,
            in_tiles=False,
        ),
        Attribute(
            "national_id",
            "v.national_id",
            "Mã định danh thửa",
            "National identifier",
            in_tiles=False,
        ),
        Attribute("ward_code", "v.unit_code", "Mã phường, xã", "Ward code", in_tiles=False),
        Attribute(
            "area_m2",
            "v.legal_area_m2",
            "Diện tích pháp lý",
            "Legal area",
            Kind.NUMBER,
            "m2",
            in_tiles=False,
        ),
        Attribute(
            "address", "v.address", "Địa chỉ thửa đất", "Address of the plot", in_tiles=False
        ),
        Attribute(
            "is_disputed",
            "v.is_disputed",
            "Số thửa trùng",
            "Number stands twice",
            Kind.TRUTH,
            in_tiles=False,
        ),
        Attribute(
            "data_date", "v.data_date", "Ngày của dữ liệu", "Data date", Kind.DATE, in_tiles=False
        ),
        *VALIDITY,
    ),
    # A tile of zoom 14 over a dense ward is 2 MB.
    min_zoom=15,
    is_labelled_once=True,
    style=styles.PARCELS,
    also_reads=("public_parcel_land_uses",),
    keywords=("cadastral parcels", "địa chính"),
)

BUILDINGS = Layer(
    id="buildings",
    title_vi="Nhà, công trình",
    title_en="Buildings",
    abstract_vi="Hình chiếu nhà và công trình, với công năng và số tầng nếu có.",
    abstract_en="Footprints of buildings, with use and storeys where known.",
    view="public_buildings",
    identity=DELIVERED,
    geometry="boundary_3857",
    stored="boundary",
    shape=Shape.AREA,
    attributes=(
        Attribute("use", "v.use", "Công năng", "Use"),
        Attribute("storeys", "v.storeys", "Số tầng", "Storeys", Kind.INTEGER),
        Attribute(
            "height_m", "v.height_m", "Chiều cao", "Height", Kind.NUMBER, "m", in_tiles=False
        ),
        *ORIGIN,
    ),
    # As many as there are plots.
    min_zoom=16,
    style=styles.BUILDINGS,
    group="town",
    colour="#9a917f",
    is_visible=False,
    is_in_picture=False,
    attribution=OPENSTREETMAP,
    keywords=("buildings", "nhà"),
)

FACILITIES = Layer(
    id="facilities",
    title_vi="Công trình công cộng",
    title_en="Public facilities",
    abstract_vi="Trường học, cơ sở y tế, công viên, chợ và công trình dịch vụ khác.",
    abstract_en="Schools, clinics, parks, markets and other places of service.",
    view="public_facilities",
    identity=DELIVERED,
    geometry="position_3857",
    stored="position",
    shape=Shape.POINT,
    attributes=(
        *NAMED,
        Attribute("kind", "v.kind", "Loại", "Kind"),
        Attribute(
            "is_synthetic", "v.is_synthetic", "Dữ liệu minh họa", "Invented for show", Kind.TRUTH
        ),
        Attribute("capacity", "v.capacity", "Quy mô", "Capacity", Kind.NUMBER, in_tiles=False),
        Attribute(
            "capacity_unit", "v.capacity_unit", "Đơn vị quy mô", "Unit of capacity", in_tiles=False
        ),
        Attribute("address", "v.address", "Địa chỉ", "Address", in_tiles=False),
        *ORIGIN,
    ),
    min_zoom=13,
    style=styles.FACILITIES,
    group="town",
    colour="#1d5fa8",
    is_visible=False,
    is_in_picture=False,
    attribution=OPENSTREETMAP,
    keywords=("governmental services", "công trình công cộng"),
)
