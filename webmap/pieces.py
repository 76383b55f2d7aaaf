"""Parts of a plot as rows and bars, and what the map draws of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from shapely.geometry import mapping

from landdata.models import Theme
from planning.extract.records import Answer, Reason
from tileserver.layers import BY_ID
from webmap import figures, words
from webmap.lead import functions

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from planning.extract.records import (
        ParcelExtract,
        Piece,
        PlanReference,
        ThemeAnswer,
        ZoneReference,
    )

#: Width of a bar in the units of its drawing.
BAR_WIDTH = 1000.0
#: Bars of ground without a zone, by answer; the text beneath says the same.
STATE_COLOURS: dict[Answer, str] = {
    Answer.APPLIES: "#1b4f8f",
    Answer.CLEAR: "#8fc7a0",
    Answer.NO_DATA: "#c3c8cd",
    Answer.NOT_CHECKED: "#e9a35b",
}
#: A piece of this share is the plot but for what nobody sees on a map.
ALMOST_WHOLE = 0.99
#: A function that no table of prescribed colours knows.
NO_COLOUR = "#8a8a8a"
#: Projects of the annual plan have no layer of their own on the map.
PROJECT_COLOUR = "#a5162b"


@dataclass(frozen=True)
class BarPart:
    """A stretch of a bar, in units of BAR_WIDTH."""

    start: float
    width: float
    colour: str


@dataclass(frozen=True)
class ZoneLine:
    """A zone on a piece."""

    name: str
    label: str
    colour: str
    indicators: tuple[tuple[str, str], ...]
    decision: str
    validity: str


@dataclass(frozen=True)
class PieceRow:
    """A part of the plot in the table of a theme."""

    id: str
    answer: Answer
    name: str
    area: str
    share: str
    why: str
    advice: str
    zones: tuple[ZoneLine, ...]
    silent_plans: tuple[str, ...]
    is_in_conflict: bool


def piece_row(theme: Theme, id: str, piece: Piece) -> PieceRow:
    """Return the row of a piece under a name that the map knows too."""
    why, advice = "", ""
    if piece.reason is not None:
        why, advice = words.reason(theme, piece.reason, piece.trouble)
    zones = tuple(_zone(zone) for zone in piece.zones)
    # Why there is no annual plan the reason says; that there is one is told of a clear piece.
    named = not zones and piece.reason in (None, Reason.PLAN_SILENT)
    return PieceRow(
        id=id,
        answer=piece.answer,
        name=_name(theme, piece),
        area="" if piece.area_m2 is None else figures.area(piece.area_m2),
        share="" if piece.share is None else figures.percent(piece.share),
        why=why,
        advice=advice,
        zones=zones,
        silent_plans=tuple(_decision(plan) for plan in piece.plans) if named else (),
        is_in_conflict=piece.conflict,
    )


def _name(theme: Theme, piece: Piece) -> str:
    """Return what lies on a piece, else its answer."""
    said = [
        functions(piece),
        *(figures.name(item.name_vi, item.name_en) for item in piece.items),
        *(figures.name(line.name_vi, line.name_en) for line in piece.lines),
        *(figures.name(c.source_name, c.source_name_en) for c in piece.corridors),
    ]
    return ", ".join(dict.fromkeys(filter(None, said))) or words.answer_name(theme, piece.answer)


def _zone(zone: ZoneReference) -> ZoneLine:
    indicators = (
        (gettext("Building density"), zone.density),
        (gettext("Storeys"), zone.storeys),
        (gettext("Floor area ratio"), zone.floor_area_ratio),
    )
    return ZoneLine(
        name=figures.name(zone.function_name_vi, zone.function_name_en),
        label=zone.label,
        colour=zone.colour or NO_COLOUR,
        indicators=tuple((called, value) for called, value in indicators if value),
        decision=_decision(zone.plan),
        validity=_validity(zone.plan),
    )


def _decision(plan: PlanReference) -> str:
    return gettext("%(plan)s, decision %(number)s of %(day)s (%(authority)s)") % {
        "plan": figures.name(plan.name_vi, plan.name_en),
        "number": plan.decision_number,
        "day": figures.day(plan.decision_date),
        "authority": plan.authority,
    }


def _validity(plan: PlanReference) -> str:
    if plan.valid_to is None:
        held = gettext("in force since %(day)s") % {"day": figures.day(plan.valid_from)}
    else:
        held = gettext("in force from %(day)s until before %(end)s") % {
            "day": figures.day(plan.valid_from),
            "end": figures.day(plan.valid_to),
        }
    parts = [
        held,
        gettext("data of %(day)s") % {"day": figures.day(plan.data_date)},
        f"1:{plan.scale}",
    ]
    if plan.accuracy_m is not None:
        parts.append(f"± {figures.metres(plan.accuracy_m)}")
    return " · ".join(parts)


def bar(theme: ThemeAnswer) -> tuple[BarPart, ...]:
    """Return the pieces of a theme as stretches of one bar, as long as the plot.

    None where all of it would have one colour.
    """
    if len({_bar_colour(theme.theme, piece) for piece in theme.pieces}) == 1:
        return ()
    parts: list[BarPart] = []
    start = 0.0
    for piece in theme.pieces:
        width = (piece.share or 0.0) * BAR_WIDTH
        if width > 0:
            colour = _bar_colour(theme.theme, piece)
            parts.append(BarPart(round(start, 2), round(width, 2), colour))
        start += width
    return tuple(parts)


def _bar_colour(theme: Theme, piece: Piece) -> str:
    return colour(theme, piece) if piece.answer is Answer.APPLIES else STATE_COLOURS[piece.answer]


def colour(theme: Theme, piece: Piece) -> str:
    """Return the colour of a piece: its zone's, or that of the map's layer of its objects."""
    if piece.zones:
        return piece.zones[0].colour or NO_COLOUR
    if theme is Theme.ANNUAL_PLAN:
        return PROJECT_COLOUR
    layer = BY_ID.get(str(theme))
    return layer.colour if layer is not None else STATE_COLOURS[piece.answer]


def pattern(piece: Piece) -> str:
    """Return how the map draws a piece: what restricts is hatched, what may restrict is dotted.

    A corridor over all of the plot is not: two hatches on one ground show nothing, and its words
    say already that it takes everything.
    """
    if piece.items or ((piece.corridors or piece.lines) and not _is_almost_whole(piece)):
        return "hatched" if piece.answer is Answer.APPLIES else "dotted"
    return "outlined" if piece.zones else "none"


def _is_almost_whole(piece: Piece) -> bool:
    return piece.share is not None and piece.share > ALMOST_WHOLE


def geometry(extract: ParcelExtract) -> dict[str, Any]:
    """Return what the map draws: the boundary, and the pieces under the ids of their rows."""
    return {
        "boundary": _geojson(extract.parcel.boundary),
        "pieces": [
            {
                "id": f"{theme.theme}-{position}",
                "theme": str(theme.theme),
                "answer": str(piece.answer),
                "colour": colour(theme.theme, piece),
                "pattern": pattern(piece),
                "boundary": _geojson(piece.boundary),
            }
            for theme in extract.themes
            for position, piece in enumerate(theme.pieces)
            if piece.boundary is not None
        ],
    }


def _geojson(shape: BaseGeometry | None) -> dict[str, Any] | None:
    return None if shape is None else dict(mapping(shape))
