"""Land that can be had."""

from __future__ import annotations

from tileserver.layer import Attribute, Identity, Kind, Layer, Shape
from tileserver.layers.plans import indicator_attributes
from tileserver.layers.shared import VALIDITY
from tileserver.styles import offers as styles


def _of_ward(column: str) -> str:
    return (
        f"(SELECT w.{column} FROM public_units w WHERE w.level = 'ward'"  # noqa: S608 - our own words
        " AND w.code = v.unit_code AND {known:w} AND {valid:w} LIMIT 1)"
    )


def _of_function(column: str) -> str:
    return (
        f"(SELECT f.{column} FROM public_plan_functions f WHERE f.code = v.function"  # noqa: S608 - our own words
        " AND {known:f} ORDER BY {valid:f} DESC, f.valid_from DESC LIMIT 1)"
    )


AVAILABLE_SITES = Layer(
    id="available_sites",
    title_vi="Quỹ đất có thể tiếp cận",
    title_en="Available land",
    abstract_vi=(
        "Khu đất mà cơ quan nhà nước công bố: còn trống (free), đang mời đấu giá, đấu thầu"
        " (offered), đã giao hoặc cho thuê (allocated). Chức năng và chỉ tiêu lấy từ quy hoạch đang"
        " có hiệu lực, tính lại khi quy hoạch thay đổi; nơi có nhiều ô thì nêu ô lớn nhất. Khu đất"
        " đang mời rời bản đồ sau ngày cuối của thời hạn. Lọc được theo diện tích, chức năng, tình"
        " trạng, phường xã và khoảng cách."
    ),
    abstract_en=(
        "Sites that public offices publish: free, offered (an auction or tender is announced) or"
        " allocated. Function and indicators come from the plan in force and are worked out anew"
        " when it changes; of several zones the largest is named. An offered site leaves the map"
        " after the last day of its offer. Can be filtered by area, function, status, ward and"
        " distance."
    ),
    view="public_available_sites",
    identity=Identity(("code",)),
    geometry="boundary_3857",
    stored="boundary",
    shape=Shape.AREA,
    attributes=(
        Attribute("code", "v.code", "Mã khu đất", "Site code"),
        Attribute("title", "v.title_vi", "Tên khu đất", "Title, Vietnamese"),
        Attribute("title_en", "v.title_en", "Tên tiếng Anh", "Title"),
        Attribute("status", "v.status", "Tình trạng", "Status"),
        Attribute("area_m2", "v.area_m2", "Diện tích", "Area", Kind.NUMBER, "m2"),
        Attribute("function", "v.function", "Mã chức năng chính", "Code of the main function"),
        Attribute(
            "area_from",
            "v.area_from",
            "Nguồn diện tích: quyết định (stated), hồ sơ địa chính (register), đo trên bản đồ"
            " (measured)",
            "Whether the area is stated, registered or measured",
            in_tiles=False,
        ),
        Attribute(
            "measured_m2",
            "v.measured_m2",
            "Diện tích đo trên ranh giới",
            "Area measured in the boundary",
            Kind.NUMBER,
            "m2",
            in_tiles=False,
        ),
        Attribute("ward_code", "v.unit_code", "Mã phường, xã", "Ward code", in_tiles=False),
        Attribute("ward", _of_ward("full_name"), "Phường, xã", "Ward", in_tiles=False),
        Attribute("legal_basis", "v.legal_basis", "Căn cứ pháp lý", "Legal basis", in_tiles=False),
        Attribute(
            "parcels",
            "v.parcels",
            "Các thửa đất (mã phường xã/tờ/thửa)",
            "Plots (ward code/sheet/number)",
            in_tiles=False,
        ),
        Attribute(
            "function_vi",
            _of_function("name_vi"),
            "Chức năng chính",
            "Main function, Vietnamese",
            in_tiles=False,
        ),
        Attribute(
            "function_en",
            _of_function("name_en"),
            "Chức năng chính tiếng Anh",
            "Main function",
            in_tiles=False,
        ),
        Attribute(
            "function_share",
            "v.function_share",
            "Tỷ lệ diện tích của chức năng chính",
            "Share of the main function",
            Kind.NUMBER,
            in_tiles=False,
        ),
        Attribute(
            "functions",
            "v.functions",
            "Các chức năng với tỷ lệ diện tích",
            "Functions with their shares",
            in_tiles=False,
        ),
        Attribute("plan", "v.plan_code", "Mã quy hoạch", "Plan code", in_tiles=False),
        Attribute("level", "v.level", "Cấp quy hoạch", "Level of the plan", in_tiles=False),
        *indicator_attributes(),
        Attribute(
            "is_mixed",
            "v.is_mixed",
            "Có ô khác với chỉ tiêu khác",
            "Other zones on it have other indicators",
            Kind.TRUTH,
            in_tiles=False,
        ),
        Attribute(
            "land_use_plan",
            "v.land_use_code",
            "Mã loại đất theo quy hoạch sử dụng đất",
            "Code in the land-use plan",
            in_tiles=False,
        ),
        Attribute(
            "silent_share",
            "v.silent_share",
            "Tỷ lệ diện tích mà quy hoạch không nói đến",
            "Share on which the plan is silent",
            Kind.NUMBER,
            in_tiles=False,
        ),
        Attribute(
            "unplanned_share",
            "v.unplanned_share",
            "Tỷ lệ diện tích ngoài mọi quy hoạch",
            "Share outside every plan",
            Kind.NUMBER,
            in_tiles=False,
        ),
        Attribute(
            "contested_share",
            "v.contested_share",
            "Tỷ lệ diện tích có hai ô cùng cấp chồng lên nhau",
            "Share on which zones of one level overlap",
            Kind.NUMBER,
            in_tiles=False,
        ),
        Attribute("price_basis", "v.price_basis", "Căn cứ giá đất", "Price basis", in_tiles=False),
        Attribute(
            "contact", "v.contact_vi", "Cơ quan liên hệ", "Office, Vietnamese", in_tiles=False
        ),
        Attribute(
            "contact_en", "v.contact_en", "Cơ quan liên hệ tiếng Anh", "Office", in_tiles=False
        ),
        Attribute(
            "contact_phone", "v.contact_phone", "Điện thoại cơ quan", "Office line", in_tiles=False
        ),
        Attribute(
            "offered_from",
            "v.offered_from",
            "Mời từ ngày",
            "Offered from",
            Kind.DATE,
            in_tiles=False,
        ),
        Attribute(
            "offered_until",
            "v.offered_until",
            "Mời đến hết ngày",
            "Offered until",
            Kind.DATE,
            in_tiles=False,
        ),
        Attribute(
            "published_on",
            "v.published_on",
            "Công bố ngày",
            "Published on",
            Kind.DATE,
            in_tiles=False,
        ),
        *VALIDITY,
    ),
    min_zoom=10,
    style=styles.AVAILABLE_SITES,
    also_reads=("public_units", "public_plan_functions"),
    group="plans",
    colour="#17603f",
    is_visible=False,
    is_in_picture=False,
    keywords=("available land", "quỹ đất", "đấu giá quyền sử dụng đất", "investment"),
)
