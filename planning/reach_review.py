"""What a draft changes for people's services: its last run beside that of the city as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from planning.models import CoverageFigure
from planning.operations.coverage_runs import is_current, last_coverage
from planning.reach.records import Measure
from planning.reach_queries import kind_names

if TYPE_CHECKING:
    from planning.models import CoverageRun

#: A tenth of a per cent is the least that is told: the people of a draft are not those of today.
#: Own choice.
LEAST: Final = 0.001
_Key = tuple[str, str]


@dataclass(frozen=True)
class Between:
    """A share that is certain, and the most that it can be."""

    low: float
    high: float

    def is_below(self, other: Between) -> bool:
        """Whether less is certain, or as much and less is possible."""
        if abs(self.low - other.low) >= LEAST:
            return self.low < other.low
        return self.high <= other.high - LEAST


@dataclass(frozen=True)
class Compared:
    """Share of people within a norm, or within all ("" and ""), today and as the draft has it."""

    kind: str
    name: str
    norm: str
    #: None: not known.
    before: Between | None
    after: Between | None

    @property
    def is_worse(self) -> bool:
        """Whether the draft takes away from people."""
        return bool(self.before and self.after and self.after.is_below(self.before))

    @property
    def is_better(self) -> bool:
        """Whether the draft brings people more."""
        return bool(self.before and self.after and self.before.is_below(self.after))


@dataclass(frozen=True)
class Review:
    """A draft's figures beside the city's. The draft's people are those that its zones foresee."""

    run: CoverageRun
    #: False: the drawing or the data went on since.
    is_current: bool
    #: None where the city was never worked out.
    city_run: CoverageRun | None
    is_city_current: bool
    all_services: Compared
    #: One a norm, in the order of the table of kinds.
    norms: tuple[Compared, ...]


def review_of(version_id: int) -> Review | None:
    """Return what the last run of a draft changes; None where there is none."""
    run, city_run = last_coverage(version_id), last_coverage(None)
    if run is None:
        return None
    before, after = _shares(city_run), _shares(run)
    names = kind_names()
    order = {kind: place for place, kind in enumerate(names)}
    keys = sorted(after, key=lambda key: (order.get(key[0], len(order)), key[1]))
    norms = tuple(
        Compared(key[0], names.get(key[0], key[0]), key[1], before.get(key), after[key])
        for key in keys
        if key[0]
    )
    whole = ("", "")
    return Review(
        run=run,
        is_current=is_current(run),
        city_run=city_run,
        is_city_current=city_run is not None and is_current(city_run),
        all_services=Compared("", "", "", before.get(whole), after.get(whole)),
        norms=norms,
    )


def _shares(run: CoverageRun | None) -> dict[_Key, Between]:
    """Return the shares that decide by kind and norm, and that of all services."""
    if run is None:
        return {}
    of_scope = CoverageFigure.objects.filter(run=run, unit_code="", low__isnull=False)
    found = of_scope.exclude(state="") | of_scope.filter(measure=Measure.ALL_SERVICES)
    rows = found.values_list("kind", "norm", "low", "high")
    return {
        (kind, norm): Between(low, high)
        for kind, norm, low, high in rows
        if low is not None and high is not None
    }
