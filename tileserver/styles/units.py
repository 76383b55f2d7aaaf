"""Provinces, and the communes that were."""

from __future__ import annotations

from tileserver.style import Label, Line, Place, Rule, Style, marked

PROVINCES = Style(
    rules=(
        Rule(
            draw=(
                Line(colour="#fffdf8", width_px=5, opacity=60),
                Line(colour="#7a4b74", width_px=2.4, dash=(14, 4, 2, 4)),
            ),
            label=Label(
                attribute="name",
                english="name_en",
                size_px=16,
                bold=True,
                colour="#5c3f56",
                priority=10,
                to_zoom=10.5,
                apart_px=400,
            ),
        ),
    )
)

FORMER_UNITS = marked(
    glyph="flag",
    colour="#8a5a83",
    size_px=14,
    label=Label(
        attribute="name",
        english="name_en",
        size_px=10.5,
        colour="#6b3f64",
        priority=6,
        place=Place.BESIDE,
        from_zoom=10.5,
    ),
)
