"""The answer at a glance: what applies, what could not be checked, what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_lazy, ngettext

from landdata.models import RESTRICTION_THEMES, Theme
from planning.annual import ItemState
from planning.corridors.words import EFFECTS as MILDEST_FIRST
from planning.corridors.words import Effect
from planning.extract.records import Answer, Reason, strongest
from webmap import figures, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planning.extract.records import ParcelExtract, Piece, ThemeAnswer

#: Plans from the one that binds the single lot to the one that speaks of whole areas.
MOST_SPECIFIC_FIRST = (Theme.DETAILED_PLAN, Theme.ZONING_PLAN, Theme.GENERAL_PLAN)
#: Something is wrong with the plot itself, so no theme has an answer.
ABOUT_THE_PLOT = frozenset(
    (Reason.PARCEL_DISPUTED, Reason.PARCEL_INVALID, Reason.PARCEL_WITHOUT_BOUNDARY)
)


#: What shares of all pieces add up to, but for arithmetic.
WHOLE = 1 - 1e-6
#: How what applies is drawn, from what binds most to what binds least.
_LOOKS = ("restricted", "limited", "noted")
LOOK_OF_EFFECT = {
    Effect.FORBIDDEN: "restricted",
    Effect.CONDITIONAL: "limited",
    Effect.LISTED: "noted",
}
LOOK_OF_STATE = {
    ItemState.RECOVERY_DECIDED: "restricted",
    ItemState.LISTED: "restricted",
    ItemState.TWO_YEARS_PASSED: "limited",
    ItemState.CONVERSION: "limited",
    ItemState.COMPLETED: "limited",
    ItemState.CANCELLED: "noted",
    ItemState.NOT_LISTED: "noted",
}


@dataclass(frozen=True)
class LeadLine:
    """One statement; `look` is an answer, or one of _LOOKS for what applies and restricts."""

    look: str
    text: str


def lead(extract: ParcelExtract) -> tuple[LeadLine, ...]:
    """Return the whole answer in a few lines, what binds most first.

    Never a bare "not affected" while something is open: what could not be checked and what is not
    known are named beside it.
    """
    themes = {theme.theme: theme for theme in extract.themes}
    plans = tuple(themes[theme] for theme in MOST_SPECIFIC_FIRST)
    first = _plans(plans, extract)
    if all(p.reason in ABOUT_THE_PLOT for t in extract.themes for p in t.pieces):
        return (first,)
    lines = [first]
    lines += [_restricted(themes[t]) for t in RESTRICTION_THEMES if _applies(themes[t])]
    land_use = themes[Theme.LAND_USE_PLAN]
    if land_use.answer is Answer.APPLIES:
        lines.append(LeadLine(Answer.APPLIES, _of_plan(land_use)))
    # The first line has said already how it is with plans if none of them speaks.
    said = strongest(plans) if strongest(plans) is not Answer.APPLIES else None
    rest = [t for t in extract.themes if not (t in plans and t.answer is said)]
    for answer, said_of in _OPEN:
        open_themes = [_with_area(t, answer) for t in rest if _share(t, answer) is not None]
        if open_themes:
            lines.append(LeadLine(answer, str(said_of) % {"list": "; ".join(open_themes)}))
    clear = [t for t in extract.themes if t.theme in RESTRICTION_THEMES and _is_clear(t)]
    if clear:
        lines.append(LeadLine(Answer.CLEAR, _clear(len(clear))))
    return tuple(lines)


#: What is open, with the list of themes.
_OPEN = (
    (Answer.NOT_CHECKED, gettext_lazy("Could not be checked: %(list)s.")),
    (
        Answer.NO_DATA,
        gettext_lazy("No data: %(list)s. That does not mean that nothing applies."),
    ),
)


def _clear(count: int) -> str:
    return ngettext(
        "Checked and not affected: %(count)s kind of line, corridor, project or protected ground.",
        "Checked and not affected: %(count)s kinds of lines, corridors, projects or protected "
        "ground.",
        count,
    ) % {"count": count}


def _counted(theme: ThemeAnswer) -> Sequence[Piece]:
    """Return the pieces that are no slivers: those must not decide."""
    return [piece for piece in theme.pieces if not piece.within_tolerance] or theme.pieces


def _share(theme: ThemeAnswer, answer: Answer) -> float | None:
    """Return the share of the plot that has an answer, None where none of it has."""
    shares = [piece.share or 0.0 for piece in _counted(theme) if piece.answer is answer]
    return sum(shares) if shares else None


def _applies(theme: ThemeAnswer) -> bool:
    return theme.answer is Answer.APPLIES


def _is_clear(theme: ThemeAnswer) -> bool:
    return theme.answer is Answer.CLEAR


def _with_area(theme: ThemeAnswer, answer: Answer) -> str:
    """Return a theme's name, with m² where it has another answer elsewhere on the plot."""
    name = str(words.THEME_NAMES[theme.theme])
    pieces = _counted(theme)
    if all(piece.answer is answer for piece in pieces):
        return name
    area_m2 = sum(piece.area_m2 or 0.0 for piece in pieces if piece.answer is answer)
    return f"{name} ({figures.area(area_m2)})"


