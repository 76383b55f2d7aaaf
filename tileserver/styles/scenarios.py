"""What a scenario does with facilities: told apart by figure besides colour."""

from __future__ import annotations

from tileserver.style import Is, Label, Mark, Place, Rule, Style


def _rule(action: str, glyph: str, colour: str, vi: str, en: str) -> Rule:
    return Rule(
        when=(Is("action", (action,)),),
        draw=(Mark(glyph=glyph, colour=colour, size_px=20),),
        label=Label(
            attribute="title",
            size_px=10.5,
            colour=colour,
            priority=8,
            place=Place.BESIDE,
            from_zoom=15,
        ),
        title_vi=vi,
        title_en=en,
    )


SCENARIOS = Style(
    rules=(
        _rule("add", "cross", "#1b6e33", "Thêm công trình", "Facility added"),
        _rule("move", "arrow", "#1f5f8b", "Dời đến đây", "Moved to here"),
        _rule("close", "saltire", "#a5162b", "Đóng", "Closed"),
        _rule("enlarge", "rise", "#6a3d9a", "Thay đổi quy mô", "Other capacity"),
    )
)
