"""What if: facilities that a scenario adds, moves, closes or enlarges; seen by the draft's team."""

from __future__ import annotations

from tileserver.layer import Attribute, Audience, Identity, Kind, Layer, Shape
from tileserver.styles import scenarios as styles

SCENARIOS = Layer(
    id="scenarios",
    title_vi="Kịch bản dịch vụ của các đồ án đang lập",
    title_en="Scenarios of services for drafts",
    abstract_vi=(
        "Công trình dịch vụ mà các kịch bản được chia sẻ hoặc thuộc đồ án thêm, dời, đóng hoặc mở"
        " rộng, của các đồ án đang lập mà bạn tham gia; chưa có giá trị pháp lý. Không có đường và"
        " số dân của kịch bản."
    ),
    abstract_en=(
        "Facilities that scenarios add, move, close or enlarge: scenarios that are shared or part"
        " of a draft that is open to you; without any legal force. Streets and people of scenarios"
        " are not shown."
    ),
    view="team_scenarios({drafts})",
    identity=Identity(("scenario", "facility")),
    geometry="place_3857",
    stored="place",
    shape=Shape.POINT,
    attributes=(
        Attribute("action", "v.action", "Thay đổi", "What changes"),
        Attribute("kind", "v.kind", "Loại dịch vụ", "Kind of service"),
        Attribute("title", "v.title", "Kịch bản", "Scenario"),
        Attribute("name", "v.name", "Tên", "Name"),
        Attribute("name_en", "v.name_en", "Tên tiếng Anh", "English name"),
        Attribute("scenario", "v.scenario::text", "Mã kịch bản", "Scenario's key", in_tiles=False),
        Attribute("facility", "v.facility", "Mã công trình", "Facility's key", in_tiles=False),
        Attribute("capacity", "v.capacity", "Quy mô", "Capacity", Kind.NUMBER, in_tiles=False),
        Attribute("why", "v.why", "Lý do", "Why", in_tiles=False),
        Attribute(
            "is_part_of_draft",
            "v.is_part_of_draft",
            "Thuộc đồ án",
            "Part of the draft",
            Kind.TRUTH,
            in_tiles=False,
        ),
        Attribute("plan", "v.plan_code", "Mã quy hoạch", "Code of the plan", in_tiles=False),
        Attribute(
            "plan_version",
            "v.version_id",
            "Phiên bản đồ án",
            "Version of the plan",
            Kind.INTEGER,
        ),
    ),
    min_zoom=11,
    style=styles.SCENARIOS,
    group="plans",
    colour="#6a3d9a",
    is_visible=False,
    is_in_picture=False,
    keywords=("scenario", "kịch bản"),
    audience=Audience.TEAM,
)