def _restricted(theme: ThemeAnswer) -> LeadLine:
    pieces = [piece for piece in _counted(theme) if piece.answer is Answer.APPLIES]
    name = str(words.THEME_NAMES[theme.theme])
    look = LOOK_OF_EFFECT[Effect.FORBIDDEN]
    if theme.theme is Theme.ANNUAL_PLAN:
        items = {item.key: item for piece in pieces for item in piece.items}.values()
        called = ", ".join(figures.name(item.name_vi, item.name_en) for item in items)
        name = f"{name} ({called})"
        look = min((LOOK_OF_STATE[item.effect.state] for item in items), key=_LOOKS.index)
    corridors = [corridor for piece in pieces for corridor in piece.corridors]
    effect = strictest(corridor.effect for corridor in corridors)
    if effect is not None:
        look = LOOK_OF_EFFECT[effect]
        what = dict.fromkeys(w for c in corridors if c.effect == effect for w in c.restricts)
        name = f"{name} ({_lower(words.effect(effect))}: {words.restricts(what)})"
    return LeadLine(look, f"{name}: {_of_plot(pieces)}.")


def _of_plot(pieces: Sequence[Piece]) -> str:
    share = sum(piece.share or 0.0 for piece in pieces)
    if share > WHOLE:
        return gettext("the whole plot")
    area = figures.area(sum(piece.area_m2 or 0.0 for piece in pieces))
    return gettext("%(area)s, %(share)s of the plot") % {
        "area": area,
        "share": figures.percent(share),
    }


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def strictest(effects: Iterable[str]) -> Effect | None:
    """Return the effect that binds most, None for none at all."""
    return max(map(Effect, effects), key=MILDEST_FIRST.index, default=None)


def _plans(plans: tuple[ThemeAnswer, ...], extract: ParcelExtract) -> LeadLine:
    """Speak of the level that covers most of the plot.

    Of two that cover as much the more specific one speaks; every more specific one that covers a
    part is named.
    """
    speaking = [theme for theme in plans if _applies(theme)]
    if speaking:
        # To the square metre: a strip within survey tolerance must not decide.
        covering = max(speaking, key=lambda theme: round(theme.areas_m2[Answer.APPLIES], 0))
        parts = [_of_plan(covering)]
        for theme in speaking[: speaking.index(covering)]:
            further = gettext("For %(share)s of it a %(level)s goes further; see below.")
            share = sum(p.share or 0.0 for p in theme.pieces if p.answer is Answer.APPLIES)
            parts.append(further % {"share": figures.percent(share), "level": _level(theme)})
        return LeadLine(Answer.APPLIES, " ".join(parts))
    answer = strongest(plans)
    match answer:
        case Answer.NOT_CHECKED:
            given = next((p.reason for t in plans for p in t.pieces if p.reason is not None), None)
            why = str(words.REASONS[given][0]) if given else ""
            unchecked = gettext("What is planned for this plot could not be checked.")
            return LeadLine(answer, f"{unchecked} {why}".strip())
        case Answer.NO_DATA:
            return LeadLine(
                answer,
                gettext(
                    "Our data do not say what is planned for this plot. That does not mean that "
                    "nothing is planned: ask the ward's office."
                ),
            )
        case _:
            said = gettext("No plan applies to this plot on %(day)s.")
            return LeadLine(answer, said % {"day": figures.day(extract.as_of)})


def _level(theme: ThemeAnswer) -> str:
    return str(words.PLAN_SENTENCE_NAMES[theme.theme])


def _of_plan(theme: ThemeAnswer) -> str:
    counted = [piece for piece in theme.pieces if not piece.within_tolerance]
    shares: dict[str, float] = {}
    for piece in counted:
        if piece.zones:
            called = functions(piece)
            shares[called] = shares.get(called, 0.0) + (piece.share or 0.0)
    by_size = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    open_share = sum(piece.share or 0.0 for piece in counted if piece.answer != Answer.APPLIES)
    if len(by_size) == 1 and not open_share:
        return gettext("By the %(level)s, the whole plot is meant for: %(function)s.") % {
            "level": _level(theme),
            "function": by_size[0][0],
        }
    listed = ", ".join(f"{called} ({figures.percent(share)})" for called, share in by_size)
    said = ngettext(
        "By the %(level)s, this plot lies in %(count)s kind of zone: %(list)s.",
        "By the %(level)s, this plot lies in %(count)s kinds of zones: %(list)s.",
        len(by_size),
    ) % {"level": _level(theme), "count": len(by_size), "list": listed}
    if open_share:
        rest = gettext("For %(share)s of it there is no answer at this level; see below.")
        said = f"{said} {rest % {'share': figures.percent(open_share)}}"
    return said


def functions(piece: Piece) -> str:
    """Return the function of a piece; all of them where plans of one level disagree."""
    names = (figures.name(zone.function_name_vi, zone.function_name_en) for zone in piece.zones)
    return " / ".join(dict.fromkeys(names))
