"""What is still being drawn; seen by those who work on it."""

from __future__ import annotations

from dataclasses import replace

from tileserver.layer import Attribute, Audience, Kind
from tileserver.layers.plans import ZONES

#: Besides what the drawing needs.
_CARRIED = (
    "function_vi",
    "function_en",
    "land_use",
    "density",
    "storeys",
    "floor_area_ratio",
    "population",
)

#: Drawn as zones in force are. The view is a function that gives out named versions only.
DRAFT_ZONES = replace(
    ZONES,
    id="draft_zones",
    title_vi="Khu chức năng đang lập",
    title_en="Draft zones",
    abstract_vi="Khu chức năng của các đồ án đang lập mà bạn tham gia; chưa có giá trị pháp lý.",
    abstract_en="Zones of the drafts that are open to you; without any legal force.",
    view="team_draft_zones({drafts})",
    attributes=(
        *(a for a in ZONES.attributes if a.in_tiles or a.name in _CARRIED),
        Attribute(
            "plan_version",
            "v.version_id",
            "Phiên bản đồ án",
            "Version of the plan",
            Kind.INTEGER,
            in_tiles=True,
        ),
        Attribute("edits", "v.edits", "Số lần sửa", "Times drawn", Kind.INTEGER, in_tiles=False),
    ),
    is_visible=False,
    is_in_picture=False,
    audience=Audience.TEAM,
)
