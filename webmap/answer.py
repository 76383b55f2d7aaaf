"""An extract laid out for people: what the template prints, in the page's language.

Reads the frozen record and nothing else. The card on the map and the permanent page print the
same layout, so they cannot say different things.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from planning.extract.records import Notice
from webmap import figures, words
from webmap.lead import LeadLine, lead
from webmap.projects import Alert, alerts
from webmap.sections import ThemeGroup, groups

if TYPE_CHECKING:
    from planning.extract.records import Answer, ParcelExtract, ParcelRecord

#: Said in an alert of their own.
_ALERTS = frozenset((Notice.RECOVERY_DECIDED, Notice.RECOVERY_OVERDUE, Notice.RECOVERY_LISTED))


@dataclass(frozen=True)
class Fact:
    """One line of the facts about the plot."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class AnswerLayout:
    """Everything that the template prints."""

    uuid: str
    title: str
    scale: str
    where: str
    address: str
    answer: Answer
    alerts: tuple[Alert, ...]
    lead: tuple[LeadLine, ...]
    notices: tuple[str, ...]
    twins: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]
    groups: tuple[ThemeGroup, ...]
    as_of: str
    as_of_iso: str
    known_at: int
    known_since: Any
    source: str

    @property
    def summary(self) -> str:
        """The answer in one breath, for those who hear it."""
        return " ".join(
            [*(alert.text for alert in self.alerts), *(line.text for line in self.lead)]
        )


def lay_out(extract: ParcelExtract) -> AnswerLayout:
    """Return `extract` as the template prints it, in the language that is active."""
    parcel = extract.parcel
    return AnswerLayout(
        uuid=str(parcel.uuid),
        title=_title(parcel.number, parcel.sheet_number),
        scale=f"1:{parcel.sheet_scale}",
        where=figures.name(parcel.unit_name, parcel.unit_name_en),
        address=parcel.address,
        answer=extract.answer,
        alerts=alerts(extract),
        lead=lead(extract),
        notices=tuple(filter(None, (words.notice(n) for n in extract.notices if n not in _ALERTS))),
        twins=tuple(
            (
                str(twin.uuid),
                f"{_title(twin.number, twin.sheet)}"
                + (f" ({figures.area(twin.legal_area_m2)})" if twin.legal_area_m2 else ""),
            )
            for twin in parcel.disputed_with
        ),
        facts=_facts(parcel),
        groups=groups(extract),
        as_of=figures.day(extract.as_of),
        as_of_iso=extract.as_of.isoformat(),
        known_at=extract.known_at,
        known_since=extract.known_since,
        source=parcel.source_name,
    )


def _title(number: str, sheet: str) -> str:
    return gettext("Plot %(number)s, sheet %(sheet)s") % {"number": number, "sheet": sheet}


def _facts(parcel: ParcelRecord) -> tuple[Fact, ...]:
    unknown = gettext("not known")
    legal, measured = parcel.legal_area_m2, parcel.measured_area_m2
    difference = ""
    if legal is not None and measured is not None:
        sign = "+" if measured >= float(legal) else "−"
        difference = gettext("%(difference)s against the register") % {
            "difference": f"{sign}{figures.area(abs(measured - float(legal)))}"
        }
    uses = ", ".join(
        f"{use.code} {figures.name(use.name_vi, use.name_en)}".strip() for use in parcel.land_uses
    )
    facts = [
        Fact(
            gettext("Area in the register"),
            unknown if legal is None else figures.area(legal),
            gettext("the legal area"),
        ),
        Fact(
            gettext("Area of the boundary"),
            gettext("cannot be measured") if measured is None else figures.area(measured),
            difference,
        ),
        Fact(gettext("Registered use today"), uses or unknown),
        Fact(
            gettext("Land data of"),
            figures.day(parcel.data_date),
            ""
            if parcel.accuracy_m is None
            else gettext("accurate to about %(length)s")
            % {"length": figures.metres(parcel.accuracy_m)},
        ),
    ]
    if parcel.national_id:
        facts.append(Fact(gettext("National plot code"), parcel.national_id))
    if parcel.aliases:
        facts.append(Fact(gettext("Known before as"), "; ".join(_aliases(parcel))))
    return tuple(facts)


def _aliases(parcel: ParcelRecord) -> list[str]:
    told = []
    for alias in parcel.aliases:
        # A unit without a name on that day is given by its code.
        unit = alias.unit_name
        if unit == alias.unit_code and unit:
            unit = gettext("unit with code %(code)s") % {"code": unit}
        told.append(_title(alias.number, alias.sheet) + (f" ({unit})" if unit else ""))
    return told
