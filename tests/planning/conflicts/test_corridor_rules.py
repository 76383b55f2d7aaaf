"""Corridors of several works on one zone: which of them is told, and where."""

from __future__ import annotations

import datetime as dt

import pytest

import planning.conflicts.rules  # noqa: F401 # makes the judges known
from planning.conflicts.engine import judge
from planning.conflicts.examples import example_facts
from tests.planning.conflicts.test_examples import REFERENCE, RULES

RULE = {rule.code: rule for rule in RULES}
HOMES = {
    "plan": "A",
    "key": "a1",
    "function": "DAT_O_Nhomnhao",
    "ground": "0 0, 100 0, 100 40, 0 40",
}
ROAD = {
    "key": "road/d/1", "kind": "road", "line": "-50 50, 150 50",
    "attributes": {"technical_class": "III", "is_urban": True, "width_m": 8.0, "red_line_m": 13.0},
}  # fmt: skip
DYKE = {
    "key": "dyke/d/1", "kind": "dyke", "line": "-50 53, 150 53",
    "attributes": {
        "kind": "river", "grade": "I", "is_urban": True, "protected_side": "right",
        "foot_left_m": 10.0, "foot_right_m": 10.0,
    },
}  # fmt: skip


def found(code, *objects, zones=(HOMES,)):
    example = {"plans": [{"code": "A", "level": "zoning"}], "zones": zones, "objects": objects}
    return judge(example_facts(example, REFERENCE), [RULE[code]])


def areas(findings):
    return {finding.part: pytest.approx(finding.area_m2, abs=1e-6) for finding in findings}


def test_a_dyke_governs_over_a_road_that_is_not_wider():
    # The road reaches 13 m, down to north 37; the dyke 10 + 5 m, down to 38.
    assert areas(found("C02", ROAD)) == {"road_urban 1": 300.0}
    assert areas(found("C04", DYKE)) == {"dyke_urban 1": 200.0}

    both = found("C02", ROAD, DYKE)

    # The dyke is the wider one: between 38 and 40 its corridor is told, the road's is not.
    assert areas(both) == {"road_urban 1": 100.0}
    assert both[0].ground.bounds[3] == pytest.approx(2_300_038.0)
    assert areas(found("C04", ROAD, DYKE)) == {"dyke_urban 1": 200.0}


def test_a_road_gives_way_to_nothing_that_does_not_restrict_the_zone():
    # 20 m from a railway there are no dwellings; offices are none, and the road keeps its ground.
    offices = {**HOMES, "function": "DAT_Coquan"}
    rail = {
        "key": "railway/d/1", "kind": "railway", "line": "-50 50, 150 50",
        "attributes": {"kind": "siding"},
    }  # fmt: skip

    assert areas(found("C02", ROAD, rail, zones=(offices,))) == {"road_urban 1": 300.0}


def test_a_general_plan_is_not_asked_lot_by_lot():
    example = {"plans": [{"code": "A", "level": "general"}], "zones": [HOMES], "objects": [DYKE]}

    assert judge(example_facts(example, REFERENCE), [RULE["C04"]]) == []


def test_two_parts_of_a_zone_have_the_conflicts_of_the_whole():
    halves = [
        {**HOMES, "ground": "0 0, 30 0, 30 40, 0 40"},
        {**HOMES, "key": "a2", "ground": "30 0, 100 0, 100 40, 30 40"},
    ]

    parts = found("C04", DYKE, zones=halves)

    assert sorted(finding.area_m2 for finding in parts) == pytest.approx([60.0, 140.0])


def test_on_a_day_without_a_rule_the_ground_is_not_free():
    # QCVN 01:2021 ends with 2026: the table has no later distance of water works.
    site = {
        "key": "hazard_site/d/1", "kind": "hazard_site", "ground": "0 50, 100 50, 100 60, 0 60",
        "attributes": {"kind": "water_works"},
    }  # fmt: skip
    example = {
        "on": dt.date(2027, 1, 1),
        "plans": [{"code": "A", "level": "zoning"}], "zones": [HOMES], "objects": [site],
    }  # fmt: skip

    (finding,) = judge(example_facts(example, REFERENCE), [RULE["C06"]])

    assert finding.severity == "notes"
    assert finding.part == "water_wtp 1 uncertain"
    assert "no_rule_on_day" in str(finding.values["doubts"])
    # 30 m from the works: ten of the forty metres of the zone are free of it.
    assert finding.area_m2 == pytest.approx(2000.0)
