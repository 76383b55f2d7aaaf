"""Plots that a plan cuts too small, and plots that it leaves without a front on a road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from planning.conflicts.engine import judges
from planning.conflicts.facts import NEAR_M
from planning.conflicts.frontage import Lines, pieces_of, within_reach
from planning.conflicts.grounds import (
    cannot_be_checked,
    common,
    current_zones,
    finding,
    is_sliver,
    judged_zones,
    meant_for,
    merged,
    named,
    zone_party,
)
from planning.conflicts.records import Severity
from planning.topology.shapes import as_array

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from planning.conflicts.facts import Facts, Roads
    from planning.conflicts.records import Finding, Rule

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Objects = NDArray[np.object_]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Plots and zones that share ground, by their rows."""

    plot: Ints
    zone: Ints
    area_m2: Floats

    def __len__(self) -> int:
        return len(self.plot)

    def where(self, kept: Bools | Ints) -> _Pairs:
        return _Pairs(self.plot[kept], self.zone[kept], self.area_m2[kept])


def _pairs(facts: Facts, tolerance_m2: float) -> _Pairs:
    shares = facts.shares
    pairs = _Pairs(shares.one, shares.other, shares.area_m2)
    return pairs.where(pairs.area_m2 > tolerance_m2)


@judges("plot_cut_too_small")
def plot_cut_too_small(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell zones in which a plot keeps a piece below the minimum size that it had not before.

    A piece is the connected ground of a plot under one function of one plan, so that a zone in two
    parts cuts nothing. Only functions under which a plot stays somebody's plot count: what a road
    takes is not a plot. Pieces narrower than the tolerance are how two drawings differ.
    """
    if facts.parcels is None:
        yield from cannot_be_checked(facts, rule, "no_parcels")
        return
    told, zones, plots = rule.parameters, facts.zones, facts.parcels
    stays = meant_for(zones.function, told["functions"])
    asked = judged_zones(facts, told["levels"], by_plots=True) & stays
    pairs = _pairs(facts, told["tolerance_m2"])
    was_large = plots.area_m2 >= told["minimum_m2"]
    small = pairs.where(
        asked[pairs.zone] & (pairs.area_m2 < told["minimum_m2"]) & was_large[pairs.plot]
    )
    pieces = common(plots.shape[small.plot], zones.shape[small.zone])
    whole = _grown(facts, small, pieces, pairs.where(stays[pairs.zone]))
    kept = (shapely.area(whole) < told["minimum_m2"]) & ~is_sliver(whole, told["sliver_width_m"])
    small, pieces, whole = small.where(kept), pieces[kept], whole[kept]
    counts = np.bincount(small.zone, minlength=len(zones))
    smallest = np.full(len(zones), np.inf)
    np.minimum.at(smallest, small.zone, shapely.area(whole))
    for row, ground in merged(small.zone, pieces):
        yield finding(
            rule,
            (zone_party(facts, row),),
            ground,
            {
                **named(facts, row),
                "parcels": int(counts[row]),
                "m2": ground.area,
                "smallest_m2": float(smallest[row]),
                "minimum_m2": float(told["minimum_m2"]),
            },
        )


def _grown(facts: Facts, small: _Pairs, pieces: Objects, pairs: _Pairs) -> Objects:
    """Return small pieces of plots, each with what touches it of other zones of its function."""
    zones, plots = facts.zones, facts.parcels
    if plots is None or not len(small):
        return pieces
    on_plot = pairs.where(np.isin(pairs.plot, small.plot))
    by_plot: dict[int, list[int]] = {}
    for plot, zone in zip(on_plot.plot.tolist(), on_plot.zone.tolist(), strict=True):
        by_plot.setdefault(plot, []).append(zone)
    whole = np.array(pieces, dtype=object)
    for place, (plot, zone) in enumerate(
        zip(small.plot.tolist(), small.zone.tolist(), strict=True)
    ):
        alike = [
            other
            for other in by_plot[plot]
            if other != zone
            and zones.plan[other] == zones.plan[zone]
            and zones.function[other] == zones.function[zone]
        ]
        if alike:
            rest = shapely.intersection(zones.shape[alike], plots.shape[plot])
            parts = shapely.get_parts(shapely.union_all([*rest, pieces[place]]))
            whole[place] = shapely.union_all(parts[shapely.intersects(parts, pieces[place])])
    return whole


def _rows(pairs: _Pairs) -> Iterator[tuple[int, int]]:
    return zip(pairs.plot.tolist(), pairs.zone.tolist(), strict=True)


@judges("plot_landlocked")
def plot_landlocked(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell zones whose plots have no front on a road once the plan is carried out.

    See docs/conflicts-ground.md for what makes a plot landlocked, and what does not.
    """
    if facts.parcels is None or facts.roads is None:
        yield from cannot_be_checked(
            facts, rule, "no_parcels" if facts.parcels is None else "no_roads"
        )
        return
    told, zones = rule.parameters, facts.zones
    pairs, too_large = _lots(facts, rule)
    yield from cannot_be_checked(facts, rule, "plot_too_large", too_large)
    left, pairs = _without_front(facts, facts.roads, pairs, rule)
    possibly = within_reach(left, _fronts_unknown(facts.roads, told))
    is_open = np.zeros(len(zones), dtype=bool)
    is_open[pairs.zone[possibly]] = True
    yield from cannot_be_checked(facts, rule, "road_width_unknown", is_open)
    left, pairs = left[~possibly], pairs.where(~possibly)
    had = within_reach(facts.parcels.shape[pairs.plot], _fronts_today(facts.roads, told))
    pieces = common(left, zones.shape[pairs.zone])
    for is_lost, severity, part in ((True, rule.severity, ""), (False, Severity.NOTES, "before")):
        chosen = had == is_lost
        counts = np.bincount(pairs.zone[chosen], minlength=len(zones))
        for row, ground in merged(pairs.zone[chosen], pieces[chosen]):
            values: dict[str, float | int | str] = {
                **named(facts, row),
                "parcels": int(counts[row]),
                "m2": ground.area,
            }
            party = zone_party(facts, row)
            yield finding(rule, (party,), ground, values, severity=severity, part=part)


def _lots(facts: Facts, rule: Rule) -> tuple[_Pairs, Bools]:
    """Return the plots that stay plots, by zone, and the zones of some that cannot be judged.

    Of a plot that lies farther out of its zone than facts are there, part of the roads is missing.
    """
    told, zones, plots = rule.parameters, facts.zones, facts.parcels
    too_large = np.zeros(len(zones), dtype=bool)
    asked = judged_zones(facts, told["levels"], by_plots=True) & meant_for(
        zones.function, told["functions"]
    )
    pairs = _pairs(facts, told["tolerance_m2"])
    if plots is None or not len(pairs):
        return pairs, too_large
    needs_none = meant_for(plots.uses, told["not_uses"])
    pairs = pairs.where(asked[pairs.zone] & ~needs_none[pairs.plot])
    zone, plot = (
        shapely.bounds(table.shape)[rows]
        for table, rows in ((zones, pairs.zone), (plots, pairs.plot))
    )
    out_m = np.maximum(zone[:, :2] - plot[:, :2], plot[:, 2:] - zone[:, 2:]).max(axis=1)
    is_near = out_m <= NEAR_M - told["widest_m"] / 2
    too_large[pairs.zone[~is_near]] = True
    return pairs.where(is_near), too_large


def _without_front(facts: Facts, roads: Roads, pairs: _Pairs, rule: Rule) -> tuple[Objects, _Pairs]:
    """Return what is left of plots that then have no front, and which plots of which zones."""
    told, plots = rule.parameters, facts.parcels
    if plots is None or not len(pairs):
        return np.empty(0, dtype=object), pairs
    fronts = _fronts_after(facts, roads, told)
    is_cut, left = _left(facts, pairs, told)
    has_front = np.zeros(len(pairs), dtype=bool)
    known, at = np.unique(pairs.plot[~is_cut], return_inverse=True)
    has_front[~is_cut] = within_reach(plots.shape[known], fronts)[at]
    has_front[is_cut] = within_reach(left, fronts)
    grounds: Objects = plots.shape[pairs.plot]
    grounds[is_cut] = left
    is_there = np.ones(len(pairs), dtype=bool)
    is_there[is_cut] = ~is_sliver(left, told["sliver_width_m"])
    without = ~has_front & is_there
    return grounds[without], pairs.where(without)


def _left(facts: Facts, pairs: _Pairs, told: Mapping[str, Any]) -> tuple[Bools, Objects]:
    """Say which plots lose ground to something that is no road, and return what is left of them.

    Of plots that lose ground to roads alone nothing need be cut off: they meet the road.
    """
    zones, plots = facts.zones, facts.parcels
    if plots is None:
        raise ValueError("no plots")
    takes = meant_for(zones.function, told["takes"])
    every = _pairs(facts, told["tolerance_m2"])
    every = every.where(takes[every.zone])
    # One number for a plot under a plan.
    many = len(facts.plans) + 1
    taken, mine = (p.plot * many + zones.plan[p.zone] for p in (every, pairs))
    is_cut: Bools = np.isin(mine, taken)
    order = np.argsort(taken, kind="stable")
    first = np.searchsorted(taken[order], mine[is_cut], side="left")
    last = np.searchsorted(taken[order], mine[is_cut], side="right")
    gone = as_array(
        shapely.union_all(zones.shape[every.zone[order[low:high]]])
        for low, high in zip(first, last, strict=True)
    )
    return is_cut, shapely.difference(plots.shape[pairs.plot[is_cut]], gone)


def _fronts_after(facts: Facts, roads: Roads, told: Mapping[str, Any]) -> Lines:
    """Return axes and outlines of roads as they shall be."""
    zones = facts.zones
    counts = current_zones(facts) & np.isin(facts.levels.astype(str), list(told["levels"]))
    there = np.isin(roads.planned_by.astype(str), ["", *(plan.code for plan in facts.plans)])
    open_to = np.flatnonzero(there & (roads.level == 0) & ~np.isnan(roads.width_m))
    closing = zones.shape[counts & meant_for(zones.function, told["closes"])]
    axes = _less(roads.shape[open_to], closing, told["closes_deeper_m"])
    road_zones = zones.shape[counts & meant_for(zones.function, told["roads"])]
    return pieces_of(
        np.concatenate([axes, road_zones]),
        np.concatenate(
            [_half_m(roads)[open_to], np.zeros(len(road_zones))],
        )
        + told["tolerance_m"],
    )


def _less(axes: Objects, closing: Objects, deeper_m: float) -> Objects:
    """Return axes without what runs through closed ground, farther inside than its edge."""
    left: Objects = np.array(axes, dtype=object)
    inner = shapely.buffer(closing, -deeper_m, join_style="mitre")
    axis, zone = shapely.STRtree(axes).query(inner, predicate="intersects")[::-1]
    order = np.argsort(axis, kind="stable")
    axis, zone = axis[order], zone[order]
    starts = np.flatnonzero(np.diff(axis, prepend=-1))
    for part in np.split(np.arange(len(axis)), starts[1:]) if len(axis) else ():
        row = axis[part[0]]
        left[row] = shapely.difference(left[row], shapely.union_all(inner[zone[part]]))
    return left


def _fronts_today(roads: Roads, told: Mapping[str, Any]) -> Lines:
    """Return the axes of today's roads; one of unknown width may be as wide as is thinkable."""
    here = (roads.planned_by == "") & (roads.level == 0)
    half_m = np.where(np.isnan(roads.width_m), told["widest_m"] / 2, _half_m(roads))
    return pieces_of(roads.shape[here], half_m[here] + told["tolerance_m"])


def _fronts_unknown(roads: Roads, told: Mapping[str, Any]) -> Lines:
    """Return the axes of roads whose width nobody recorded, as wide as is thinkable."""
    there = np.isnan(roads.width_m) & (roads.level == 0)
    reach_m = told["widest_m"] / 2 + told["tolerance_m"]
    return pieces_of(roads.shape[there], np.full(int(there.sum()), reach_m))


def _half_m(roads: Roads) -> Floats:
    """Return how far the ground of each road reaches from its axis, to the red line if known."""
    return np.fmax(roads.width_m / 2, roads.red_line_m)
