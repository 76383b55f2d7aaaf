"""Layers of plans' territories, of projects and of units, as they go out in tiles."""

from __future__ import annotations

import datetime as dt
import gzip

import mapbox_vector_tile
import pytest
import shapely
from django.db import connections

from landdata.models import AdministrativeUnit, Revision, UnitSuccession
from planning.models import Adjustment, SiteStatus
from planning.operations import change_available_site
from tests.ground import Shape, add_unit, shape, square, tile_of
from tests.planning import city, sites
from tests.planning import ground as things
from tileserver import tiles
from tileserver.layer import in_both_times
from tileserver.layers import BY_ID

pytestmark = pytest.mark.django_db

CEASED = dt.date(2025, 7, 1)
TODAY = dt.date(2026, 9, 1)


@pytest.fixture
def office(db) -> city.Office:
    city.functions()
    return city.Office()


def fetch(layer: str, ground: Shape, z: int = 15, *, on: dt.date = TODAY):
    at = tiles.place(layer, z, *tile_of(ground, z))
    body = gzip.decompress(tiles.current_tile(at, today=on).body)
    found = mapbox_vector_tile.decode(body)[layer]["features"] if body else []
    return [feature["properties"] for feature in found]


def values_of(layer_id: str, *, on: dt.date = TODAY):
    """Every attribute of every feature, as a service that hands out all of them reads it."""
    layer = BY_ID[layer_id]
    columns = ", ".join(f"{a.sql} AS {a.name}" for a in layer.attributes)
    conditions = " AND ".join([*layer.conditions(), "{known:v}", "{valid:v}"])
    sql = in_both_times(
        f"SELECT {layer.identity.sql} AS id, {columns} FROM {layer.view} v {layer.joins}"
        f" WHERE {conditions} ORDER BY 1",
        known=None,
        day="%(day)s",
    )
    with connections[tiles.ALIAS].cursor() as cursor:
        cursor.execute(sql, {"day": on})
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_a_territory_goes_out_with_the_plan_and_its_decision(office):
    office.in_force("QHPK-1", city.box(0, 0, 200, 100), {"A": ("HOUSES", city.box(0, 0, 100, 100))})

    (feature,) = fetch("plan_territories", shape(city.box(0, 0, 200, 100)))
    (row,) = values_of("plan_territories")

    assert (feature["plan"], feature["level"]) == ("QHPK-1", "zoning")
    assert feature["name"] == "Quy hoạch QHPK-1"
    assert (row["id"], row["decision_number"]) == ("1.QHPK-1", "QHPK-1/QĐ-UBND")
    assert row["decision_date"] == dt.date(2026, 1, 1)


def test_a_local_adjustment_leaves_the_rest_of_the_territory_to_the_first_decision(office):
    office.in_force("QHPK-1", city.box(0, 0, 200, 100), {})
    tile = shape(city.box(0, 0, 200, 100))
    assert len(fetch("plan_territories", tile)) == 1

    office.in_force(
        "QHPK-1", city.box(0, 0, 50, 100), {}, adjustment=Adjustment.LOCAL,
        valid_from=dt.date(2026, 5, 1),
    )  # fmt: skip

    assert len(fetch("plan_territories", tile)) == 2
    assert [row["id"] for row in values_of("plan_territories")] == ["1.QHPK-1", "2.QHPK-1"]
    assert len(fetch("plan_territories", tile, on=dt.date(2026, 4, 30))) == 1
    with connections[tiles.ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT sequence, ST_Area(boundary), ST_AsBinary(boundary_3857),"
            " ST_AsBinary(ST_Transform(boundary, 3857)) FROM public_plan_territories"
            " WHERE to_revision IS NULL AND valid_to IS NULL ORDER BY 1"
        )
        rows = cursor.fetchall()
    assert [(sequence, area) for sequence, area, _, _ in rows] == [(1, 15_000), (2, 5_000)]
    for _, _, kept, moved in rows:
        one, other = shapely.from_wkb(bytes(kept)), shapely.from_wkb(bytes(moved))
        assert shapely.hausdorff_distance(one, other) < 1e-6


def test_a_project_goes_out_in_the_year_of_its_plan_only():
    things.annual_plan(2026)
    ground = city.box(0, 0, 100, 50)
    things.item("DA-1", 2026, ground, first_listed_year=2024, status="recovery_decided")

    (feature,) = fetch("land_use_items", shape(ground))
    (row,) = values_of("land_use_items")

    assert (feature["item"], feature["first_listed_year"]) == ("DA-1", 2024)
    assert (feature["kind"], feature["status"]) == ("recovery", "recovery_decided")
    assert (row["year"], row["plan"], row["drawn_from"]) == (2026, "KH-2026", "boundary")
    assert row["id"] == "KH-2026.DA-1"
    assert fetch("land_use_items", shape(ground), on=dt.date(2027, 1, 1)) == []


def test_a_dot_in_the_code_of_a_plan_does_not_blur_the_identity_of_a_project():
    for plan, key in (("KH.2026", "1"), ("KH", "2026.1"), ("KH%2E2026", "1")):
        row = things.item(f"{plan}{key}", 2026, city.box(0, 0, 10, 10))
        with Revision.open(by=None, why="rename") as revision:
            type(row).objects.filter(pk=row.pk).close(revision)
            row.pk, row.annual_plan_code, row.item_key = None, plan, key
            row.from_revision = revision.number
            row._state.adding = True
            row.save()

    ids = [row["id"] for row in values_of("land_use_items")]

    assert sorted(ids) == ["KH%252E2026.1", "KH%2E2026.1", "KH.2026.1"]


