"""Projects of the annual land-use plan on a plot, and what they mean for whoever holds it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from landdata.models import Theme
from planning.annual import ItemState
from planning.extract.records import Notice
from webmap import figures, words
from webmap.lead import LOOK_OF_STATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planning.extract.records import ItemReference, ParcelExtract, Piece

_STATE_OF_NOTICE = {
    Notice.RECOVERY_DECIDED: ItemState.RECOVERY_DECIDED,
    Notice.RECOVERY_OVERDUE: ItemState.TWO_YEARS_PASSED,
    Notice.RECOVERY_LISTED: ItemState.LISTED,
}


@dataclass(frozen=True)
class ProjectRow:
    """A project and what follows from it today."""

    ids: str
    look: str
    name: str
    area: str
    share: str
    #: Whether the plan names the plot, or only the project's boundary reaches it.
    reaches: str
    state: str
    restriction: str
    next_step: str
    article: str
    counting: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Alert:
    """What has to be read before anything else."""

    look: str
    text: str
    #: Name of each project, and how it reaches the plot.
    projects: tuple[tuple[str, str], ...]


def project_rows(pieces: Sequence[tuple[str, Piece]]) -> tuple[ProjectRow, ...]:
    """Return the projects on some pieces of the plot, in the order of the plan."""
    on: dict[tuple[str, str], list[tuple[str, Piece]]] = defaultdict(list)
    items: dict[tuple[str, str], ItemReference] = {}
    for id, piece in pieces:
        for item in piece.items:
            key = (item.plan_code, item.key)
            items[key] = item
            on[key].append((id, piece))
    return tuple(_row(items[key], on[key]) for key in items)


def alerts(extract: ParcelExtract) -> tuple[Alert, ...]:
    """Return the notices about recovery of land, each with its projects."""
    rows = {
        item.key: item
        for theme in extract.themes
        if theme.theme == Theme.ANNUAL_PLAN
        for piece in theme.pieces
        for item in piece.items
    }
    return tuple(
        Alert(
            look=LOOK_OF_STATE[state],
            text=words.notice(notice),
            projects=tuple(
                (figures.name(item.name_vi, item.name_en), _reaches(item))
                for item in rows.values()
                if item.effect.state is state
            ),
        )
        for notice, state in _STATE_OF_NOTICE.items()
        if notice in extract.notices
    )


def _reaches(item: ItemReference) -> str:
    if item.names_the_plot:
        return gettext("the plan names this plot")
    return gettext("its boundary reaches this plot, which the plan does not name")


def _row(item: ItemReference, on: Sequence[tuple[str, Piece]]) -> ProjectRow:
    effect = item.effect
    return ProjectRow(
        ids=" ".join(id for id, _ in on),
        look=LOOK_OF_STATE[effect.state],
        name=figures.name(item.name_vi, item.name_en),
        area=figures.area(sum(piece.area_m2 or 0.0 for _, piece in on)),
        share=figures.percent(sum(piece.share or 0.0 for _, piece in on)),
        reaches=_reaches(item),
        state=str(words.ITEM_STATES[effect.state]),
        restriction=str(words.ITEM_RESTRICTIONS[effect.restriction]),
        next_step=str(words.NEXT_STEPS[effect.next_step]),
        article=words.article(effect.article),
        counting=_counting(item),
        facts=tuple((called, value) for called, value in _facts(item) if value),
    )


def _counting(item: ItemReference) -> str:
    """Return how the two years were counted: our reading of the law, which others may not share."""
    effect = item.effect
    if effect.counted_from is None or effect.two_years_end is None:
        return ""
    return gettext(
        "Counted in calendar years from %(year)s: two years in a row are over on %(day)s. The "
        "authority may count otherwise."
    ) % {"year": effect.counted_from, "day": figures.day(effect.two_years_end)}


def _facts(item: ItemReference) -> list[tuple[str, str]]:
    effect = item.effect
    purpose = f"{item.purpose} {figures.name(item.purpose_name_vi, item.purpose_name_en)}"
    decided = ""
    if effect.decision_number and effect.decision_date:
        decided = gettext("%(number)s of %(day)s") % {
            "number": effect.decision_number,
            "day": figures.day(effect.decision_date),
        }
    elif effect.decision_number:
        decided = effect.decision_number
    plan = gettext("%(plan)s, decision %(number)s of %(day)s (%(authority)s)") % {
        "plan": figures.name(item.plan_name_vi, item.plan_name_en),
        "number": item.decision_number,
        "day": figures.day(item.decision_date),
        "authority": item.authority,
    }
    return [
        (gettext("Purpose"), purpose.strip()),
        (gettext("Years in the plan"), ", ".join(map(str, effect.years_listed))),
        (gettext("First listed"), str(item.first_listed_year)),
        (gettext("Decision on the land"), decided),
        (
            gettext("Area of the project"),
            "" if item.area_m2 is None else figures.area(item.area_m2),
        ),
        (gettext("Plan"), plan),
    ]
