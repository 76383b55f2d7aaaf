"""The land-use plan and the annual plans: every life of an item can be found in a small city."""

from __future__ import annotations

import collections
from typing import Any

import numpy as np
import pandas
import pytest
import shapely

from tests.city.test_plans import codes

FILE = "land_use_plan.gpkg"
YEARS = (2024, 2025, 2026)


@pytest.fixture
def lives(city) -> dict[str, dict[int, Any]]:
    """Every item by its key: year → row."""
    plans = city.layer(FILE, "annual_plan").set_index("code")
    found: dict[str, dict[int, Any]] = collections.defaultdict(dict)
    for row in city.layer(FILE, "item").itertuples():
        found[row.item_key][int(plans.loc[row.annual_plan_code, "year"])] = row
    return found


def recoveries(lives, *statuses: str | None) -> list[dict[int, Any]]:
    """Items to be recovered whose status in 2024, 2025, 2026 is this; None: not listed."""
    return [
        rows
        for rows in lives.values()
        if next(iter(rows.values())).kind == "recovery"
        and tuple(rows[y].status if y in rows else None for y in YEARS) == statuses
    ]


def test_the_land_use_plan_is_for_ten_years_and_speaks_in_land_use_codes(city):
    (plan,) = city.layer(FILE, "plan").itertuples()
    zones = city.layer(FILE, "zone")

    assert (plan.level, plan.valid_from, plan.valid_to) == ("land_use", "2021-01-01", "2031-01-01")
    assert (zones["plan_code"] == plan.code).all()
    assert (zones["function"] == zones["land_use_code"]).all()
    assert set(zones["function"]) <= codes("land_use_codes.csv", "code")


def test_it_has_the_columns_of_the_urban_plans(city):
    for layer in ("plan", "zone", "theme_coverage"):
        assert list(city.layer(FILE, layer)) == list(city.layer("plans.gpkg", layer))


def test_its_zones_lie_inside_its_territory_without_overlap(city):
    (territory,) = city.layer(FILE, "plan").geometry
    zones = shapely.get_parts(np.asarray(city.layer(FILE, "zone").geometry.array))

    assert shapely.coverage_is_valid(zones)
    union = shapely.union_all(zones)
    assert abs(union.area - shapely.area(zones).sum()) < 1e-6
    assert union.difference(territory).area < 1e-6


def test_it_is_silent_over_some_lots_of_its_territory(city):
    (territory,) = city.layer(FILE, "plan").geometry
    zones = shapely.union_all(np.asarray(city.layer(FILE, "zone").geometry.array))
    silent = territory.difference(zones)

    assert shapely.intersects(silent, shapely.point_on_surface(city.lots)).any()


def test_it_disagrees_with_the_zoning_plans_over_some_lots_and_agrees_over_more(city):
    at = shapely.point_on_surface(city.lots)
    codes_at = []
    for file in (FILE, "plans.gpkg"):
        zones = city.layer(file, "zone")
        zones = zones[zones["plan_code"].str.startswith(("QHSDD", "QHPK"))]
        lot, zone = shapely.STRtree(np.asarray(zones.geometry.array)).query(at, "within")
        code = np.full(len(at), "", dtype=object)
        code[lot] = zones["land_use_code"].to_numpy()[zone]
        codes_at.append(code)
    both = (codes_at[0] != "") & (codes_at[1] != "")
    differ = both & (codes_at[0] != codes_at[1])

    assert 0 < differ.sum() < both.sum() / 2


def test_an_annual_plan_holds_for_its_calendar_year(city):
    plans = city.layer(FILE, "annual_plan")

    assert sorted(plans["year"]) == list(YEARS)
    assert plans["decision_number"].is_unique
    for plan in plans.itertuples():
        assert (plan.valid_from, plan.valid_to) == (f"{plan.year}-01-01", f"{plan.year + 1}-01-01")
        assert plan.decision_date < plan.valid_from
        assert shapely.intersects(plan.geometry, shapely.point_on_surface(city.lots)).all()


