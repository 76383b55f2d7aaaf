"""Publishing, changing and withdrawing land that can be had."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.db import DatabaseError

from accounts.models import Role, RoleAssignment, Territory
from landdata.errors import Forbidden, Invalid, Missing, Stale
from landdata.geometry import to_shapely
from landdata.models import ChangedArea, Revision
from planning.models import AvailableSite, AvailableSiteUse, SiteStatus
from planning.operations import (
    change_available_site,
    publish_available_site,
    withdraw_available_site,
)
from tests.planning import city
from tests.planning.city import TODAY, box, person, stored
from tests.planning.sites import content, plots, publish, ward

pytestmark = pytest.mark.django_db

YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _ward(db):
    ward()


def days(code: str = "HN-01") -> list[tuple[dt.date, dt.date | None, str]]:
    rows = AvailableSite.objects.known_now().filter(code=code).order_by("valid_from")
    return [(row.valid_from, row.valid_to, row.status) for row in rows]


def test_a_drawn_site_is_measured_and_lies_in_its_ward():
    site = publish(shape=box(0, 0, 200, 100))

    assert (site.area_m2, site.area_from, site.shape_from) == (20_000, "measured", "drawn")
    assert site.unit_code == "00004"
    assert days() == [(TODAY, None, "free")]


def test_a_site_of_plots_is_their_union_with_the_registered_area(register):
    register.parcel("7", box(0, 0, 10, 20), legal_area_m2=198.5)
    register.parcel("8", box(10, 0, 30, 20), legal_area_m2=402)

    site = publish(plots=plots("7", "8"))

    assert to_shapely(site.boundary).normalize().equals(box(0, 0, 30, 20))
    # 600 m² are drawn; the register says 198.5 + 402.
    assert (site.area_m2, site.area_from) == (Decimal("600.50"), "register")
    assert [(p.sheet_number, p.scale, p.number) for p in site.parcels.order_by("pk")] == [
        ("12", 500, "7"),
        ("12", 500, "8"),
    ]


def test_where_one_plot_has_no_registered_area_the_site_is_measured(register):
    register.parcel("7", box(0, 0, 10, 20), legal_area_m2=198.5)
    register.parcel("8", box(10, 0, 30, 20))

    site = publish(plots=plots("7", "8"))

    assert (site.area_m2, site.area_from) == (600, "measured")


def test_what_the_decision_states_goes_before_what_is_registered(register):
    register.parcel("7", box(0, 0, 10, 20), legal_area_m2=198.5)

    site = publish(plots=plots("7"), area_m2=Decimal("190"))

    assert (site.area_m2, site.area_from) == (190, "stated")


def test_the_ward_is_that_of_the_plots_under_it_before_that_of_a_simplified_boundary(register):
    ward("00025", "Phường Ngọc Hà", box(0, 0, 500, 500))
    register.parcel("7", box(0, 0, 10, 20))

    assert publish("A", box(0, 0, 10, 20)).unit_code == "00004"
    # No plot lies there, and of the two wards 00025 covers as much: the lower code is named.
    assert publish("B", box(300, 300, 310, 310)).unit_code == "00004"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "hn.01"}, "site_code"),
        ({"title_en": "  "}, "site_words_missing"),
        ({"title_vi": "x" * 201}, "site_words_long"),
        ({"legal_basis": "Quyết định\0"}, "site_words_long"),
        ({"legal_basis": "Bà A, CCCD 001188012345"}, "site_personal_data"),
        ({"price_basis": "Hỏi anh Nam 0912 345 678"}, "site_personal_data"),
        ({"title_vi": "Liên hệ nam@example.vn"}, "site_personal_data"),
        ({"contact_phone": "0912345678"}, "site_phone"),
        ({"area_m2": Decimal(0)}, "site_area"),
        ({"area_m2": Decimal("NaN")}, "site_area"),
        ({"offered_from": TOMORROW, "offered_until": TODAY}, "site_offer_days"),
        ({"status": SiteStatus.OFFERED, "offered_until": YESTERDAY}, "site_offer_over"),
        ({"boundary": None}, "site_ground"),
        ({"plots": plots("7")}, "site_ground"),
        ({"boundary": None, "plots": plots("404")}, "site_plot_unknown"),
        ({"boundary": stored(city.ring((0, 0), (10, 10), (10, 0), (0, 10)))}, "site_boundary"),
        ({"boundary": stored(box(0, 0, 0.5, 0.5))}, "site_too_small"),
        ({"boundary": stored(box(9000, 0, 9100, 100))}, "site_outside_wards"),
    ],
)
def test_a_site_that_says_what_it_should_not_is_refused(change, code):
    with pytest.raises(Invalid) as refused:
        publish_available_site(replace(content(), **change), by=None, on=TODAY)

    assert refused.value.code == code
    assert not AvailableSite.objects.exists()


def test_decision_numbers_dates_and_amounts_are_no_personal_data():
    publish(
        legal_basis="Quyết định 1234/QĐ-UBND ngày 01/3/2026; thửa 45 tờ 12",
        price_basis="Giá khởi điểm 1.234.567.890 đồng; 98000000 đồng/m², tổng 120000000 đồng",
        contact_phone="(024) 3825 3536",
    )

    assert AvailableSite.objects.count() == 1


def test_a_plot_with_a_disputed_number_or_no_boundary_is_refused(register):
    register.parcel("7", box(0, 0, 10, 20), is_disputed=True)
    register.parcel("7", box(10, 0, 20, 20), is_disputed=True)
    register.parcel("8", None, state="missing")

    for number, code in (("7", "site_plot_ambiguous"), ("8", "site_plot_without_boundary")):
        with pytest.raises(Invalid, match=code):
            publish(plots=plots(number))


def test_land_is_offered_once_but_neighbours_may_touch():
    publish("A", box(0, 0, 100, 100))

    publish("B", box(100, 0, 200, 100))
    with pytest.raises(Invalid, match="site_overlaps") as refused:
        publish("C", box(99, 0, 120, 100))

    # 1 m wide and 100 m long.
    assert (refused.value.values["other"], refused.value.values["m2"]) == ("A", 100)


def test_a_code_is_never_used_again():
    site = publish()
    withdraw_available_site(
        code="HN-01", based_on=site.from_revision, by=None, on=TODAY, why="Nhầm"
    )

    with pytest.raises(Invalid, match="site_code_taken"):
        publish()


def test_only_approvers_and_data_officers_of_the_ground_may_publish():
    near = Territory.objects.create(
        code="NEAR", name="Gần", boundary=stored(box(-10, -10, 250, 150))
    )
    officer = person("officer")
    RoleAssignment.objects.create(
        user=officer, role=Role.DATA_OFFICER, territory=near, valid_from=dt.date(2020, 1, 1)
    )

    publish_available_site(content("A"), by=officer, on=TODAY)
    publish_available_site(
        content("B", box(300, 0, 400, 100)), by=person("boss", Role.APPROVER), on=TODAY
    )

    for who in (officer, person("planner", Role.PLANNER, Role.ADMINISTRATOR)):
        with pytest.raises(Forbidden):
            publish_available_site(content("C", box(500, 0, 600, 100)), by=who, on=TODAY)


def test_a_change_holds_from_its_day_and_leaves_the_days_before_as_they_were():
    site = publish(on=dt.date(2026, 3, 1))

    changed = change_available_site(
        content(status=SiteStatus.ALLOCATED), based_on=site.from_revision, by=None, on=TODAY
    )

    assert days() == [(dt.date(2026, 3, 1), TODAY, "free"), (TODAY, None, "allocated")]
    assert changed.published_at == site.published_at
    before = AvailableSite.objects.known_at(site.from_revision)
    assert [(row.valid_from, row.valid_to) for row in before] == [(dt.date(2026, 3, 1), None)]


def test_the_same_said_again_makes_no_revision():
    site = publish()
    revisions = Revision.objects.count()

    change_available_site(content(), based_on=site.from_revision, by=None, on=TOMORROW)

    assert Revision.objects.count() == revisions


def test_a_second_change_on_one_day_replaces_the_first():
    site = publish(on=dt.date(2026, 3, 1))
    first = change_available_site(
        content(status=SiteStatus.ALLOCATED), based_on=site.from_revision, by=None, on=TODAY
    )

    change_available_site(
        content(title_en="Another name"), based_on=first.from_revision, by=None, on=TODAY
    )

    assert days() == [(dt.date(2026, 3, 1), TODAY, "free"), (TODAY, None, "free")]


def test_who_has_not_seen_the_last_change_is_told_so():
    site = publish()
    change_available_site(
        content(title_en="Another"), based_on=site.from_revision, by=None, on=TODAY
    )

    with pytest.raises(Stale):
        change_available_site(content(), based_on=site.from_revision, by=None, on=TODAY)
    with pytest.raises(Stale):
        withdraw_available_site(
            code="HN-01", based_on=site.from_revision, by=None, on=TODAY, why="x"
        )
    with pytest.raises(Missing):
        change_available_site(content("NO-01"), based_on=1, by=None, on=TODAY)


def test_a_withdrawn_site_is_gone_from_its_day_and_the_reason_is_on_record():
    site = publish(on=dt.date(2026, 3, 1))

    with pytest.raises(Invalid, match="without_reason"):
        withdraw_available_site(
            code="HN-01", based_on=site.from_revision, by=None, on=TODAY, why=" "
        )
    revision = withdraw_available_site(
        code="HN-01", based_on=site.from_revision, by=None, on=TODAY, why="Thu hồi quyết định"
    )

    assert days() == [(dt.date(2026, 3, 1), TODAY, "free")]
    assert revision.why == "withdraw site HN-01: Thu hồi quyết định"


def test_a_site_withdrawn_on_the_day_of_its_publication_was_never_there():
    site = publish()

    withdraw_available_site(
        code="HN-01", based_on=site.from_revision, by=None, on=TODAY, why="Nhầm"
    )

    assert days() == []
    assert AvailableSiteUse.objects.known_now().count() == 0
    assert AvailableSite.objects.known_at(site.from_revision).count() == 1


def test_an_offered_site_ends_with_the_last_day_of_its_offer_and_may_be_offered_again():
    site = publish(status=SiteStatus.OFFERED, offered_from=TODAY, offered_until=TOMORROW)
    over = TOMORROW + dt.timedelta(days=1)
    assert days() == [(TODAY, over, "offered")]

    later = over + dt.timedelta(days=5)
    change_available_site(content(), based_on=site.from_revision, by=None, on=later)

    assert days() == [(TODAY, over, "offered"), (later, None, "free")]


def test_every_change_of_a_site_is_noted_where_it_lies():
    site = publish(shape=box(0, 0, 100, 100))
    before = Revision.objects.count()

    change_available_site(
        content(shape=box(500, 0, 600, 100)), based_on=site.from_revision, by=None, on=TODAY
    )

    areas = ChangedArea.objects.filter(layer="available_sites", revision__gt=before)
    boxes = MultiPolygon([area.extent_3857 for area in areas])
    west, _, east, _ = boxes.extent
    # From the old place to the new one: 600 m on the ground.
    assert (east - west) == pytest.approx(600 / 0.933, abs=3)


def test_rows_of_sites_are_not_changed_in_place():
    site = publish()

    with pytest.raises(DatabaseError, match="append-only"):
        AvailableSite.objects.filter(pk=site.pk).update(title_vi="Khác")
