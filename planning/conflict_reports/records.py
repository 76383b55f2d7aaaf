"""What a report on conflicts says, in plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from planning.conflicts.records import Rule


@dataclass(frozen=True)
class ReportParty:
    """One that takes part; its shape is there only if the report draws it."""

    kind: str
    key: str
    name: str
    shape: BaseGeometry | None = None


@dataclass(frozen=True)
class ReportRow:
    """One conflict as it stands after a run. Areas in m², places in the storage system."""

    key: str
    rule: Rule
    severity: str
    #: open, accepted, false_alarm.
    state: str
    text_vi: str
    text_en: str
    area_m2: float
    #: None: not known, or nobody to ask.
    parcels: int | None
    people: float | None
    #: (code, name) of the wards.
    wards: Sequence[tuple[str, str]]
    parties: Sequence[ReportParty]
    place: tuple[float, float]
    ground: BaseGeometry | None
    first_seen: dt.datetime | None
    first_run: int
    #: Number of the edit after which it was first found, and who made that.
    by_edit: int | None
    by: str
    assigned_to: str
    #: "number, day, authority" of a decision on precedence.
    decision: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_unchecked(self) -> bool:
        """Whether it says that something could not be looked at."""
        return "reason" in self.values and self.area_m2 == 0


@dataclass(frozen=True)
class Report:
    """A run's list. `rows` may be read once only."""

    #: Code of the plan; "" for the whole city.
    scope: str
    name_vi: str
    name_en: str
    #: Number of the run in its scope, and what it rests on.
    run: int
    on: dt.date
    revision: int
    edits: int
    finished_at: dt.datetime | None
    is_current: bool
    made_at: dt.datetime
    by: str
    #: severity → number, family → severity → number; of all conflicts that the filters let through.
    by_severity: Mapping[str, int]
    by_family: Mapping[str, Mapping[str, int]]
    total: int
    #: How many times a rule could not be checked; not among the counts.
    unchecked: int
    epsg: int
    rows: Iterable[ReportRow]
    #: What frames the map of places: the plan's ground.
    extent: BaseGeometry | None = None
    #: The filters as they were asked for, in words.
    filters: Sequence[tuple[str, str]] = ()
