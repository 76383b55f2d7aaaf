"""Units, plots, buildings, facilities."""

from __future__ import annotations

from tileserver.style import Is, Label, Line, Mark, Place, Rule, Style, plain

WARDS = Style(
    rules=(
        Rule(
            draw=(
                Line(colour="#fffdf8", width_px=3.4, opacity=60),
                Line(colour="#7c5b75", width_px=1.6, dash=(8, 3, 2, 3)),
            ),
            label=Label(
                attribute="name",
                english="name_en",
                size_px=14,
                bold=True,
                colour="#5c3f56",
                priority=10,
                from_zoom=9.5,
                to_zoom=14.6,
                apart_px=300,
            ),
        ),
    )
)

PARCELS = Style(
    rules=(
        Rule(
            draw=(
                Line(colour="#6b6152", width_px=0.5, opacity=45, to_zoom=15.9),
                Line(colour="#5b5245", width_px=0.7, opacity=75, from_zoom=15.9, to_zoom=17.4),
                Line(colour="#4a443a", width_px=0.9, from_zoom=17.4),
            ),
            label=Label(
                attribute="number",
                size_px=10,
                colour="#4a4238",
                priority=3,
                fits=True,
                from_zoom=16.8,
            ),
        ),
    )
)

BUILDINGS = plain(fill="#d8d2c6", outline="#9a917f", width_px=0.6, opacity=85)


def _kinds(*kinds: str, glyph: str, colour: str, vi: str, en: str, from_zoom: float) -> Rule:
    return Rule(
        when=(Is("kind", kinds),),
        draw=(Mark(glyph=glyph, colour=colour, from_zoom=from_zoom),),
        label=Label(
            attribute="name",
            english="name_en",
            size_px=10.5,
            colour=colour,
            # Above the symbols of zones (6): MapServer keeps letters off the badges of what has a
            # name of no lower priority.
            priority=7,
            place=Place.BESIDE,
            from_zoom=from_zoom + 2,
        ),
        title_vi=vi,
        title_en=en,
    )


FACILITIES = Style(
    rules=(
        _kinds(
            "hospital", glyph="cross", colour="#c2185b", vi="Bệnh viện", en="Hospital", from_zoom=13
        ),
        _kinds(
            "health_station",
            glyph="cross",
            colour="#d0568a",
            vi="Trạm y tế",
            en="Health station",
            from_zoom=13.5,
        ),
        _kinds(
            "kindergarten",
            glyph="house",
            colour="#a0651f",
            vi="Trường mầm non",
            en="Kindergarten",
            from_zoom=14,
        ),
        _kinds(
            "primary_school",
            "lower_secondary_school",
            "upper_secondary_school",
            glyph="school",
            colour="#7f3f10",
            vi="Trường phổ thông",
            en="School",
            from_zoom=13.5,
        ),
        _kinds(
            "park",
            "garden",
            glyph="tree",
            colour="#2e7d32",
            vi="Công viên, vườn hoa",
            en="Park, garden",
            from_zoom=13.5,
        ),
        _kinds(
            "playground",
            glyph="ball",
            colour="#5b9a2e",
            vi="Sân chơi",
            en="Playground",
            from_zoom=14.5,
        ),
        _kinds(
            "training_ground",
            "culture_sport_centre",
            glyph="star",
            colour="#6a4c93",
            vi="Văn hóa, thể thao",
            en="Culture and sports",
            from_zoom=14,
        ),
        _kinds("market", glyph="basket", colour="#a5162b", vi="Chợ", en="Market", from_zoom=13.5),
        _kinds(
            "fire_station",
            glyph="flame",
            colour="#d84315",
            vi="Trụ sở phòng cháy chữa cháy",
            en="Fire station",
            from_zoom=13.5,
        ),
        _kinds(
            "parking",
            glyph="parking",
            colour="#1d5fa8",
            vi="Bãi đỗ xe",
            en="Car park",
            from_zoom=14.5,
        ),
        _kinds(
            "bus_stop", glyph="bus", colour="#1d5fa8", vi="Bến xe buýt", en="Bus stop", from_zoom=15
        ),
        Rule(
            when=(Is("kind", ("hydrant",)),),
            draw=(Mark(glyph="drop", colour="#c62828", size_px=11, from_zoom=15.9),),
            title_vi="Trụ nước chữa cháy",
            title_en="Hydrant",
        ),
        Rule(
            draw=(Mark(glyph="diamond", colour="#1d5fa8", from_zoom=13.5),),
            label=Label(
                attribute="name",
                english="name_en",
                size_px=10.5,
                priority=4,
                place=Place.BESIDE,
                from_zoom=15.5,
            ),
            title_vi="Công trình công cộng khác",
            title_en="Other public facility",
        ),
    )
)
