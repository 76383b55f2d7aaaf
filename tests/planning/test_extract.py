"""What is planned for a plot: each theme, each state, piece by piece."""

from __future__ import annotations

import datetime as dt

import pytest
import shapely
from django.db import connection

from landdata.errors import Invalid, Missing
from landdata.models import PARTITION_THEMES, Theme
from landdata.operations.coverage import end_trouble, report_trouble
from planning.extract import build_extract
from planning.extract.records import Answer, Notice, Reason
from planning.models import Adjustment, PlanLevel
from tests.planning.city import (
    DATA_DAY,
    TODAY,
    Register,
    box,
    codes_of_land_use,
    register_complete,
    ring,
    stored,
)

LEVELS = {
    Theme.GENERAL_PLAN: PlanLevel.GENERAL,
    Theme.ZONING_PLAN: PlanLevel.ZONING,
    Theme.DETAILED_PLAN: PlanLevel.DETAILED,
    Theme.LAND_USE_PLAN: PlanLevel.LAND_USE,
}
EVERYWHERE = box(-1000, -1000, 1000, 1000)


@pytest.fixture(autouse=True)
def _codes_of_land_use(db):
    codes_of_land_use()


def theme_of(extract, theme):
    return next(t for t in extract.themes if t.theme == theme)


def zoning(extract):
    return theme_of(extract, Theme.ZONING_PLAN)


def test_a_parcel_on_two_zones_gets_both_with_their_shares(office, register):
    office.in_force(
        "QHPK",
        box(0, 0, 200, 100),
        {"A": ("HOUSES", box(0, 0, 100, 100)), "B": ("GREEN", box(100, 0, 200, 100))},
    )
    plot = register.parcel("2", box(90, 10, 110, 30))

    found = zoning(build_extract(plot, as_of=TODAY)).pieces
    pieces = sorted(found, key=lambda p: p.zones[0].label)

    assert [(p.zones[0].label, p.area_m2, p.share) for p in pieces] == [
        ("A", pytest.approx(200), pytest.approx(0.5)),
        ("B", pytest.approx(200), pytest.approx(0.5)),
    ]
    assert pieces[0].zones[0].plan.decision_number == "QHPK/QĐ-UBND"


def test_a_plot_over_three_zones_with_a_hole_is_cut_as_shapely_cuts_it(office, register):
    hole = box(20, 20, 60, 60)
    zones = {
        "A": ("HOUSES", box(0, 0, 100, 100).difference(hole)),
        "B": ("GREEN", hole),
        "C": ("ROAD", ring((100, 0), (137.3, 0), (111.1, 100), (100, 100))),
    }
    office.in_force("QHPK", box(0, 0, 200, 100), zones)
    ground = ring((50, 30), (130, 35), (120, 80), (55.5, 77.7))
    plot = register.parcel("9", ground)

    pieces = zoning(build_extract(plot, as_of=TODAY)).pieces

    by_label = {p.zones[0].label: p.area_m2 for p in pieces if p.zones}
    for label, (_, shape) in zones.items():
        assert by_label[label] == pytest.approx(shape.intersection(ground).area, abs=1e-4)
    silent = next(p for p in pieces if p.reason == Reason.PLAN_SILENT)
    everything = shapely.union_all([shape for _, shape in zones.values()])
    assert silent.area_m2 == pytest.approx(ground.difference(everything).area, abs=1e-4)
    assert sum(p.area_m2 for p in pieces) == pytest.approx(ground.area, abs=1e-4)


@pytest.mark.parametrize("theme", list(PARTITION_THEMES))
def test_inside_a_zone_the_theme_applies(theme, office, register):
    office.in_force("P", EVERYWHERE, {"A": ("HOUSES", EVERYWHERE)}, level=LEVELS[theme])
    plot = register.parcel("1", box(10, 10, 30, 30))

    found = theme_of(build_extract(plot, as_of=TODAY), theme)

    assert found.answer is Answer.APPLIES
    assert found.pieces[0].zones[0].function_name_vi == "Đất houses"


