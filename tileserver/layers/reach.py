"""Who reaches which service: plots, and the ground around services."""

from __future__ import annotations

from dataclasses import replace

from tileserver.layer import Attribute, Identity, Kind, Layer, Origin, Shape
from tileserver.layers.shared import VALIDITY
from tileserver.styles import reach as styles

#: Codes of kinds and their names, in the order of the lists in `public_reach`.
_KINDS = (
    ("kindergarten", "Trường mầm non", "Kindergarten"),
    ("primary_school", "Trường tiểu học", "Primary school"),
    ("lower_secondary_school", "Trường trung học cơ sở", "Lower secondary school"),
    ("upper_secondary_school", "Trường trung học phổ thông", "Upper secondary school"),
    ("health_station", "Trạm y tế", "Health station"),
    ("hospital", "Bệnh viện", "Hospital"),
    ("playground", "Sân chơi", "Playground"),
    ("garden", "Vườn hoa", "Garden"),
    ("training_ground", "Sân luyện tập", "Training ground"),
    ("culture_sport_centre", "Trung tâm văn hóa - thể thao", "Culture and sports centre"),
    ("market", "Chợ", "Market"),
    ("park", "Công viên", "Park"),
    ("parking", "Bãi đỗ xe", "Car park"),
    ("fire_station", "Trụ sở phòng cháy chữa cháy", "Fire station"),
    ("hydrant", "Trụ nước chữa cháy", "Hydrant"),
    ("bus_stop", "Bến xe buýt", "Bus stop"),
)
#: Kinds whose ground is a layer of its own.
_DRAWN = (
    "kindergarten",
    "primary_school",
    "lower_secondary_school",
    "upper_secondary_school",
    "health_station",
    "market",
    "park",
    "garden",
)


def _many(letter: str) -> str:
    """Return SQL for how many kinds of services have a letter."""
    return f"coalesce(length(r.states) - length(replace(r.states, '{letter}', '')), 0)"


_MET, _NOT_MET = _many("m"), _many("n")


def _of_kind(place: int, code: str, vi: str, en: str) -> tuple[Attribute, ...]:
    """Return the state of a kind of service and the distance by the street."""
    return (
        Attribute(
            f"{code}_state",
            f"CASE substr(r.states, {place}, 1)"
            " WHEN 'm' THEN 'met' WHEN 'n' THEN 'not_met' WHEN 'u' THEN 'not_checked' END",
            f"{vi}: trong bán kính phục vụ hay không",
            f"{en}: within the service radius or not",
            from_zoom=17,
        ),
        Attribute(
            f"{code}_m",
            # Nothing leads there, or nobody knows: neither is a number.
            f"CASE WHEN r.walk_m[{place}] < 'Infinity'"
            f" THEN round(r.walk_m[{place}]::numeric, 1)::float8 END",
            f"{vi}: khoảng cách theo đường đi",
            f"{en}: distance by the street",
            Kind.NUMBER,
            "m",
            in_tiles=False,
        ),
    )


