"""What it costs to go along a street: metres, or seconds at the speed of a mode.

Each direction has its own cost: one-way streets cost `inf` against their way, and up a hill is
slower than down. Speed is the same on all of an edge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planning.reach.records import Costs, Metric

if TYPE_CHECKING:
    from planning.reach.parameters import Profile, Slope
    from planning.reach.records import Floats, Network

_KMH = 3.6


def costs(network: Network, profile: Profile, metric: Metric) -> Costs:
    """Return what going along whole edges costs a mode, from tail to head and back."""
    is_shut = (network.shut & profile.mode.bit) != 0
    ahead, back = _both_ways(network, profile, metric)
    against = network.one_way if profile.obeys_one_way else np.zeros_like(network.one_way)
    return Costs(
        mode=profile.mode,
        metric=metric,
        ahead=np.where(is_shut | (against == -1), np.inf, ahead),
        back=np.where(is_shut | (against == 1), np.inf, back),
    )


def _both_ways(network: Network, profile: Profile, metric: Metric) -> tuple[Floats, Floats]:
    if metric is Metric.METRES:
        return network.length_m, network.length_m
    flat_s = network.length_m / (level_kmh(network, profile) / _KMH)
    if profile.slope.rule == "flat":
        return flat_s, flat_s
    up, down, steep = _slopes(network)
    # Steps are as slow up as down.
    kept = np.array([name == "steps" for name in network.classes], dtype=np.bool_)
    steep = np.where(kept[network.road_class], 0.0, steep)
    rising = 1.0 / slope_factor(profile.slope, steep)
    falling = 1.0 / slope_factor(profile.slope, -steep)
    return flat_s * (up * rising + down * falling), flat_s * (up * falling + down * rising)


def level_kmh(network: Network, profile: Profile) -> Floats:
    """Return the speed of a mode on each edge if it were level, at most what signs allow."""
    by_class = np.array([profile.kmh_on(name) for name in network.classes], dtype=np.float64)
    speed = by_class[network.road_class]
    if not profile.obeys_signs:
        return speed
    signed = np.where(network.max_speed_kmh > 0, network.max_speed_kmh, np.inf)
    return np.minimum(speed, signed)


def slope_factor(rule: Slope, slope: Floats) -> Floats:
    """Return by what a slope multiplies the speed on level ground; up is above 0.

    Tobler 1993 for walking: fastest gently downhill. Linear: slower up, a little faster down.
    """
    if rule.rule == "tobler":
        level = np.exp(-rule.steepness * abs(rule.best))
        return np.asarray(np.exp(-rule.steepness * np.abs(slope - rule.best)) / level)
    if rule.rule == "linear":
        down = np.minimum(1.0 + rule.up * np.maximum(-slope, 0.0), rule.down_most)
        return np.asarray(down / (1.0 + rule.up * np.maximum(slope, 0.0)))
    return np.ones_like(slope)


def _slopes(network: Network) -> tuple[Floats, Floats, Floats]:
    """Return of each edge the shares of it that climb and fall, and how steep both are.

    Where both are on one edge its length is parted by metres climbed and dropped.
    """
    climb, drop = network.climb_m.astype(np.float64), network.drop_m.astype(np.float64)
    both = climb + drop
    up = np.divide(climb, both, out=np.full(len(both), 0.5), where=both > 0)
    steep = np.divide(both, network.length_m, out=np.zeros(len(both)), where=network.length_m > 0)
    return up, 1.0 - up, steep