def test_every_life_of_an_item_occurs(lives):
    listed = "listed"
    assert recoveries(lives, listed, listed, listed)
    assert recoveries(lives, None, None, listed)
    assert recoveries(lives, None, listed, listed)
    assert recoveries(lives, listed, listed, "recovery_decided")
    assert recoveries(lives, listed, None, None)
    assert recoveries(lives, listed, listed, "cancelled")
    assert recoveries(lives, listed, "recovery_decided", "completed")
    assert any(row.kind == "conversion" for rows in lives.values() for row in rows.values())


def test_an_item_in_its_third_year_has_no_decision_and_says_when_it_was_first_listed(lives):
    for rows in recoveries(lives, "listed", "listed", "listed"):
        assert pandas.isna([row.decision_number for row in rows.values()]).all()
        assert pandas.isna([row.decision_date for row in rows.values()]).all()
        assert {row.first_listed_year for row in rows.values()} == {2024}


def test_whatever_is_not_just_listed_has_a_decision_from_the_years_of_the_plan(lives):
    decided = [r for rows in lives.values() for r in rows.values() if r.status != "listed"]

    assert decided
    for row in decided:
        assert row.decision_number
        assert f"{row.first_listed_year}-01-01" <= row.decision_date < "2027-01-01"


def test_an_item_stays_what_it_was_over_the_years(lives):
    for rows in lives.values():
        assert len({(r.name_vi, r.kind, r.purpose, r.area_m2) for r in rows.values()}) == 1
        assert min(rows) == next(iter(rows.values())).first_listed_year


def test_some_items_cut_through_parcels(city):
    items = city.layer(FILE, "item")
    drawn = np.asarray(items[items.geometry.notna()].geometry.array)
    lot, item = shapely.STRtree(drawn).query(city.lots, predicate="intersects")
    share = shapely.area(shapely.intersection(city.lots[lot], drawn[item])) / shapely.area(
        city.lots[lot]
    )

    assert ((share > 0.1) & (share < 0.9)).any()
    assert (share > 0.999).any()


def test_an_item_without_a_boundary_names_parcels_of_the_register(city):
    items = city.layer(FILE, "item")
    named = city.layer(FILE, "item_parcel")
    register = {
        (f"{int(r['KVHC_ID']) - 100_000:05d}", r["SOTO"], int(r["TYLE"]), r["SOTHUA"])
        for r in city.rows
    }
    bare = items[items.geometry.isna()]

    assert len(bare)
    assert set(bare["item_key"]) <= set(named["item_key"])
    for row in named.itertuples():
        key = (row.unit_code, row.sheet.encode(), row.scale, row.number.encode())
        assert key in register


def test_a_site_is_the_ground_of_the_parcels_it_names(city):
    items = city.layer(FILE, "item").drop_duplicates("item_key").set_index("item_key")
    named = city.layer(FILE, "item_parcel").drop_duplicates(
        ["item_key", "unit_code", "sheet", "scale", "number"]
    )
    place = {
        (f"{int(r['KVHC_ID']) - 100_000:05d}", r["SOTO"], int(r["TYLE"]), r["SOTHUA"]): i
        for i, r in enumerate(city.rows)
    }
    checked = 0
    for key, rows in named.groupby("item_key"):
        boundary = items.loc[key, "geometry"]
        if boundary is None:
            continue
        where = [
            place[r.unit_code, r.sheet.encode(), r.scale, r.number.encode()]
            for r in rows.itertuples()
        ]
        assert abs(shapely.area(city.lots[where]).sum() - boundary.area) < 1e-6
        assert items.loc[key, "area_m2"] == pytest.approx(boundary.area, abs=0.051)
        checked += 1
    assert checked


def test_both_registers_are_complete_unsure_and_unknown_over_lots(city):
    cover = city.layer(FILE, "theme_coverage")
    inside = shapely.point_on_surface(city.lots)
    for theme in ("land_use_plan", "annual_plan"):
        rows = cover[cover["theme"] == theme]
        known = {
            bool(complete): shapely.intersects(boundary, inside)
            for complete, boundary in zip(rows["is_complete"], rows.geometry, strict=True)
        }
        assert known[True].any()
        assert known[False].any()
        assert (~known[True] & ~known[False]).any()
