"""The sentences of an answer, for people who never read a plan. Plain text; templates escape it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import numberformat
from django.utils.formats import date_format, get_format, number_format
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, pgettext_lazy

from landdata.models import Theme
from planning.extract.records import Answer, Notice, Reason, strongest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from decimal import Decimal

    from django.utils.functional import _StrPromise

    from planning.extract.records import ParcelExtract, Piece, ThemeAnswer

#: Themes from the one that binds the single lot to the one that speaks of whole areas.
MOST_SPECIFIC_FIRST = (Theme.DETAILED_PLAN, Theme.ZONING_PLAN, Theme.GENERAL_PLAN)

THEME_NAMES: dict[Theme, _StrPromise] = {
    Theme.GENERAL_PLAN: gettext_lazy("General plan"),
    Theme.ZONING_PLAN: gettext_lazy("Zoning plan"),
    Theme.DETAILED_PLAN: gettext_lazy("Detailed plan"),
    Theme.LAND_USE_PLAN: gettext_lazy("Land-use plan"),
    Theme.ANNUAL_PLAN: gettext_lazy("Annual land-use plan"),
    Theme.CONTROL_LINES: gettext_lazy("Red lines and building lines"),
    Theme.POWER_LINES: gettext_lazy("Corridors of power lines"),
    Theme.PIPELINES: gettext_lazy("Corridors of pipelines"),
    Theme.ROADS: gettext_lazy("Safety corridors of roads"),
    Theme.RAILWAYS: gettext_lazy("Safety corridors of railways"),
    Theme.DYKES: gettext_lazy("Protection corridors of dykes"),
    Theme.WATER: gettext_lazy("Protection corridors of water"),
    Theme.HAZARD_SITES: gettext_lazy("Distances to hazardous sites"),
    Theme.PROTECTED_SITES: gettext_lazy("Protected sites"),
}
THEME_NOTES: dict[Theme, _StrPromise] = {
    Theme.GENERAL_PLAN: gettext_lazy("speaks of whole areas of the city"),
    Theme.ZONING_PLAN: gettext_lazy("speaks of blocks"),
    Theme.DETAILED_PLAN: gettext_lazy("speaks of single lots"),
    Theme.LAND_USE_PLAN: gettext_lazy("says for which kind of use land is meant until its end"),
    Theme.ANNUAL_PLAN: gettext_lazy("lists the projects for which land is taken this year"),
    Theme.CONTROL_LINES: gettext_lazy("ground that a street and its front keep free"),
    Theme.POWER_LINES: gettext_lazy("from the outermost conductor or the cable"),
    Theme.PIPELINES: gettext_lazy("mains of water, gas and sewage"),
    Theme.ROADS: gettext_lazy("from the protection strip, in towns to the red line"),
    Theme.RAILWAYS: gettext_lazy("from the protection strip or the track"),
    Theme.DYKES: gettext_lazy("from the foot of the dyke"),
    Theme.WATER: gettext_lazy("from the bank of rivers, canals and lakes"),
    Theme.HAZARD_SITES: gettext_lazy("petrol stations, cemeteries, landfills, sewage works"),
    Theme.PROTECTED_SITES: gettext_lazy("relics, coast, airports, waterways"),
}
THEME_SENTENCE_NAMES: dict[Theme, _StrPromise] = {
    Theme.GENERAL_PLAN: pgettext_lazy("in a sentence", "general plan"),
    Theme.ZONING_PLAN: pgettext_lazy("in a sentence", "zoning plan"),
    Theme.DETAILED_PLAN: pgettext_lazy("in a sentence", "detailed plan"),
}
ANSWER_NAMES: dict[Answer, _StrPromise] = {
    Answer.APPLIES: gettext_lazy("Planned"),
    Answer.CLEAR: gettext_lazy("No plan applies"),
    Answer.NO_DATA: gettext_lazy("No data here"),
    Answer.NOT_CHECKED: gettext_lazy("Could not be checked"),
}
#: Why there is no plain answer, and what a person can do about it.
REASONS: dict[Reason, tuple[_StrPromise, _StrPromise]] = {
    Reason.PLAN_SILENT: (
        gettext_lazy("A plan is in force here, but it draws no zone on this ground."),
        gettext_lazy("Ask the office that holds the plan for written information."),
    ),
    Reason.REGISTER_INCOMPLETE: (
        gettext_lazy("Nobody has declared the register of plans complete here; a plan may exist."),
        gettext_lazy("Ask the ward's office before you build or buy."),
    ),
    Reason.CORRIDOR_UNCERTAIN: (
        gettext_lazy("It is not certain how far the corridor reaches here."),
        gettext_lazy("Ask the office that manages it, and have it measured before you build."),
    ),
    Reason.RULES_MISSING: (
        gettext_lazy("The objects are known, but no rule about their corridors on that day."),
        gettext_lazy("Ask the ward's office which distance applies."),
    ),
    Reason.NO_ANNUAL_PLAN: (
        gettext_lazy("We hold no annual land-use plan of that year for this ground."),
        gettext_lazy("Ask the ward's office for the land-use plan of the year."),
    ),
    Reason.SOURCE_FAILED: (
        gettext_lazy("The source of these data did not answer when we asked."),
        gettext_lazy("Try again later; if it stays so, ask the ward's office."),
    ),
    Reason.SOURCE_UNHEALTHY: (
        gettext_lazy("The source of these data is known to have a fault here."),
        gettext_lazy("Ask the ward's office until the fault is mended."),
    ),
    Reason.PARCEL_DISPUTED: (
        gettext_lazy("Several rows of the land register carry this sheet and plot number."),
        gettext_lazy("Ask the land registration office which row is yours."),
    ),
    Reason.PARCEL_INVALID: (
        gettext_lazy("The boundary of this plot in the land register is faulty."),
        gettext_lazy("Ask the land registration office to have the boundary mended."),
    ),
    Reason.PARCEL_WITHOUT_BOUNDARY: (
        gettext_lazy("The land register holds no boundary for this plot."),
        gettext_lazy("Ask the land registration office for a survey extract."),
    ),
}


def in_english() -> bool:
    """Say whether the page is in English; names of plans and functions exist in both languages."""
    return (get_language() or "").startswith("en")


def name(vi: str, en: str) -> str:
    """Return the name in the page's language, the Vietnamese one where there is no other."""
    return en if in_english() and en else vi


