"""How the guard decides and what it answers, on addresses made for the purpose."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import Role, RoleAssignment
from config import access
from config.access import PUBLIC, SIGNED_IN, Rule
from tests.access.conftest import ANONYMOUS, CALLERS, CLOSED, NO_ROLE

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.access.addresses")]

RULES = (
    Rule("open/", PUBLIC),
    Rule("desk/", SIGNED_IN),
    Rule("desk/plans/<int:number>/", frozenset({Role.PLANNER, Role.REVIEWER})),
    Rule("desk/plans/<int:number>/", frozenset({Role.PLANNER}), ("POST",)),
    Rule("api/plans/<int:number>", frozenset({Role.PLANNER})),
)


@pytest.fixture(autouse=True)
def table(monkeypatch):
    monkeypatch.setattr(access, "TABLE", access._by_route(RULES))


def let_in(client: Client, path: str, method: str = "GET") -> bool:
    return client.generic(method, path).content == b"inside"


@pytest.mark.parametrize("caller", CALLERS)
def test_a_public_address_is_open_to_all(client_of, caller):
    assert let_in(client_of(caller), "/open/")


def test_a_public_address_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/open/")


@pytest.mark.parametrize("caller", CALLERS)
def test_an_address_for_the_signed_in_is_open_to_them_alone(client_of, caller):
    assert let_in(client_of(caller), "/desk/") is (caller not in (ANONYMOUS, CLOSED))


@pytest.mark.parametrize("caller", CALLERS)
def test_an_address_for_roles_is_open_to_whoever_holds_one_of_them(client_of, caller):
    assert let_in(client_of(caller), "/desk/plans/1/") is (caller in ("planner", "reviewer"))


@pytest.mark.parametrize("caller", CALLERS)
def test_reading_may_be_for_more_people_than_writing(client_of, caller):
    assert let_in(client_of(caller), "/desk/plans/1/", "POST") is (caller == "planner")


@pytest.mark.parametrize("caller", CALLERS)
def test_an_address_that_nobody_listed_is_closed_to_all(client_of, caller):
    client = client_of(caller)

    assert client.get("/forgotten/").status_code == 403
    assert client.get("/api/forgotten").json()["code"] == "address_not_listed"


def test_a_page_sends_the_anonymous_to_sign_in_and_knows_the_way_back(client):
    answer = client.get("/desk/plans/1/?as_of=2026-07-01")

    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/desk/plans/1/%3Fas_of%3D2026-07-01"


def test_a_form_sent_by_the_anonymous_is_not_sent_on(client):
    assert client.post("/desk/plans/1/").status_code == 401


def test_a_program_gets_a_problem_and_no_page(client_of):
    anonymous = client_of(ANONYMOUS).get("/api/plans/1")
    roleless = client_of(NO_ROLE).get("/api/plans/1")

    assert (anonymous.status_code, anonymous.json()["code"]) == (401, "sign_in_needed")
    assert (roleless.status_code, roleless.json()["code"]) == (403, "role_needed")
    assert anonymous["Content-Type"] == roleless["Content-Type"] == "application/problem+json"


def test_a_refused_method_names_the_allowed_ones(client_of):
    answer = client_of("planner").delete("/desk/plans/1/")

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(("days", "open_"), [(-1, False), (0, False), (1, True)])
def test_a_role_opens_an_address_until_its_last_day(client_of, days, open_):
    client = client_of("planner")
    today = timezone.localdate()
    RoleAssignment.objects.update(
        valid_from=today - dt.timedelta(days=30), valid_to=today + dt.timedelta(days=days)
    )

    assert let_in(client, "/desk/plans/1/") is open_


def test_an_address_cannot_stand_twice_for_one_method():
    with pytest.raises(ValueError, match="twice"):
        access._by_route((Rule("open/", PUBLIC), Rule("open/", SIGNED_IN)))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "code", ["sign_in_needed", "role_needed", "address_not_listed", "method_not_allowed"]
)
def test_every_refusal_has_its_sentence_in_both_languages(code, language):
    with translation.override(language):
        assert gettext(f"error.{code}") != f"error.{code}"
