"""Streets with their true width, railways, water, dykes, power, pipes."""

from __future__ import annotations

from tileserver.style import AtLeast, Fill, Is, Label, Line, Place, Rule, Style

_WATER_INK = "#1f4e66"
WATER = Style(
    rules=(
        Rule(
            draw=(Fill(colour="#b7d6e6"), Line(colour="#7fb2cf", width_px=0.9)),
            label=Label(
                attribute="name",
                english="name_en",
                size_px=12,
                colour=_WATER_INK,
                priority=8,
                fits=True,
                from_zoom=11.5,
                apart_px=400,
            ),
        ),
    )
)


def _street(
    *classes: str,
    colour: str,
    casing: str,
    least_px: float,
    named_from: float,
    size_px: float,
    priority: int,
    vi: str,
    en: str,
) -> Rule:
    """Return how streets of some classes are drawn: true to their width, never less than a line.

    Far off a casing would swallow the street, so there it is a line only.
    """
    both = tuple(name for base in classes for name in (base, f"{base}_link"))
    return Rule(
        when=(Is("road_class", both),) if classes else (),
        draw=(
            Line(
                colour=colour,
                width_px=least_px,
                width_from="width_m",
                casing=casing,
                casing_px=0.8,
                from_zoom=12.5,
            ),
            Line(colour=casing, width_px=max(least_px * 0.5, 0.7), to_zoom=12.5),
        ),
        label=Label(
            attribute="name",
            english="name_en",
            size_px=size_px,
            colour="#3b3a36",
            priority=priority,
            place=Place.ALONG,
            from_zoom=named_from,
            apart_px=220,
        ),
        title_vi=vi,
        title_en=en,
    )


ROADS = Style(
    rules=(
        _street(
            "motorway",
            "trunk",
            colour="#ffdf9e",
            casing="#b98a3a",
            least_px=3,
            named_from=11.5,
            size_px=12.5,
            priority=9,
            vi="Cao tốc, quốc lộ",
            en="Motorway, trunk road",
        ),
        _street(
            "primary",
            colour="#ffefc4",
            casing="#bfa063",
            least_px=2.6,
            named_from=13,
            size_px=12,
            priority=8,
            vi="Đường chính đô thị",
            en="Primary street",
        ),
        _street(
            "secondary",
            colour="#fff8e3",
            casing="#b5a88c",
            least_px=2,
            named_from=13.8,
            size_px=11.5,
            priority=7,
            vi="Đường liên khu vực",
            en="Secondary street",
        ),
        _street(
            "tertiary",
            colour="#ffffff",
            casing="#b5ac9c",
            least_px=1.6,
            named_from=14.3,
            size_px=11,
            priority=6,
            vi="Đường khu vực",
            en="Collector street",
        ),
        _street(
            "unclassified",
            "residential",
            "road",
            "pedestrian",
            colour="#ffffff",
            casing="#c4bbab",
            least_px=1.2,
            named_from=15,
            size_px=10.5,
            priority=5,
            vi="Đường phố",
            en="Street",
        ),
        _street(
            "living_street",
            colour="#fbf9f4",
            casing="#cdc5b7",
            least_px=0.9,
            named_from=16.3,
            size_px=10,
            priority=2,
            vi="Ngõ, ngách",
            en="Lane, alley",
        ),
        _street(
            colour="#f7f3ea",
            casing="#d3ccbf",
            least_px=0.7,
            named_from=16.6,
            size_px=10,
            priority=1,
            vi="Đường khác",
            en="Other ways",
        ),
    )
)

_RAIL = "#4a4a4a"
RAILWAYS = Style(
    rules=(
        Rule(
            draw=(
                Line(colour=_RAIL, width_px=1.2, to_zoom=12.5),
                Line(colour=_RAIL, width_px=3.2, from_zoom=12.5),
                Line(colour="#ffffff", width_px=1.6, dash=(9, 7), from_zoom=12.5),
            ),
            label=Label(
                attribute="name",
                english="name_en",
                size_px=11,
                colour=_RAIL,
                priority=4,
                place=Place.ALONG,
                from_zoom=14,
                apart_px=400,
            ),
        ),
    )
)

_DYKE = "#7a5c1e"
DYKES = Style(
    rules=(
        Rule(
            draw=(
                Line(colour="#fff4d6", width_px=4.6),
                Line(colour=_DYKE, width_px=2.2),
                Line(colour=_DYKE, width_px=5.6, dash=(1.6, 6), from_zoom=12.5),
            ),
            label=Label(
                attribute="name",
                english="name_en",
                size_px=11,
                colour=_DYKE,
                priority=5,
                place=Place.ALONG,
                from_zoom=12.5,
                apart_px=400,
            ),
        ),
    )
)

_BELOW_GROUND = ("buried", "duct", "underwater")
_POWER = "#7b2d8b"


def _power(*, least_kv: float | None, buried: bool, width_px: float, vi: str, en: str) -> Rule:
    return Rule(
        when=(
            *((AtLeast("voltage_kv", least_kv),) if least_kv else ()),
            *((Is("placement", _BELOW_GROUND),) if buried else ()),
        ),
        draw=(
            Line(colour="#fffdf8", width_px=width_px + 2, opacity=75),
            Line(colour=_POWER, width_px=width_px, dash=(4, 4) if buried else ()),
        ),
        label=Label(
            attribute="name",
            english="name_en",
            size_px=10,
            colour=_POWER,
            priority=2,
            place=Place.ALONG,
            from_zoom=15,
            apart_px=400,
        ),
        title_vi=vi,
        title_en=en,
    )


POWER_LINES = Style(
    rules=(
        _power(
            least_kv=110,
            buried=True,
            width_px=2.2,
            vi="Cáp ngầm từ 110 kV",
            en="Buried cable from 110 kV",
        ),
        _power(
            least_kv=110,
            buried=False,
            width_px=2.2,
            vi="Đường dây từ 110 kV",
            en="Line from 110 kV",
        ),
        _power(
            least_kv=None,
            buried=True,
            width_px=1.2,
            vi="Cáp ngầm dưới 110 kV",
            en="Buried cable below 110 kV",
        ),
        _power(
            least_kv=None,
            buried=False,
            width_px=1.2,
            vi="Đường dây dưới 110 kV",
            en="Line below 110 kV",
        ),
    )
)


def _pipe(*kinds: str, colour: str, vi: str, en: str) -> Rule:
    return Rule(
        when=(Is("kind", kinds),) if kinds else (),
        draw=(
            Line(colour="#fffdf8", width_px=3.4, opacity=75),
            Line(colour=colour, width_px=1.5, dash=(10, 3, 2, 3)),
        ),
        label=Label(
            attribute="name",
            english="name_en",
            size_px=10,
            colour=colour,
            priority=2,
            place=Place.ALONG,
            from_zoom=15,
            apart_px=400,
        ),
        title_vi=vi,
        title_en=en,
    )


PIPELINES = Style(
    rules=(
        _pipe("water", colour="#0b6fa4", vi="Ống cấp nước", en="Water main"),
        _pipe("sewer", colour="#6d4c2f", vi="Cống thoát nước", en="Sewer"),
        _pipe("gas", colour="#c77700", vi="Ống khí đốt", en="Gas main"),
        _pipe(colour="#0a7d6c", vi="Đường ống khác", en="Other pipeline"),
    )
)