@pytest.mark.parametrize("theme", list(PARTITION_THEMES))
def test_outside_every_plan_a_complete_register_is_clear(theme, office, register):
    register_complete(theme, EVERYWHERE)
    plot = register.parcel("1", box(10, 10, 30, 30))

    found = theme_of(build_extract(plot, as_of=TODAY), theme)

    assert found.answer is Answer.CLEAR
    assert [p.area_m2 for p in found.pieces] == [pytest.approx(400)]


@pytest.mark.parametrize("theme", list(PARTITION_THEMES))
@pytest.mark.parametrize("declared", ["not at all", "incomplete", "elsewhere"])
def test_without_a_complete_register_nothing_is_clear(theme, declared, office, register):
    if declared == "incomplete":
        register_complete(theme, EVERYWHERE, is_complete=False)
    elif declared == "elsewhere":
        register_complete(theme, box(500, 500, 600, 600))
    plot = register.parcel("1", box(10, 10, 30, 30))

    found = theme_of(build_extract(plot, as_of=TODAY), theme)

    assert [(p.answer, p.reason) for p in found.pieces] == [
        (Answer.NO_DATA, Reason.REGISTER_INCOMPLETE)
    ]


@pytest.mark.parametrize("theme", list(PARTITION_THEMES))
def test_where_no_zone_is_digitised_the_plan_is_silent_and_never_clear(theme, office, register):
    register_complete(theme, EVERYWHERE)
    office.in_force("P", box(0, 0, 200, 100), {}, level=LEVELS[theme])
    plot = register.parcel("1", box(10, 10, 30, 30))

    found = theme_of(build_extract(plot, as_of=TODAY), theme)

    assert [(p.answer, p.reason, p.area_m2) for p in found.pieces] == [
        (Answer.NO_DATA, Reason.PLAN_SILENT, pytest.approx(400))
    ]
    assert found.pieces[0].plans[0].code == "P"


@pytest.mark.parametrize("theme", list(PARTITION_THEMES))
def test_a_known_trouble_of_the_source_silences_the_theme_there(theme, office, register):
    office.in_force("P", EVERYWHERE, {"A": ("HOUSES", EVERYWHERE)}, level=LEVELS[theme])
    plot = register.parcel("1", box(10, 10, 30, 30))
    trouble = report_trouble(
        theme=theme,
        boundary=stored(box(0, 0, 15, 100)),
        trouble="zones_lost",
        since=TODAY,
        by=None,
    )

    found = theme_of(build_extract(plot, as_of=TODAY), theme)

    assert {p.answer: p.area_m2 for p in found.pieces} == {
        Answer.APPLIES: pytest.approx(300),
        Answer.NOT_CHECKED: pytest.approx(100),
    }
    before = build_extract(plot, as_of=TODAY).known_at
    end_trouble(trouble_id=trouble.pk, by=None)
    assert theme_of(build_extract(plot, as_of=TODAY), theme).answer is Answer.APPLIES
    again = theme_of(build_extract(plot, as_of=TODAY, known_at=before), theme)
    assert Answer.NOT_CHECKED in {p.answer for p in again.pieces}


def test_a_source_that_fails_is_said_to_have_failed(office, register):
    """The view of zones is really taken away, as a broken deployment would."""
    office.in_force("P", EVERYWHERE, {"A": ("HOUSES", EVERYWHERE)})
    plot = register.parcel("1", box(10, 10, 30, 30))
    with connection.cursor() as cursor:
        cursor.execute("ALTER VIEW public_zones RENAME TO elsewhere")

    extract = build_extract(plot, as_of=TODAY)

    assert [(p.answer, p.reason, p.area_m2) for p in zoning(extract).pieces] == [
        (Answer.NOT_CHECKED, Reason.SOURCE_FAILED, pytest.approx(400))
    ]
    with connection.cursor() as cursor:
        cursor.execute("ALTER VIEW elsewhere RENAME TO public_zones")
    assert zoning(build_extract(plot, as_of=TODAY)).answer is Answer.APPLIES


