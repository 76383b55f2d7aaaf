"""Themes of an extract in three groups, each told as fully as it concerns the plot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_lazy

from landdata.models import PARTITION_THEMES, Theme
from planning.extract.records import Answer, Reason
from tileserver.layers import BY_ID
from webmap import figures, words
from webmap.lead import ABOUT_THE_PLOT, functions
from webmap.pieces import BarPart, PieceRow, bar, piece_row
from webmap.projects import ProjectRow, project_rows
from webmap.restrictions import ObjectRow, object_rows, rule_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrPromise

    from planning.extract.records import ParcelExtract, Piece, RegisterReference, ThemeAnswer

#: Groups of themes as people ask: what is planned, what is the land for, what keeps me from it.
GROUPS: tuple[tuple[str, _StrPromise, tuple[Theme, ...]], ...] = (
    (
        "plans",
        gettext_lazy("Plans"),
        (Theme.GENERAL_PLAN, Theme.ZONING_PLAN, Theme.DETAILED_PLAN),
    ),
    (
        "land_use",
        gettext_lazy("Land-use plans"),
        (Theme.LAND_USE_PLAN, Theme.ANNUAL_PLAN),
    ),
    (
        "restrictions",
        gettext_lazy("Lines, corridors, protected ground"),
        tuple(theme for theme in Theme if theme not in (*PARTITION_THEMES, Theme.ANNUAL_PLAN)),
    ),
)
#: In this order they are listed where they are not told one by one.
_FOLDED_ORDER = (Answer.NOT_CHECKED, Answer.NO_DATA, Answer.CLEAR)


@dataclass(frozen=True)
class StateRow:
    """How much of the plot has one answer."""

    answer: Answer
    name: str
    area: str
    share: str


@dataclass(frozen=True)
class ThemeSection:
    """What one theme says."""

    theme: str
    #: The level of plan as the map's switch names it; "" for what is no plan of zones.
    level: str
    #: The map's layer of the objects; "" where it has none.
    layer: str
    title: str
    note: str
    answer: Answer
    answer_name: str
    bar: tuple[BarPart, ...]
    bar_text: str
    states: tuple[StateRow, ...]
    objects: tuple[ObjectRow, ...]
    projects: tuple[ProjectRow, ...]
    pieces: tuple[PieceRow, ...]
    slivers: tuple[PieceRow, ...]
    registers: tuple[str, ...]


@dataclass(frozen=True)
class FoldedList:
    """Themes that have one answer and need no more words."""

    answer: Answer
    name: str
    themes: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class ThemeGroup:
    """Themes that belong together: those told in full, and the others in lists."""

    id: str
    title: str
    sections: tuple[ThemeSection, ...]
    folded: tuple[FoldedList, ...]
    #: What the lists rest on, theme by theme.
    folded_sections: tuple[ThemeSection, ...]


def groups(extract: ParcelExtract) -> tuple[ThemeGroup, ...]:
    """Return the themes of an extract in their groups."""
    themes = {theme.theme: theme for theme in extract.themes}
    rules = rule_names(extract)
    return tuple(
        _group(id, str(title), [themes[theme] for theme in members], rules)
        for id, title, members in GROUPS
    )


def _group(id: str, title: str, themes: Sequence[ThemeAnswer], rules: dict[str, str]) -> ThemeGroup:
    full = [theme for theme in themes if _is_told_in_full(theme)]
    folded = [theme for theme in themes if theme not in full]
    return ThemeGroup(
        id=id,
        title=title,
        sections=tuple(theme_section(theme, rules) for theme in full),
        folded=tuple(_folded_lists(folded)),
        folded_sections=tuple(theme_section(theme, rules) for theme in folded),
    )


def _is_told_in_full(theme: ThemeAnswer) -> bool:
    """Say whether a theme has more to say than its answer.

    Plans always have; restrictions where they apply or may; nothing has about a plot that is itself
    in doubt.
    """
    counted = [piece for piece in theme.pieces if not piece.within_tolerance]
    if all(piece.reason in ABOUT_THE_PLOT for piece in theme.pieces):
        return False
    if theme.theme in PARTITION_THEMES or theme.theme is Theme.ANNUAL_PLAN:
        return True
    return any(
        piece.answer is Answer.APPLIES or piece.reason is Reason.CORRIDOR_UNCERTAIN
        for piece in counted
    )


def _folded_lists(themes: Sequence[ThemeAnswer]) -> list[FoldedList]:
    lists = []
    for answer in _FOLDED_ORDER:
        names = [name for theme in themes if (name := _folded_name(theme, answer))]
        if names:
            name = str(words.RESTRICTION_ANSWERS[answer])
            lists.append(FoldedList(answer, name, tuple(names), _note(themes, answer)))
    return lists


def _note(themes: Sequence[ThemeAnswer], answer: Answer) -> str:
    """Return what goes for every theme of a list; what differs stands with each theme."""
    if answer is Answer.NO_DATA:
        return gettext("No data does not mean not affected: ask the ward's office.")
    told = {
        words.reason(theme.theme, piece.reason, piece.trouble)
        for theme in themes
        for piece in theme.pieces
        if piece.answer is answer and piece.reason is not None
    }
    return " ".join(next(iter(told))) if len(told) == 1 else ""


def _folded_name(theme: ThemeAnswer, answer: Answer) -> str:
    """Return a theme as it stands in the list of an answer, "" where it does not."""
    pieces = [p for p in theme.pieces if not p.within_tolerance] or list(theme.pieces)
    given = [piece for piece in pieces if piece.answer is answer]
    if not given:
        return ""
    name = str(words.THEME_NAMES[theme.theme])
    if len(given) < len(pieces):
        name = f"{name} ({figures.area(sum(piece.area_m2 or 0.0 for piece in given))})"
    slivers = [p for p in theme.pieces if p not in pieces and p.answer is Answer.APPLIES]
    if slivers and answer is Answer.CLEAR:
        strip = gettext("but for a strip of %(area)s within survey tolerance")
        area = figures.area(sum(piece.area_m2 or 0.0 for piece in slivers))
        name = f"{name} ({strip % {'area': area}})"
    return name


def theme_section(theme: ThemeAnswer, rules: dict[str, str]) -> ThemeSection:
    """Return what a theme says, `rules` naming rules of other themes that go before its own."""
    named = [(f"{theme.theme}-{at}", piece) for at, piece in enumerate(theme.pieces)]
    counted = [(id, piece) for id, piece in named if not piece.within_tolerance]
    objects = object_rows(theme.theme, counted, rules)
    projects = project_rows(counted)
    told = {
        id for ids in (*(o.ids for o in objects), *(p.ids for p in projects)) for id in ids.split()
    }
    return ThemeSection(
        theme=str(theme.theme),
        level=str(theme.theme).removesuffix("_plan") if theme.theme in PARTITION_THEMES else "",
        layer=str(theme.theme) if theme.theme in BY_ID else "",
        title=str(words.THEME_NAMES[theme.theme]),
        note=str(words.THEME_NOTES[theme.theme]),
        answer=theme.answer,
        answer_name=words.answer_name(theme.theme, theme.answer),
        bar=bar(theme),
        bar_text="; ".join(f"{_called(theme, p)}: {_share(p)}" for p in theme.pieces if p.share),
        states=_states(theme),
        objects=objects,
        projects=projects,
        pieces=tuple(piece_row(theme.theme, id, piece) for id, piece in counted if id not in told),
        slivers=tuple(
            piece_row(theme.theme, id, piece) for id, piece in named if piece.within_tolerance
        ),
        registers=tuple(_register(register) for register in theme.registers),
    )


def _called(theme: ThemeAnswer, piece: Piece) -> str:
    return functions(piece) or words.answer_name(theme.theme, piece.answer)


def _share(piece: Piece) -> str:
    return figures.percent(piece.share or 0.0)


def _states(theme: ThemeAnswer) -> tuple[StateRow, ...]:
    """Return m² by answer; none where a single row says them already."""
    if len(theme.pieces) == 1:
        return ()
    areas = {answer: m2 for answer, m2 in theme.areas_m2.items() if m2 > 0}
    measured = sum(areas.values())
    return tuple(
        StateRow(
            answer,
            words.answer_name(theme.theme, answer),
            figures.area(area_m2),
            figures.percent(area_m2 / measured),
        )
        for answer, area_m2 in areas.items()
    )


def _register(register: RegisterReference) -> str:
    said = (
        gettext("Data “%(title)s” of %(day)s: declared complete here.")
        if register.is_complete
        else gettext("Data “%(title)s” of %(day)s: not complete here.")
    )
    return said % {
        "title": figures.name(register.title_vi, register.title_en),
        "day": figures.day(register.data_date),
    }
