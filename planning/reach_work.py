"""Working out who reaches what: figures of all kinds of services and norms for a city.

Straight lines and the minutes of a motorbike stand beside the way on foot.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from planning.norm_queries import REFERENCE
from planning.reach.catchment import weight_of
from planning.reach.crowding import figures_of_crowd
from planning.reach.figures import Asked, Reached, figures
from planning.reach.parameters import parameters
from planning.reach.records import PlaceState
from planning.reach_crowds import crowds
from planning.reach_queries import facility_kinds
from planning.reach_ways import Ways, holding

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planning.reach.records import Figure
    from planning.reach_city import City

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int32]
    Numbers = NDArray[np.int64]
    Objects = NDArray[np.object_]

#: Reading, network, entrances, figures.
_OTHER_STEPS: Final = 4


@dataclass(frozen=True, eq=False)
class Found:
    """What a run found."""

    figures: list[Figure]
    parameters: dict[str, Any]
    counts: dict[str, Any]
    table_sha256: bytes
    ways: Ways
    reached: dict[str, Reached]
    asked: list[Asked]


def steps() -> int:
    """Return how many steps a run has: one a kind, and some before and after."""
    return len(facility_kinds()) + _OTHER_STEPS


def digests() -> dict[str, str]:
    """Return digests of the tables that figures rest on, and of the program."""
    names = ("service_radii.csv", "service_measures.csv", "facility_kinds.csv")
    found = {name: hashlib.sha256((REFERENCE / name).read_bytes()).hexdigest() for name in names}
    return {**found, "reach_parameters.toml": parameters().digest, "program": _program()}


@lru_cache(maxsize=1)
def _program() -> str:
    """Return a digest of the modules of reach: what others worked out is out of date."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*(here / "reach").glob("*.py"), *here.glob("reach_*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def work_out(city: City, *, step: Callable[[int, str], None]) -> Found:
    """Return the figures of reach of a city. `step` hears of each kind."""
    ways = Ways(city)
    reached: dict[str, Reached] = {}
    for number, row in enumerate(facility_kinds()):
        kind = row["code"]
        rows = ways.of_kind(kind)
        if len(rows):
            reached[kind] = ways.reached(kind, rows)
        step(_OTHER_STEPS - 1 + number, kind)
    asked = [one for service in holding(city.moment.on) for one in ways.asked(service, reached)]
    step(steps() - 1, "figures")
    people = city.plots.people
    found = figures(reached, people, asked)
    weight = weight_of(ways.known)
    for crowd in crowds(ways, asked):
        found += figures_of_crowd(crowd, people, weight)
    return Found(
        figures=found,
        parameters={"dataset": city.dataset, "tables": digests(), **city.of_plan},
        counts=_counts(city),
        table_sha256=_digest(reached),
        ways=ways,
        reached=reached,
        asked=asked,
    )


def _counts(city: City) -> dict[str, Any]:
    """Return how much there was, and of how much something was not known."""
    people = city.plots.people.people
    state = np.bincount(city.places.state, minlength=len(PlaceState))
    quality = city.network.quality
    return {
        "plots": len(city.plots),
        "people": float(np.nansum(people)),
        "plots_uncounted": int(np.isnan(people).sum()),
        "facilities": len(city.facilities),
        "segments": city.network.edges,
        "junctions": city.network.nodes,
        **{f"places_{one.name.lower()}": int(state[one]) for one in PlaceState},
        "quality": dict(quality.counts),
    }


def _digest(reached: dict[str, Reached]) -> bytes:
    """Return a digest of the table by plot."""
    digest = hashlib.sha256()
    for kind, one in sorted(reached.items()):
        digest.update(kind.encode())
        for column in (one.metres, *one.seconds.values()):
            digest.update(np.ascontiguousarray(column).tobytes())
    return digest.digest()