def number(value: float, digits: int = 0) -> str:
    """Write a number with this many digits after the mark, thousands grouped."""
    # Django's Vietnamese formats name the mark between groups, but not how long a group is.
    return numberformat.format(
        round(value, digits),
        get_format("DECIMAL_SEPARATOR"),
        digits,
        grouping=3,
        thousand_sep=get_format("THOUSAND_SEPARATOR"),
        force_grouping=True,
    )


def metres(value: float) -> str:
    """Write a length in metres with the digits it has, at most two."""
    return f"{number_format(f'{round(value, 2):g}')} m"


def area(value_m2: float | Decimal) -> str:
    """Write an area; below 1 m² with two digits, so that a strip is not rounded away."""
    value = float(value_m2)
    # Half of what two digits can show.
    if 0 < value < 0.005:
        return f"< {number(0.01, 2)}\u00a0m²"
    return f"{number(value, 2 if abs(value) < 1 else 1)}\u00a0m²"


def percent(share: float) -> str:
    """Write a share (0 to 1) as per cent with one digit; neither 0 nor 100 unless it is."""
    if 0 < share < 0.0005:
        return f"< {number(0.1, 1)}%"
    if 0.9995 < share < 1 - 1e-9:
        return f"> {number(99.9, 1)}%"
    return f"{number(share * 100, 0 if abs(share - round(share)) < 1e-9 else 1)}%"


