"""Administrative units: the provinces of today, the communes that were."""

from __future__ import annotations

from tileserver.layer import Attribute, Identity, Kind, Layer, Shape
from tileserver.layers.shared import VALIDITY
from tileserver.styles import units as styles

_UNITS_OF_2026 = "thanglequoc/vietnamese-provinces-database (MIT)"

PROVINCES = Layer(
    id="provinces",
    title_vi="Tỉnh, thành phố",
    title_en="Provinces and cities",
    abstract_vi=(
        "Đơn vị hành chính cấp tỉnh từ ngày 01/7/2025. Ranh giới đã được đơn giản hóa (khoảng"
        " 25 m), không thay thế địa giới hành chính pháp lý."
    ),
    abstract_en=(
        "Provinces and centrally run cities since 2025-07-01. Boundaries are simplified (about"
        " 25 m) and do not replace the legal ones."
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
        *VALIDITY,
    ),
    min_zoom=5,
    style=styles.PROVINCES,
    where="v.level = 'province'",
    group="units",
    colour="#7a4b74",
    is_visible=False,
    is_in_picture=False,
    attribution=_UNITS_OF_2026,
    keywords=("administrative units", "địa giới hành chính", "cấp tỉnh"),
)


def _successors(name: str, whole: str, part: str) -> str:
    """Return SQL for the successors of a former unit, the one to propose first."""
    return (
        f"(SELECT string_agg(s.new_code || ' ' || coalesce(n.{name}, '?') ||"  # noqa: S608 - our own words
        f" CASE s.kind WHEN 'whole' THEN ' ({whole})' ELSE ' ({part})' END,"
        " '; ' ORDER BY s.is_default DESC, s.new_code)"
        " FROM public_unit_successions s"
        " LEFT JOIN public_units n ON n.code = s.new_code AND n.level = 'ward'"
        " AND n.valid_from = s.valid_from AND {known:n}"
        " WHERE s.old_code = v.code AND s.valid_from = v.ceased_on AND {known:s})"
    )


FORMER_UNITS = Layer(
    id="former_units",
    title_vi="Phường, xã trước ngày 01/7/2025",
    title_en="Communes before 2025-07-01",
    abstract_vi=(
        "Đơn vị hành chính cấp xã đã thôi tồn tại, mỗi đơn vị là một điểm (không có ranh giới công"
        " bố), kèm đơn vị kế tục: nhập toàn bộ hay một phần. Mã cũ đã được dùng lại cho đơn vị"
        " khác."
    ),
    abstract_en=(
        "Commune-level units that ceased, each as a point (no boundary of theirs is public), with"
        " the units that took them over, wholly or in part. Their codes name other units today."
    ),
    view="public_former_units",
    identity=Identity(("existed_from", "code")),
    geometry="point_3857",
    stored="point",
    shape=Shape.POINT,
    attributes=(
        Attribute("code", "v.code", "Mã đơn vị cũ", "Former code"),
        Attribute("name", "v.name", "Tên", "Name"),
        Attribute("name_en", "v.name_en", "Tên không dấu", "Name in Latin letters"),
        Attribute("full_name", "v.full_name", "Tên đầy đủ", "Full name"),
        Attribute(
            "district_code", "v.parent_code", "Mã quận, huyện cũ", "Former district", in_tiles=False
        ),
        Attribute(
            "successors",
            _successors("full_name", "toàn bộ", "một phần"),
            "Đơn vị kế tục",
            "Successors (Vietnamese)",
            in_tiles=False,
        ),
        Attribute(
            "successors_en",
            _successors("full_name_en", "whole", "part"),
            "Đơn vị kế tục (tiếng Anh)",
            "Successors",
            in_tiles=False,
        ),
        Attribute(
            "successor_code",
            "(SELECT s.new_code FROM public_unit_successions s WHERE s.old_code = v.code"
            " AND s.valid_from = v.ceased_on AND s.is_default AND {known:s}"
            " ORDER BY s.new_code LIMIT 1)",
            "Mã đơn vị kế tục nên dùng",
            "Code of the successor to propose",
            in_tiles=False,
        ),
        Attribute(
            "existed_from",
            "v.existed_from",
            "Được biết tồn tại từ ngày",
            "Known to exist from",
            Kind.DATE,
            in_tiles=False,
        ),
        Attribute(
            "ceased_on",
            "v.ceased_on",
            "Thôi tồn tại từ ngày",
            "Ceased on",
            Kind.DATE,
            in_tiles=False,
        ),
        Attribute("source", "v.source", "Nguồn", "Source", in_tiles=False),
        Attribute("confidence", "v.confidence", "Độ tin cậy", "Confidence", in_tiles=False),
        *VALIDITY,
    ),
    min_zoom=9,
    style=styles.FORMER_UNITS,
    also_reads=("public_unit_successions", "public_units"),
    group="units",
    colour="#8a5a83",
    is_visible=False,
    is_in_picture=False,
    attribution="vietnamadminunits (MIT)",
    keywords=("administrative units", "đơn vị hành chính cũ", "sáp nhập"),
)