def test_a_plot_sixty_per_cent_inside_a_plan_is_clear_only_outside_it(office, register):
    register_complete(Theme.ZONING_PLAN, EVERYWHERE)
    office.in_force("P", box(0, 0, 100, 100), {"A": ("HOUSES", box(0, 0, 100, 100))})
    plot = register.parcel("1", box(94, 10, 104, 20))

    found = zoning(build_extract(plot, as_of=TODAY))

    assert [(p.answer, p.share) for p in found.pieces] == [
        (Answer.APPLIES, pytest.approx(0.6)),
        (Answer.CLEAR, pytest.approx(0.4)),
    ]
    assert found.answer is Answer.APPLIES


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"is_disputed": True}, Reason.PARCEL_DISPUTED),
        ({"state": "invalid"}, Reason.PARCEL_INVALID),
        ({"state": "missing"}, Reason.PARCEL_WITHOUT_BOUNDARY),
    ],
)
def test_a_row_that_cannot_be_measured_could_not_be_checked(options, reason, office, register):
    register_complete(Theme.ZONING_PLAN, EVERYWHERE)
    plot = register.parcel("7", box(10, 10, 30, 30), legal_area_m2=400, **options)

    extract = build_extract(plot, as_of=TODAY)

    assert extract.answer is Answer.NOT_CHECKED
    assert {p.reason for t in extract.themes for p in t.pieces} == {reason}
    assert extract.parcel.legal_area_m2 == 400


def test_all_rows_that_claim_a_number_are_named(office, register):
    one = register.parcel("7", box(10, 10, 30, 30), is_disputed=True)
    two = register.parcel("7", box(40, 10, 60, 30), is_disputed=True)

    extract = build_extract(one, as_of=TODAY)

    assert [t.uuid for t in extract.parcel.disputed_with] == [two]
    assert extract.notices[0] is Notice.PARCEL_DISPUTED


def test_a_sliver_is_told_as_within_survey_tolerance_and_not_dropped(office, register):
    """4 cm of zone B over 10 m: 0.4 m², below the tolerance of 0.5 m²."""
    office.in_force(
        "P",
        box(0, 0, 200, 100),
        {"A": ("HOUSES", box(0, 0, 100, 100)), "B": ("GREEN", box(100, 0, 200, 100))},
    )
    plot = register.parcel("1", box(80, 10, 100.04, 20))

    pieces = zoning(build_extract(plot, as_of=TODAY)).pieces

    assert [(p.zones[0].label, p.area_m2, p.within_tolerance) for p in pieces] == [
        ("A", pytest.approx(200), False),
        ("B", pytest.approx(0.4), True),
    ]


def test_a_neighbour_that_only_touches_is_not_named(office, register):
    office.in_force(
        "P",
        box(0, 0, 200, 100),
        {"A": ("HOUSES", box(0, 0, 100, 100)), "B": ("GREEN", box(100, 0, 200, 100))},
    )
    plot = register.parcel("1", box(80, 10, 100, 20))

    pieces = zoning(build_extract(plot, as_of=TODAY)).pieces

    assert [p.zones[0].label for p in pieces] == ["A"]


def test_two_plans_of_one_level_are_both_told_as_a_conflict(office, register):
    office.in_force("P", box(0, 0, 100, 100), {"A": ("HOUSES", box(0, 0, 100, 100))})
    office.in_force("Q", box(50, 0, 150, 100), {"B": ("SCHOOL", box(50, 0, 150, 100))})
    plot = register.parcel("1", box(40, 10, 60, 20))

    extract = build_extract(plot, as_of=TODAY)

    pieces = sorted(zoning(extract).pieces, key=lambda p: len(p.zones))
    assert [([z.label for z in p.zones], p.area_m2, p.conflict) for p in pieces] == [
        (["A"], pytest.approx(100), False),
        (["A", "B"], pytest.approx(100), True),
    ]
    assert Notice.SAME_LEVEL_CONFLICT in extract.notices


def test_two_plans_that_say_the_same_are_no_conflict(office, register):
    office.in_force("P", box(0, 0, 100, 100), {"A": ("ROAD", box(0, 0, 100, 100))})
    office.in_force("Q", box(50, 0, 150, 100), {"B": ("ROAD", box(50, 0, 150, 100))})
    plot = register.parcel("1", box(60, 10, 80, 20))

    extract = build_extract(plot, as_of=TODAY)

    (piece,) = zoning(extract).pieces
    assert [zone.label for zone in piece.zones] == ["A", "B"]
    assert not piece.conflict
    assert Notice.SAME_LEVEL_CONFLICT not in extract.notices


