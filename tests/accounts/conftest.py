"""Two wards side by side, a planner of each, in metres of the storage system.

    0        100       200
100 +---------+---------+
    |  west   |  east   |
  0 +---------+---------+
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.contrib.gis.geos import MultiPolygon, Polygon

from accounts.models import Role, RoleAssignment, Territory, User

DAY = dt.date(2026, 7, 1)


def square(west: float, south: float, east: float, north: float) -> MultiPolygon:
    """Return a rectangle in the storage system."""
    box = Polygon.from_bbox((west, south, east, north))
    return MultiPolygon(box, srid=settings.STORAGE_SRID)


@pytest.fixture
def lan(db: None) -> User:
    """A user without any role."""
    return User.objects.create_user("lan", "hoa-sen-trong-dam-7", full_name="Trần Thị Lan")


@pytest.fixture
def west(db: None) -> Territory:
    """The western ward."""
    return Territory.objects.create(code="W", name="Tây", boundary=square(0, 0, 100, 100))


@pytest.fixture
def east(db: None) -> Territory:
    """The eastern ward."""
    return Territory.objects.create(code="E", name="Đông", boundary=square(100, 0, 200, 100))


def give(
    user: User,
    territory: Territory | None = None,
    role: Role = Role.PLANNER,
    since: dt.date = DAY,
    until: dt.date | None = None,
) -> RoleAssignment:
    """Store an assignment as it is, past the operation's checks."""
    return RoleAssignment.objects.create(
        user=user, role=role, territory=territory, valid_from=since, valid_to=until
    )
