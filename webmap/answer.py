"""An extract laid out for people: what the template prints, in the page's language.

Reads the frozen record and nothing else. The card on the map and the permanent page print the
same layout, so they cannot say different things.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from shapely.geometry import mapping

from planning.extract.records import Answer
from webmap import wording

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from planning.extract.records import (
        ParcelExtract,
        ParcelRecord,
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
#: A function that no table of prescribed colours knows.
NO_COLOUR = "#8a8a8a"


@dataclass(frozen=True)
class Fact:
    """One line of the facts about the plot."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class BarPart:
    """A stretch of a bar, in units of BAR_WIDTH."""

    start: float
    width: float
    colour: str


@dataclass(frozen=True)
class StateRow:
    """How much of the plot has one answer."""

    answer: Answer
    name: str
    area: str
    share: str


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


@dataclass(frozen=True)
class ThemeSection:
    """What one level of plan says."""

    theme: str
    #: The level of plan as the map's switch names it.
    level: str
    title: str
    note: str
    answer: Answer
    bar: tuple[BarPart, ...]
    bar_text: str
    states: tuple[StateRow, ...]
    pieces: tuple[PieceRow, ...]
    slivers: tuple[PieceRow, ...]


@dataclass(frozen=True)
class AnswerLayout:
    """Everything that the template prints."""

    uuid: str
    title: str
    scale: str
    where: str
    address: str
    answer: Answer
    lead: str
    notices: tuple[str, ...]
    twins: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]
    themes: tuple[ThemeSection, ...]
    as_of: str
    as_of_iso: str
    known_at: int
    known_since: Any
    source: str


def lay_out(extract: ParcelExtract) -> AnswerLayout:
    """Return `extract` as the template prints it, in the language that is active."""
    parcel = extract.parcel
    return AnswerLayout(
        uuid=str(parcel.uuid),
        title=_title(parcel.number, parcel.sheet_number),
        scale=f"1:{parcel.sheet_scale}",
        where=wording.name(parcel.unit_name, parcel.unit_name_en),
        address=parcel.address,
        answer=extract.answer,
        lead=wording.lead(extract),
        notices=tuple(filter(None, map(wording.notice, extract.notices))),
        twins=tuple(
            (
                str(twin.uuid),
                f"{_title(twin.number, twin.sheet)}"
                + (f" ({wording.area(twin.legal_area_m2)})" if twin.legal_area_m2 else ""),
            )
            for twin in parcel.disputed_with
        ),
        facts=_facts(parcel),
        themes=tuple(_theme(theme) for theme in extract.themes),
        as_of=wording.day(extract.as_of),
        as_of_iso=extract.as_of.isoformat(),
        known_at=extract.known_at,
        known_since=extract.known_since,
        source=parcel.source_name,
    )


def geometry(extract: ParcelExtract) -> dict[str, Any]:
    """Return what the map draws: the boundary, and the pieces under the ids of their rows."""
    return {
        "boundary": _geojson(extract.parcel.boundary),
        "pieces": [
            {
                "id": f"{theme.theme}-{position}",
                "theme": str(theme.theme),
                "answer": str(piece.answer),
                "colour": _colour(piece),
                "boundary": _geojson(piece.boundary),
            }
            for theme in extract.themes
            for position, piece in enumerate(theme.pieces)
            if piece.boundary is not None
        ],
    }


def _geojson(shape: BaseGeometry | None) -> dict[str, Any] | None:
    return None if shape is None else dict(mapping(shape))


def _title(number: str, sheet: str) -> str:
    return gettext("Plot %(number)s, sheet %(sheet)s") % {"number": number, "sheet": sheet}


def _facts(parcel: ParcelRecord) -> tuple[Fact, ...]:
    unknown = gettext("not known")
    legal, measured = parcel.legal_area_m2, parcel.measured_area_m2
    difference = ""
    if legal is not None and measured is not None:
        sign = "+" if measured >= float(legal) else "−"
        difference = gettext("%(difference)s against the register") % {
            "difference": f"{sign}{wording.area(abs(measured - float(legal)))}"
        }
    uses = ", ".join(
        f"{use.code} {wording.name(use.name_vi, use.name_en)}".strip() for use in parcel.land_uses
    )
    facts = [
        Fact(
            gettext("Area in the register"),
            unknown if legal is None else wording.area(legal),
            gettext("the legal area"),
        ),
        Fact(
            gettext("Area of the boundary"),
            gettext("cannot be measured") if measured is None else wording.area(measured),
            difference,
        ),
        Fact(gettext("Registered use today"), uses or unknown),
        Fact(
            gettext("Land data of"),
            wording.day(parcel.data_date),
            ""
            if parcel.accuracy_m is None
            else gettext("accurate to about %(length)s")
            % {"length": wording.metres(parcel.accuracy_m)},
        ),
    ]
    if parcel.national_id:
        facts.append(Fact(gettext("National plot code"), parcel.national_id))
    return tuple(facts)


