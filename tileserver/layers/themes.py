"""Under which headings layers stand in capabilities."""

from __future__ import annotations

from dataclasses import dataclass

from tileserver.layers.plans import ZONES_BY_LEVEL


@dataclass(frozen=True)
class Theme:
    """A heading; `id` is what `Layer.group` names."""

    id: str
    title_vi: str
    title_en: str
    #: Layers without a group that stand here: a client shows them always.
    members: tuple[str, ...] = ()


#: From the bottom of the map to its top.
THEMES: tuple[Theme, ...] = (
    Theme("ground", "Địa hình", "Terrain"),
    Theme(
        "plans", "Quy hoạch", "Plans", members=("zones", *(layer.id for layer in ZONES_BY_LEVEL))
    ),
    Theme("limits", "Giới hạn, khu vực bảo vệ", "Limits and protected ground"),
    Theme("water", "Thủy văn, đê điều", "Water and dykes"),
    Theme("transport", "Giao thông", "Transport"),
    Theme("supply", "Hạ tầng kỹ thuật", "Technical networks"),
    Theme("town", "Công trình", "Buildings and facilities"),
    Theme("units", "Đơn vị hành chính", "Administrative units", members=("wards",)),
    Theme("land", "Đất đai", "Land"),
)
#: Where a layer stands whose group is no theme.
OTHERWISE = "land"
