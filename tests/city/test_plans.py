"""Plans that an extract can be tried on: every answer and every quarrel occurs."""

from __future__ import annotations

import csv
from uuid import UUID

import numpy as np
import shapely

from tests.city.conftest import REFERENCE


def codes(file: str, column: str) -> set[str]:
    with (REFERENCE / file).open(encoding="utf-8") as rows:
        return {row[column] for row in csv.DictReader(rows)}


def zones_of(city, plan: str) -> np.ndarray:
    zones = city.layer("plans.gpkg", "zone")
    return shapely.get_parts(np.asarray(zones[zones["plan_code"] == plan].geometry.array))


def test_zones_of_a_plan_fill_its_territory_exactly(city):
    plans = city.layer("plans.gpkg", "plan")
    for plan in plans.itertuples():
        zones = zones_of(city, plan.code)
        if not len(zones):
            continue
        assert shapely.coverage_is_valid(zones), plan.code
        assert abs(shapely.area(zones).sum() - plan.geometry.area) < 1e-6, plan.code


def test_zones_are_valid_and_on_the_millimetre(city):
    boundary = np.asarray(city.layer("plans.gpkg", "zone").geometry.array)

    assert shapely.is_valid(boundary).all()
    corners = shapely.get_coordinates(boundary)
    assert np.array_equal(corners, np.round(corners, 3))


def test_all_three_levels_are_there(city):
    levels = city.layer("plans.gpkg", "plan")["level"].value_counts()

    assert levels["general"] == 1
    assert levels["zoning"] >= 2
    assert levels["detailed"] >= 3


def test_functions_and_land_codes_are_those_of_the_tables(city):
    zones = city.layer("plans.gpkg", "zone")

    assert set(zones["function"]) <= codes("plan_functions_tt16.csv", "layer_suffix_zoning_plan")
    assert set(zones["land_use_code"]) <= codes("land_use_codes.csv", "code")
    assert all(UUID(uid).version == 4 for uid in zones["zone_uid"])
    assert zones["zone_uid"].is_unique


def test_many_lots_straddle_a_zone_line(city):
    zoned = np.concatenate([zones_of(city, f"QHPK-{place}") for place in _zoning_codes(city)])
    lot, zone = shapely.STRtree(zoned).query(city.lots, predicate="intersects")
    m2 = shapely.area(shapely.intersection(city.lots[lot], zoned[zone]))
    each = np.bincount(lot[m2 > 0.5], minlength=len(city.lots))

    assert 0.25 < (each > 1).sum() / (each > 0).sum() < 0.65
    assert (each > 2).any()


def test_a_zone_has_a_hole(city):
    every = shapely.get_parts(np.asarray(city.layer("plans.gpkg", "zone").geometry.array))

    assert shapely.get_num_interior_rings(every).max() >= 1


def test_a_plan_of_each_lower_level_has_no_zone_digitised(city):
    plans, zones = city.layer("plans.gpkg", "plan"), city.layer("plans.gpkg", "zone")
    silent = plans[~plans["code"].isin(zones["plan_code"])]

    assert set(silent["level"]) == {"zoning", "detailed"}


def test_two_detailed_plans_in_force_overlap(city):
    plans = city.layer("plans.gpkg", "plan")
    now = plans[(plans["level"] == "detailed") & plans["valid_to"].isna()]
    ground = np.asarray(now.geometry.array)
    pairs = shapely.STRtree(ground).query(ground, predicate="intersects")
    m2 = shapely.area(shapely.intersection(*(ground[p[pairs[0] < pairs[1]]] for p in pairs)))

    assert m2.max() > 50


def test_one_detailed_plan_replaced_another_on_the_day_it_ended(city):
    plans = city.layer("plans.gpkg", "plan").set_index("code")
    ended = plans[plans["valid_to"].notna()]
    adjusted = plans[(plans["level"] == "detailed") & (plans["adjustment"] == "general")]

    assert list(ended["valid_to"]) == list(adjusted["valid_from"])
    assert ended.geometry.iloc[0].intersection(adjusted.geometry.iloc[0]).area > 100


def test_some_lots_lie_only_partly_inside_a_plan(city):
    plans = city.layer("plans.gpkg", "plan")
    detailed = np.asarray(plans[plans["level"] == "detailed"].geometry.array)
    lot, plan = shapely.STRtree(detailed).query(city.lots, predicate="intersects")
    share = shapely.area(shapely.intersection(city.lots[lot], detailed[plan])) / shapely.area(
        city.lots[lot]
    )

    assert ((share > 0.2) & (share < 0.8)).any()


def test_the_register_of_plans_is_complete_unsure_and_unknown_over_lots(city):
    cover = city.layer("plans.gpkg", "theme_coverage")
    inside = shapely.point_on_surface(city.lots)
    for theme in ("zoning_plan", "detailed_plan"):
        rows = cover[cover["theme"] == theme]
        known = {
            bool(complete): shapely.intersects(boundary, inside)
            for complete, boundary in zip(rows["is_complete"], rows.geometry, strict=True)
        }
        assert known[True].any()
        assert known[False].any()
        assert (~known[True] & ~known[False]).any()


def test_some_lots_are_clear_of_every_zoning_plan_where_the_register_is_complete(city):
    plans = city.layer("plans.gpkg", "plan")
    planned = shapely.union_all(np.asarray(plans[plans["level"] == "zoning"].geometry.array))
    cover = city.layer("plans.gpkg", "theme_coverage")
    complete = cover[(cover["theme"] == "zoning_plan") & cover["is_complete"]].geometry.iloc[0]
    inside = shapely.point_on_surface(city.lots)

    assert (shapely.intersects(complete, inside) & ~shapely.intersects(planned, inside)).any()


def test_plan_information_codes_have_twelve_digits(city):
    plans = city.layer("plans.gpkg", "plan")

    assert plans["information_code"].str.fullmatch(r"\d{12}").all()
    assert plans["information_code"].is_unique


def _zoning_codes(city) -> list[str]:
    plans = city.layer("plans.gpkg", "plan")
    return [c.removeprefix("QHPK-") for c in plans[plans["level"] == "zoning"]["code"]]
