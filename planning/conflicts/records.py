"""Plain values of the check for conflicts: rules, what they are about, what was found."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from planning.topology.shapes import Surface

#: Under which conflicts are named, so that the same contradiction always has the same name.
NAMES: Final = uuid.UUID("6f1c9bd0-52a5-5a0e-9f0b-1f6d3b1f8f10")


class Severity(StrEnum):
    """What follows for a plan. One that blocks stops the approval."""

    BLOCKS = "blocks"
    WARNS = "warns"
    NOTES = "notes"


class Family(StrEnum):
    """What a rule holds a plan against."""

    PLANS = "plans"
    INSIDE = "inside"
    GROUND = "ground"
    CORRIDORS = "corridors"
    TERRAIN = "terrain"
    NORMS = "norms"


class PartyKind(StrEnum):
    """What can take part in a conflict."""

    ZONE = "zone"
    PLAN = "plan"
    PARCEL = "parcel"
    BUILDING = "building"
    ROAD = "road"
    OBJECT = "object"
    ITEM = "item"
    CONTROL_LINE = "control_line"
    RASTER = "raster"


@dataclass(frozen=True, order=True)
class Party:
    """One of those that contradict each other; `key` stays the same over all its versions.

    Keys: uid of a zone, code of a plan, identifier of a parcel, "<kind>/<data set>/<sender's key>"
    of an object of the register, "<plan code>/<item key>" of an item.
    """

    kind: PartyKind
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True)
class Rule:
    """A numbered rule of the catalogue as it is written there.

    `judge` names the function that finds what violates it; several rules may share one and differ
    by their parameters. `version` is a digest of all that decides what is found.
    """

    code: str
    judge: str
    family: Family
    severity: Severity
    title_vi: str
    title_en: str
    #: One sentence about one finding; `{name}` stands for its values.
    said_vi: str
    said_en: str
    measured_vi: str
    measured_en: str
    #: Article of law, standard, or that it is our own choice.
    source: str
    confidence: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    parameters: Mapping[str, Any]
    #: Whether what it finds may be told to everybody once the plans are in force.
    is_public: bool
    version: str
    #: Examples as they stand in the catalogue; planning.conflicts.examples makes facts of them.
    violates: Mapping[str, Any] = field(default_factory=dict)
    clean: Mapping[str, Any] = field(default_factory=dict)

    def holds_on(self, day: dt.date) -> bool:
        """Whether the rule is in force on this legal day; the last day is not included."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


@dataclass(frozen=True)
class Finding:
    """One contradiction that a rule finds.

    Ground is a valid surface in the storage system, in m²; None where there is none to show, and
    then `place` says where to look. The first party is the one to be changed.
    """

    rule: str
    severity: Severity
    parties: tuple[Party, ...]
    ground: Surface | None
    place: tuple[float, float]
    area_m2: float
    #: What the rule's sentence is filled with: numbers (SI units, per cent as 0 to 100) and words.
    values: Mapping[str, float | int | str] = field(default_factory=dict)
    #: Tells findings of one rule about the same parties apart; "" where there is only one.
    part: str = ""
    #: Keys ("zone:…") of others whose change may change this finding, besides the parties.
    rests_on: tuple[str, ...] = ()

    @property
    def identity(self) -> uuid.UUID:
        """Name of the contradiction, the same in every run that finds it."""
        parties = "|".join(sorted(str(party) for party in self.parties))
        return uuid.uuid5(NAMES, f"{self.rule}|{parties}|{self.part}")

    @property
    def keys(self) -> tuple[str, ...]:
        """What it rests on: it is judged anew when one of them changes."""
        return (*(str(party) for party in self.parties), *self.rests_on)
