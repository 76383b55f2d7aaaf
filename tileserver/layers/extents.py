"""Where plans are in force, and what yearly land-use plans list."""

from __future__ import annotations

from tileserver.layer import Attribute, Identity, Kind, Layer, Shape
from tileserver.layers.shared import VALIDITY
from tileserver.styles import plans as styles


def _of_version(column: str) -> str:
    return f"(SELECT p.{column} FROM public_plan_versions p WHERE p.id = v.version_id)"  # noqa: S608 - our own words


PLAN_TERRITORIES = Layer(
    id="plan_territories",
    title_vi="Phạm vi các quy hoạch đang có hiệu lực",
    title_en="Territories of the plans in force",
    abstract_vi=(
        "Phạm vi mà mỗi quy hoạch đang có hiệu lực, theo quyết định nào. Trong phạm vi này, đất"
        " không thuộc khu chức năng nào nghĩa là quy hoạch không nói đến, không phải là không có"
        " quy hoạch."
    ),
    abstract_en=(
        "The ground on which each plan is in force, and by which decision. Inside it, ground"
        " without a zone means that the plan is silent there, not that nothing is planned."
    ),
    view="public_plan_territories",
    identity=Identity(("sequence", "plan_code")),
    geometry="boundary_3857",
    stored="boundary",
    shape=Shape.AREA,
    attributes=(
        Attribute("plan", "v.plan_code", "Mã quy hoạch", "Plan code"),
        Attribute("level", "v.level", "Cấp quy hoạch", "Level of the plan"),
        Attribute("name", _of_version("name_vi"), "Tên quy hoạch", "Name of the plan, Vietnamese"),
        Attribute("name_en", _of_version("name_en"), "Tên quy hoạch tiếng Anh", "Name of the plan"),
        Attribute("version", "v.sequence", "Lần ban hành", "Version", Kind.INTEGER, in_tiles=False),
        Attribute(
            "adjustment", _of_version("adjustment"), "Loại điều chỉnh", "Adjustment", in_tiles=False
        ),
        Attribute(
            "scale",
            _of_version("scale"),
            "Mẫu số tỷ lệ",
            "Scale denominator",
            Kind.INTEGER,
            in_tiles=False,
        ),
        Attribute(
            "information_code",
            _of_version("information_code"),
            "Mã số thông tin quy hoạch",
            "Plan-information code",
            in_tiles=False,
        ),
        Attribute(
            "authority",
            _of_version("authority"),
            "Cơ quan phê duyệt",
            "Approved by",
            in_tiles=False,
        ),
        Attribute(
            "decision_number",
            _of_version("decision_number"),
            "Số quyết định",
            "Decision number",
            in_tiles=False,
        ),
        Attribute(
            "decision_date",
            _of_version("decision_date"),
            "Ngày quyết định",
            "Decision date",
            Kind.DATE,
            in_tiles=False,
        ),
        Attribute(
            "data_date",
            _of_version("data_date"),
            "Ngày của dữ liệu",
            "Data date",
            Kind.DATE,
            in_tiles=False,
        ),
        *VALIDITY,
    ),
    min_zoom=8,
    style=styles.PLAN_TERRITORIES,
    # The coarser plan below, the finer above it.
    split_by=("level", ("land_use", "general", "zoning", "detailed")),
    group="plans",
    colour="#2f4b7c",
    is_visible=False,
    is_in_picture=False,
    keywords=("spatial plan", "phạm vi quy hoạch"),
)


def _of_annual_plan(column: str) -> str:
    return (
        f"(SELECT a.{column} FROM public_annual_plans a"  # noqa: S608 - our own words
        " WHERE a.code = v.annual_plan_code AND {known:a} LIMIT 1)"
    )


LAND_USE_ITEMS = Layer(
    id="land_use_items",
    title_vi="Công trình, dự án trong kế hoạch sử dụng đất hằng năm",
    title_en="Projects of annual land-use plans",
    abstract_vi=(
        "Công trình, dự án mà kế hoạch sử dụng đất của năm liệt kê, với năm đăng ký đầu tiên. Dự án"
        " chỉ nêu danh sách thửa được vẽ theo các thửa tìm thấy khi nhập. Hệ quả đối với người sử"
        " dụng đất (kể cả sau hai năm, Luật Đất đai 31/2024/QH15 Điều 76) xem ở trang của thửa đất."
    ),
    abstract_en=(
        "Projects that the land-use plan of a year lists, with the year in which they were first"
        " listed. A project that names plots only is drawn from those found when it came in. What"
        " follows for the holder of the land (also after two years, Land Law 31/2024/QH15 art. 76)"
        " is told on the page of the plot."
    ),
    view="public_land_use_items",
    identity=Identity(("plan_key", "item_key")),
    geometry="ground_3857",
    stored="ground",
    shape=Shape.AREA,
    attributes=(
        Attribute("item", "v.item_key", "Mã công trình", "Project identifier"),
        Attribute("name", "v.name_vi", "Tên công trình", "Name, Vietnamese"),
        Attribute("name_en", "v.name_en", "Tên tiếng Anh", "Name"),
        Attribute("kind", "v.kind", "Thu hồi hay chuyển mục đích", "Recovery or conversion"),
        Attribute("purpose", "v.purpose", "Mã loại đất theo mục đích", "Land use code of purpose"),
        Attribute(
            "first_listed_year",
            "v.first_listed_year",
            "Năm đăng ký đầu tiên",
            "First listed in",
            Kind.INTEGER,
        ),
        Attribute("status", "v.status", "Tình trạng", "Status"),
        Attribute("plan", "v.annual_plan_code", "Mã kế hoạch", "Plan code", in_tiles=False),
        Attribute(
            "year",
            _of_annual_plan("year"),
            "Năm kế hoạch",
            "Year of the plan",
            Kind.INTEGER,
            in_tiles=False,
        ),
        Attribute(
            "plan_decision",
            _of_annual_plan("decision_number"),
            "Số quyết định phê duyệt kế hoạch",
            "Decision on the plan",
            in_tiles=False,
        ),
        Attribute(
            "area_m2",
            "v.area_m2",
            "Diện tích theo kế hoạch",
            "Listed area",
            Kind.NUMBER,
            "m2",
            in_tiles=False,
        ),
        Attribute(
            "decision_number",
            "v.decision_number",
            "Số quyết định thu hồi, hủy bỏ hoặc hoàn thành",
            "Decision to recover, cancel or complete",
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
        Attribute(
            "drawn_from",
            "v.ground_from",
            "Vẽ theo ranh giới (boundary) hay danh sách thửa (parcels)",
            "Drawn from its boundary or from listed parcels",
            in_tiles=False,
        ),
        Attribute("note", "v.note", "Ghi chú", "Note", in_tiles=False),
        *VALIDITY,
    ),
    min_zoom=11,
    style=styles.LAND_USE_ITEMS,
    also_reads=("public_annual_plans",),
    group="plans",
    colour="#a85f14",
    is_visible=False,
    is_in_picture=False,
    keywords=("planned land use", "kế hoạch sử dụng đất", "thu hồi đất"),
)
