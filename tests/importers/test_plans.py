"""Dossiers of plans, from the file to drafts."""

from __future__ import annotations

import datetime as dt
import sqlite3
import uuid

import geopandas
import pytest
import shapely

from accounts.models import Role, User
from accounts.operations import assign_role
from importers.models import ImportIssue, ImportRun
from landdata.models import ThemeCoverage
from planning.models import DraftZone, Plan, PlanStatus, PlanVersion, Zone
from tests.importers.conftest import sample

pytestmark = pytest.mark.django_db
GROUND = (587_000, 2_325_000, 587_100, 2_325_100)
UIDS = [str(uuid.UUID(int=n)) for n in (1, 2)]


@pytest.fixture(autouse=True)
def officer(db):
    user = User.objects.create_user(username="officer", password="a-long-password-42")
    assign_role(user=user, role=Role.DATA_OFFICER, territory=None, valid_from=dt.date(2020, 1, 1))
    return user


@pytest.fixture
def dossier(tmp_path):
    """Write a GeoPackage of one plan in two halves, with `changes` to rows of its layers."""

    def write(*, plan=(), zones=({}, {}), more_plans=()):
        path = tmp_path / "plans.gpkg"
        path.unlink(missing_ok=True)
        west, south, east, north = GROUND
        plans = [{**PLAN, **dict(plan)}, *({**PLAN, **p} for p in more_plans)]
        _layer(path, "plan", plans, [shapely.box(*GROUND)] * len(plans))
        middle = (west + east) / 2
        halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
        rows = [
            {**ZONE, "zone_uid": UIDS[n], "label": f"Z{n}", **change}
            for n, change in enumerate(zones)
        ]
        _layer(
            path, "zone", rows, [r.pop("geometry", h) for r, h in zip(rows, halves, strict=True)]
        )
        _layer(path, "theme_coverage", [COVERAGE], [shapely.box(*GROUND)])
        return path

    return write


BOW_TIE = [(587_000, 2_325_000), (587_010, 2_325_010), (587_010, 2_325_000), (587_000, 2_325_010)]
PLAN = {
    "code": "QH-1",
    "name_vi": "Quy hoạch thử",
    "name_en": "Trial plan",
    "level": "detailed",
    "scale": 500,
    "information_code": "012345678901",
    "authority_vi": "UBND",
    "decision_number": "1/QĐ-UBND",
    "decision_date": "2025-01-01",
    "valid_from": "2025-02-01",
    "valid_to": None,
    "adjustment": "first",
    "parent_code": None,
    "data_date": "2025-03-01",
    "accuracy_m": 0.5,
}
ZONE = {
    "plan_code": "QH-1",
    "function": "HOUSES",
    "land_use_code": "ODT",
    "density": "40-60",
    "storeys": "3-5",
    "floor_area_ratio": "<= 12",
    "population": None,
    "note": None,
}
COVERAGE = {
    "theme": "detailed_plan",
    "is_complete": True,
    "data_date": "2025-03-01",
    "valid_from": "2025-01-01",
}


def _layer(path, layer, rows, shapes) -> None:
    boundaries = [
        s if s is None or s.geom_type != "Polygon" else shapely.multipolygons([s]) for s in shapes
    ]
    frame = geopandas.GeoDataFrame(rows, geometry=boundaries, crs="EPSG:5897")
    frame.to_file(path, layer=layer, driver="GPKG", engine="pyogrio")


def bring(run, path, *words):
    return run(path, "--by", "officer", *words, command="import_plan")


def test_a_dossier_becomes_a_draft_and_nothing_is_published(run, dossier):
    result = bring(run, dossier())

    version = PlanVersion.objects.get()
    zones = DraftZone.objects.filter(version_of=version).order_by("label")
    assert (result.status, result.counts["new"], result.counts["read"]) == (0, 4, 4)
    assert (version.plan.code, version.status, version.scale) == ("QH-1", PlanStatus.DRAFT, 500)
    assert version.extent.area == pytest.approx(10_000)
    assert [z.boundary.area for z in zones] == pytest.approx([5_000, 5_000])
    assert [str(z.uid) for z in zones] == UIDS
    assert not Zone.objects.exists()
    assert ThemeCoverage.objects.get().is_complete


def test_indicators_keep_the_dossiers_own_words(run, dossier):
    bring(run, dossier())

    zone = DraftZone.objects.get(label="Z0")
    assert (zone.density, zone.storeys, zone.floor_area_ratio) == ("40-60", "3-5", "<= 12")


def test_the_same_dossier_twice_changes_nothing(run, dossier):
    path = dossier()
    bring(run, path)

    result = bring(run, path)

    assert result.counts == {"read": 4, "new": 0, "changed": 0, "unchanged": 4, "refused": 0}
    assert PlanVersion.objects.count() == 1


def test_a_dossier_that_says_something_else_is_a_new_draft(run, dossier):
    bring(run, dossier())

    result = bring(run, dossier(zones=({"density": "70"}, {})))

    assert result.counts == {"read": 4, "new": 0, "changed": 3, "unchanged": 1, "refused": 0}
    assert sorted(PlanVersion.objects.values_list("sequence", flat=True)) == [1, 2]


