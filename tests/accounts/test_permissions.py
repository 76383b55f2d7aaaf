"""Who holds a role, on which day and where."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import LineString, MultiPolygon, Point, Polygon

from accounts.models import Role, Territory, User
from accounts.permissions import has_role, roles_of
from tests.accounts.conftest import DAY, give, square

if TYPE_CHECKING:
    from django.contrib.gis.geos import GEOSGeometry

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)


def may_plan(user: User, at: GEOSGeometry | None = None, on: dt.date = DAY) -> bool:
    return has_role(user, Role.PLANNER, on=on, at=at)


def test_nobody_holds_a_role_without_an_assignment(lan):
    assert roles_of(lan, on=DAY) == frozenset()
    assert not may_plan(lan)


def test_an_anonymous_caller_holds_no_role():
    assert roles_of(AnonymousUser(), on=DAY) == frozenset()
    assert not has_role(AnonymousUser(), Role.PLANNER, on=DAY)


def test_a_role_holds_from_its_first_day_and_no_longer_on_its_last(lan):
    give(lan, until=DAY + 10 * A_DAY)

    held = [may_plan(lan, on=DAY + n * A_DAY) for n in (-1, 0, 9, 10)]

    assert held == [False, True, True, False]


def test_one_role_is_not_another(lan):
    give(lan, role=Role.REVIEWER)

    assert roles_of(lan, on=DAY) == {Role.REVIEWER}
    assert not may_plan(lan)


def test_a_closed_account_holds_no_role(lan):
    give(lan)
    lan.is_active = False

    assert not may_plan(lan)
    assert roles_of(lan, on=DAY) == frozenset()


def test_a_superuser_holds_no_role_by_being_one(db):
    chief = User.objects.create_superuser("chief", "hoa-sen-trong-dam-7", full_name="Chief")

    assert not has_role(chief, Role.LAND_REGISTER_OFFICER, on=DAY)


def test_a_role_without_territory_holds_everywhere(lan):
    give(lan)

    assert may_plan(lan, at=square(9000, 9000, 9100, 9100))


def test_a_territory_without_boundary_is_everywhere(lan):
    give(lan, Territory.objects.create(code="ALL", name="Toàn thành phố"))

    assert may_plan(lan, at=square(9000, 9000, 9100, 9100))


def test_ground_within_the_territory_is_allowed_and_beside_it_is_not(lan, west):
    give(lan, west)

    assert may_plan(lan, at=square(0, 0, 100, 100))
    assert not may_plan(lan, at=square(100, 0, 200, 100))


def test_ground_half_outside_the_territory_is_refused(lan, west):
    give(lan, west)

    assert not may_plan(lan, at=square(50, 0, 150, 100))


@pytest.mark.parametrize(("stick_out_m", "allowed"), [(0.01, True), (0.02, False)])
def test_up_to_one_square_metre_may_stick_out(lan, west, stick_out_m, allowed):
    give(lan, west)

    # 100 m along the fence: 1 cm are 1.0 m², 2 cm are 2 m².
    ground = square(50, 0, 100 + stick_out_m, 99.9 if stick_out_m == 0.01 else 100)

    assert may_plan(lan, at=ground) is allowed


def test_two_territories_count_together_across_the_line_between_them(lan, west, east):
    give(lan, west)
    give(lan, east)

    assert may_plan(lan, at=square(50, 0, 150, 100))


def test_a_territory_of_another_role_does_not_count(lan, west, east):
    give(lan, west)
    give(lan, east, role=Role.REVIEWER)

    assert not may_plan(lan, at=square(50, 0, 150, 100))


def test_an_ended_territory_does_not_count(lan, west, east):
    give(lan, west)
    give(lan, east, since=DAY - 10 * A_DAY, until=DAY)

    assert not may_plan(lan, at=square(50, 0, 150, 100))


def test_a_point_or_line_must_lie_wholly_inside(lan, west):
    give(lan, west)
    srid = settings.STORAGE_SRID

    assert may_plan(lan, at=Point(50, 50, srid=srid))
    assert not may_plan(lan, at=Point(150, 50, srid=srid))
    assert may_plan(lan, at=LineString((10, 10), (90, 90), srid=srid))
    assert not may_plan(lan, at=LineString((90, 10), (110, 10), srid=srid))


def test_a_bow_tie_is_judged_by_its_hull(lan, west):
    give(lan, west)
    inside = Polygon(((10, 10), (90, 90), (90, 10), (10, 90), (10, 10)), srid=settings.STORAGE_SRID)
    across = Polygon(
        ((10, 10), (150, 90), (150, 10), (10, 90), (10, 10)), srid=settings.STORAGE_SRID
    )

    assert may_plan(lan, at=inside)
    assert not may_plan(lan, at=across)


def test_empty_ground_lies_in_no_territory(lan, west):
    give(lan, west)

    assert not may_plan(lan, at=MultiPolygon(srid=settings.STORAGE_SRID))


def test_ground_in_another_system_is_an_error(lan, west):
    give(lan, west)

    with pytest.raises(ValueError, match="4326"):
        may_plan(lan, at=Point(105.8, 21.0, srid=4326))
