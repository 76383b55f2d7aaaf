"""What a run of the city tells the public: plots, the ground around services, and its figures."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from planning.models.published_reach import KINDS
from planning.operations.coverage_publication import DRAWN, AreaReached, areas_of
from planning.operations.reach_rows import PlotsReached
from planning.reach.fields import reach_of_cells
from planning.reach.figures import limit_of, verdicts_by_kind
from planning.reach.measures import Verdict
from planning.reach.records import Direction, Measure, Metric, Mode
from planning.reach_ways import cells_beside, direction_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from planning.reach.cells import Cells
    from planning.reach.figures import Asked, Limit, Reached
    from planning.reach.records import Bytes, Figure, Objects
    from planning.reach_ways import Ways

#: Outlines of two kinds are worked out at a time.
THREADS: Final = 2
LETTERS: Final = {
    Verdict.MET: "m",
    Verdict.NOT_MET: "n",
    Verdict.UNKNOWN: "u",
    Verdict.NONE: "-",
}


def plots_told(
    ways: Ways, reached: Mapping[str, Reached], asked: Sequence[Asked], normed: Collection[str]
) -> PlotsReached:
    """Return what is told of each plot; `normed` are the kinds that a norm of distance names."""
    city = ways.city
    shape = (len(city.plots), len(KINDS))
    columns = {name: np.full(shape, np.nan) for name in ("walk", "straight", "minutes", "riding")}
    nearest = np.full(shape, -1, dtype=np.int32)
    letters = np.full(shape, "-", dtype="U1")
    verdicts = verdicts_by_kind(asked)
    for place, kind in enumerate(KINDS):
        if kind in verdicts:
            letters[:, place] = _letters(verdicts[kind])
        elif kind in normed:
            letters[:, place] = LETTERS[Verdict.UNKNOWN]
        if kind in reached:
            rows = ways.of_kind(kind)
            columns["walk"][:, place] = reached[kind].metres
            columns["minutes"][:, place] = reached[kind].seconds[Mode.WALK] / 60
            columns["riding"][:, place] = reached[kind].seconds[Mode.MOTORBIKE] / 60
            columns["straight"][:, place] = ways.straight(rows)
            walked = Mode.WALK, Metric.METRES, direction_of(kind)
            nearest[:, place] = ways.nearest(*walked, rows).facility
    units = np.array(city.plots.people.units, dtype=object)
    unit = city.plots.people.unit
    return PlotsReached(
        parcel=np.array([uuid.UUID(str(key)).bytes for key in city.plots.key], dtype="V16"),
        unit_code=np.where(unit >= 0, units[unit], "").astype(object),
        walk_m=columns["walk"],
        straight_m=columns["straight"],
        walk_minutes=columns["minutes"],
        motorbike_minutes=columns["riding"],
        nearest=nearest,
        facilities=[str(key) for key in city.facilities.key],
        states=np.array(["".join(row) for row in letters.tolist()], dtype=object),
    )


def _letters(verdict: Bytes) -> Any:
    letter = np.full(len(verdict), "-", dtype="U1")
    for one, said in LETTERS.items():
        letter[verdict == one] = said
    return letter


def grounds_told(
    ways: Ways,
    reached: Mapping[str, Reached],
    asked: Sequence[Asked],
) -> list[AreaReached]:
    """Return the ground around the kinds that are drawn, by the usual limit of their norm."""
    limits = {kind: limit_of(kind, asked) for kind in DRAWN if kind in reached}
    wanted = [(kind, limit) for kind, limit in limits.items() if limit is not None]
    if not wanted:
        return []
    barriers = ways.city.barriers
    cells = cells_beside(ways)
    water = barriers[shapely.area(barriers) > 0]
    with ThreadPoolExecutor(THREADS) as pool:
        found = pool.map(lambda one: _ground(ways, cells, one[0], one[1], water), wanted)
        return [area for of_kind in found for area in of_kind]


def _ground(ways: Ways, cells: Cells, kind: str, limit: Limit, water: Objects) -> list[AreaReached]:
    labels, there = ways.labels(Mode.WALK, Metric.METRES, Direction.TO, ways.of_kind(kind))
    cost, _, _ = ways.graph(Mode.WALK, Metric.METRES, Direction.TO)
    reach = reach_of_cells(labels, ways.city.network, cost, there, cells, Direction.TO, 1.0)
    return areas_of(kind, Mode.WALK, limit.norm, limit.metres, reach, cells, water=water)


def values_told(figures: Sequence[Figure], normed: Collection[str] = ()) -> dict[str, Any]:
    """Return the shares of people that are told of the city and its wards: no numbers of people.

    `normed` are the kinds that a norm of distance names; of those that no figure is of, none is
    recorded.
    """
    of_all = [one for one in figures if one.measure is Measure.ALL_SERVICES]
    city = next((one for one in of_all if not one.unit), None)
    deciding = [one for one in figures if one.state is not None and not one.unit]
    return {
        "all_services": None if city is None else {**_share(city), **_worst(city)},
        "wards": {one.unit: _share(one) for one in of_all if one.unit},
        "norms": [
            {"kind": one.kind, "norm": one.norm, "state": str(one.state), **_share(one)}
            for one in deciding
        ],
        "not_recorded": sorted(set(normed) - {one.kind for one in deciding}),
    }


def _share(one: Figure) -> dict[str, Any]:
    return {"share": one.value, "low": one.low, "high": one.high, "reason": one.reason}


def _worst(one: Figure) -> dict[str, Any]:
    return {name: one.values.get(name) for name in ("worst", "kinds", "unranked")}