def test_a_dry_run_of_a_dossier_writes_nothing(run, dossier):
    result = bring(run, dossier(), "--dry-run")

    assert result.counts["new"] == 4
    assert not Plan.objects.exists()
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"function": "CASTLES"}, "plan_function_unknown"),
        ({"zone_uid": "one"}, "value_unreadable"),
        ({"geometry": None}, "geometry_missing"),
        ({"geometry": shapely.Polygon(BOW_TIE)}, "ring_invalid"),
    ],
)
def test_one_zone_that_cannot_be_read_keeps_its_whole_plan_out(run, dossier, change, code):
    result = bring(run, dossier(zones=(change, {})))

    assert result.status == 3
    assert result.counts == {"read": 4, "new": 1, "changed": 0, "unchanged": 0, "refused": 3}
    assert result.issues[code] == [1]
    assert result.issues["plan_incomplete"] == [1]
    assert not Plan.objects.exists()
    assert ImportIssue.objects.filter(code=code, refuses=True).exists()


LAND_USE = {"level": "land_use", "valid_from": "2021-01-01"}


def test_zones_of_a_land_use_plan_have_land_use_codes_for_functions(run, dossier):
    result = bring(run, dossier(plan=LAND_USE, zones=({"function": "ODT"}, {"function": "CLN"})))

    zones = DraftZone.objects.order_by("label")
    assert (result.status, PlanVersion.objects.get().plan.level) == (0, "land_use")
    assert [zone.function for zone in zones] == ["ODT", "CLN"]


def test_a_function_of_urban_plans_is_no_land_use_code_nor_the_other_way_round(run, dossier):
    land_use = bring(run, dossier(plan=LAND_USE, zones=({"function": "ODT"}, {})))
    urban = bring(run, dossier(zones=({"function": "ODT"}, {})))

    assert land_use.issues["land_use_code_unknown"] == [2]
    assert urban.issues["plan_function_unknown"] == [1]
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("valid_from", "data_date", "status"),
    [
        ("2021-01-01", "2024-07-31", 3),
        ("2021-01-01", "2024-08-01", 0),
        ("2024-07-31", "2024-07-31", 3),
        ("2024-08-01", "2024-07-31", 0),
    ],
)
def test_a_land_use_code_must_be_known_on_the_day_of_the_plan_or_of_its_data(
    run, dossier, valid_from, data_date, status
):
    plan = {**LAND_USE, "valid_from": valid_from, "data_date": data_date}

    result = bring(run, dossier(plan=plan, zones=({"function": "ODT"}, {"function": "ODT"})))

    assert result.status == status


def test_every_layer_is_counted_for_itself(run, dossier):
    result = bring(run, dossier(zones=({}, {"plan_code": "QH-9"})))

    layers = result.report["layers"]
    assert {name: (c["read"], c["new"], c["refused"]) for name, c in layers.items()} == {
        "plan": (1, 1, 0),
        "zone": (2, 1, 1),
        "theme_coverage": (1, 1, 0),
    }


def test_a_zone_of_no_plan_is_refused_and_the_plan_comes_in(run, dossier):
    result = bring(run, dossier(zones=({}, {"plan_code": "QH-9"})))

    assert result.issues["zone_without_plan"] == [2]
    assert (result.counts["new"], result.counts["refused"]) == (3, 1)


def test_a_plan_that_cannot_be_drafted_leaves_the_others_alone(run, dossier):
    lonely = {"code": "QH-2", "adjustment": "local"}

    result = bring(run, dossier(more_plans=[lonely]))

    assert result.status == 3
    assert (result.counts["new"], result.counts["refused"]) == (4, 1)
    assert "nothing_to_adjust" in result.issues
    assert list(Plan.objects.values_list("code", flat=True)) == ["QH-1"]


def test_a_parent_in_the_same_file_comes_first(run, dossier):
    child_first = {"parent_code": "QH-0"}
    parent = {"code": "QH-0", "level": "zoning"}

    result = bring(run, dossier(plan=child_first.items(), more_plans=[parent]))

    assert result.status == 0
    assert Plan.objects.get(code="QH-1").parent == Plan.objects.get(code="QH-0")


def test_only_the_named_plan_is_taken(run, dossier):
    path = dossier(more_plans=[{"code": "QH-2"}])

    result = bring(run, path, "--plan", "QH-2")

    assert result.counts["read"] == 1
    assert list(Plan.objects.values_list("code", flat=True)) == ["QH-2"]
    assert bring(run, path, "--plan", "QH-7").report["reason"] == "plan_in_file"


def test_a_draft_needs_a_person_with_the_role(run, dossier):
    User.objects.create_user(username="citizen", password="a-long-password-42")
    path = dossier()

    nobody = run(path, command="import_plan")
    citizen = run(path, "--by", "citizen", command="import_plan")

    assert (nobody.status, nobody.report["reason"]) == (2, "drafting_person")
    assert citizen.counts["refused"] == citizen.counts["read"] == 4
    assert citizen.status == 2
    assert "draft_plan" in citizen.issues


def test_a_file_that_is_no_geopackage_is_refused(run):
    result = bring(run, sample("vrt_in_disguise").parent / "parcels.gpkg")

    assert (result.status, result.report["reason"]) == (2, "format_not_as_declared")


def test_a_trigger_in_a_geopackage_never_fires(run, dossier, tmp_path):
    path = dossier()
    with sqlite3.connect(path) as file:
        file.execute(
            "CREATE TRIGGER mischief AFTER UPDATE ON gpkg_contents BEGIN DELETE FROM zone; END"
        )
    file.close()

    assert bring(run, path).status == 0