def test_a_local_adjustment_changes_only_its_own_ground_and_only_from_its_day(office, register):
    before = office.in_force("P", box(0, 0, 200, 100), {"A": ("HOUSES", box(0, 0, 200, 100))})
    day = dt.date(2026, 9, 1)
    office.in_force(
        "P",
        box(100, 0, 200, 100),
        {"N": ("GREEN", box(100, 0, 200, 100))},
        adjustment=Adjustment.LOCAL,
        valid_from=day,
    )
    plot = register.parcel("1", box(90, 10, 110, 20))

    def labels(**when):
        found = zoning(build_extract(plot, **when))
        return sorted((p.zones[0].label, round(p.area_m2)) for p in found.pieces)

    assert labels(as_of=TODAY) == [("A", 100), ("N", 100)]
    assert labels(as_of=day) == [("A", 100), ("N", 100)]
    assert labels(as_of=day - dt.timedelta(days=1)) == [("A", 200)]
    known = build_extract(plot, as_of=TODAY).known_at
    assert labels(as_of=TODAY, known_at=known) == [("A", 100), ("N", 100)]
    # The plot was not yet known when only the first version was.
    with pytest.raises(Missing):
        build_extract(plot, as_of=TODAY, known_at=before.number)


def test_a_plan_is_not_in_force_before_its_first_day_nor_on_its_last(office, register):
    office.in_force(
        "P",
        EVERYWHERE,
        {"A": ("HOUSES", EVERYWHERE)},
        valid_from=dt.date(2026, 7, 1),
        valid_to=dt.date(2026, 8, 1),
    )
    plot = register.parcel("1", box(10, 10, 30, 30))

    def answer(*day):
        return zoning(build_extract(plot, as_of=dt.date(*day))).answer

    assert answer(2026, 6, 30) is Answer.NO_DATA
    assert answer(2026, 7, 1) is Answer.APPLIES
    assert answer(2026, 7, 31) is Answer.APPLIES
    assert answer(2026, 8, 1) is Answer.NO_DATA


def test_a_draft_is_in_no_answer(office, register):
    version = office.draft("P", EVERYWHERE, {"A": ("HOUSES", EVERYWHERE)})
    plot = register.parcel("1", box(10, 10, 30, 30))
    assert zoning(build_extract(plot, as_of=TODAY)).answer is Answer.NO_DATA

    office.approve(version)

    assert zoning(build_extract(plot, as_of=TODAY)).answer is Answer.NO_DATA


def test_areas_are_measured_in_the_zone_of_the_sheet(db):
    """A sheet drawn at 105°45' stored at 105°: the zones' scales differ by 0.03 % in area here."""
    from pyproj import Transformer

    from landdata import crs

    register = Register(epsg=9210)
    ground = box(0, 0, 100, 100)
    plot = register.parcel("1", ground)

    measured = build_extract(plot, as_of=TODAY).parcel.measured_area_m2

    pipeline = Transformer.from_crs(crs.definition(5897), crs.definition(9210), always_xy=True)
    corners = [pipeline.transform(x, y) for x, y in ground.exterior.coords]
    assert measured == pytest.approx(shapely.Polygon(corners).area, abs=1e-4)
    assert measured is not None
    assert abs(measured - 10_000) > 0.5


def test_the_boundary_of_another_day_is_told(office, register):
    plot = register.parcel("1", box(10, 10, 30, 30))

    notices = build_extract(plot, as_of=DATA_DAY - dt.timedelta(days=1)).notices

    assert Notice.BOUNDARY_OF_ANOTHER_DAY in notices


def test_a_register_area_far_from_the_measured_one_is_told(office, register):
    same = register.parcel("1", box(10, 10, 30, 30), legal_area_m2=396)
    other = register.parcel("2", box(40, 10, 60, 30), legal_area_m2=330)

    assert Notice.AREAS_DIFFER not in build_extract(same, as_of=TODAY).notices
    assert Notice.AREAS_DIFFER in build_extract(other, as_of=TODAY).notices


def test_a_revision_that_was_not_given_out_is_refused(office, register):
    plot = register.parcel("1", box(10, 10, 30, 30))

    with pytest.raises(Invalid, match="revision_unknown"):
        build_extract(plot, as_of=TODAY, known_at=10_000)
