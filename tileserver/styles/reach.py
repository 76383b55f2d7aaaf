"""Who reaches which service: plots, and the ground around services.

Told apart by figure and line besides colour: the worse off, the denser the figure.
"""

from __future__ import annotations

from tileserver.style import Fill, Hatch, Is, Line, Rule, Style

_ALL, _MOST, _FEW, _UNKNOWN = "#1b7837", "#7a6a00", "#a5162b", "#5a6470"

COVERAGE = Style(
    rules=(
        Rule(
            when=(Is("answer", ("all",)),),
            draw=(Fill(colour=_ALL, opacity=30), Line(colour=_ALL, width_px=0.8)),
            title_vi="Mọi dịch vụ đã kiểm tra đều trong bán kính phục vụ",
            title_en="Every service that was checked is within its service radius",
        ),
        Rule(
            when=(Is("answer", ("most",)),),
            draw=(
                Fill(colour=_MOST, opacity=20),
                Hatch(pattern="slashes", colour=_MOST, from_zoom=14),
                Line(colour=_MOST, width_px=1.0),
            ),
            title_vi="Từ một nửa số dịch vụ trở lên trong bán kính phục vụ",
            title_en="At least half of the services are within their service radius",
        ),
        Rule(
            when=(Is("answer", ("few",)),),
            draw=(
                Fill(colour=_FEW, opacity=24),
                Hatch(pattern="net", colour=_FEW, from_zoom=14),
                Hatch(pattern="slashes", colour=_FEW, from_zoom=14),
                Line(colour=_FEW, width_px=1.6),
            ),
            title_vi="Chưa đến một nửa số dịch vụ trong bán kính phục vụ",
            title_en="Fewer than half of the services are within their service radius",
        ),
        Rule(
            draw=(Line(colour=_UNKNOWN, width_px=0.8, dash=(2, 3)),),
            title_vi="Chưa kiểm tra được",
            title_en="Could not be checked",
        ),
    )
)

_GROUND = "#1f5f8b"
SERVICE_AREAS = Style(
    rules=(
        Rule(
            when=(Is("ring", ("half",)),),
            draw=(Fill(colour=_GROUND, opacity=40), Line(colour=_GROUND, width_px=1.6)),
            title_vi="Đến nửa bán kính phục vụ, theo đường đi",
            title_en="Up to half of the service radius, along streets",
        ),
        Rule(
            when=(Is("ring", ("limit",)),),
            draw=(
                Fill(colour=_GROUND, opacity=22),
                Hatch(pattern="slashes", colour=_GROUND, from_zoom=12),
                Line(colour=_GROUND, width_px=1.6),
            ),
            title_vi="Đến hết bán kính phục vụ, theo đường đi",
            title_en="Up to the service radius, along streets",
        ),
        Rule(
            draw=(
                Fill(colour=_GROUND, opacity=8),
                Line(colour=_GROUND, width_px=1.1, dash=(5, 4)),
            ),
            title_vi="Ngoài bán kính phục vụ, đến hai lần bán kính",
            title_en="Beyond the service radius, up to twice of it",
        ),
    )
)
