"""What the codes of an answer mean to people who never read a plan. Plain text, never markup.

Each table says every value of an enumeration; tests hold it against the enumeration and both
catalogues. What the table of corridors says in words of its own is looked up by those words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy

from landdata.models import PARTITION_THEMES, Theme
from planning.annual import ItemState, NextStep
from planning.annual import Restriction as ItemRestriction
from planning.corridors.words import Reference
from planning.extract.records import Answer, Notice, Reason
from webmap import figures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

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
    Theme.POWER_LINES: gettext_lazy("overhead lines and cables"),
    Theme.PIPELINES: gettext_lazy("mains of water, gas and sewage"),
    Theme.ROADS: gettext_lazy("beside roads; in towns up to the red line"),
    Theme.RAILWAYS: gettext_lazy("beside tracks"),
    Theme.DYKES: gettext_lazy("on both sides of a dyke"),
    Theme.WATER: gettext_lazy("along rivers, canals and lakes"),
    Theme.HAZARD_SITES: gettext_lazy("petrol stations, cemeteries, landfills, sewage works"),
    Theme.PROTECTED_SITES: gettext_lazy("relics, coast, airports, waterways"),
}
#: Plans that say what ground shall be, as they stand in the middle of a sentence.
PLAN_SENTENCE_NAMES: dict[Theme, _StrPromise] = {
    Theme.GENERAL_PLAN: pgettext_lazy("in a sentence", "general plan"),
    Theme.ZONING_PLAN: pgettext_lazy("in a sentence", "zoning plan"),
    Theme.DETAILED_PLAN: pgettext_lazy("in a sentence", "detailed plan"),
    Theme.LAND_USE_PLAN: pgettext_lazy("in a sentence", "land-use plan"),
}
#: What an object without a name is called.
OBJECT_NAMES: dict[Theme, _StrPromise] = {
    Theme.POWER_LINES: gettext_lazy("Power line"),
    Theme.PIPELINES: gettext_lazy("Pipeline"),
    Theme.ROADS: gettext_lazy("Road"),
    Theme.RAILWAYS: gettext_lazy("Railway"),
    Theme.DYKES: gettext_lazy("Dyke"),
    Theme.WATER: gettext_lazy("Body of water"),
    Theme.HAZARD_SITES: gettext_lazy("Site"),
    Theme.PROTECTED_SITES: gettext_lazy("Protected site"),
}
_NO_DATA = gettext_lazy("No data here")
_NOT_CHECKED = gettext_lazy("Could not be checked")
PLAN_ANSWERS: dict[Answer, _StrPromise] = {
    Answer.APPLIES: gettext_lazy("Planned"),
    Answer.CLEAR: gettext_lazy("No plan applies"),
    Answer.NO_DATA: _NO_DATA,
    Answer.NOT_CHECKED: _NOT_CHECKED,
}
PROJECT_ANSWERS: dict[Answer, _StrPromise] = {
    Answer.APPLIES: gettext_lazy("In a project"),
    Answer.CLEAR: gettext_lazy("In no project"),
    Answer.NO_DATA: _NO_DATA,
    Answer.NOT_CHECKED: _NOT_CHECKED,
}
RESTRICTION_ANSWERS: dict[Answer, _StrPromise] = {
    Answer.APPLIES: gettext_lazy("Affected"),
    Answer.CLEAR: gettext_lazy("Not affected"),
    Answer.NO_DATA: _NO_DATA,
    Answer.NOT_CHECKED: _NOT_CHECKED,
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
#: The register of a restriction is no register of plans.
_OBJECTS_INCOMPLETE = gettext_lazy(
    "Nobody has declared these data complete here; something may lie nearby all the same."
)
REFERENCES: dict[Reference, _StrPromise] = {
    Reference.OUTER_CONDUCTOR: gettext_lazy("from the outermost conductor"),
    Reference.OUTER_FACE: gettext_lazy("from the outer face of the pipe or cable"),
    Reference.STRIP: gettext_lazy("from the outer edge of the strip that protects road or track"),
    Reference.RED_LINE: gettext_lazy("up to the red line"),
    Reference.AXIS: gettext_lazy("from the axis"),
    Reference.FOOT: gettext_lazy("from the foot of the dyke"),
    Reference.BANK: gettext_lazy("from the edge of the water"),
    Reference.EDGE: gettext_lazy("from the edge of the site"),
    Reference.AROUND: gettext_lazy("around the site, from its edge"),
    Reference.SURFACE: gettext_lazy("the ground that was decided"),
}
ITEM_STATES: dict[ItemState, _StrPromise] = {
    ItemState.NOT_LISTED: gettext_lazy("Not in this year's plan."),
    ItemState.LISTED: gettext_lazy(
        "Land is to be recovered: in this year's list, no decision yet."
    ),
    ItemState.TWO_YEARS_PASSED: gettext_lazy(
        "Listed for more than two years in a row without a decision to recover the land."
    ),
    ItemState.RECOVERY_DECIDED: gettext_lazy("The recovery of the land has been decided."),
    ItemState.CANCELLED: gettext_lazy("The project was taken off the plan."),
    ItemState.COMPLETED: gettext_lazy("The project is reported as carried out."),
    ItemState.CONVERSION: gettext_lazy("Listed for a change of the purpose of land use."),
}
ITEM_RESTRICTIONS: dict[ItemRestriction, _StrPromise] = {
    ItemRestriction.NONE: gettext_lazy("This project does not restrict your rights."),
    ItemRestriction.NO_NEW_BUILDING: gettext_lazy(
        "Your rights continue, but no new house may be built and no perennial trees planted; "
        "a permit for a limited time is possible."
    ),
    ItemRestriction.BY_DECISION: gettext_lazy("What you may still do is what the decision says."),
    ItemRestriction.NOT_SAID: gettext_lazy(
        "Our sources do not say what this restricts; that does not mean that nothing is restricted."
    ),
}
NEXT_STEPS: dict[NextStep, _StrPromise] = {
    NextStep.NOTHING: gettext_lazy("You need not do anything."),
    NextStep.ASK_FOR_LIMITED_PERMIT: gettext_lazy(
        "To repair, or to build for a limited time: ask for a limited building permit."
    ),
    NextStep.ASK_TO_ADJUST_OR_CANCEL: gettext_lazy(
        "You may ask the authority to adjust or cancel the project, and to publish that."
    ),
    NextStep.READ_THE_DECISION: gettext_lazy("Read the decision; ask the ward's office for it."),
    NextStep.ASK_THE_AUTHORITY: gettext_lazy("Ask the ward's office in writing."),
}
#: Kinds of control lines, each with what its ground is for.
LINES: dict[str, tuple[_StrPromise, _StrPromise]] = {
    "red_line": (
        gettext_lazy("Red line"),
        gettext_lazy("Ground inside the red lines is set aside for the street."),
    ),
    "building_line": (
        gettext_lazy("Building line"),
        gettext_lazy("Ground between the red line and the building line stays free of buildings."),
    ),
}


def answer_name(theme: Theme, answer: Answer) -> str:
    """Return the name of an answer as it fits the theme."""
    if theme is Theme.ANNUAL_PLAN:
        return str(PROJECT_ANSWERS[answer])
    return str((PLAN_ANSWERS if theme in PARTITION_THEMES else RESTRICTION_ANSWERS)[answer])


def reason(theme: Theme, given: Reason, trouble: str = "") -> tuple[str, str]:
    """Return why there is no plain answer, and what to do."""
    why, what = (str(text) for text in REASONS[given])
    if given is Reason.REGISTER_INCOMPLETE and theme not in PARTITION_THEMES:
        why = str(_OBJECTS_INCOMPLETE)
    key = f"trouble.{trouble}"
    told = gettext(key) if trouble else key
    # Without an entry in the catalogue gettext gives the key back: the general sentence is better.
    return (why if told == key else f"{why} {told}"), what


def notice(kind: Notice) -> str:
    """Return the sentence of a notice, or '' for the one that stands under every answer."""
    return "" if kind is Notice.REFERENCE_ONLY else gettext(f"notice.{kind}")


def effect(given: str) -> str:
    """Return what follows for ground inside a corridor, of planning.corridors.words.Effect."""
    return gettext(f"effect.{given}")


def restricts(given: Iterable[str]) -> str:
    """Return what a corridor restricts, of planning.corridors.words.Restriction."""
    return ", ".join(gettext(f"restricts.{word}") for word in given)


def doubt(given: str) -> str:
    """Return the sentence that says why a corridor's reach is open."""
    return gettext(f"doubt.{given}")


def confidence(given: str) -> str:
    """Return a sentence about a figure of the table of corridors, '' where it is certain."""
    if given in ("", "high"):
        return ""
    told = pgettext("confidence", given)
    if told != given:
        return told
    return gettext("How sure the figure is: %(given)s.") % {"given": given}


def table_text(given: str) -> str:
    """Return a source or a note of the table of corridors in the page's language.

    An office may write its own; those stand as they were written.
    """
    return gettext(given) if given else ""


def article(number: str) -> str:
    """Return an article of the Land Law, "76.6" being clause 6 of article 76."""
    if not number:
        return ""
    at, _, clause = number.partition(".")
    return gettext("Land Law 31/2024/QH15, article %(article)s clause %(clause)s") % {
        "article": at,
        "clause": clause,
    }


def distance(metres: float | None, measured_from: str) -> str:
    """Return how far a corridor reaches and from where: "4 m from the outermost conductor"."""
    reference = str(REFERENCES[Reference(measured_from)]) if measured_from else ""
    if metres is None:
        return reference
    return f"{figures.metres(metres)} {reference}".strip()
