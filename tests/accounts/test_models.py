"""What the database itself refuses about people, offices and roles."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.models import Office, Role, RoleAssignment, Territory, User
from tests.accounts.conftest import DAY, give, square

pytestmark = pytest.mark.django_db
A_YEAR = dt.timedelta(days=365)


def refused_by(name: str) -> pytest.RaisesExc[IntegrityError]:
    return pytest.raises(IntegrityError, match=name)


def test_two_user_names_that_differ_only_in_case_are_one(lan):
    with refused_by("user_name_unique_in_any_case"):
        User.objects.create_user("Lan", "hoa-sen-trong-dam-7", full_name="Lan khác")


def test_a_user_is_found_in_any_case(lan):
    assert User.objects.get_by_natural_key("LAN") == lan


def test_composed_and_decomposed_letters_make_the_same_user_name(db):
    composed = User.objects.create_user("hoà", full_name="Hoà")

    assert composed.username == User.normalize_username("hoà")


def test_a_user_without_password_cannot_sign_in(db):
    assert not User.objects.create_user("khong", full_name="Không").has_usable_password()


def test_the_short_name_is_the_given_name_which_stands_last(lan):
    assert lan.get_short_name() == "Lan"
    assert User(username="x").get_short_name() == "x"


def test_a_role_assignment_lasts_at_least_a_day(lan):
    with refused_by("role_assignment_lasts_a_day"):
        give(lan, until=DAY)


def test_an_unknown_role_is_refused(lan):
    with refused_by("role_assignment_role_known"):
        RoleAssignment.objects.create(user=lan, role="mayor", valid_from=DAY)


@pytest.mark.parametrize("somewhere", [True, False])
def test_a_role_is_held_once_at_a_time_in_one_place(lan, west, somewhere):
    territory = west if somewhere else None
    give(lan, territory, until=DAY + A_YEAR)

    with refused_by("role_assignment_held_once_at_a_time"), transaction.atomic():
        give(lan, territory, since=DAY + A_YEAR - dt.timedelta(days=1))
    give(lan, territory, since=DAY + A_YEAR)

    assert RoleAssignment.objects.count() == 2


def test_the_same_role_may_be_held_in_two_places_and_another_role_in_one(lan, west, east):
    give(lan, west)
    give(lan, east)
    give(lan, west, role=Role.REVIEWER)

    assert RoleAssignment.objects.filter(user=lan).count() == 3


def test_a_bow_tie_is_no_territory(db):
    bow_tie = Polygon(((0, 0), (10, 10), (10, 0), (0, 10), (0, 0)))
    boundary = MultiPolygon(bow_tie, srid=square(0, 0, 1, 1).srid)

    with refused_by("role_territory_boundary_valid"):
        Territory.objects.create(code="X", name="X", boundary=boundary)


def test_an_office_is_not_part_of_itself(db):
    office = Office.objects.create(code="STNMT", name_vi="Sở", name_en="Department")
    office.parent = office

    with refused_by("office_not_part_of_itself"):
        office.save()


def test_an_office_is_named_in_the_language_of_the_page(db):
    office = Office(code="QHKT", name_vi="Sở Quy hoạch", name_en="Planning Department")

    with translation.override("en"):
        assert str(office) == "Planning Department"
    with translation.override("vi"):
        assert str(office) == "Sở Quy hoạch"
