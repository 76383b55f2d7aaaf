"""Corridors where not all is recorded, and rules as data."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import pytest

from planning.corridors import ObjectKind, corridors_of, reach_m, themes_with_rules
from planning.corridors.table import UnreadableRule, read_rules
from tests.planning.things import LINE, RULES, SITE, TABLES, TODAY, east, measured, thing


def test_without_the_outer_conductor_the_axis_is_certain_and_the_allowance_possible():
    line = thing("power_line", LINE, voltage_kv=110.0, placement="overhead")

    found = measured(line, "power_110_kv")

    # 4 m by the table; our allowance for 110 kV is 5 m.
    assert (east(found.certain), east(found.uncertain)) == (4.0, 9.0)
    assert "outer_conductor_m_unknown" in found.doubts


def test_without_the_strip_half_the_carriageway_is_where_the_road_begins():
    road = thing("road", LINE, technical_class="III", is_urban=False, width_m=8.0)

    found = measured(road, "road_class_iii")

    # 4 m half width, 13 m by the table; 12 m allowance, and a quarter more of 13 m.
    assert (east(found.certain), east(found.uncertain)) == (17.0, 32.25)


def test_without_strip_and_width_a_road_begins_at_its_axis():
    road = thing("road", LINE, technical_class="III", is_urban=False)

    assert east(measured(road, "road_class_iii").certain) == 13.0


def test_a_red_line_beyond_the_corridor_of_the_class_is_cut_to_it():
    road = thing("road", LINE, technical_class="VI", is_urban=True, strip_m=5.0, red_line_m=30.0)

    found = measured(road, "road_urban")

    # Class VI outside towns: 5 m to the strip and 4 m, from memory 5 m.
    assert (east(found.certain), east(found.uncertain)) == (9.0, 10.0)


def test_without_a_red_line_only_the_carriageway_is_certain_in_town():
    road = thing("road", LINE, technical_class="VI", is_urban=True, strip_m=5.0, width_m=6.0)

    found = measured(road, "road_urban")

    assert (east(found.certain), east(found.uncertain)) == (3.0, 10.0)
    assert found.doubts == ("red_line_m_unknown",)


def test_where_nobody_said_whether_it_is_town_the_narrower_is_certain():
    road = thing("road", LINE, technical_class="VI", strip_m=5.0, red_line_m=7.0)

    found = corridors_of(road, RULES, on=TODAY)

    assert [(c.rule.id, east(c.certain), east(c.uncertain)) for c in found] == [
        ("road_urban", 7.0, None),
        ("road_below_class_v", None, 10.0),
    ]
    assert all("is_urban_unknown" in c.doubts for c in found)


def test_a_road_of_unknown_class_may_be_a_lane_so_nothing_is_certain():
    road = thing("road", LINE, is_urban=False, strip_m=5.0)

    (found,) = corridors_of(road, RULES, on=TODAY)

    # 17 m and a quarter for an expressway.
    assert (east(found.certain), east(found.uncertain)) == (None, 26.25)


def test_of_a_plant_of_unknown_capacity_the_smallest_distance_is_certain():
    plant = thing("hazard_site", SITE, kind="wastewater_plant", technology="open")

    found = [c for c in corridors_of(plant, RULES, on=TODAY) if c.rule.family == "ww_plant"]

    # 80 m from the wall at 5 m; up to 350 m, times 1.5 upstream or upwind.
    assert [(c.rule.id, east(c.certain), east(c.uncertain)) for c in found] == [
        ("ww_open_lt200", 85.0, None),
        ("ww_open_gt50000", None, 530.0),
    ]


def test_a_capacity_in_another_unit_is_not_compared():
    plant = thing(
        "hazard_site",
        SITE,
        kind="wastewater_plant",
        technology="open",
        capacity=100.0,
        capacity_unit="t/day",
    )

    assert "capacity_unknown" in measured(plant, "ww_open_gt50000").doubts


def test_a_river_in_no_list_has_no_certain_corridor():
    river = thing("water", SITE, kind="river", is_urban=True)

    found = [c for c in corridors_of(river, RULES, on=TODAY) if c.rule.family == "water"]

    # 20 m for water quality, twice as much if the province decides so.
    assert [(c.rule.id, east(c.certain), east(c.uncertain)) for c in found] == [
        ("river_b_urban", None, 45.0)
    ]


def test_the_water_itself_is_not_its_corridor():
    river = thing("water", SITE, kind="river", function="bank_stability", is_urban=True)

    found = measured(river, "river_a_urban")

    assert found.shape.intersection(SITE).area == 0
    assert found.certain.touches(SITE)


def test_a_relic_of_unknown_zone_is_certain_under_the_milder_rule():
    relic = thing("protected_site", SITE, kind="relic")

    (found,) = corridors_of(relic, RULES, on=TODAY)

    assert (found.rule.effect, found.certain.equals(SITE)) == ("conditional", True)
    assert found.doubts == ("protection_zone_unknown",)


def test_a_day_without_a_rule_leaves_the_ground_open_and_not_free():
    plant = thing("hazard_site", SITE, kind="incinerator")
    last, end = dt.date(2026, 12, 31), dt.date(2027, 1, 1)

    assert east(measured_main(plant, last).certain) == 505.0
    after = measured_main(plant, end)
    # 500 m times 1.5 is as far as the code of 2021 went.
    assert (east(after.certain), east(after.uncertain)) == (None, 755.0)
    assert "no_rule_on_day" in after.doubts


def measured_main(source, day):
    return next(c for c in corridors_of(source, RULES, on=day) if c.rule.family == "waste_incin")


@pytest.mark.parametrize("wrong", [-1.0, math.nan, math.inf])
def test_a_recorded_distance_that_is_none_is_refused(wrong):
    line = thing(
        "power_line", LINE, voltage_kv=110.0, placement="overhead", outer_conductor_m=wrong
    )

    with pytest.raises(ValueError, match="outer_conductor_m"):
        corridors_of(line, RULES, on=TODAY)


def test_the_search_box_is_the_widest_figure_and_what_is_recorded():
    # 7 m of 500 kV and 16 m allowance; 100 m of a cable under water is more.
    assert reach_m(RULES, ObjectKind.POWER_LINE, recorded_m=12.0) == pytest.approx(112.5)
    # Cemetery to intake, and landfill times 1.5.
    assert reach_m(RULES, ObjectKind.HAZARD_SITE) == 1500.0
    assert reach_m([], ObjectKind.ROAD, recorded_m=12.0) == 0.0


def test_of_two_rows_for_one_measure_the_later_one_holds():
    line = thing("power_line", LINE, voltage_kv=110.0, placement="overhead", outer_conductor_m=2.0)
    old = next(rule for rule in RULES if rule.id == "power_110_kv")
    new = dataclasses.replace(old, figure_m=9.0, valid_from=dt.date(2026, 3, 1))
    rules = [new, *RULES]

    before = measured(line, "power_110_kv", rules=rules, on=dt.date(2026, 2, 28))
    after = measured(line, "power_110_kv", rules=rules, on=dt.date(2026, 3, 1))

    assert (east(before.certain), east(after.certain)) == (6.0, 11.0)


def test_a_theme_without_a_rule_on_the_day_is_not_ruled():
    assert themes_with_rules(RULES, on=dt.date(2010, 1, 1)) == {"dykes", "hazard_sites"}
    assert "power_lines" in themes_with_rules(RULES, on=dt.date(2014, 4, 15))
    assert len(set(themes_with_rules(RULES, on=TODAY))) == 8


@pytest.mark.parametrize(
    ("column", "wrong", "fault"),
    [
        ("figure", "distance 3", "list index"),
        ("theme", "roads", "does not belong"),
        ("reference", "kerb", "kerb"),
        ("restricts", "fun", "'fun' is none of"),
        ("range", "35 to 110", "is not an interval"),
        ("rule", "power_111_kv", "has no 'power_111_kv'"),
    ],
)
def test_tables_that_do_not_fit_together_are_refused_by_row(tmp_path, column, wrong, fault):
    folder = TABLES
    table = (folder / "safety_corridors.csv").read_text(encoding="utf-8")
    (tmp_path / "safety_corridors.csv").write_text(table, encoding="utf-8")
    lines = (folder / "corridor_measures.csv").read_text(encoding="utf-8").splitlines()
    header = lines[0].split(",")
    row = dict.fromkeys(header, "")
    row.update(
        rule="power_110_kv", measure="1", role="corridor", theme="power_lines", family="power",
        object="power_line", quantity="voltage_kv", range="(35,110]", reference="outer_conductor",
        figure="distance 1", restricts="trees", valid_from="2014-04-15",
    )  # fmt: skip
    row[column] = wrong
    written = f"{lines[0]}\n" + ",".join(f'"{row[name]}"' for name in header) + "\n"
    (tmp_path / "corridor_measures.csv").write_text(written, encoding="utf-8")

    with pytest.raises(UnreadableRule, match=fault) as refused:
        read_rules(tmp_path)
    assert "row 2" in str(refused.value)
