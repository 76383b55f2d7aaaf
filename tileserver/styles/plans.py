"""Zones in the prescribed colours and hatches; the lines and extents that plans decide."""

from __future__ import annotations

from dataclasses import replace

from tileserver.patterns import OF_TWINS, OF_WORDS
from tileserver.style import Fill, Hatch, Is, Label, Line, Listing, Rule, Style

_ZONE_EDGE = (
    Line(colour="#4d4d4d", width_px=0.5, opacity=45, to_zoom=15.5),
    Line(colour="#4d4d4d", width_px=0.8, opacity=80, from_zoom=15.5),
)
_ZONE_FILL = Fill(colour="[colour]", opacity=60, hides=True)


def _symbol(from_zoom: float, to_zoom: float | None = None) -> Label:
    """Return how the symbol of the ground on the plan is written, such as B3-OD4."""
    return Label(
        attribute="label",
        size_px=11,
        bold=True,
        priority=6,
        fits=True,
        colour="#22201c",
        from_zoom=from_zoom,
        to_zoom=to_zoom,
    )


#: Symbols of a coarser plan would stand on the ground of the finer one above it.
_SYMBOLS = (
    (("general",), _symbol(12, 14.4)),
    (("zoning",), _symbol(14.4)),
    (("detailed", "land_use"), _symbol(15.4)),
)
_FIGURES = sorted({*OF_WORDS.values(), *OF_TWINS.values()})

ZONES = Style(
    rules=tuple(
        Rule(
            when=(Is("level", levels), *((Is("hatch", (figure,)),) if figure else ())),
            draw=(
                _ZONE_FILL,
                *((Hatch(pattern=figure, colour="[colour]", from_zoom=12.5),) if figure else ()),
                *_ZONE_EDGE,
            ),
            label=symbol,
        )
        for levels, symbol in _SYMBOLS
        for figure in (*_FIGURES, "")
    ),
    listing=Listing(
        value="function",
        title_vi="function_vi",
        title_en="function_en",
        group="CASE WHEN v.level = 'land_use' THEN 'Land-use plan' ELSE f.\"group\" END",
        order="coalesce(f.id, 1000000 + u.id)",
        # Plans write codes of land use as the law has them; functions have names only.
        symbol="CASE WHEN v.level = 'land_use' THEN v.function ELSE '' END",
    ),
)


def zones_of(level: str) -> Style:
    """Return how zones of one level are drawn: as among all."""
    return replace(ZONES, rules=ZONES.rules_where("level", level))


_RED = "#d0021b"
CONTROL_LINES = Style(
    rules=(
        Rule(
            when=(Is("kind", ("building_line",)),),
            draw=(Line(colour="#b8860b", width_px=1.1, dash=(7, 4)),),
            title_vi="Chỉ giới xây dựng",
            title_en="Building line",
        ),
        Rule(
            draw=(Line(colour=_RED, width_px=1.3),),
            title_vi="Chỉ giới đường đỏ",
            title_en="Red line of the street",
        ),
    )
)

_TERRITORY = "#2f4b7c"
PLAN_TERRITORIES = Style(
    rules=tuple(
        Rule(
            when=(Is("level", (level,)),),
            draw=(
                Line(colour="#fffdf8", width_px=width_px + 2, opacity=70),
                Line(colour=_TERRITORY, width_px=width_px, dash=dash),
            ),
            label=Label(
                attribute="name",
                english="name_en",
                size_px=11,
                colour=_TERRITORY,
                priority=7,
                fits=True,
                from_zoom=10.5,
                to_zoom=16,
            ),
            title_vi=vi,
            title_en=en,
        )
        for level, width_px, dash, vi, en in (
            ("general", 2.8, (), "Quy hoạch chung", "General plan"),
            ("zoning", 2.0, (12.0, 4.0), "Quy hoạch phân khu", "Zoning plan"),
            ("detailed", 1.5, (6.0, 4.0), "Quy hoạch chi tiết", "Detailed plan"),
            ("land_use", 1.5, (2.0, 4.0), "Quy hoạch sử dụng đất", "Land-use plan"),
        )
    )
)

_PROJECT, _DROPPED = "#a85f14", "#7d7468"
LAND_USE_ITEMS = Style(
    rules=(
        Rule(
            when=(Is("status", ("cancelled", "completed")),),
            draw=(Line(colour=_DROPPED, width_px=1.2, dash=(4, 3)),),
            title_vi="Dự án đã hủy bỏ hoặc hoàn thành",
            title_en="Project cancelled or completed",
        ),
        Rule(
            draw=(
                Fill(colour="#d98c3f", opacity=30),
                Hatch(pattern="slashes", colour=_PROJECT, from_zoom=12.5),
                Line(colour=_PROJECT, width_px=1.4),
            ),
            label=Label(
                attribute="name",
                english="name_en",
                size_px=10.5,
                colour=_PROJECT,
                priority=4,
                fits=True,
                from_zoom=14.5,
            ),
            title_vi="Dự án trong kế hoạch sử dụng đất",
            title_en="Project of a land-use plan",
        ),
    )
)
