"""What plans decide: zones and lines."""

from __future__ import annotations

from dataclasses import replace

from tileserver.layer import Attribute, Identity, Kind, Layer, Origin, Shape
from tileserver.layers.shared import DELIVERED, NAMED, ORIGIN, VALIDITY
from tileserver.patterns import hatch_sql
from tileserver.styles import plans as styles

_INDICATORS = (
    ("density", "Mật độ xây dựng", "Building density", "%"),
    ("storeys", "Tầng cao", "Storeys", ""),
    ("floor_area_ratio", "Hệ số sử dụng đất", "Floor area ratio", ""),
)


def _indicator(name: str, vi: str, en: str, unit: str) -> tuple[Attribute, ...]:
    """Return the plan's own words and the bounds that were read in them."""
    return (
        Attribute(name, f"v.{name}", f"{vi} (theo hồ sơ)", f"{en} (as written)", in_tiles=False),
        *(
            Attribute(
                f"{name}_{end}",
                f"v.{name}_{end}",
                f"{vi} {word_vi}",
                f"{en}, {word_en}",
                Kind.NUMBER,
                unit,
                in_tiles=False,
            )
            for end, word_vi, word_en in (("min", "tối thiểu", "least"), ("max", "tối đa", "most"))
        ),
    )


def indicator_attributes() -> tuple[Attribute, ...]:
    """Return the attributes of all indicators of a zone."""
    return tuple(attribute for one in _INDICATORS for attribute in _indicator(*one))


def _of_version(column: str) -> str:
    return f"(SELECT p.{column} FROM public_plan_versions p WHERE p.id = v.introduced_by_id)"  # noqa: S608 - our own words


ZONES = Layer(
    id="zones",
    title_vi="Khu chức năng quy hoạch",
    title_en="Planned zones",
    abstract_vi=(
        "Khu chức năng của các quy hoạch đang có hiệu lực, theo cấp quy hoạch: chung, phân khu,"
        " chi tiết, sử dụng đất. Để biết quy hoạch của một thửa đất, hãy dùng trang tra cứu."
    ),
    abstract_en=(
        "Zones of the plans in force, by level: general, zoning, detailed, land use. To learn what"
        " is planned for one plot, ask the page of that plot."
    ),
    view="public_zones",
    identity=Identity(("uid",), Kind.UUID),
    geometry="boundary_3857",
    stored="boundary",
    shape=Shape.AREA,
    attributes=(
        Attribute("uid", "v.uid::text", "Mã khu", "Zone identifier", from_zoom=15),
        Attribute("level", "v.level", "Cấp quy hoạch", "Level of the plan"),
        Attribute("label", "v.label", "Ký hiệu ô đất", "Symbol on the plan"),
        Attribute("function", "v.function", "Mã chức năng", "Code of the function"),
        Attribute("plan", "v.plan_code", "Mã quy hoạch", "Plan code"),
        Attribute(
            "colour",
            "coalesce(nullif(f.colour, ''), nullif(u.colour, ''), '#bfbfbf')",
            "Màu quy định",
            "Prescribed colour",
        ),
        Attribute(
            "hatch", hatch_sql("f.hatch_hint", "f.code"), "Nét trải quy định", "Prescribed hatch"
        ),
        Attribute(
            "function_vi",
            "coalesce(nullif(f.name_vi, ''), u.name_vi)",
            "Chức năng",
            "Function, Vietnamese",
            in_tiles=False,
        ),
        Attribute(
            "function_en",
            "coalesce(nullif(f.name_en, ''), u.name_en)",
            "Chức năng tiếng Anh",
            "Function",
            in_tiles=False,
        ),
        Attribute("land_use", "v.land_use_code", "Mã loại đất", "Land use code", in_tiles=False),
        *indicator_attributes(),
        Attribute(
            "population", "v.population", "Dân số", "Population", Kind.INTEGER, in_tiles=False
        ),
        Attribute(
            "plan_name", _of_version("name_vi"), "Tên quy hoạch", "Name of the plan", in_tiles=False
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
        *VALIDITY,
    ),
    min_zoom=10,
    style=styles.ZONES,
    # A plan older than the prescribed signs is drawn in them all the same.
    joins=(
        "LEFT JOIN LATERAL (SELECT f.* FROM public_plan_functions f"
        " WHERE f.code = v.function AND {known:f}"
        " ORDER BY {valid:f} DESC, f.valid_from DESC LIMIT 1) f ON true"
        # The functions of a land-use plan are codes of land use. The level stands outside, so that
        # what is found is remembered by the code alone.
        " LEFT JOIN LATERAL (SELECT u.* FROM public_land_use_codes u"
        " WHERE u.code = v.function AND {known:u}"
        " ORDER BY {valid:u} DESC, u.valid_from DESC LIMIT 1) u ON v.level = 'land_use'"
    ),
    also_reads=("public_plan_functions", "public_land_use_codes"),
    # The coarser plan below, the finer above it.
    split_by=("level", ("land_use", "general", "zoning", "detailed")),
    keywords=("planned land use", "quy hoạch"),
    said_origin=Origin(data_date=_of_version("data_date")),
)


def _of_level(level: str, title_vi: str, title_en: str) -> Layer:
    """Return the zones of one level of plans, drawn as among all."""
    return replace(
        ZONES,
        id=f"zones_{level}",
        title_vi=f"Khu chức năng, {title_vi}",
        title_en=f"Zones of {title_en}",
        abstract_vi=(
            f"Khu chức năng của {title_vi} đang có hiệu lực."
            " Các cấp khác ở lớp riêng, tất cả cùng nhau ở lớp “zones”."
        ),
        abstract_en=(
            f"Zones of the {title_en} in force. Other levels are layers of their own; all of them"
            ' together are the layer "zones".'
        ),
        noted=ZONES.id,
        part_of=ZONES.id,
        where=f"v.level = '{level}'",
        split_by=None,
        style=styles.zones_of(level),
        is_visible=False,
        is_in_picture=False,
    )


#: From the coarsest level to the finest.
ZONES_BY_LEVEL = (
    _of_level("land_use", "quy hoạch sử dụng đất", "land-use plans"),
    _of_level("general", "quy hoạch chung", "general plans"),
    _of_level("zoning", "quy hoạch phân khu", "subdivision plans"),
    _of_level("detailed", "quy hoạch chi tiết", "detailed plans"),
)

CONTROL_LINES = Layer(
    id="control_lines",
    title_vi="Chỉ giới đường đỏ, chỉ giới xây dựng",
    title_en="Red lines and building lines",
    abstract_vi="Đất nằm ngoài chỉ giới đường đỏ hoặc chỉ giới xây dựng theo quyết định.",
    abstract_en="Ground beyond the red line or the building line, by decision.",
    view="public_control_lines",
    identity=DELIVERED,
    geometry="boundary_3857",
    stored="boundary",
    shape=Shape.AREA,
    attributes=(
        *NAMED,
        Attribute("kind", "v.kind", "Loại", "Kind"),
        Attribute("plan", "v.plan_code", "Mã quy hoạch", "Plan code"),
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
        Attribute("authority", "v.authority", "Cơ quan quyết định", "Authority", in_tiles=False),
        *ORIGIN,
    ),
    min_zoom=14,
    style=styles.CONTROL_LINES,
    group="limits",
    colour="#c0143c",
    is_visible=False,
    keywords=("area management", "chỉ giới"),
)