COVERAGE = Layer(
    id="coverage",
    title_vi="Khả năng tiếp cận dịch vụ của thửa đất",
    title_en="Services within reach of plots",
    abstract_vi=(
        "Với mỗi thửa đất: bao nhiêu loại dịch vụ nằm trong bán kính phục vụ theo quy chuẩn, và"
        " khoảng cách theo đường đi bộ, theo lần tính gần nhất của toàn thành phố. Loại không có"
        " bán kính hoặc chưa kiểm tra được thì không được tính. Không nêu số người. Có thể chậm hơn"
        " dữ liệu vừa nhập."
    ),
    abstract_en=(
        "Of each plot: how many kinds of services lie within the service radius of the standards,"
        " and how far they are on foot by the street, as the last run of the whole city found it."
        " Kinds without a radius and what could not be checked do not count. No numbers of people."
        " Possibly behind data that just came in."
    ),
    view="public_parcels",
    identity=Identity(("uuid",), Kind.UUID),
    geometry="boundary_3857",
    stored="boundary",
    shape=Shape.AREA,
    attributes=(
        Attribute("uuid", "v.uuid::text", "Mã bản ghi", "Record identifier", from_zoom=17),
        Attribute(
            "answer",
            f"CASE WHEN {_MET} + {_NOT_MET} = 0 THEN 'unknown' WHEN {_NOT_MET} = 0 THEN 'all'"
            f" WHEN {_MET} >= {_NOT_MET} THEN 'most' ELSE 'few' END",
            "Mức tiếp cận: all, most, few, unknown",
            "How many services are within: all, most, few, unknown",
        ),
        Attribute(
            "met",
            _MET,
            "Số loại dịch vụ trong bán kính phục vụ",
            "Kinds of services within",
            Kind.INTEGER,
            from_zoom=16,
        ),
        Attribute(
            "checked",
            f"{_MET} + {_NOT_MET}",
            "Số loại dịch vụ đã kiểm tra được",
            "Kinds of services that could be checked",
            Kind.INTEGER,
            from_zoom=16,
        ),
        *(
            attribute
            for place, kind in enumerate(_KINDS, start=1)
            for attribute in _of_kind(place, *kind)
        ),
        *VALIDITY,
    ),
    joins=(
        "JOIN LATERAL (SELECT r.* FROM public_reach r"
        " WHERE r.parcel_uuid = v.uuid AND {known:r} AND {valid:r}"
        " ORDER BY r.valid_from DESC LIMIT 1) r ON true"
    ),
    also_reads=("public_reach",),
    noted="parcels",
    min_zoom=15,
    style=styles.COVERAGE,
    group="town",
    colour="#1b7837",
    is_visible=False,
    is_in_picture=False,
    keywords=("accessibility", "khả năng tiếp cận dịch vụ", "bán kính phục vụ"),
    said_origin=Origin(data_date="v.data_date"),
)

SERVICE_AREAS = Layer(
    id="service_areas",
    title_vi="Vùng phục vụ theo đường đi",
    title_en="Service areas along streets",
    abstract_vi=(
        "Phần đất từ đó đi bộ theo đường đến một loại dịch vụ trong nửa bán kính, trong bán kính và"
        " trong hai lần bán kính phục vụ, theo lần tính gần nhất của toàn thành phố. Đường bao đúng"
        " đến 10 m; thửa đất được tính riêng và chính xác ở lớp “coverage”."
    ),
    abstract_en=(
        "Ground from which a kind of service is reached on foot along streets within half of its"
        " service radius, within it, and within twice of it, as the last run of the whole city"
        " found it. Outlines are true to 10 m; plots are worked out one by one, exactly, in the"
        ' layer "coverage".'
    ),
    view="public_service_areas",
    identity=Identity(("kind", "mode", "ring")),
    geometry="boundary_3857",
    stored="boundary",
    shape=Shape.AREA,
    attributes=(
        Attribute("kind", "v.kind", "Loại dịch vụ", "Kind of service"),
        Attribute("mode", "v.mode", "Cách di chuyển", "Way of moving"),
        Attribute("ring", "v.ring", "Phần của bán kính phục vụ", "Share of the service radius"),
        Attribute("from_m", "v.from_m", "Xa hơn", "Farther than", Kind.NUMBER, "m"),
        Attribute("band_m", "v.band_m", "Không quá", "At most", Kind.NUMBER, "m"),
        Attribute("norm", "v.norm", "Mã chỉ tiêu", "Row of the standards", in_tiles=False),
        *VALIDITY,
    ),
    min_zoom=10,
    style=styles.SERVICE_AREAS,
    group="town",
    colour="#1f5f8b",
    is_visible=False,
    is_in_picture=False,
    keywords=("isochrone", "service area", "vùng phục vụ"),
)


def _around(code: str, vi: str, en: str) -> Layer:
    """Return the ground around one kind of service, drawn as among all."""
    return replace(
        SERVICE_AREAS,
        id=f"service_areas_{code}",
        title_vi=f"Vùng phục vụ: {vi}",
        title_en=f"Service areas: {en}",
        abstract_vi=(
            f"Vùng phục vụ của loại dịch vụ “{vi}”. Mọi loại cùng nhau ở lớp “service_areas”."
        ),
        abstract_en=(
            f'Service areas of the kind "{en}". All kinds together are the layer "service_areas".'
        ),
        noted=SERVICE_AREAS.id,
        part_of=SERVICE_AREAS.id,
        where=f"v.kind = '{code}'",
    )


SERVICE_AREAS_BY_KIND = tuple(_around(*kind) for kind in _KINDS if kind[0] in _DRAWN)
