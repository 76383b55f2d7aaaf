"""What a report on reach says, in plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from planning.reach_review import Review


@dataclass(frozen=True)
class ReportFigure:
    """One figure of a run. Shares are from 0 to 1; metres and minutes are named by `measure`."""

    #: "" for all kinds together.
    kind: str
    kind_vi: str
    kind_en: str
    #: Row of the table of services with its source, "" for none.
    norm: str
    source: str
    confidence: str
    mode: str
    metric: str
    measure: str
    #: Code and name of the ward, "" for the whole scope.
    unit: str
    unit_name: str
    #: None: not known, and `reason` says why.
    value: float | None
    low: float | None
    high: float | None
    people: float | None
    #: met, not_met, not_checked; "" where no norm is held against it.
    state: str
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """The figures of a run, and what they rest on."""

    #: Code of the plan; "" for the whole city.
    scope: str
    name_vi: str
    name_en: str
    #: Number of the run in its scope.
    run: int
    on: dt.date
    revision: int
    edits: int
    finished_at: dt.datetime | None
    is_current: bool
    made_at: dt.datetime
    by: str
    counts: Mapping[str, Any]
    parameters: Mapping[str, Any]
    figures: Sequence[ReportFigure]
    #: Of a plan version: its figures beside those of the city as it is.
    review: Review | None = None

    def of(self, measure: str, *, unit: str | None = "", **wanted: str) -> list[ReportFigure]:
        """Return the figures of a measure; `unit` None: of all wards and of the whole."""
        return [
            one
            for one in self.figures
            if one.measure == measure
            and (unit is None or one.unit == unit)
            and all(getattr(one, name) == value for name, value in wanted.items())
        ]
