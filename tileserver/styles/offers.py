"""Land that can be had, told apart by whether it still can."""

from __future__ import annotations

from tileserver.style import Fill, Is, Label, Line, Rule, Style

_TITLE = Label(
    attribute="title",
    english="title_en",
    size_px=11,
    bold=True,
    colour="#17603f",
    priority=8,
    fits=True,
    from_zoom=14,
)

AVAILABLE_SITES = Style(
    rules=(
        Rule(
            when=(Is("status", ("offered",)),),
            draw=(
                Fill(colour="#f2b134", opacity=65),
                Line(colour="#8a5a00", width_px=2.2),
            ),
            label=_TITLE,
            title_vi="Đang mời đấu giá, đấu thầu",
            title_en="Offered",
        ),
        Rule(
            when=(Is("status", ("allocated",)),),
            draw=(
                Fill(colour="#8f9a94", opacity=35),
                Line(colour="#56615b", width_px=1.4, dash=(5, 3)),
            ),
            title_vi="Đã giao, cho thuê",
            title_en="Allocated",
        ),
        Rule(
            draw=(
                Fill(colour="#2f9e6e", opacity=55),
                Line(colour="#17603f", width_px=1.8),
            ),
            label=_TITLE,
            title_vi="Còn trống",
            title_en="Free",
        ),
    )
)
