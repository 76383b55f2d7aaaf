"""The answer of an extract as frozen values: built once, printed as JSON, HTML or PDF.

An extract says what is planned for a plot. It never says more than was looked at: each theme cuts
the plot into pieces, the pieces add up to the plot, and each says one of four things.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from decimal import Decimal

    from shapely.geometry.base import BaseGeometry

    from landdata.models import Theme
    from planning.annual import ItemEffect


class Answer(enum.StrEnum):
    """What can be said of a piece of ground for one theme."""

    #: A plan in force says something here.
    APPLIES = "applies"
    #: The register is complete here and no plan reaches this ground.
    CLEAR = "clear"
    #: Nothing is known: the plan is silent, or nobody declared the register complete.
    NO_DATA = "no_data"
    #: It should be known, but could not be checked this time.
    NOT_CHECKED = "not_checked"


#: Which answer stands for several: what applies first, and never "clear" while anything is open.
PRECEDENCE = (Answer.APPLIES, Answer.NOT_CHECKED, Answer.NO_DATA, Answer.CLEAR)


class Reason(enum.StrEnum):
    """Why a piece is neither applied to nor clear."""

    PLAN_SILENT = "plan_silent"
    REGISTER_INCOMPLETE = "register_incomplete"
    #: How wide the corridor is, or from where it is measured, is not known well enough here.
    CORRIDOR_UNCERTAIN = "corridor_uncertain"
    #: The objects are known, but no rule for them on that day.
    RULES_MISSING = "rules_missing"
    #: No annual land-use plan of that day is known for this ground.
    NO_ANNUAL_PLAN = "no_annual_plan"
    SOURCE_FAILED = "source_failed"
    SOURCE_UNHEALTHY = "source_unhealthy"
    PARCEL_DISPUTED = "parcel_disputed"
    PARCEL_INVALID = "parcel_invalid"
    PARCEL_WITHOUT_BOUNDARY = "parcel_without_boundary"


class Notice(enum.StrEnum):
    """What a reader of the whole extract has to know."""

    REFERENCE_ONLY = "reference_only"
    PARCEL_DISPUTED = "parcel_disputed"
    PARCEL_RETIRED = "parcel_retired"
    BOUNDARY_OF_ANOTHER_DAY = "boundary_of_another_day"
    AREAS_DIFFER = "areas_differ"
    SAME_LEVEL_CONFLICT = "same_level_conflict"
    RECOVERY_LISTED = "recovery_listed"
    RECOVERY_DECIDED = "recovery_decided"
    RECOVERY_OVERDUE = "recovery_overdue"


@dataclass(frozen=True)
class PlanReference:
    """The decision behind a statement."""

    code: str
    name_vi: str
    name_en: str
    level: str
    scale: int
    decision_number: str
    decision_date: dt.date
    authority: str
    #: Days on which the zone, or the plan's silence, holds there.
    valid_from: dt.date
    valid_to: dt.date | None
    data_date: dt.date
    accuracy_m: float | None


@dataclass(frozen=True)
class ZoneReference:
    """A zone as the plan states it; indicators are the plan's own words."""

    uid: uuid.UUID
    label: str
    function: str
    function_name_vi: str
    function_name_en: str
    colour: str
    land_use_code: str
    density: str
    storeys: str
    floor_area_ratio: str
    plan: PlanReference

    @property
    def statement(self) -> tuple[str, ...]:
        """What the zone says of the ground, whichever plan and lot says it."""
        return (
            self.function,
            self.land_use_code,
            self.density,
            self.storeys,
            self.floor_area_ratio,
        )


@dataclass(frozen=True)
class CorridorReference:
    """A rule that restricts ground around an object, with all that it rests on."""

    rule: str
    #: The object, as people call it, and what the rule calls such objects.
    source_key: str
    source_name: str
    source_name_en: str
    object_vi: str
    object_en: str
    #: The figure of the rule in metres; None where the ground itself is decided, not measured.
    distance_m: float | None
    measured_from: str
    #: "forbidden", "conditional" or "listed".
    effect: str
    condition_vi: str
    condition_en: str
    restricts: tuple[str, ...]
    legal_source: str
    confidence: str
    note: str
    #: Why it is not certain how far the corridor reaches; empty where it is.
    doubts: tuple[str, ...]
    valid_from: dt.date
    valid_to: dt.date | None
    #: Rule that goes before it on this ground; empty if none does.
    superseded_by: str = ""


