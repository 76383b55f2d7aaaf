"""Land-use plans from the file: the plan as a draft, its annual plans in the record.

        587000    587100   587200   (EPSG:5897, metres)
2325100 +---------+--------+
        |    A    |   B    |     A and B are projects; B is known by its plots only.
2325000 +---------+--------+
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import geopandas
import pandas
import pyogrio
import pytest
import shapely

from accounts.models import Role, User
from accounts.operations import assign_role
from importers.models import ImportRun
from landdata.models import (
    CadastralSheet,
    ChangedArea,
    Dataset,
    Parcel,
    ParcelVersion,
    Revision,
    SourceFile,
    ThemeCoverage,
)
from planning.models import (
    AnnualLandUsePlan,
    DraftZone,
    LandUsePlanItem,
    LandUsePlanItemParcel,
    PlanStatus,
    PlanVersion,
    Zone,
)
from tests.importers.test_plans import PLAN

pytestmark = pytest.mark.django_db
GROUND = shapely.box(587_000, 2_325_000, 587_200, 2_325_100)
WEST = shapely.box(587_000, 2_325_000, 587_100, 2_325_100)
BOW_TIE = shapely.Polygon(
    [(587_000, 2_325_000), (587_010, 2_325_010), (587_010, 2_325_000), (587_000, 2_325_010)]
)
LAND_USE_PLAN = {**PLAN, "code": "SDD", "level": "land_use", "valid_from": "2021-01-01"}
ZONE = {
    "plan_code": "SDD",
    "zone_uid": str(uuid.UUID(int=1)),
    "label": "S-1",
    "function": "ODT",
    "land_use_code": "ODT",
    "density": None,
    "storeys": None,
    "floor_area_ratio": None,
    "population": None,
    "note": None,
}
COVERAGE = {
    "theme": "annual_plan",
    "is_complete": True,
    "data_date": "2026-01-10",
    "valid_from": "2026-01-01",
}
ITEM = {
    "annual_plan_code": "KH-2026",
    "item_key": "A",
    "name_vi": "Mở đường",
    "name_en": "Road",
    "kind": "recovery",
    "purpose": "ODT",
    "area_m2": 10_000.0,
    "first_listed_year": 2024,
    "status": "listed",
    "decision_number": None,
    "decision_date": None,
    "note": None,
}
PLOT = {
    "annual_plan_code": "KH-2026",
    "item_key": "B",
    "unit_code": "00004",
    "sheet": "12",
    "scale": 500,
    "number": "7",
}


def annual(year=2026, **change):
    return {
        "code": f"KH-{year}",
        "name_vi": f"Kế hoạch {year}",
        "name_en": f"Plan {year}",
        "year": year,
        "authority": "UBND",
        "decision_number": "1/QĐ-UBND",
        "decision_date": f"{year}-01-01",
        "valid_from": f"{year}-01-01",
        "valid_to": f"{year + 1}-01-01",
        "data_date": f"{year}-01-10",
        **change,
    }


def item(key="A", **change):
    shape = {"geometry": None if key == "B" else WEST}
    return {**ITEM, "item_key": key, **shape, **change}


ANNUALS = (annual(),)
ITEMS = (item(), item("B"))


@pytest.fixture(autouse=True)
def officer(db):
    user = User.objects.create_user(username="officer", password="a-long-password-42")
    assign_role(user=user, role=Role.DATA_OFFICER, territory=None, valid_from=dt.date(2020, 1, 1))
    return user


@pytest.fixture
def package(tmp_path):
    """Write land_use_plan.gpkg; a layer that is None is left out."""

    def write(
        *,
        plans=(LAND_USE_PLAN,),
        zones=(ZONE,),
        annuals=ANNUALS,
        items=ITEMS,
        plots=(PLOT,),
        coverage=(COVERAGE,),
        epsg=5897,
    ):
        path = tmp_path / "land_use_plan.gpkg"
        path.unlink(missing_ok=True)
        for layer, rows in (
            ("plan", plans),
            ("zone", zones),
            ("annual_plan", annuals),
            ("item", items),
            ("theme_coverage", coverage),
        ):
            if rows is not None:
                _write(path, layer, rows, epsg)
        if plots is not None:
            pyogrio.write_dataframe(
                pandas.DataFrame(plots, columns=list(PLOT)), path, layer="item_parcel", append=True
            )
        return path

    return write


def _write(path, layer, rows, epsg) -> None:
    shapes = [row.get("geometry", GROUND) for row in rows]
    solid = [s if s is None else shapely.multipolygons([s]) for s in shapes]
    bare = [{k: v for k, v in row.items() if k != "geometry"} for row in rows]
    frame = geopandas.GeoDataFrame(bare, geometry=solid, crs=f"EPSG:{epsg}")
    frame.to_file(path, layer=layer, driver="GPKG", engine="pyogrio", geometry_type="MultiPolygon")


@pytest.fixture
def parcel(wards):
    """Parcel 7 of sheet 12 in ward 00004."""
    dataset = Dataset.objects.create(code="p", title_vi="p", title_en="p", kind="parcels")
    file = SourceFile.objects.create(
        dataset=dataset,
        name="p",
        sha256="0" * 64,
        size_bytes=1,
        stored_as="p",
        data_date=dt.date(2026, 1, 1),
    )
    sheet = CadastralSheet.objects.create(unit_code="00004", number="12", scale=500, epsg=5897)
    with Revision.open(by=None, why="p", source_file=file) as revision:
        return ParcelVersion.objects.create(
            parcel=Parcel.objects.create(),
            sheet=sheet,
            number="7",
            geometry_state="missing",
            unit_code="00004",
            source_file=file,
            source_row=0,
            fingerprint=b"0" * 32,
            valid_from=dt.date(2026, 1, 1),
            from_revision=revision.number,
        ).parcel


def bring(run, path, *words, by="officer"):
    return run(path, *(("--by", by) if by else ()), *words, command="import_land_use_plan")


def counts(result, layer):
    c = result.report["layers"][layer]
    return (c["read"], c["new"], c["changed"], c["unchanged"], c["refused"], c["gone"])


def test_a_land_use_plan_becomes_a_draft_and_its_annual_plans_are_known(run, package, parcel):
    result = bring(run, package())

    version, listed = PlanVersion.objects.get(), LandUsePlanItem.objects.get(item_key="A")
    assert (result.status, result.counts["new"], result.counts["read"]) == (0, 7, 7)
    assert (version.plan.level, version.status) == ("land_use", PlanStatus.DRAFT)
    assert DraftZone.objects.get().function == "ODT"
    assert not Zone.objects.exists()
    assert AnnualLandUsePlan.objects.get().valid_to == dt.date(2027, 1, 1)
    assert listed.boundary is not None
    assert (listed.boundary.area, listed.area_m2) == (10_000, 10_000)
    assert LandUsePlanItem.objects.get(item_key="B").boundary is None
    assert LandUsePlanItemParcel.objects.get().parcel == parcel
    assert ThemeCoverage.objects.get().is_complete
    assert result.report["revision"] == listed.from_revision


def test_every_layer_of_a_land_use_plan_is_counted(run, package, parcel):
    result = bring(run, package())

    assert {layer: counts(result, layer) for layer in result.report["layers"]} == {
        "plan": (1, 1, 0, 0, 0, 0),
        "zone": (1, 1, 0, 0, 0, 0),
        "annual_plan": (1, 1, 0, 0, 0, 0),
        "item": (2, 2, 0, 0, 0, 0),
        "item_parcel": (1, 1, 0, 0, 0, 0),
        "theme_coverage": (1, 1, 0, 0, 0, 0),
    }


def test_the_same_land_use_plan_twice_changes_nothing(run, package, parcel):
    path = package()
    bring(run, path)
    before = Revision.objects.count(), ChangedArea.objects.count(), PlanVersion.objects.count()

    result = bring(run, path)

    assert result.counts == {"read": 7, "new": 0, "changed": 0, "unchanged": 7, "refused": 0}
    assert result.report["gone"] == 0
    assert before == (
        Revision.objects.count(),
        ChangedArea.objects.count(),
        PlanVersion.objects.count(),
    )


def test_a_dry_run_of_a_land_use_plan_writes_nothing(run, package, parcel):
    revisions = Revision.objects.count()

    result = bring(run, package(), "--dry-run")

    assert result.counts["new"] == 7
    assert Revision.objects.count() == revisions
    assert not PlanVersion.objects.exists()
    assert not SourceFile.objects.exclude(name="p").exists()
    assert not ImportRun.objects.exists()


def test_items_that_cannot_be_taken_are_refused_with_their_reasons(run, package):
    broken: list[tuple[dict[str, Any], str]] = [
        ({"status": "planned"}, "value_unreadable"),
        ({"kind": "purchase"}, "value_unreadable"),
        ({"purpose": "XYZ"}, "land_use_code_unknown"),
        ({"first_listed_year": 2027}, "first_listed_later"),
        ({"first_listed_year": 20260}, "value_unreadable"),
        ({"geometry": None}, "item_without_ground"),
        ({"geometry": BOW_TIE}, "ring_invalid"),
        ({"annual_plan_code": "KH-2030"}, "annual_plan_unknown"),
        ({"item_key": "B"}, "key_twice"),
        ({"item_key": None}, "value_missing"),
        ({"decision_date": "2026-02-31"}, "value_unreadable"),
        ({"area_m2": -1}, "value_unreadable"),
    ]
    items = [item("B"), *(item(**{"item_key": f"X{n}", **c}) for n, (c, _) in enumerate(broken))]

    result = bring(run, package(items=items))

    reasons = {
        (first["row"], issue["code"])
        for issue in result.report["issues"]
        for first in issue["first"]
        if issue["column"].startswith("item") and issue["refuses"]
    }
    assert result.status == 3
    assert reasons == {(row, code) for row, (_, code) in enumerate(broken, start=2)}
    assert counts(result, "item") == (13, 1, 0, 0, 12, 0)
    assert LandUsePlanItem.objects.get().item_key == "B"


def test_while_an_item_stays_out_the_register_is_not_called_complete(run, package):
    broken = bring(run, package(items=(item("B"), item(status="planned"))))

    assert broken.issues["register_read_in_part"] == [1]
    assert not ThemeCoverage.objects.get().is_complete

    mended = bring(run, package())

    assert counts(mended, "item")[:2] == (2, 1)
    assert ThemeCoverage.objects.known_now().get().is_complete


def test_what_could_not_be_read_is_not_gone(run, package):
    bring(run, package())

    result = bring(run, package(items=(item("B"), item(status="planned"))))

    assert result.report["gone"] == 0
    assert LandUsePlanItem.objects.known_now().filter(item_key="A").exists()


def test_a_slip_in_the_plans_code_makes_nothing_gone(run, package):
    bring(run, package())

    result = bring(run, package(items=(item("B"), item(annual_plan_code="KH-2O26"))))

    assert (result.status, result.report["gone"]) == (3, 0)


def test_items_that_left_a_plan_are_asked_about_and_named(run, package):
    bring(run, package())
    path = package(items=(item("B"),))

    asked = bring(run, path)
    accepted = bring(run, path, "--accept-gone")

    assert (asked.status, asked.report["reason"]) == (2, "too_many_items_gone")
    assert (accepted.status, counts(accepted, "item")) == (0, (1, 0, 0, 1, 0, 1))
    assert accepted.report["gone_items"] == [{"annual_plan_code": "KH-2026", "item_key": "A"}]


def test_a_file_of_one_year_leaves_the_other_years_alone(run, package):
    older = item(annual_plan_code="KH-2025")
    bring(run, package(annuals=(annual(2025), annual(2026)), items=(older, item(), item("B"))))

    result = bring(run, package())

    assert (result.status, result.report["gone"]) == (0, 0)
    assert LandUsePlanItem.objects.known_now().filter(annual_plan_code="KH-2025").exists()


def test_annual_plans_that_cannot_be_taken_keep_their_items_out(run, package):
    broken = [
        ({"valid_to": "2026-01-01"}, "validity_empty"),
        ({"valid_from": "2025-01-01", "valid_to": "2026-01-01"}, "annual_plan_other_year"),
        ({"valid_from": "2027-01-01", "valid_to": None}, "annual_plan_other_year"),
        ({"year": 1926}, "value_unreadable"),
        ({"decision_number": None}, "value_missing"),
        ({"geometry": None}, "geometry_missing"),
    ]
    plans = [annual(code=f"X{n}") | change for n, (change, _) in enumerate(broken)]
    items = [item(annual_plan_code=f"X{n}") for n in range(len(broken))]

    result = bring(run, package(annuals=plans, items=items))

    reasons = {
        (first["row"], issue["code"])
        for issue in result.report["issues"]
        for first in issue["first"]
        if issue["column"].startswith("annual_plan")
    }
    assert reasons == {(row, code) for row, (_, code) in enumerate(broken, start=1)}
    assert result.issues["annual_plan_unknown"] == [1, 2, 3, 4, 5, 6]
    assert counts(result, "annual_plan") == (6, 0, 0, 0, 6, 0)
    assert counts(result, "item") == (6, 0, 0, 0, 6, 0)
    assert counts(result, "item_parcel") == (1, 0, 0, 0, 1, 0)
    assert not ThemeCoverage.objects.get().is_complete


def test_plot_rows_that_cannot_be_taken_are_refused_with_their_reasons(run, package):
    plots = (PLOT, PLOT | {"item_key": "Z"}, PLOT | {"number": None}, PLOT | {"scale": 0})

    result = bring(run, package(plots=plots))

    assert result.status == 3
    assert result.issues["item_unknown"] == [2]
    assert (result.issues["value_missing"], result.issues["value_unreadable"]) == ([3], [4])
    assert counts(result, "item_parcel") == (4, 1, 0, 0, 3, 0)
    assert not ThemeCoverage.objects.get().is_complete


def test_a_plot_named_twice_is_named_once_and_nothing_is_lost(run, package):
    result = bring(run, package(plots=(PLOT, {**PLOT, "number": " 7 "})))

    assert (result.status, result.issues["key_twice"]) == (3, [2])
    assert ThemeCoverage.objects.get().is_complete


def test_a_plot_that_no_parcel_answers_to_comes_in_and_is_reported(run, package):
    result = bring(run, package())

    assert (result.status, result.issues["plot_unknown"]) == (0, [1])
    assert LandUsePlanItemParcel.objects.get().parcel is None


def test_areas_that_differ_and_decisions_without_a_day_are_noted_and_taken(run, package):
    odd = item(area_m2=12_000.0, status="recovery_decided", decision_number="9/QĐ")

    result = bring(run, package(items=(odd, item("B"))))

    assert result.status == 0
    assert result.issues["item_area_differs"] == [1]
    assert result.issues["decision_day_missing"] == [1]


def test_areas_that_differ_by_five_percent_are_not_worth_a_note(run, package):
    result = bring(run, package(items=(item(area_m2=10_499.0), item("B"))))

    assert "item_area_differs" not in result.issues


@pytest.mark.parametrize(
    ("year", "data_date", "status"),
    [(2023, "2024-07-31", 3), (2023, "2024-08-01", 0), (2025, "2025-01-10", 0)],
)
def test_a_purpose_must_be_known_on_the_day_of_the_plan_or_of_the_data(
    run, package, year, data_date, status
):
    result = bring(
        run,
        package(
            plans=None,
            zones=None,
            coverage=None,
            plots=None,
            annuals=(annual(year, data_date=data_date),),
            items=(item(annual_plan_code=f"KH-{year}", first_listed_year=year),),
        ),
    )

    assert ("land_use_code_unknown" in result.issues) == (status == 3)


def test_annual_plans_alone_may_come_from_the_operator(run, package):
    path = package(plans=None, zones=None, coverage=None, plots=None, items=(item(),))

    assert bring(run, path, by="").status == 0


def test_a_land_use_plan_needs_a_person_with_the_role(run, package):
    User.objects.create_user(username="citizen", password="a-long-password-42")
    path = package()

    nobody, citizen = bring(run, path, by=""), bring(run, path, by="citizen")

    assert (nobody.status, nobody.report["reason"]) == (2, "drafting_person")
    assert (citizen.status, citizen.report["reason"]) == (2, "take_in_annual_plan")
    assert not AnnualLandUsePlan.objects.exists()
    assert not PlanVersion.objects.exists()
    assert ImportRun.objects.count() == 2


def test_a_plan_of_another_level_is_not_for_this_way_in(run, package):
    urban = {**LAND_USE_PLAN, "level": "zoning"}

    result = bring(run, package(plans=(urban,), zones=({**ZONE, "function": "HOUSES"},)))

    assert result.issues["plan_of_other_level"] == [1]
    assert counts(result, "zone") == (1, 0, 0, 0, 1, 0)
    assert not PlanVersion.objects.exists()


def test_a_file_without_annual_plans_is_refused_as_a_whole(run, package):
    result = bring(run, package(annuals=None))

    assert (result.status, result.report["reason"]) == (2, "layer_missing")


def test_a_land_use_plan_of_another_zone_is_brought_into_ours(run, package):
    from landdata import crs

    moved = crs.transform(WEST, 5897, 9210)
    ground = crs.transform(GROUND, 5897, 9210)
    path = package(
        plans=None,
        zones=None,
        coverage=None,
        plots=None,
        annuals=(annual(geometry=ground),),
        items=(item(geometry=moved),),
        epsg=9210,
    )

    bring(run, path)

    boundary = LandUsePlanItem.objects.get().boundary
    assert boundary is not None
    first = boundary.coords[0][0]
    assert sorted(first)[0] == pytest.approx((587_000, 2_325_000), abs=0.002)
