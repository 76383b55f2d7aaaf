"""What does not matter to the check, and areas worked out by somebody else's arithmetic.

Made-up plans divide the same ground of 60 × 60 m by straight cuts on whole metres, each in its own
way, so that nothing is thin by chance.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import planning.conflicts.rules  # noqa: F401 # makes the judges known
from planning.conflicts.engine import judge
from planning.conflicts.facts import Facts, Plan
from planning.conflicts.shares import shares_of
from planning.indicators import parse_bounds
from planning.topology.shapes import as_array
from tests.planning.conflicts.coverages import DAY, levels_apart, zones_of
from tests.planning.conflicts.test_examples import REFERENCE, RULES

#: Far from the origin, as a city of the north is.
EAST, NORTH = 587_000.0, 2_325_000.0
SIDE = 60
FUNCTIONS = (
    "DAT_O_Nhomnhao",
    "DAT_HTXH_CayxanhCC",
    "DAT_HTXH_Truonghoc",
    "DAT_HTKT_DuongGT",
    "DAT_SX_Congnghiep",
)
CODES = ("ODT", "DGD", "LUC", "DGT", "DKV")
STOREYS = ("", "3", "3-5", "≤ 9", "cao")
#: Rules about two zones, of which one may be divided.
OF_PAIRS = [rule for rule in RULES if rule.code in ("P01", "P02", "P05", "P07", "I01")]
OWN = [rule for rule in RULES if rule.code[0] in "PIN"]
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def divided(draw, words):
    """Boxes that fill the ground, each with a function and storeys."""
    boxes = [(0, 0, SIDE, SIDE)]
    for _ in range(draw(st.integers(0, 6))):
        west, south, east, north = boxes.pop(draw(st.integers(0, len(boxes) - 1)))
        if draw(st.booleans()) and east - west > 2:
            at = draw(st.integers(west + 1, east - 1))
            boxes += [(west, south, at, north), (at, south, east, north)]
        elif north - south > 2:
            at = draw(st.integers(south + 1, north - 1))
            boxes += [(west, south, east, at), (west, at, east, north)]
        else:
            boxes.append((west, south, east, north))
    return [(box, draw(st.sampled_from(words)), draw(st.sampled_from(STOREYS))) for box in boxes]


@st.composite
def cities(draw):
    """A detailed plan under a zoning plan, another one beside and over it, and a land-use plan."""
    plans, layers, storeys = [], [], []
    for row, (code, level, parent, shift, words) in enumerate(
        (
            ("QHPK", "zoning", "", 0, FUNCTIONS),
            ("QHCT", "detailed", "QHPK", 0, FUNCTIONS),
            ("QHPK-2", "zoning", "", draw(st.integers(40, 70)), FUNCTIONS),
            ("QHSDD", "land_use", "", 0, CODES),
        )
    ):
        drawn = draw(divided(words))
        west = EAST + shift
        shapes = as_array(
            shapely.box(west + w, NORTH + s, west + e, NORTH + n) for (w, s, e, n), *_ in drawn
        )
        ground = shapely.box(west, NORTH, west + SIDE, NORTH + SIDE)
        plans.append(Plan(code, level, parent, ground, DAY))
        layers.append(
            (row, shapes, [f for _, f, _ in drawn], [f"{code}-{k}" for k in range(len(drawn))])
        )
        storeys += [text for *_, text in drawn]
    return with_storeys(Facts(on=DAY, plans=plans, zones=zones_of(layers)), storeys)


def with_storeys(facts, storeys):
    bounds = [parse_bounds(text).high for text in storeys]
    zones = dataclasses.replace(
        facts.zones,
        storeys=np.array(storeys, dtype=object),
        storeys_max=np.array([np.nan if b is None else b for b in bounds]),
    )
    return dataclasses.replace(
        facts, zones=zones, norms=REFERENCE.norms, service_norms=REFERENCE.service_norms
    )


def told(findings):
    """What is said, without the shapes, whose corners may begin elsewhere."""
    return sorted(
        (str(f.identity), f.rule, f.severity, round(f.area_m2, 6), str(sorted(f.values)))
        for f in findings
    )


@given(cities(), st.randoms(use_true_random=False))
@QUICK
def test_the_order_of_plans_and_zones_does_not_matter(facts, chance):
    rows = list(range(len(facts.zones)))
    chance.shuffle(rows)
    plans = list(range(len(facts.plans)))
    chance.shuffle(plans)
    zones = facts.zones.take(np.array(rows))
    zones = dataclasses.replace(zones, plan=np.argsort(plans)[zones.plan])
    other = dataclasses.replace(facts, plans=[facts.plans[k] for k in plans], zones=zones)

    assert told(judge(other, OWN)) == told(judge(facts, OWN))


@given(cities())
@settings(QUICK, max_examples=15)
def test_the_number_of_workers_does_not_matter(facts):
    alone = judge(dataclasses.replace(facts), OWN, workers=1)

    for workers in (2, 4):
        # Anew, so that nothing is kept from the run before.
        assert judge(dataclasses.replace(facts), OWN, workers=workers) == alone


@given(cities(), st.data())
@QUICK
def test_dividing_a_zone_changes_no_ground(facts, data):
    zones = facts.zones
    row = data.draw(st.integers(0, len(zones) - 1))
    west, south, east, north = zones.shape[row].bounds
    if east - west < 2:
        return
    at = west + data.draw(st.integers(1, int(east - west) - 1))
    halves = [shapely.box(west, south, at, north), shapely.box(at, south, east, north)]
    rows = np.append(np.arange(len(zones)), row)
    shape, key = zones.shape[rows], zones.key[rows]
    shape[row], shape[-1] = halves
    key[-1] = f"{key[row]}b"
    divided = dataclasses.replace(zones.take(rows), shape=shape, key=key)

    before = by_other(judge(facts, OF_PAIRS), {zones.key[row]})
    after = by_other(
        judge(dataclasses.replace(facts, zones=divided), OF_PAIRS), {key[row], key[-1]}
    )

    assert after.keys() == before.keys()
    for name, (area_m2, ground) in after.items():
        assert area_m2 == pytest.approx(before[name][0], abs=1e-6)
        assert ground.symmetric_difference(before[name][1]).area < 1e-6


def by_other(findings, keys):
    """Area and ground by rule, severity, part and the parties that are not divided."""
    found: dict[tuple[object, ...], tuple[float, Any]] = {}
    for f in findings:
        if f.ground is None:
            continue
        others = tuple(str(party) for party in f.parties if party.key not in keys)
        name = f.rule, f.severity, f.part, others
        area_m2, ground = found.get(name, (0.0, shapely.Polygon()))
        found[name] = area_m2 + f.area_m2, ground.union(f.ground)
    return found


@given(cities())
@settings(QUICK, max_examples=20)
def test_contradicting_ground_is_what_geopandas_cuts(facts):
    rule = next(rule for rule in RULES if rule.code == "P01")
    zones, matrix = facts.zones, rule.parameters["matrix"]
    frame = geopandas.GeoDataFrame(
        {"key": zones.key, "function": zones.function, "plan": zones.plan}, geometry=zones.shape
    )
    cut = geopandas.overlay(
        frame[frame.plan == 1], frame[frame.plan == 0], how="intersection", keep_geom_type=True
    )
    expected = {
        (row.key_1, row.key_2): row.geometry.area
        for row in cut.itertuples()
        if row.function_1 != row.function_2 and row.function_2 not in matrix["fits"][row.function_1]
    }

    found = {
        tuple(party.key for party in f.parties): f.area_m2
        for f in judge(facts, [rule])
        if f.part == ""
    }

    assert found == pytest.approx(expected, abs=1e-6)


def part_of(facts, judged):
    """What planning.conflicts.facts promises is there when only some zones are judged."""
    zones = facts.zones
    box = as_array(shapely.box(*bounds) for bounds in shapely.bounds(zones.shape))
    near = shapely.STRtree(box).query(box[judged], predicate="intersects")[1]
    level = np.array([plan.level for plan in facts.plans])[zones.plan]
    above = shapely.STRtree(box).query(box[near], predicate="intersects")[1]
    above = above[np.isin(level[above], ["general", "zoning"])]
    rows = np.union1d(np.union1d(near, above), judged)
    is_judged = np.isin(np.arange(len(zones)), judged)
    marked = dataclasses.replace(zones, is_judged=is_judged)
    return dataclasses.replace(facts, zones=marked.take(rows), with_plans=False, is_whole=False)


def with_party(findings, keys):
    return told(f for f in findings if {f"zone:{key}" for key in keys} & {*map(str, f.parties)})


LOCAL = [rule for rule in RULES if rule.code in ("P01", "P02", "P05", "P07", "P08", "N07", "N08")]


@given(cities(), st.data())
@QUICK
def test_what_is_judged_in_part_is_what_the_whole_run_says_of_it(facts, data):
    some = data.draw(st.sets(st.integers(0, len(facts.zones) - 1), min_size=1, max_size=2))
    judged = np.array(sorted(some))
    keys = set(facts.zones.key[judged])

    part = judge(part_of(facts, judged), LOCAL)

    assert told(part) == with_party(judge(facts, LOCAL), keys)


@pytest.mark.parametrize("seed", range(3))
def test_edges_drawn_apart_are_the_same_in_part(seed):
    facts = levels_apart(12, seed=seed)
    whole = judge(facts, LOCAL)

    for row in np.random.default_rng(seed).choice(len(facts.zones), 25, replace=False):
        part = judge(part_of(facts, np.array([row])), LOCAL)
        assert told(part) == with_party(whole, {facts.zones.key[row]})


@st.composite
def surfaces(draw):
    """A box, with a hole or not, alone or with another one, near or far from the origin."""
    parts = []
    for west in (0, 30)[: draw(st.integers(1, 2))]:
        w, s = west + draw(st.integers(0, 10)), draw(st.integers(0, 20))
        wide, tall = draw(st.integers(3, 16)), draw(st.integers(3, 20))
        lean = draw(st.integers(-2, 2))
        ring = [(w, s), (w + wide, s), (w + wide + lean, s + tall), (w + lean, s + tall)]
        shell = shapely.Polygon(ring)
        hole = shell.buffer(-1, join_style="mitre")
        has_hole = draw(st.booleans()) and not hole.is_empty
        parts.append(shapely.Polygon(ring, [hole.exterior.coords] if has_hole else []))
    return shapely.union_all(parts)


@pytest.mark.parametrize("origin", [(0.0, 0.0), (EAST, NORTH)])
@given(st.lists(surfaces(), min_size=1, max_size=4), st.lists(surfaces(), min_size=1, max_size=4))
@settings(QUICK, max_examples=60)
def test_shares_are_what_geos_cuts(origin, ones, others):
    # Also against itself: identical shapes, and shapes that only touch.
    move = shapely.transform
    ones = as_array(move(shape, lambda xy: xy + origin) for shape in ones)
    others = as_array([*(move(shape, lambda xy: xy + origin) for shape in others), *ones])

    found = shares_of(ones, others)

    table = np.zeros((len(ones), len(others)))
    table[found.one, found.other] = found.area_m2
    exact = shapely.area(shapely.intersection(ones[:, None], others[None, :]))
    assert np.abs(table - exact).max() < 1e-6
