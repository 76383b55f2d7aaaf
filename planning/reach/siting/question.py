"""What somebody asks of a search for sites, as it is kept with the search."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from planning.reach.siting.records import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planning.reach.siting.records import Model

Source = Literal["sites", "plots", "drawn"]

#: Share of the time for the search itself; the rest is for the choices beside the best.
_FOR_THE_BEST: Final = 0.5


@dataclass(frozen=True)
class Drawn:
    """A place that somebody drew, in the storage system; capacity in units of the kind."""

    place: tuple[float, float]
    cost: float | None = None
    capacity: float | None = None
    name: str = ""


@dataclass(frozen=True)
class Asked:
    """Where candidates are looked for: land to be had, plots of a planned function, drawn ones."""

    source: Source
    function: str = ""
    least_m2: float = 0.0
    points: tuple[Drawn, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question:
    """What to look for, and among what."""

    model: Model
    kind: str
    limit_m: float
    candidates: tuple[Asked, ...]
    count: int | None = None
    budget: float | None = None
    time_limit_s: float = 60.0
    cost_each: float = 1.0
    #: In units of the kind: places, beds, m².
    capacity_each: float | None = None
    #: Units that 1,000 people need; not given: what the norm of the day says.
    need_per_1000: float | None = None

    @property
    def problem(self) -> Problem:
        """The search for the best."""
        return self._problem(self.time_limit_s * _FOR_THE_BEST)

    def beside(self, searches: int) -> Problem:
        """Return the search for one of so many choices beside the best."""
        return self._problem(self.time_limit_s * (1.0 - _FOR_THE_BEST) / searches)

    def _problem(self, seconds: float) -> Problem:
        return Problem(
            model=self.model,
            kind=self.kind,
            limit_m=self.limit_m,
            budget=self.budget,
            count=self.count,
            time_limit_s=seconds,
        )

    def values(self) -> dict[str, Any]:
        """Return the question as plain values."""
        return asdict(self)


def question_of(values: Mapping[str, Any]) -> Question:
    """Return the question that plain values say."""
    given = dict(values)
    asked = [
        Asked(**{**one, "points": tuple(_drawn(point) for point in one.get("points", ()))})
        for one in given.pop("candidates")
    ]
    return Question(**given, candidates=tuple(asked))


def _drawn(values: Mapping[str, Any]) -> Drawn:
    east, north = values["place"]
    return Drawn(**{**values, "place": (float(east), float(north))})
