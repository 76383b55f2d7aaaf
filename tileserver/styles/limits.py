"""What keeps others at a distance."""

from __future__ import annotations

from tileserver.style import Fill, Hatch, Is, Label, Line, Rule, Style

_HAZARD, _PROTECTED = "#8f1d1d", "#6a4c93"

HAZARD_SITES = Style(
    rules=(
        Rule(
            draw=(
                Fill(colour="#d99a9a", opacity=45),
                Hatch(pattern="backslashes", colour=_HAZARD, from_zoom=11.5),
                Line(colour=_HAZARD, width_px=1.4),
            ),
            label=Label(
                attribute="name",
                english="name_en",
                size_px=11,
                colour=_HAZARD,
                priority=7,
                from_zoom=13.5,
            ),
        ),
    )
)

PROTECTED_SITES = Style(
    rules=(
        Rule(
            draw=(
                Fill(colour="#b9a3d6", opacity=25),
                Line(colour=_PROTECTED, width_px=1.8, dash=(9, 3)),
            ),
            label=Label(
                attribute="name",
                english="name_en",
                size_px=11,
                colour=_PROTECTED,
                priority=7,
                from_zoom=13.5,
            ),
        ),
    )
)

_CORRIDOR = "#b3261e"
SAFETY_CORRIDORS = Style(
    rules=(
        Rule(
            when=(Is("part", ("uncertain",)),),
            draw=(
                Hatch(pattern="slashes", colour=_CORRIDOR, from_zoom=13.5),
                Line(colour=_CORRIDOR, width_px=0.9, opacity=70, dash=(4, 4)),
            ),
            title_vi="Hành lang: có thể nằm trong, còn thiếu dữ liệu",
            title_en="Corridor: possibly inside, not all is recorded",
        ),
        Rule(
            draw=(
                Fill(colour=_CORRIDOR, opacity=18),
                Line(colour=_CORRIDOR, width_px=1.0, opacity=85),
            ),
            title_vi="Hành lang: chắc chắn nằm trong",
            title_en="Corridor: certainly inside",
        ),
    )
)
