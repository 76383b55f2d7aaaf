"""Facts for reach: streets, plots with their people, and facilities, from the record to arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from landdata.copying import copied_columns, copied_shapes
from landdata.errors import Invalid
from landdata.grids import height_grids, kept_copies
from landdata.models import RasterKind
from planning import reach_facts_sql as sql
from planning.reach.around import surface_around
from planning.reach.places import smallest_of
from planning.reach.records import NodeRows, People, RoadRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landdata.grids import HeightGrid
    from planning.conflict_tables import Moment

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Objects = NDArray[np.object_]

#: The data set that counts where several hold streets.
USUAL: Final = "network"
#: Characters of the identifier of a parcel.
_UUID: Final = 36
_ONE_WAY: Final = {"both": 0, "forward": 1, "backward": -1}


@dataclass(frozen=True, eq=False)
class Plots:
    """Plots with a boundary, in the order of `key`."""

    #: Identifier of the parcel.
    key: NDArray[np.str_]
    people: People
    #: Whether it is ground of streets, which everybody crosses.
    is_street: Bools

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, eq=False)
class FacilityRows:
    """Facilities as they are delivered, in the order of `key`."""

    key: Objects
    name: Objects
    kind: Objects
    #: NaN: not known.
    capacity: Floats
    capacity_unit: Objects
    #: (n, 2)
    xy: Floats

    def __len__(self) -> int:
        return len(self.key)


def dataset_of(cursor: Any, moment: Moment, wanted: str = "") -> str:
    """Return the data set whose streets count: the one wanted, the only one, or the usual one.

    Two networks over the same streets are joined by nobody. Raises Invalid `no_network` and
    `network_ambiguous`.
    """
    cursor.execute(sql.DATASETS, _values(moment))
    known = [code for code, _ in cursor.fetchall()]
    if wanted in known:
        return wanted
    if wanted or not known:
        raise Invalid("no_network", dataset=wanted, datasets=", ".join(known))
    if len(known) == 1:
        return str(known[0])
    if USUAL in known:
        return USUAL
    raise Invalid("network_ambiguous", datasets=", ".join(known))


def has_roads(cursor: Any, moment: Moment, dataset: str, plan: str) -> bool:
    """Whether a data set of streets holds some that a plan foresees."""
    cursor.execute(sql.HAS_ROADS, {**_values(moment), "dataset": dataset, "plan": plan})
    (found,) = cursor.fetchone()
    return bool(found)


def read_roads(cursor: Any, moment: Moment, dataset: str) -> tuple[RoadRows, NodeRows]:
    """Return the streets of a data set, planned ones too, and its nodes, both in order of key."""
    values = {**_values(moment), "dataset": dataset}
    _, axes = copied_shapes(cursor, sql.AXES, values)
    held = copied_columns(cursor, sql.ROADS, values, sql.ROAD_COLUMNS, sql.ROAD_NUMBERS)
    # A segment has one axis; of one with several nobody knows how its ends lie.
    whole = np.flatnonzero(held["parts"] == 1)
    order = whole[np.argsort(held["key"][whole].astype(str), kind="stable")]
    one_way = [_ONE_WAY[word] for word in held["one_way"][order].tolist()]
    roads = RoadRows(
        key=held["key"][order],
        axis=axes[order],
        from_node=held["from_node"][order],
        to_node=held["to_node"][order],
        road_class=held["road_class"][order],
        access=held["access"][order],
        planned_by=held["planned_by"][order],
        level=held["level"][order].astype(np.int16),
        one_way=np.array(one_way, dtype=np.int8),
        max_speed_kmh=held["max_speed_kmh"][order],
        width_m=held["width_m"][order],
    )
    columns = ("key", "barrier", "east", "north")
    nodes = copied_columns(cursor, sql.NODES, values, columns, ("east", "north"))
    sorted_by = np.argsort(nodes["key"].astype(str), kind="stable")
    xy = np.stack([nodes["east"], nodes["north"]], axis=1)[sorted_by]
    barrier = nodes["barrier"][sorted_by]
    return roads, NodeRows(nodes["key"][sorted_by], np.ascontiguousarray(xy), barrier)


def read_heights(moment: Moment, roads: RoadRows) -> list[HeightGrid]:
    """Return the heights of the ground that streets lie on, the finest first."""
    box = tuple(shapely.total_bounds(roads.axis).tolist())
    grids = height_grids(on=moment.on, known_at=moment.revision, box=box)
    return [grid for grid in grids if grid.kind == RasterKind.TERRAIN]


def height_copies(moment: Moment) -> list[str]:
    """Return the names of the copies of heights that there are: one that is missing may come."""
    return kept_copies(on=moment.on, known_at=moment.revision)


def read_plots(cursor: Any, moment: Moment) -> Plots:
    """Return all plots with a boundary, and who lives there by the newest count plot by plot."""
    values = _values(moment)
    held = copied_columns(cursor, sql.PLOTS, values, sql.PLOT_COLUMNS, sql.PLOT_NUMBERS)
    units, unit = np.unique(held["unit"].astype(str), return_inverse=True)
    people = People(
        people=held["people"].astype(np.float64),
        unit=np.where(units[unit] == "", -1, unit).astype(np.int32),
        units=tuple(units.tolist()),
    )
    key = held["key"].astype(f"U{_UUID}")
    return Plots(key=key, people=people, is_street=held["is_street"] == 1)


def read_grounds(cursor: Any, moment: Moment) -> Objects:
    """Return the grounds of all plots with a boundary, in the order in which plots are read."""
    return copied_shapes(cursor, sql.PLOT_GROUNDS, _values(moment))[1]


def read_grounds_in(
    cursor: Any, moment: Moment, zones: Objects, key: NDArray[np.str_]
) -> tuple[NDArray[np.int32], Objects]:
    """Return rows among the plots `key` of those near some zones, and their grounds."""
    west, south, east, north = shapely.total_bounds(zones).tolist()
    box = {"west": west, "south": south, "east": east, "north": north}
    values = {**_values(moment), **box}
    _, ground = copied_shapes(cursor, sql.GROUNDS_IN, values)
    held = copied_columns(cursor, sql.KEYS_IN, values, ("key",), ())["key"]
    row = np.searchsorted(key, held.astype(key.dtype))
    return row.astype(np.int32), ground


def read_plots_at(
    cursor: Any, moment: Moment, xy: Floats, key: NDArray[np.str_]
) -> NDArray[np.int32]:
    """Return the row among the plots `key` that holds each point, -1 for none.

    As `planning.reach.places.plots_of` does, without reading all grounds.
    """
    east, north = xy.reshape(-1, 2).T.tolist()
    values = {**_values(moment), "east": east, "north": north}
    cursor.execute(sql.PLOTS_AT, values)
    rows = cursor.fetchall()
    if not rows:
        return np.full(len(xy), -1, dtype=np.int32)
    point, held, wkb = zip(*rows, strict=True)
    ground = np.asarray(shapely.from_wkb(_objects([bytes(one) for one in wkb])), dtype=object)
    at = np.array(point, dtype=np.int64) - 1
    names = np.array(held, dtype=key.dtype)
    plot = np.searchsorted(key, names).clip(max=max(len(key) - 1, 0))
    on = shapely.intersects_xy(ground, xy[at]) & (key[plot] == names)
    return smallest_of(len(xy), at[on], plot[on], ground[on])


def read_plots_near(
    cursor: Any, moment: Moment, shapes: Objects, metres: float, plots: Plots
) -> tuple[NDArray[np.int32], Objects, Bools]:
    """Return plots within so many metres of any of some shapes, and a few that are farther.

    That is their rows among `plots`, their grounds, and which are ground of streets.
    """
    # One surface, against which the database holds plots fast.
    shape = surface_around(shapes, metres)
    cursor.execute(sql.PLOTS_NEAR, {**_values(moment), "shape": shapely.to_wkb(shape, hex=True)})
    rows = cursor.fetchall()
    held, wkb = zip(*rows, strict=True) if rows else [()] * 2
    names = np.array(held, dtype=plots.key.dtype)
    row = np.searchsorted(plots.key, names).clip(max=max(len(plots) - 1, 0))
    ground = np.asarray(shapely.from_wkb(_objects([bytes(one) for one in wkb])), dtype=object)
    is_there = plots.key[row] == names
    row = row[is_there].astype(np.int32)
    return row, ground[is_there], plots.is_street[row]


def read_facilities(cursor: Any, moment: Moment) -> FacilityRows:
    """Return all facilities."""
    cursor.execute(sql.FACILITIES, _values(moment))
    rows = sorted(cursor.fetchall(), key=lambda row: str(row[0]))
    key, name, kind, capacity, unit, east, north = zip(*rows, strict=True) if rows else [()] * 7
    return FacilityRows(
        key=_objects(key),
        name=_objects(name),
        kind=_objects(kind),
        capacity=np.array(capacity, dtype=float),
        capacity_unit=_objects(unit),
        xy=np.stack([np.array(east, dtype=float), np.array(north, dtype=float)], axis=1),
    )


def read_barriers(cursor: Any, moment: Moment) -> Objects:
    """Return water and railways: nobody gets to a street across them."""
    cursor.execute(sql.BARRIERS, _values(moment))
    return np.asarray(
        shapely.from_wkb(_objects([bytes(wkb) for (wkb,) in cursor.fetchall()])), dtype=object
    )


def _values(moment: Moment) -> dict[str, Any]:
    return {"on": moment.on, "revision": moment.revision}


def _objects(values: Any) -> Objects:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
