"""Plain values of the check of norms."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from planning.indicators import Bounds


class State(StrEnum):
    """What was found."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_CHECKED = "not_checked"


class Indicator(StrEnum):
    """What of a zone, or of its plan, a norm speaks of."""

    DENSITY = "density"
    FLOOR_AREA_RATIO = "floor_area_ratio"
    SCALE = "scale"


class Doubt(StrEnum):
    """Why a norm could not be decided."""

    NOT_STATED = "not_stated"
    NOT_READABLE = "not_readable"
    ENDED = "ended"
    LOTS_UNKNOWN = "lots_unknown"
    HEIGHT_UNKNOWN = "height_unknown"
    EXISTING_UNKNOWN = "existing_unknown"
    BUILDING_UNKNOWN = "building_unknown"


@dataclass(frozen=True)
class Norm:
    """A row of the table, in its own words, with the days on which it holds (both inclusive)."""

    topic: str
    key: str
    value: str
    unit: str
    source: str
    in_force: str
    confidence: str
    note: str
    first_day: dt.date | None
    last_day: dt.date | None

    def holds_on(self, day: dt.date) -> bool:
        """Say whether the norm holds; a side of which the table says nothing is open."""
        return (self.first_day is None or self.first_day <= day) and (
            self.last_day is None or day <= self.last_day
        )


@dataclass(frozen=True)
class Subject:
    """What is known of one zone. Bounds are None where nothing is stated."""

    uid: str
    function: str
    area_m2: float
    #: Whether the plan decides lot by lot (N178 art. 23: a detailed plan binds each lot).
    is_lot: bool
    density: Bounds | None
    floor_area_ratio: Bounds | None


@dataclass(frozen=True)
class Finding:
    """One norm held against one zone. `said` names the sentence, `values` fill it."""

    uid: str
    indicator: Indicator
    state: State
    norm: Norm
    said: str
    values: Mapping[str, float] = field(default_factory=dict)
    doubt: Doubt | None = None
