"""What keeps others at a distance: hazardous works, ground under protection."""

from __future__ import annotations

from tileserver.layer import Attribute, Kind, Layer, Shape
from tileserver.layers.shared import DELIVERED, NAMED, ORIGIN
from tileserver.styles import limits as styles

HAZARD_SITES = Layer(
    id="hazard_sites",
    title_vi="Công trình cần khoảng cách an toàn",
    title_en="Sites that need a distance",
    abstract_vi="Nghĩa trang, bãi chôn lấp, trạm xăng, trạm xử lý và công trình tương tự.",
    abstract_en="Cemeteries, landfills, filling stations, treatment works and the like.",
    view="public_hazard_sites",
    identity=DELIVERED,
    geometry="boundary_3857",
    stored="boundary",
    shape=Shape.AREA,
    attributes=(
        *NAMED,
        Attribute("kind", "v.kind", "Loại", "Kind"),
        Attribute("technology", "v.technology", "Công nghệ", "Technology", in_tiles=False),
        Attribute("capacity", "v.capacity", "Công suất", "Capacity", Kind.NUMBER, in_tiles=False),
        Attribute(
            "capacity_unit",
            "v.capacity_unit",
            "Đơn vị công suất",
            "Unit of capacity",
            in_tiles=False,
        ),
        Attribute(
            "is_synthetic",
            "v.is_synthetic",
            "Dữ liệu minh họa",
            "Invented for show",
            Kind.TRUTH,
            in_tiles=False,
        ),
        *ORIGIN,
    ),
    min_zoom=11,
    style=styles.HAZARD_SITES,
    group="limits",
    colour="#8f1d1d",
    is_visible=False,
    keywords=("production facilities", "khoảng cách an toàn"),
)

PROTECTED_SITES = Layer(
    id="protected_sites",
    title_vi="Khu vực được bảo vệ",
    title_en="Protected sites",
    abstract_vi="Khu vực bảo vệ di tích và khu vực được bảo vệ khác, theo quyết định.",
    abstract_en="Ground protected by a decision of its own, such as heritage zones.",
    view="public_protected_sites",
    identity=DELIVERED,
    geometry="boundary_3857",
    stored="boundary",
    shape=Shape.AREA,
    attributes=(
        *NAMED,
        Attribute("kind", "v.kind", "Loại", "Kind"),
        Attribute("protection_zone", "v.protection_zone", "Khu vực bảo vệ", "Protection zone"),
        Attribute(
            "decision_number",
            "v.decision_number",
            "Số quyết định",
            "Decision number",
            in_tiles=False,
        ),
        Attribute(
            "decision_date",
            "v.decision_date",
            "Ngày quyết định",
            "Decision date",
            Kind.DATE,
            in_tiles=False,
        ),
        *ORIGIN,
    ),
    min_zoom=11,
    style=styles.PROTECTED_SITES,
    group="limits",
    colour="#6a4c93",
    is_visible=False,
    keywords=("protected sites", "di tích"),
)
