"""Reading how people move and how reach is measured.

The file is `fixtures/reference/reach_parameters.toml`.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from planning.reach.records import Mode

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE: Final = Path(__file__).parents[2] / "fixtures" / "reference" / "reach_parameters.toml"
#: The class whose speed holds where a class has none.
_ANY_CLASS: Final = "road"


@dataclass(frozen=True)
class Slope:
    """How a slope slows a mode down; rise by run, seen in the direction one moves."""

    rule: Literal["flat", "tobler", "linear"] = "flat"
    steepness: float = 0.0
    best: float = 0.0
    up: float = 0.0
    down_most: float = 1.0


@dataclass(frozen=True)
class Profile:
    """How fast a mode moves, where it may, and who lets it past."""

    mode: Mode
    #: On every class where there is no other word; 0: by class only.
    flat_kmh: float
    kmh: Mapping[str, float]
    slope: Slope
    obeys_one_way: bool
    obeys_signs: bool
    not_on: frozenset[str]
    #: Streets known to be narrower are shut; 0: none is.
    least_width_m: float

    def kmh_on(self, road_class: str) -> float:
        """Return the speed on level ground of a class; a link is as fast as what it leads to."""
        if self.flat_kmh:
            return self.kmh.get(road_class, self.flat_kmh)
        plain = road_class.removesuffix("_link")
        return self.kmh.get(road_class, self.kmh.get(plain, self.kmh[_ANY_CLASS]))


@dataclass(frozen=True)
class SearchParameters:
    """How places meet the streets. Lengths in metres."""

    farthest_m: float
    widest_m: float
    most_entrances: int
    least_part_m: float
    crosses_m: float
    not_crossed_on_foot: tuple[str, ...]
    at_kerb: tuple[str, ...]
    connector_kmh: float
    joins_within_m: float

    @property
    def beside_s_per_m(self) -> float:
        """Seconds that a metre beside the streets takes."""
        return 3.6 / self.connector_kmh


@dataclass(frozen=True)
class SlopeParameters:
    """How climbs are read from heights."""

    step_m: float
    smooth_m: float
    #: Slopes are taken for no steeper than this.
    steepest: float


@dataclass(frozen=True)
class ReachParameters:
    """All of the file."""

    search: SearchParameters
    slope: SlopeParameters
    profiles: Mapping[Mode, Profile]
    #: Modes that a word of access keeps out.
    access: Mapping[str, tuple[Mode, ...]]
    #: Modes that a barrier stops.
    barriers: Mapping[str, tuple[Mode, ...]]
    #: The other tables of the file: name of the table, name of the value, value.
    tables: Mapping[str, Mapping[str, Any]]
    #: SHA-256 of all values; what is said of their sources is not part of it.
    digest: str

    def value(self, table: str, name: str) -> Any:
        """Return a value of one of the other tables; KeyError where there is none."""
        return self.tables[table][name]


def parameters() -> ReachParameters:
    """Return what the file says."""
    return read_parameters(_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def read_parameters(text: str) -> ReachParameters:
    """Return what is written. Raises ValueError where something is missing or no such mode is."""
    try:
        return _read(tomllib.loads(text))
    except (KeyError, TypeError) as gone:
        raise ValueError(f"the parameters of reach lack {gone}") from gone


def _read(written: dict[str, Any]) -> ReachParameters:
    plain = _without_sources(written)
    search: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in plain["search"].items()
    }
    return ReachParameters(
        search=SearchParameters(**{one.name: search[one.name] for one in fields(SearchParameters)}),
        slope=SlopeParameters(**plain["slope"]),
        profiles={mode: _profile(mode, plain[mode.value]) for mode in Mode},
        access=_modes_by_word(plain["access"]),
        barriers=_modes_by_word(plain["barriers"]),
        tables=plain,
        digest=hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest(),
    )


def _without_sources(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table without what is said of where its values come from."""
    plain = {}
    for name, entry in table.items():
        if name == "source":
            continue
        if isinstance(entry, dict):
            plain[name] = entry["value"] if "value" in entry else _without_sources(entry)
        else:
            plain[name] = entry
    return plain


def _profile(mode: Mode, table: Mapping[str, Any]) -> Profile:
    by_class = dict(table.get("kmh", {}))
    if "steps_kmh" in table:
        by_class["steps"] = table["steps_kmh"]
    flat = float(table.get("flat_kmh", 0.0))
    if not flat and _ANY_CLASS not in by_class:
        raise KeyError(f"{mode}.kmh.{_ANY_CLASS}")
    if any(speed <= 0 for speed in by_class.values()):
        raise ValueError(f"{mode}: a speed of nothing; name the class in not_on")
    return Profile(
        mode=mode,
        flat_kmh=flat,
        kmh=by_class,
        slope=Slope(**table.get("slope", {})),
        obeys_one_way=table["one_way"],
        obeys_signs=mode is not Mode.WALK,
        not_on=frozenset(table["not_on"]),
        least_width_m=float(table.get("least_width_m", 0.0)),
    )


def _modes_by_word(table: Mapping[str, Any]) -> dict[str, tuple[Mode, ...]]:
    return {word: tuple(Mode(mode) for mode in modes) for word, modes in table.items()}