def day(value: dt.date) -> str:
    """Write a day in the page's language."""
    return date_format(value, "DATE_FORMAT" if in_english() else "d/m/Y")


def lead(extract: ParcelExtract) -> str:
    """Return the whole answer in a few sentences.

    They speak of the level that covers most of the plot, of the more specific one where two
    cover as much, and name every more specific one that covers a part.
    """
    plans = sorted(
        (theme for theme in extract.themes if theme.theme in MOST_SPECIFIC_FIRST),
        key=lambda theme: MOST_SPECIFIC_FIRST.index(theme.theme),
    )
    speaking = [theme for theme in plans if theme.answer == Answer.APPLIES]
    if speaking:
        # To the square metre: a strip within survey tolerance must not decide.
        covering = max(speaking, key=lambda theme: round(theme.areas_m2[Answer.APPLIES], 0))
        parts = [_lead_of_plan(covering)]
        for theme in speaking[: speaking.index(covering)]:
            further = gettext("For %(share)s of it a %(level)s goes further; see below.")
            parts.append(
                further % {"share": percent(_applied_share(theme)), "level": _level(theme)}
            )
        return " ".join(parts)
    match strongest(plans):
        case Answer.NOT_CHECKED:
            reason = next(
                (p.reason for t in plans for p in t.pieces if p.reason in REASONS), None
            )
            why = str(REASONS[reason][0]) if reason else ""
            unchecked = gettext("What is planned for this plot could not be checked.")
            return f"{unchecked} {why}".strip()
        case Answer.NO_DATA:
            return gettext(
                "Our data do not say what is planned for this plot. That does not mean that "
                "nothing is planned: ask the ward's office."
            )
        case _:
            said = gettext("No plan applies to this plot on %(day)s.")
            return said % {"day": day(extract.as_of)}


def _level(theme: ThemeAnswer) -> str:
    return str(THEME_SENTENCE_NAMES[theme.theme])


def _applied_share(theme: ThemeAnswer) -> float:
    return sum(piece.share or 0.0 for piece in theme.pieces if piece.answer == Answer.APPLIES)


def _lead_of_plan(theme: ThemeAnswer) -> str:
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
    listed = ", ".join(f"{called} ({percent(share)})" for called, share in by_size)
    said = ngettext(
        "By the %(level)s, this plot lies in %(count)s kind of zone: %(list)s.",
        "By the %(level)s, this plot lies in %(count)s kinds of zones: %(list)s.",
        len(by_size),
    ) % {"level": _level(theme), "count": len(by_size), "list": listed}
    if open_share:
        rest = gettext("For %(share)s of it there is no answer at this level; see below.")
        said = f"{said} {rest % {'share': percent(open_share)}}"
    return said


def functions(piece: Piece) -> str:
    """Return the function of a piece; all of them where plans of one level disagree."""
    names = (name(zone.function_name_vi, zone.function_name_en) for zone in piece.zones)
    return " / ".join(dict.fromkeys(names))


def reason_of(piece: Piece) -> tuple[str, str]:
    """Return why a piece has no plain answer and what to do, both empty where it has one."""
    if piece.reason is None:
        return "", ""
    why, what = REASONS[piece.reason]
    trouble = f"trouble.{piece.trouble}"
    told = gettext(trouble) if piece.trouble else trouble
    # Without an entry in the catalogue gettext gives the key back: the general sentence is better.
    return (str(why) if told == trouble else f"{why} {told}"), str(what)


def notice(kind: Notice) -> str:
    """Return the sentence of a notice, or '' for the one that stands under every answer."""
    key = f"notice.{kind}"
    return "" if kind == Notice.REFERENCE_ONLY else gettext(key)


def bar_text(parts: Sequence[tuple[str, str]]) -> str:
    """Return what a bar of (name, share) shows, for those who do not see it."""
    return "; ".join(f"{called}: {share}" for called, share in parts)
