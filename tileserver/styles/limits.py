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

# Told apart by figure, line and colour: nobody has to see colours to know what stops a plan.
_BLOCKS, _WARNS, _NOTES = "#a5162b", "#b35c00", "#1f5f8b"
CONFLICTS = Style(
    rules=(
        Rule(
            when=(Is("severity", ("blocks",)),),
            draw=(
                Fill(colour=_BLOCKS, opacity=20),
                Hatch(pattern="crossed", colour=_BLOCKS, from_zoom=12),
                Line(colour=_BLOCKS, width_px=2.0),
            ),
            title_vi="Xung đột chặn phê duyệt",
            title_en="Conflict that would block approval",
        ),
        Rule(
            when=(Is("severity", ("warns",)),),
            draw=(
                Fill(colour=_WARNS, opacity=18),
                Hatch(pattern="slashes", colour=_WARNS, from_zoom=12),
                Line(colour=_WARNS, width_px=1.6, dash=(7, 3)),
            ),
            title_vi="Xung đột: cảnh báo",
            title_en="Conflict: warning",
        ),
        Rule(
            draw=(
                Fill(colour=_NOTES, opacity=14),
                Line(colour=_NOTES, width_px=1.3, dash=(2, 3)),
            ),
            title_vi="Xung đột: ghi chú",
            title_en="Conflict: note",
        ),
    )
)