@dataclass(frozen=True)
class LineReference:
    """A red line or building line, with its decision."""

    key: str
    kind: str
    name_vi: str
    name_en: str
    plan_code: str
    decision_number: str
    decision_date: dt.date
    authority: str
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True)
class ItemReference:
    """A project of the annual land-use plan, and what its listing means on the day."""

    key: str
    name_vi: str
    name_en: str
    kind: str
    purpose: str
    purpose_name_vi: str
    purpose_name_en: str
    area_m2: Decimal | None
    first_listed_year: int
    effect: ItemEffect
    plan_code: str
    plan_name_vi: str
    plan_name_en: str
    plan_year: int
    authority: str
    decision_number: str
    decision_date: dt.date
    #: The plan names the plot itself; otherwise the project's boundary reaches it.
    names_the_plot: bool


@dataclass(frozen=True)
class RegisterReference:
    """Who says how far a theme's register reaches, and as of when."""

    title_vi: str
    title_en: str
    is_complete: bool
    data_date: dt.date


@dataclass(frozen=True)
class Alias:
    """A number that the plot had before."""

    unit_code: str
    unit_name: str
    sheet: str
    number: str


@dataclass(frozen=True)
class Piece:
    """A part of the plot on which a theme says one thing.

    Areas are measured in the sheet's own zone. `boundary` is (lon, lat) on WGS 84, None only
    where the plot itself has none.
    """

    answer: Answer
    reason: Reason | None
    #: Code of the known trouble, with Reason.SOURCE_UNHEALTHY.
    trouble: str
    area_m2: float | None
    #: Of the plot's measured area, 0 to 1.
    share: float | None
    within_tolerance: bool
    boundary: BaseGeometry | None
    zones: tuple[ZoneReference, ...] = ()
    #: Plans in force on this ground, also where they are silent.
    plans: tuple[PlanReference, ...] = ()
    items: tuple[ItemReference, ...] = ()
    lines: tuple[LineReference, ...] = ()
    #: Corridors that surely reach this ground; where none does, those that may.
    corridors: tuple[CorridorReference, ...] = ()

    @property
    def conflict(self) -> bool:
        """Whether plans of one level say different things here; a written decision is needed."""
        said = {zone.statement for zone in self.zones}
        plans = {zone.plan.code for zone in self.zones}
        return len(plans) > 1 and len(said) > 1 and not self.within_tolerance


@dataclass(frozen=True)
class ThemeAnswer:
    """All that one theme says of the plot. The pieces add up to the plot."""

    theme: Theme
    pieces: tuple[Piece, ...]
    #: Declarations about the register of the theme on this plot.
    registers: tuple[RegisterReference, ...] = ()

    @property
    def answer(self) -> Answer:
        """The one word for the theme; slivers within survey tolerance do not decide it."""
        return strongest([p for p in self.pieces if not p.within_tolerance] or self.pieces)

    @property
    def areas_m2(self) -> dict[Answer, float]:
        """Square metres by answer."""
        return {
            answer: sum(p.area_m2 or 0.0 for p in self.pieces if p.answer == answer)
            for answer in Answer
        }


@dataclass(frozen=True)
class LandUse:
    """A registered purpose of the plot."""

    code: str
    name_vi: str
    name_en: str
    area_m2: Decimal | None


@dataclass(frozen=True)
class Twin:
    """Another row of the register that claims the same number."""

    uuid: uuid.UUID
    sheet: str
    number: str
    legal_area_m2: Decimal | None


@dataclass(frozen=True)
class ParcelRecord:
    """The plot as the register has it."""

    uuid: uuid.UUID
    national_id: str
    unit_code: str
    unit_name: str
    unit_name_en: str
    sheet_number: str
    sheet_scale: int
    sheet_epsg: int
    number: str
    address: str
    legal_area_m2: Decimal | None
    #: Area of the boundary in the sheet's own zone; None without a valid boundary.
    measured_area_m2: float | None
    geometry_state: str
    is_disputed: bool
    disputed_with: tuple[Twin, ...]
    land_uses: tuple[LandUse, ...]
    boundary: BaseGeometry | None
    data_date: dt.date
    valid_from: dt.date
    valid_to: dt.date | None
    source_name: str
    source_row: int
    source_sha256: str
    accuracy_m: float | None
    aliases: tuple[Alias, ...] = ()


@dataclass(frozen=True)
class ParcelExtract:
    """What is planned for a plot on a day, as it was known at a revision."""

    parcel: ParcelRecord
    as_of: dt.date
    known_at: int
    known_since: dt.datetime
    themes: tuple[ThemeAnswer, ...]
    notices: tuple[Notice, ...]

    @property
    def answer(self) -> Answer:
        """The one word for all themes."""
        return strongest(self.themes)


def strongest(parts: tuple[ThemeAnswer, ...] | list[Piece] | tuple[Piece, ...]) -> Answer:
    """Return the answer that stands for several, by PRECEDENCE.

    Raises ValueError for none at all: an empty list is no answer.
    """
    given = {part.answer for part in parts}
    for answer in PRECEDENCE:
        if answer in given:
            return answer
    raise ValueError("no answer was given")