def _theme(theme: ThemeAnswer) -> ThemeSection:
    rows = [
        (piece, _piece(f"{theme.theme}-{position}", piece))
        for position, piece in enumerate(theme.pieces)
    ]
    measured = sum(piece.area_m2 or 0.0 for piece in theme.pieces)
    states = tuple(
        StateRow(
            answer,
            str(wording.ANSWER_NAMES[answer]),
            wording.area(area_m2),
            wording.percent(area_m2 / measured),
        )
        for answer, area_m2 in theme.areas_m2.items()
        if area_m2 > 0
    )
    return ThemeSection(
        theme=str(theme.theme),
        level=str(theme.theme).removesuffix("_plan"),
        title=str(wording.THEME_NAMES[theme.theme]),
        note=str(wording.THEME_NOTES[theme.theme]),
        answer=theme.answer,
        bar=_bar(theme.pieces),
        bar_text=wording.bar_text([(row.name, row.share) for _, row in rows if row.share]),
        states=states,
        pieces=tuple(row for piece, row in rows if not piece.within_tolerance),
        slivers=tuple(row for piece, row in rows if piece.within_tolerance),
    )


def _bar(pieces: tuple[Piece, ...]) -> tuple[BarPart, ...]:
    parts: list[BarPart] = []
    start = 0.0
    for piece in pieces:
        width = (piece.share or 0.0) * BAR_WIDTH
        colour = _colour(piece)
        if width > 0:
            parts.append(BarPart(round(start, 2), round(width, 2), colour))
        start += width
    return tuple(parts)


def _colour(piece: Piece) -> str:
    if not piece.zones:
        return STATE_COLOURS[piece.answer]
    return piece.zones[0].colour or NO_COLOUR


def _piece(id: str, piece: Piece) -> PieceRow:
    why, advice = wording.reason_of(piece)
    zones = tuple(_zone(zone) for zone in piece.zones)
    return PieceRow(
        id=id,
        answer=piece.answer,
        name=wording.functions(piece) or str(wording.ANSWER_NAMES[piece.answer]),
        area="" if piece.area_m2 is None else wording.area(piece.area_m2),
        share="" if piece.share is None else wording.percent(piece.share),
        why=why,
        advice=advice,
        zones=zones,
        silent_plans=() if zones else tuple(_decision(plan) for plan in piece.plans),
        is_in_conflict=piece.conflict,
    )


def _zone(zone: ZoneReference) -> ZoneLine:
    indicators = (
        (gettext("Building density"), zone.density),
        (gettext("Storeys"), zone.storeys),
        (gettext("Floor area ratio"), zone.floor_area_ratio),
    )
    return ZoneLine(
        name=wording.name(zone.function_name_vi, zone.function_name_en),
        label=zone.label,
        colour=zone.colour or NO_COLOUR,
        indicators=tuple((called, value) for called, value in indicators if value),
        decision=_decision(zone.plan),
        validity=_validity(zone.plan),
    )


def _decision(plan: PlanReference) -> str:
    return gettext("%(plan)s, decision %(number)s of %(day)s (%(authority)s)") % {
        "plan": wording.name(plan.name_vi, plan.name_en),
        "number": plan.decision_number,
        "day": wording.day(plan.decision_date),
        "authority": plan.authority,
    }


def _validity(plan: PlanReference) -> str:
    if plan.valid_to is None:
        held = gettext("in force since %(day)s") % {"day": wording.day(plan.valid_from)}
    else:
        held = gettext("in force from %(day)s until before %(end)s") % {
            "day": wording.day(plan.valid_from),
            "end": wording.day(plan.valid_to),
        }
    parts = [
        held,
        gettext("data of %(day)s") % {"day": wording.day(plan.data_date)},
        f"1:{plan.scale}",
    ]
    if plan.accuracy_m is not None:
        parts.append(f"± {wording.metres(plan.accuracy_m)}")
    return " · ".join(parts)
