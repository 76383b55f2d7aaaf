"""Annual land-use plans come in whole, once, and leave other plans where they were."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from landdata import crs
from landdata.errors import Forbidden, Invalid
from landdata.geometry import to_shapely
from landdata.models import (
    AdministrativeUnit,
    ChangedArea,
    Parcel,
    ParcelVersion,
    Revision,
    SourceFile,
)
from planning.content import AnnualPlanContent, ItemContent, NamedPlot
from planning.models import (
    AnnualLandUsePlan,
    ItemKind,
    ItemStatus,
    LandUsePlanItem,
    LandUsePlanItemParcel,
)
from planning.operations import take_in_annual_plans
from tests.planning import city
from tests.planning.city import box

pytestmark = pytest.mark.django_db
GROUND = box(0, 0, 250, 100)
REORGANISED = dt.date(2025, 7, 1)


def plan(year=2026, **change):
    content = AnnualPlanContent(
        code=f"KH-{year}",
        name_vi=f"Kế hoạch sử dụng đất năm {year}",
        name_en=f"Land-use plan {year}",
        year=year,
        authority="UBND thành phố",
        decision_number=f"{year}/QĐ-UBND",
        decision_date=dt.date(year, 1, 1),
        data_date=city.DATA_DAY,
        valid_from=dt.date(year, 1, 1),
        valid_to=dt.date(year + 1, 1, 1),
        boundary=city.stored(GROUND),
    )
    return replace(content, **change)


def item(key="A", year=2026, *, shape=GROUND, plots=(), **change):
    content = ItemContent(
        annual_plan_code=f"KH-{year}",
        item_key=key,
        name_vi=f"Dự án {key}",
        name_en=f"Project {key}",
        kind=ItemKind.RECOVERY,
        purpose="DGT",
        area_m2=Decimal("25000.00"),
        first_listed_year=2024,
        status=ItemStatus.LISTED,
        decision_number="",
        decision_date=None,
        note="",
        boundary=city.stored(shape) if shape is not None else None,
        plots=tuple(plots),
        source_row=0,
    )
    return replace(content, **change)


def plot(number, *, sheet="12", scale=500, unit="00004", row=0):
    return NamedPlot(unit, sheet, scale, number, row)


def take_in(plans=None, items=(), **options):
    options = {"by": None, "on": city.TODAY, "why": "test", **options}
    return take_in_annual_plans(
        plans=[plan()] if plans is None else plans,
        items=items,
        source_file=options.pop("source_file", None) or delivery(),
        **options,
    )


def delivery():
    return SourceFile.objects.filter(name="kh.gpkg").first() or city.source_file("kh.gpkg")


@pytest.fixture(autouse=True)
def _a_ward(db):
    with Revision.open(by=None, why="ward") as revision:
        for code, name, until in (
            ("00004", "Ba Đình", None),
            ("06820", "Vàng Danh", None),
            ("09999", "Cũ", dt.date(2026, 3, 1)),
        ):
            AdministrativeUnit.objects.create(
                code=code,
                level="ward",
                name=name,
                full_name=name,
                folded=name,
                tone_folded=name,
                source="test",
                confidence="high",
                valid_from=REORGANISED,
                valid_to=until,
                from_revision=revision.number,
            )


def fates(counts):
    return (counts.read, counts.new, counts.changed, counts.unchanged, counts.gone)


def test_a_plan_comes_in_with_its_items_and_their_parcels(register):
    parcel = register.parcel("7", box(0, 0, 10, 10))

    intake = take_in(items=[item(plots=[plot("7")]), item("B")])

    row = LandUsePlanItem.objects.get(item_key="A")
    assert (fates(intake.plans), fates(intake.items)) == ((1, 1, 0, 0, 0), (2, 2, 0, 0, 0))
    assert fates(intake.plots) == (1, 1, 0, 0, 0)
    assert (row.valid_from, row.valid_to) == (dt.date(2026, 1, 1), dt.date(2027, 1, 1))
    assert row.from_revision == AnnualLandUsePlan.objects.get().from_revision == intake.revision
    assert row.parcels.get().parcel_id == parcel
    assert intake.findings == ()


def test_the_same_delivery_twice_changes_nothing(register):
    register.parcel("7", box(0, 0, 10, 10))
    items = [item(plots=[plot("7"), plot("404")]), item("B", shape=None, plots=[plot("7")])]
    take_in(items=items)
    revisions, areas = Revision.objects.count(), ChangedArea.objects.count()

    intake = take_in(items=items)

    assert (fates(intake.plans), fates(intake.items)) == ((1, 0, 0, 1, 0), (2, 0, 0, 2, 0))
    assert fates(intake.plots) == (3, 0, 0, 3, 0)
    assert intake.revision is None
    assert (Revision.objects.count(), ChangedArea.objects.count()) == (revisions, areas)


@pytest.mark.parametrize(
    "change",
    [
        {"status": ItemStatus.RECOVERY_DECIDED},
        {"decision_date": dt.date(2026, 6, 1)},
        {"area_m2": None},
        {"boundary": None},
        {"boundary": city.stored(box(0, 0, 250, 99))},
        {"plots": ()},
        {"plots": (plot("8"),)},
        {"note": "x"},
    ],
)
def test_a_row_that_says_something_else_is_written_again_and_the_old_word_is_kept(change):
    take_in(items=[item(plots=[plot("7")]), item("B")])
    before = Revision.objects.count()

    intake = take_in(items=[replace(item(plots=[plot("7")]), **change), item("B")])

    assert fates(intake.items) == (2, 0, 1, 1, 0)
    assert LandUsePlanItem.objects.known_now().count() == 2
    assert LandUsePlanItem.objects.known_at(before).filter(item_key="A").get().status == "listed"


def test_a_plan_with_other_days_moves_its_items_along():
    take_in(items=[item()])

    intake = take_in([plan(valid_from=dt.date(2026, 2, 1))], [item()])

    assert (fates(intake.plans), fates(intake.items)) == ((1, 0, 1, 0, 0), (1, 0, 1, 0, 0))
    assert LandUsePlanItem.objects.known_now().get().valid_from == dt.date(2026, 2, 1)


def test_a_plan_that_is_not_in_the_delivery_is_left_alone():
    take_in([plan(2025), plan(2026)], [item(year=2025), item(year=2026)])

    intake = take_in([plan(2026)], [item(year=2026, note="x")])

    assert intake.gone == ()
    assert LandUsePlanItem.objects.known_now().filter(annual_plan_code="KH-2025").exists()


def test_items_that_left_the_list_are_asked_about():
    take_in(items=[item("A"), item("B")])

    with pytest.raises(Invalid, match="too_many_items_gone"):
        take_in(items=[item("A")])
    assert LandUsePlanItem.objects.known_now().count() == 2

    intake = take_in(items=[item("A")], accept_gone=True)

    assert (fates(intake.items), intake.gone) == ((1, 0, 0, 1, 1), (("KH-2026", "B"),))
    assert LandUsePlanItem.objects.known_now().get().item_key == "A"


def test_one_in_a_hundred_leaves_without_asking():
    hundred = [item(f"I{n}") for n in range(100)]
    take_in(items=hundred)

    assert len(take_in(items=hundred[1:]).gone) == 1
    with pytest.raises(Invalid, match="too_many_items_gone"):
        take_in(items=hundred[2:])


def test_of_a_list_that_was_read_in_part_nothing_is_gone():
    take_in(items=[item("A"), item("B")])

    intake = take_in(items=[item("A")], read_in_part=["KH-2026"])

    assert (intake.gone, intake.revision) == ((), None)


def test_plots_are_found_by_unit_sheet_scale_and_number(register):
    register.parcel("7", box(0, 0, 10, 10))
    named = [
        plot("7", row=1),
        plot("7", scale=None, row=2),
        plot("7", scale=1000, row=3),
        plot("7", sheet="13", row=4),
        plot("7", unit="06820", row=5),
        plot("70", row=6),
    ]

    intake = take_in(items=[item(plots=named)])

    assert [(f.row, f.code) for f in intake.findings] == [(n, "plot_unknown") for n in (3, 4, 5, 6)]
    assert LandUsePlanItemParcel.objects.count() == 6
    assert LandUsePlanItemParcel.objects.filter(parcel=None).count() == 4


def test_a_plot_that_two_parcels_answer_to_is_kept_without_a_parcel(register):
    for east in (0, 20):
        register.parcel("7", box(east, 0, east + 10, 10), is_disputed=True)

    intake = take_in(items=[item(plots=[plot("7", row=3)])])

    assert [(f.row, f.code, f.value) for f in intake.findings] == [(3, "plot_ambiguous", "7")]
    assert LandUsePlanItemParcel.objects.get().parcel is None


def test_a_code_that_is_no_wards_today_names_no_plot(register):
    register.parcel("7", box(0, 0, 10, 10))

    intake = take_in(items=[item(plots=[plot("7", unit="09999"), plot("7", unit="00001")])])

    assert [f.code for f in intake.findings] == ["plot_unit_past", "plot_unit_past"]


def test_a_file_from_before_the_codes_of_today_names_no_plot(register):
    register.parcel("7", box(0, 0, 10, 10))
    old = city.source_file("old.gpkg", data_date=dt.date(2025, 6, 30))

    intake = take_in(items=[item(plots=[plot("7")])], source_file=old)

    assert [f.code for f in intake.findings] == ["plot_unit_past"]


def test_a_parcel_that_comes_later_is_found_by_the_same_delivery(register):
    items = [item(plots=[plot("7")])]
    take_in(items=items)
    parcel = register.parcel("7", box(0, 0, 10, 10))

    intake = take_in(items=items)

    assert (fates(intake.items), fates(intake.plots)) == ((1, 0, 1, 0, 0), (1, 0, 1, 0, 0))
    assert LandUsePlanItem.objects.known_now().get().parcels.get().parcel_id == parcel


def test_a_plot_keeps_its_parcel_when_its_number_is_no_longer_current(register):
    parcel = register.parcel("7", box(0, 0, 10, 10))
    items = [item(plots=[plot("7")])]
    take_in(items=items)
    with Revision.open(by=None, why="retired") as revision:
        ParcelVersion.objects.known_now().close(revision)

    intake = take_in(items=items)

    assert (intake.revision, intake.findings) == (None, ())
    assert LandUsePlanItemParcel.objects.get().parcel == Parcel.objects.get(pk=parcel)


def test_a_parcel_that_the_register_no_longer_knows_is_not_found(register):
    register.parcel("7", box(0, 0, 10, 10))
    with Revision.open(by=None, why="retired") as revision:
        ParcelVersion.objects.known_now().close(revision)

    intake = take_in(items=[item(plots=[plot("7")])])

    assert [f.code for f in intake.findings] == ["plot_unknown"]


def test_a_dry_run_counts_and_writes_nothing():
    intake = take_in(items=[item(plots=[plot("7")])], dry_run=True)

    assert (fates(intake.items), intake.revision) == ((1, 1, 0, 0, 0), None)
    assert [f.code for f in intake.findings] == ["plot_unknown"]
    assert not AnnualLandUsePlan.objects.exists()


def test_only_data_officers_bring_annual_plans_in():
    officer, planner = city.person("o", Role.DATA_OFFICER), city.person("p", Role.PLANNER)

    with pytest.raises(Forbidden, match="take_in_annual_plan"):
        take_in(items=[item()], by=planner)

    assert take_in(items=[item()], by=officer).revision is not None


@pytest.mark.parametrize(
    ("plans", "items", "code"),
    [
        ([plan(), plan()], [], "key_twice"),
        ([plan()], [item(), item()], "key_twice"),
        ([plan()], [item(year=2025)], "annual_plan_unknown"),
    ],
)
def test_a_delivery_that_contradicts_itself_is_refused(plans, items, code):
    with pytest.raises(Invalid, match=code):
        take_in(plans, items)


def test_a_change_is_noted_where_it_is():
    far = box(20_000, 0, 20_100, 100)
    take_in(items=[item("A"), item("B", shape=far)])
    before = Revision.objects.count()

    take_in(items=[item("A", shape=box(0, 0, 100, 100)), item("B", shape=far)])

    areas = ChangedArea.objects.filter(revision__gt=before).order_by("pk")
    widths = []
    for area in areas:
        west, _, east, _ = area.extent_3857.extent
        widths.append(east - west)
    assert {area.layer for area in areas} == {"land_use_items"}
    # 250 m before and 100 m after are 268 m and 107 m in web mercator at latitude 21.
    assert widths == pytest.approx([268, 107], abs=1)


def test_an_item_is_shown_on_its_boundary():
    take_in(items=[item("A", shape=box(0, 0, 250, 100))])

    row = LandUsePlanItem.objects.get()

    assert row.ground == row.boundary
    assert row.boundary is not None
    assert row.ground_3857 is not None
    assert to_shapely(row.ground_3857).equals(
        crs.transform(to_shapely(row.boundary), settings.STORAGE_EPSG, 3857)
    )


def test_an_item_without_boundary_is_shown_on_the_plots_that_were_found(register):
    register.parcel("7", box(0, 0, 10, 20))
    register.parcel("8", box(10, 0, 30, 20))

    take_in(items=[item("A", shape=None, plots=[plot("7"), plot("8"), plot("404")])])

    row = LandUsePlanItem.objects.get()
    # The plan drew no boundary, and the record does not say that it did.
    assert row.boundary is None
    assert row.ground is not None
    assert row.ground_3857 is not None
    assert to_shapely(row.ground).normalize().equals(box(0, 0, 30, 20))
    west, _, east, _ = crs.transform(
        to_shapely(row.ground_3857), 3857, settings.STORAGE_EPSG
    ).bounds
    assert (west - city.EAST, east - city.EAST) == pytest.approx((0, 30), abs=0.001)


def test_an_item_whose_plots_are_all_unknown_is_shown_nowhere():
    take_in(items=[item("A", shape=None, plots=[plot("404")])])

    row = LandUsePlanItem.objects.get()
    assert (row.ground, row.ground_3857) == (None, None)
    assert not ChangedArea.objects.filter(layer="land_use_items").exists()


def test_ten_times_the_items_take_no_more_statements(register):
    def statements(count):
        items = [item(f"{count}-{n}", plots=[plot(str(n))]) for n in range(count)]
        with CaptureQueriesContext(connection) as asked:
            take_in(
                [plan(code=f"KH-{count}")],
                [replace(i, annual_plan_code=f"KH-{count}") for i in items],
            )
        return len(asked)

    delivery()

    assert statements(100) == statements(10)


def test_boundaries_are_kept_in_the_storage_system():
    take_in(items=[item()])

    boundary = LandUsePlanItem.objects.get().boundary
    assert boundary is not None
    assert (boundary.srid, boundary.area) == (settings.STORAGE_SRID, 25_000)
