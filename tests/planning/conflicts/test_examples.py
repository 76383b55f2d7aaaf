"""Every rule of the catalogue finds what its example says, and nothing in the clean one.

The examples stand in the catalogue in round metres; what they expect is worked out by hand.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import planning.conflicts.rules  # noqa: F401 # makes the judges known
from planning.conflicts.catalogue import read_rules
from planning.conflicts.engine import JUDGES, judge
from planning.conflicts.examples import Reference, example_facts
from planning.conflicts.records import Family
from planning.corridors.table import read_rules as read_corridor_rules
from planning.norms import read_norms

FOLDER = Path(__file__).parents[3] / "fixtures" / "reference"
RULES = read_rules((FOLDER / "conflict_rules.toml").read_text(encoding="utf-8"))
#: What an expected finding says of the finding itself; everything else is a value.
OF_FINDING = {"area_m2", "parties", "severity", "part"}
LETTERS = {
    Family.PLANS: "P",
    Family.INSIDE: "I",
    Family.GROUND: "G",
    Family.CORRIDORS: "C",
    Family.TERRAIN: "T",
    Family.NORMS: "N",
}


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


REFERENCE = Reference(
    norms=read_norms(rows("planning_norms.csv")),
    service_norms=rows("service_radii.csv"),
    corridor_rules=read_corridor_rules(FOLDER),
)


def found_in(rule, example):
    return judge(example_facts(example, REFERENCE), [rule])


def as_expected(finding, expected):
    """What of a finding the example speaks of, in the example's form."""
    named = {
        "area_m2": pytest.approx(finding.area_m2, abs=1e-6),
        "parties": [str(party) for party in finding.parties],
        "severity": str(finding.severity),
        "part": finding.part,
    }
    values = {
        name: pytest.approx(value, abs=1e-6) if isinstance(value, int | float) else value
        for name, value in finding.values.items()
    }
    return {name: (named if name in OF_FINDING else values)[name] for name in expected}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_violating_example_gives_exactly_what_it_expects(rule):
    expected = sorted(rule.violates["expect"], key=lambda e: (e["parties"], e.get("part", "")))

    found = sorted(
        found_in(rule, rule.violates), key=lambda f: ([str(p) for p in f.parties], f.part)
    )

    assert [[str(p) for p in f.parties] for f in found] == [e["parties"] for e in expected]
    for finding, one in zip(found, expected, strict=True):
        assert one == as_expected(finding, one)
        assert "area_m2" in one


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_clean_example_gives_nothing(rule):
    assert found_in(rule, rule.clean) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_what_is_found_can_be_shown(rule):
    for finding in found_in(rule, rule.violates):
        assert finding.rule == rule.code
        if finding.ground is not None:
            assert finding.ground.is_valid
            assert finding.ground.area == pytest.approx(finding.area_m2, abs=1e-6)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_named_for_its_family_and_its_judge_exists(rule):
    assert rule.code[0] == LETTERS[rule.family]
    assert rule.judge in JUDGES
    assert all(rule.violates[f"says_{language}"] for language in ("vi", "en"))
    assert all(rule.clean[f"says_{language}"] for language in ("vi", "en"))


def test_the_matrix_knows_every_function_and_no_other():
    functions = {row["layer_suffix_zoning_plan"] for row in rows("plan_functions_tt16.csv")}
    matrix = next(rule for rule in RULES if rule.code == "P01").parameters["matrix"]

    assert set(matrix["functions"]) == set(matrix["fits"]) == set(matrix["argued"]) == functions
    for lower in functions:
        assert set(matrix["fits"][lower]) | set(matrix["argued"][lower]) <= functions - {lower}
        assert not set(matrix["fits"][lower]) & set(matrix["argued"][lower])
