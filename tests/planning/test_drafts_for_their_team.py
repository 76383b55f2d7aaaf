"""Drafts reach those who work on them on that ground, and nobody else."""

from __future__ import annotations

import datetime as dt

import psycopg2
import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection

from accounts.models import Role, RoleAssignment, Territory
from planning.permissions import drafts_open_to
from tests.planning.city import TODAY, box, person

GROUND = box(0, 0, 200, 100)
HALVES = {"A": ("HOUSES", box(0, 0, 100, 100)), "B": ("GREEN", box(100, 0, 200, 100))}


def territory(code: str, ground) -> Territory:
    boundary = GEOSGeometry(ground.wkt, srid=settings.STORAGE_SRID)
    if not isinstance(boundary, MultiPolygon):
        boundary = MultiPolygon(boundary, srid=settings.STORAGE_SRID)
    return Territory.objects.create(code=code, name=code, boundary=boundary)


def holds(name: str, role: Role, *grounds):
    user = person(name, Role.INVESTOR)
    for number, ground in enumerate(grounds):
        RoleAssignment.objects.create(
            user=user,
            role=role,
            territory=territory(f"{name}-{number}", ground),
            valid_from=dt.date(2020, 1, 1),
        )
    return user


@pytest.mark.parametrize("role", [Role.PLANNER, Role.DATA_OFFICER, Role.APPROVER])
def test_a_team_sees_the_drafts_of_its_ground(office, role):
    version = office.draft("P", GROUND, HALVES)

    assert drafts_open_to(holds("inside", role, box(-10, -10, 300, 200)), on=TODAY) == (version.pk,)
    # One metre of the plan's edge, 100 m², is other people's ground.
    assert drafts_open_to(holds("outside", role, box(1, -10, 300, 200)), on=TODAY) == ()


def test_two_territories_of_one_role_count_together_and_of_two_roles_do_not(office):
    version = office.draft("P", GROUND, HALVES)
    west, east = box(-10, -10, 100, 200), box(100, -10, 300, 200)

    together = holds("together", Role.PLANNER, west, east)
    assert drafts_open_to(together, on=TODAY) == (version.pk,)

    apart = holds("apart", Role.PLANNER, west)
    RoleAssignment.objects.create(
        user=apart,
        role=Role.APPROVER,
        territory=territory("east", east),
        valid_from=dt.date(2020, 1, 1),
    )
    assert drafts_open_to(apart, on=TODAY) == ()


@pytest.mark.parametrize("role", [Role.INVESTOR, Role.REVIEWER, Role.LAND_REGISTER_OFFICER])
def test_other_roles_see_no_draft(office, role):
    office.draft("P", GROUND, HALVES)

    assert drafts_open_to(person("somebody", role), on=TODAY) == ()


def test_neither_the_public_nor_a_closed_account_nor_an_ended_role_sees_one(office):
    version = office.draft("P", GROUND, HALVES)
    assert drafts_open_to(AnonymousUser(), on=TODAY) == ()

    user = holds("lan", Role.PLANNER, GROUND)
    assert drafts_open_to(user, on=TODAY) == (version.pk,)
    RoleAssignment.objects.filter(user=user, role=Role.PLANNER).update(valid_to=TODAY)
    assert drafts_open_to(user, on=TODAY) == ()
    assert drafts_open_to(user, on=TODAY - dt.timedelta(days=1)) == (version.pk,)

    user.is_active = False
    assert drafts_open_to(user, on=TODAY - dt.timedelta(days=1)) == ()


def test_a_published_plan_is_a_draft_no_more(office):
    version = office.draft("P", GROUND, HALVES)
    user = holds("lan", Role.PLANNER, GROUND)
    office.approve(version)
    assert drafts_open_to(user, on=TODAY) == (version.pk,)

    office.publish(version)

    assert drafts_open_to(user, on=TODAY) == ()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM team_draft_zones(%s)", [[version.pk]])
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_the_role_of_the_team_reads_named_drafts_and_no_table(office):
    version = office.draft("P", GROUND, HALVES)
    address = settings.DATABASES["team"]
    theirs = psycopg2.connect(
        host=address["HOST"],
        port=address["PORT"],
        dbname=connection.settings_dict["NAME"],
        user=address["USER"],
        password=address["PASSWORD"],
        options=address["OPTIONS"]["options"],
    )
    theirs.autocommit = True
    with theirs.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (settings.TEAM_ROLE,)
        cursor.execute("SELECT label FROM team_draft_zones(%s) ORDER BY 1", [[version.pk]])
        assert cursor.fetchall() == [("A",), ("B",)]
        cursor.execute("SELECT count(*) FROM team_draft_zones('{}')")
        assert cursor.fetchone() == (0,)
        for table in ("planning_draftzone", "public_parcels", "accounts_user"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(f"SELECT * FROM {table}")
    theirs.close()


@pytest.mark.django_db(transaction=True)
def test_the_role_of_the_public_reads_no_draft():
    address = settings.DATABASES["public"]
    theirs = psycopg2.connect(
        host=address["HOST"],
        port=address["PORT"],
        dbname=connection.settings_dict["NAME"],
        user=address["USER"],
        password=address["PASSWORD"],
    )
    with theirs.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute("SELECT * FROM team_draft_zones('{1}')")
    theirs.close()
