"""What is true of every corridor, whatever is recorded and on whichever day."""

from __future__ import annotations

import dataclasses
import datetime as dt

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.corridors import DayRules, corridors_of, corridors_of_many, reach_m
from planning.corridors.outline import CHORD_ERROR_M
from tests.planning.things import LINE, RULES, SITE, thing

KINDS: dict[str, tuple[str, list[str]]] = {
    "power_line": ("line", ["voltage_kv", "conductor", "placement", "outer_conductor_m"]),
    "road": ("line", ["technical_class", "is_urban", "strip_m", "red_line_m", "width_m"]),
    "dyke": ("line", ["grade", "protected_side", "foot_left_m", "foot_right_m", "is_urban"]),
    "railway": ("line", ["strip_m"]),
    "pipeline": ("line", ["diameter_mm", "outer_m"]),
    "water": ("site", ["function", "is_urban", "bank"]),
    "hazard_site": ("site", ["technology", "capacity", "capacity_unit", "flow_deg"]),
    "protected_site": ("site", ["protection_zone"]),
}
OWN_KINDS = {
    "dyke": ["river", "sea"],
    "railway": ["national"],
    "pipeline": ["water"],
    "water": ["river", "lake", "reservoir", "lagoon"],
    "hazard_site": ["wastewater_plant", "landfill", "cemetery", "water_intake", "dam"],
    "protected_site": ["relic"],
}
VALUES: dict[str, list[object]] = {
    "voltage_kv": [22.0, 110.0, 500.0],
    "conductor": ["bare", "covered"],
    "placement": ["overhead", "buried"],
    "technical_class": ["expressway", "III", "VI", "lane"],
    "grade": ["special", "III", "V"],
    "protected_side": ["left", "right"],
    "is_urban": [True, False],
    "diameter_mm": [200.0, 500.0, 1200.0],
    "function": ["bank_stability", "water_quality", "culture", "drinking"],
    "bank": ["flat", "steep"],
    "technology": ["open", "closed", "organic", "ash", "II", "well"],
    "capacity": [100.0, 3000.0, 90000.0],
    "capacity_unit": ["m3/day", "t/day"],
    "flow_deg": [0.0, 217.0],
    "protection_zone": ["I", "II"],
}
LINES = [
    LINE,
    shapely.LineString([(0, 0), (300, 20), (320, 400)]),
    shapely.MultiLineString([[(0, 0), (100, 0)], [(100, 0), (200, 80)]]),
]
SITES = [SITE, shapely.Polygon([(0, 0), (90, 0), (90, 80), (40, 20)])]


@st.composite
def sources(draw):
    layer = draw(st.sampled_from(sorted(KINDS)))
    form, names = KINDS[layer]
    attributes = {
        name: draw(
            st.one_of(
                st.none(),
                st.sampled_from(VALUES[name])
                if name in VALUES
                else st.floats(0, 40).map(lambda x: round(x, 2)),
            )
        )
        for name in names
    }
    if layer in OWN_KINDS:
        attributes["kind"] = draw(st.sampled_from(OWN_KINDS[layer]))
    shape = draw(st.sampled_from(LINES if form == "line" else SITES))
    return thing(layer, shape, number=draw(st.integers(1, 10**9)), **attributes)


days = st.dates(dt.date(2013, 1, 1), dt.date(2028, 1, 1))


@settings(max_examples=60, deadline=None)
@given(sources(), days)
def test_what_is_certain_is_never_also_open(source, day):
    for corridor in corridors_of(source, RULES, on=day):
        assert corridor.certain.intersection(corridor.uncertain).area < 1e-3
        assert corridor.certain.difference(corridor.shape).area < 1e-3
        assert not (corridor.certain.is_empty and corridor.uncertain.is_empty)
        assert bool(corridor.doubts) or corridor.uncertain.is_empty


@settings(max_examples=60, deadline=None)
@given(sources(), days, st.floats(1.0, 3.0))
def test_a_larger_figure_never_gives_a_smaller_corridor(source, day, factor):
    def ground(rules):
        found = corridors_of(source, rules, on=day)
        return (
            shapely.union_all([c.certain for c in found]),
            shapely.union_all([c.shape for c in found]),
        )

    wider = [
        dataclasses.replace(
            rule,
            figure_m=rule.figure_m and rule.figure_m * factor,
            other_figure_m=rule.other_figure_m and rule.other_figure_m * factor,
            at_most_m=rule.at_most_m and rule.at_most_m * factor,
        )
        for rule in RULES
    ]

    for small, large in zip(ground(RULES), ground(wider), strict=True):
        # Chords of another fineness may differ by a centimetre.
        assert small.difference(large.buffer(2 * CHORD_ERROR_M)).area < 1e-3


@settings(max_examples=25, deadline=None)
@given(st.lists(sources(), max_size=6), days)
def test_many_objects_at_once_are_each_as_alone(many, day):
    together = corridors_of_many(many, RULES, on=day)
    alone = [corridor for source in many for corridor in corridors_of(source, RULES, on=day)]

    assert [(c.rule, c.source, c.doubts, c.reach_m) for c in together] == [
        (c.rule, c.source, c.doubts, c.reach_m) for c in alone
    ]
    for one, other in zip(together, alone, strict=True):
        assert one.certain.equals_exact(other.certain, 1e-9)
        assert one.uncertain.equals_exact(other.uncertain, 1e-9)


@settings(max_examples=60, deadline=None)
@given(sources(), days)
def test_no_corridor_ends_further_away_than_the_search_box(source, day):
    reach = reach_m(RULES, source.kind, recorded_m=40.0)

    for corridor in corridors_of(source, RULES, on=day):
        farthest = shapely.distance(
            shapely.points(shapely.get_coordinates(corridor.shape)), source.shape
        )
        assert farthest.max() <= reach + 1e-6


@settings(max_examples=80, deadline=None)
@given(sources(), days, st.floats(-200, 500), st.floats(-200, 500), st.floats(0.5, 40))
def test_what_may_reach_some_ground_is_never_left_out(source, day, east, north, size):
    rules = DayRules.on(RULES, day)
    ground = shapely.box(east, north, east + size, north + size)

    reaching = rules.reaching([source], ground)

    on_it = [c for c in rules.corridors([source]) if c.shape.intersection(ground).area > 1e-6]
    assert not on_it or reaching == [source]
