"""Every rule on corridors, by hand: what hits, what does not, and on which days.

The examples stand in `corridor_examples.csv`, typed by hand from the text of the law's table and
never computed. Each source stands at the origin: lines run north along x = 0 for a kilometre either
way, sites and waters are squares from -5 to 5. `certain_m` is how far from the origin the corridor
is certain in the direction named, `possible_m` how far it may reach; both include the 5 m of the
square, or the recorded distance of conductor, strip or foot. East is the right side of a line.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest
import shapely

from planning.corridors import Role, SourceObject, corridors_of, rules_for
from tests.planning.things import LINE, RULES, SITE, TABLES, TODAY, thing

EXAMPLES = Path(__file__).parent / "corridor_examples.csv"
LINES = ("power_line", "pipeline", "road", "railway", "dyke")
ONE_DAY = dt.timedelta(days=1)
DIRECTIONS = {"east": (1, 0), "west": (-1, 0), "north": (0, 1), "south": (0, -1)}
#: Rows that lead to no ground.
WITHOUT_GROUND = {
    "power_500_urban": Role.NONE,
    "petrol_exit": Role.NONE,
    "gas_pipe": Role.NONE,
    "road_overlap_rail": Role.PRIORITY,
    "road_overlap_dyke": Role.PRIORITY,
    "road_overlap_road": Role.PRIORITY,
    "road_lanes": Role.CORRIDOR,
}


@dataclass(frozen=True)
class Example:
    """One line of the examples."""

    rule: tuple[str, int]
    source: SourceObject
    direction: str
    certain_m: float | None
    possible_m: float | None
    first_day: dt.date
    end: dt.date | None

    @property
    def day(self) -> dt.date:
        """A day on which the rule holds."""
        return TODAY if self.end is None or self.end > TODAY else self.end - ONE_DAY

    def at(self, metres):
        east, north = DIRECTIONS[self.direction]
        return shapely.Point(east * metres, north * metres)

    def corridors(self, day):
        return [
            corridor
            for corridor in corridors_of(self.source, RULES, on=day)
            if (corridor.rule.id, corridor.rule.measure) == self.rule
        ]

    def is_certain(self, metres):
        return any(c.certain.intersects(self.at(metres)) for c in self.corridors(self.day))

    def is_possible(self, metres):
        return any(c.uncertain.intersects(self.at(metres)) for c in self.corridors(self.day))


def source_of(layer, **attributes):
    return thing(layer, LINE if layer in LINES else SITE, **attributes)


def value(text):
    if text in ("yes", "no"):
        return text == "yes"
    try:
        return float(text)
    except ValueError:
        return text


def read_examples():
    with EXAMPLES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            pairs = (pair.split("=") for pair in row["attributes"].split("; ") if pair)
            yield Example(
                (row["rule"], int(row["measure"])),
                source_of(row["object"], **{name: value(text) for name, text in pairs}),
                row["direction"],
                float(row["certain_m"]) if row["certain_m"] else None,
                float(row["possible_m"]) if row["possible_m"] else None,
                dt.date.fromisoformat(row["first_day"]),
                dt.date.fromisoformat(row["end"]) if row["end"] else None,
            )


CASES = list(read_examples())
each_example = pytest.mark.parametrize(
    "case", CASES, ids=[f"{c.rule[0]}-{c.rule[1]}-{n}" for n, c in enumerate(CASES)]
)


@each_example
def test_a_rule_hits_to_its_figure_and_no_further(case):
    if case.certain_m is None:
        assert not case.is_certain(0.1)
    else:
        assert case.is_certain(case.certain_m - 0.1)
        assert not case.is_certain(case.certain_m + 0.1)
    if case.possible_m is None:
        assert not case.is_possible(case.certain_m + 0.1)
    else:
        assert case.is_possible((case.certain_m or 0) + 0.1)
        assert case.is_possible(case.possible_m - 0.1)
        assert not case.is_possible(case.possible_m + 0.1)


@each_example
def test_a_rule_holds_from_its_first_day_to_the_day_before_its_end(case):
    def holds(day):
        return case.rule in {
            (candidate.rule.id, candidate.rule.measure)
            for candidate in rules_for(case.source, RULES, on=day)
            if candidate.holds_on_day
        }

    def is_certain(day):
        return any(not corridor.certain.is_empty for corridor in case.corridors(day))

    outside = [case.first_day - ONE_DAY, *([case.end] if case.end else [])]
    inside = [case.first_day, case.end - ONE_DAY if case.end else dt.date(2035, 1, 1)]

    assert [holds(day) for day in outside] == [False] * len(outside)
    assert [is_certain(day) for day in outside] == [False] * len(outside)
    assert [holds(day) for day in inside] == [True, True]
    assert [is_certain(day) for day in inside] == [case.certain_m is not None] * 2


def test_every_row_of_the_table_is_accounted_for_exactly_once():
    with (TABLES / "safety_corridors.csv").open(encoding="utf-8", newline="") as lines:
        table = [row["id"] for row in csv.DictReader(lines)]
    measures = [(rule.id, rule.measure) for rule in RULES]

    assert len(table) == 100
    assert sorted(table) == sorted({rule for rule, _ in measures})
    assert len(set(measures)) == len(measures)
    assert all((rule, 1) in measures for rule in table)


def test_every_measure_has_an_example_or_a_reason_why_not():
    shown = {case.rule for case in CASES}
    hidden = {(rule.id, rule.measure) for rule in RULES} - shown

    assert hidden == {(rule, 1) for rule in WITHOUT_GROUND}
    for rule in RULES:
        if rule.id in WITHOUT_GROUND:
            assert rule.role == WITHOUT_GROUND[rule.id]
        assert bool(rule.why_not) == (rule.role == Role.NONE)


def test_a_lane_has_no_corridor():
    lane = source_of("road", technical_class="lane", is_urban=False, strip_m=2.0)

    assert corridors_of(lane, RULES, on=TODAY) == []


def test_a_pump_in_a_closed_well_has_no_corridor():
    pump = source_of("hazard_site", kind="wastewater_pump", technology="submersible_closed")

    assert corridors_of(pump, RULES, on=TODAY) == []


@pytest.mark.parametrize(
    "source",
    [
        source_of("pipeline", kind="water", diameter_mm=299.0),
        source_of("pipeline", kind="gas", diameter_mm=400.0, pressure_bar=16.0),
        source_of("hazard_site", kind="landfill", technology="hazardous"),
        source_of("protected_site", kind="park"),
    ],
)
def test_what_the_table_does_not_name_has_no_corridor(source):
    assert corridors_of(source, RULES, on=TODAY) == []


def test_every_hit_names_its_law_and_how_far_to_trust_it():
    for rule in RULES:
        assert rule.legal_source
        assert rule.name_vi
        assert rule.name_en
        assert rule.validity_source
    for rule in RULES:
        if rule.id.startswith("power_") and "2014 rules" in rule.in_force_text:
            assert "the table of decree 62/2025 was not read" in rule.condition_en
            assert "chưa được đối chiếu" in rule.condition_vi
        if rule.at_most_m is not None or rule.allowance_m:
            assert rule.own_choice