def former_unit(code: str, ground: Shape) -> None:
    with Revision.open(by=None, why="former unit") as revision:
        AdministrativeUnit.objects.create(
            code=code,
            level="ward",
            name="Trúc Bạch",
            name_en="Truc Bach",
            full_name="Phường Trúc Bạch",
            full_name_en="",
            folded="phuong truc bach",
            tone_folded="phường trúc bạch",
            parent_code="001",
            point=ground.stored.centroid,
            point_3857=ground.mercator.centroid,
            source="test",
            confidence="high",
            valid_from=dt.date(2025, 1, 1),
            valid_to=CEASED,
            from_revision=revision.number,
        )


def succession(old: str, new: str, kind: str, *, is_default: bool) -> None:
    with Revision.open(by=None, why="succession") as revision:
        UnitSuccession.objects.create(
            old_code=old,
            new_code=new,
            kind=kind,
            is_default=is_default,
            source="test",
            confidence="high",
            valid_from=CEASED,
            from_revision=revision.number,
        )


def test_a_former_unit_is_a_point_with_all_its_successors_the_default_first():
    ground = square(590000, 2325000)
    former_unit("00004", ground)
    add_unit("00025", "Phường Ngọc Hà", ground, valid_from=CEASED)
    # A code that was used again: the former unit's own.
    add_unit("00004", "Phường Ba Đình", ground, valid_from=CEASED)
    succession("00004", "00004", "part", is_default=False)
    succession("00004", "00025", "whole", is_default=True)

    (feature,) = fetch("former_units", ground)
    (row,) = values_of("former_units")

    assert (feature["code"], feature["full_name"]) == ("00004", "Phường Trúc Bạch")
    assert row["id"] == "2025-01-01.00004"
    assert row["successors"] == ("00025 Phường Ngọc Hà (toàn bộ); 00004 Phường Ba Đình (một phần)")
    assert row["successors_en"].endswith("(part)")
    assert row["successor_code"] == "00025"
    assert (row["existed_from"], row["ceased_on"]) == (dt.date(2025, 1, 1), CEASED)


def test_a_unit_is_a_former_one_from_the_day_on_which_it_ceased():
    ground = square(590000, 2325000)
    former_unit("00004", ground)

    assert fetch("former_units", ground, on=CEASED - dt.timedelta(days=1)) == []
    assert len(fetch("former_units", ground, on=CEASED)) == 1


def test_provinces_and_wards_do_not_mix():
    ground = square(590000, 2325000)
    add_unit("00025", "Phường Ngọc Hà", ground, valid_from=CEASED)
    add_unit("01", "Thành phố Hà Nội", ground, level="province", valid_from=CEASED)

    assert [f["code"] for f in fetch("provinces", ground, 9)] == ["01"]
    assert [f["code"] for f in fetch("wards", ground, 9)] == ["00025"]


def test_a_site_goes_out_with_what_investors_ask_for(office):
    sites.ward()
    office.in_force(
        "QHPK-1",
        city.box(0, 0, 200, 100),
        {
            "A": ("HOUSES", city.box(0, 0, 50, 100)),
            "B": ("GREEN", city.box(150, 0, 200, 100)),
            "C": ("HOUSES", city.box(50, 0, 150, 100)),
        },
    )
    sites.publish(
        "HN-01",
        city.box(0, 0, 200, 100),
        price_basis="Bảng giá đất 2026",
        contact_phone="024 3825 3536",
        on=dt.date(2026, 8, 1),
    )

    (feature,) = fetch("available_sites", shape(city.box(0, 0, 200, 100)))
    (row,) = values_of("available_sites")

    assert (feature["code"], feature["status"], feature["area_m2"]) == ("HN-01", "free", 20_000)
    assert (feature["function"], row["function_en"], row["function_share"]) == (
        "HOUSES",
        "Houses",
        0.75,
    )
    assert row["functions"] == "HOUSES 75.0 %; GREEN 25.0 %"
    assert (row["ward_code"], row["ward"]) == ("00004", "Phường Ba Đình")
    assert (row["contact_en"], row["price_basis"]) == ("Land fund centre", "Bảng giá đất 2026")
    assert (row["plan"], row["level"], row["measured_m2"]) == ("QHPK-1", "zoning", 20_000)


def test_an_offer_leaves_the_map_on_the_day_after_its_last_without_an_edit():
    sites.ward()
    ground = city.box(0, 0, 200, 100)
    last = dt.date(2026, 9, 30)
    sites.publish(
        shape=ground, status=SiteStatus.OFFERED, offered_until=last, on=dt.date(2026, 8, 1)
    )

    assert len(fetch("available_sites", shape(ground), on=last)) == 1
    assert fetch("available_sites", shape(ground), on=last + dt.timedelta(days=1)) == []


def test_a_site_has_one_row_on_each_day_at_each_revision(office):
    sites.ward()
    ground = city.box(0, 0, 200, 100)
    site = sites.publish(shape=ground, on=dt.date(2026, 3, 1))
    office.in_force("P", ground, {"A": ("GREEN", ground)}, valid_from=dt.date(2026, 5, 1))
    change_available_site(
        sites.content(shape=ground, status=SiteStatus.ALLOCATED),
        based_on=site.from_revision,
        by=None,
        on=dt.date(2026, 7, 1),
    )

    said = {
        month: [(row["status"], row["function"]) for row in values_of("available_sites", on=day)]
        for month in range(2, 9)
        for day in [dt.date(2026, month, 15)]
    }

    assert said == {
        2: [],
        3: [("free", "")],
        4: [("free", "")],
        5: [("free", "GREEN")],
        6: [("free", "GREEN")],
        7: [("allocated", "GREEN")],
        8: [("allocated", "GREEN")],
    }
