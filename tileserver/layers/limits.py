"""What keeps others at a distance: hazardous works, ground under protection."""

from __future__ import annotations

from tileserver.layer import Attribute, Identity, Kind, Layer, Shape, Thinning
from tileserver.layers.shared import DELIVERED, NAMED, ORIGIN, VALIDITY
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

SAFETY_CORRIDORS = Layer(
    id="safety_corridors",
    title_vi="Hành lang an toàn, hành lang bảo vệ",
    title_en="Safety and protection corridors",
    abstract_vi=(
        "Hành lang quanh đường, lưới điện, đê, nguồn nước và công trình, tính từ quy định và đối"
        " tượng đã biết: phần chắc chắn nằm trong (certain) và phần còn phụ thuộc dữ liệu chưa ghi"
        " (uncertain). Được vẽ trước cho bản đồ, đường bao đúng đến 6 cm, có thể chậm hơn dữ liệu"
        " vừa nhập. Câu trả lời cho một thửa đất được tính lại khi hỏi và là căn cứ quyết định."
    ),
    abstract_en=(
        "Ground around roads, power lines, dykes, waters and works by the rules and objects that"
        " are known: what is inside in any case (certain), and what depends on something that is"
        " not recorded (uncertain). Drawn beforehand for maps, outlines true to 6 cm, possibly"
        " behind data that just came in. The answer for a plot is measured afresh when asked, and"
        " decides."
    ),
    view="public_safety_corridors",
    # Only the sender's key may hold dots.
    identity=Identity(("object", "rule", "measure", "part", "dataset", "source_key")),
    geometry="boundary_3857",
    stored="boundary",
    shape=Shape.AREA,
    attributes=(
        Attribute("object", "v.object", "Loại đối tượng", "Kind of object"),
        Attribute("part", "v.part", "Chắc chắn hay chưa chắc chắn", "Certain or uncertain"),
        Attribute("rule", "v.rule", "Mã quy định", "Rule"),
        Attribute("effect", "v.effect", "Hệ quả", "Effect"),
        Attribute("name", "v.name", "Tên đối tượng", "Name of the object", in_tiles=False),
        Attribute(
            "name_en", "v.name_en", "Tên tiếng Anh", "English name of the object", in_tiles=False
        ),
        Attribute("rule_vi", "v.rule_vi", "Quy định", "Rule, Vietnamese", in_tiles=False),
        Attribute("rule_en", "v.rule_en", "Quy định tiếng Anh", "Rule, English", in_tiles=False),
        Attribute(
            "condition", "v.condition_vi", "Điều kiện", "Condition, Vietnamese", in_tiles=False
        ),
        Attribute(
            "condition_en", "v.condition_en", "Điều kiện tiếng Anh", "Condition", in_tiles=False
        ),
        Attribute("restricts", "v.restricts", "Hạn chế", "What is restricted", in_tiles=False),
        Attribute("law", "v.legal_source", "Căn cứ pháp lý", "Legal source", in_tiles=False),
        Attribute("confidence", "v.confidence", "Độ tin cậy", "Confidence", in_tiles=False),
        *(
            Attribute(
                f"reach_{side}_m",
                f"v.reach_{side}_m",
                f"Cách đối tượng, bên {word_vi}",
                f"Reach beyond the object, {side}",
                Kind.NUMBER,
                "m",
                in_tiles=False,
            )
            for side, word_vi in (("left", "trái"), ("right", "phải"))
        ),
        Attribute("doubts", "v.doubts", "Điều chưa rõ", "What is not known", in_tiles=False),
        Attribute(
            "object_key", "v.source_key", "Mã đối tượng", "Key of the object", in_tiles=False
        ),
        Attribute("dataset", "v.dataset", "Bộ dữ liệu", "Data set", in_tiles=False),
        *VALIDITY,
    ),
    min_zoom=12,
    style=styles.SAFETY_CORRIDORS,
    # Streets would cover a whole city with stripes.
    thinned=(Thinning(15, "v.object <> 'road'"),),
    group="limits",
    colour="#b3261e",
    is_visible=False,
    is_in_picture=False,
    keywords=("area management restriction", "hành lang an toàn", "hành lang bảo vệ"),
)

CONFLICTS = Layer(
    id="conflicts",
    title_vi="Xung đột của các quy hoạch đang có hiệu lực",
    title_en="Conflicts of plans in force",
    abstract_vi=(
        "Phần đất mà các quy hoạch đang có hiệu lực trái nhau hoặc trái quy định, theo lần kiểm tra"
        " gần nhất của toàn thành phố và các quy tắc được công khai (trang /conflicts/rules/)."
        " Không nêu thửa đất, nhà hay tên người. Có thể chậm hơn dữ liệu vừa nhập."
    ),
    abstract_en=(
        "Ground on which plans in force contradict each other or a rule, as the last check of the"
        " whole city found it by the rules that are told in public (page /conflicts/rules/). No"
        " plots, houses or names of people. Possibly behind data that just came in."
    ),
    view="public_conflicts",
    identity=Identity(("uid",)),
    geometry="boundary_3857",
    stored="boundary",
    shape=Shape.AREA,
    attributes=(
        Attribute("uid", "v.uid", "Mã xung đột", "Identity of the conflict"),
        Attribute("rule", "v.rule", "Mã quy tắc", "Rule"),
        Attribute("severity", "v.severity", "Mức độ", "Severity"),
        Attribute("title", "v.title_vi", "Quy tắc", "Title of the rule, Vietnamese"),
        Attribute("title_en", "v.title_en", "Quy tắc bằng tiếng Anh", "Title of the rule"),
        Attribute("text", "v.text_vi", "Nội dung", "What was found, Vietnamese", in_tiles=False),
        Attribute(
            "text_en", "v.text_en", "Nội dung bằng tiếng Anh", "What was found", in_tiles=False
        ),
        Attribute("law", "v.legal_source", "Căn cứ pháp lý", "Legal source", in_tiles=False),
        Attribute("plans", "v.plans", "Mã các quy hoạch", "Codes of the plans"),
        Attribute("area_m2", "v.area_m2", "Diện tích", "Area", Kind.NUMBER, "m²", in_tiles=False),
        *VALIDITY,
    ),
    min_zoom=11,
    style=styles.CONFLICTS,
    group="plans",
    colour="#a5162b",
    is_visible=False,
    is_in_picture=False,
    keywords=("area management restriction", "xung đột quy hoạch"),
)
