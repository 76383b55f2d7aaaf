"""Giving and ending roles; the demo accounts."""

from __future__ import annotations

import datetime as dt
import stat
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import authenticate, get_user
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from django.utils import timezone, translation

from accounts import checks, operations
from accounts.models import Language, Role, RoleAssignment, User
from accounts.permissions import roles_of
from tests.accounts.conftest import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
A_DAY = dt.timedelta(days=1)
PASSWORD = "cau-giay-mua-thu-4"


@pytest.fixture
def in_english() -> Iterator[None]:
    """Speak English, so that a message can be compared."""
    with translation.override("en"):
        yield


@pytest.fixture
def var(settings, tmp_path: Path) -> Path:
    settings.VAR = tmp_path
    return tmp_path


def passwords_in(var: Path) -> dict[str, str]:
    lines = (var / "demo-accounts.txt").read_text().splitlines()
    return {name: word for name, _, word in (line.partition("\t") for line in lines)}


def signs_in(name: str, password: str) -> bool:
    request = RequestFactory().post("/sign-in/")
    return authenticate(request, username=name, password=password) is not None


def opened(username: str, password: str) -> User:
    return operations.open_account(
        username=username,
        full_name="Lê Minh",
        email="",
        language=Language.VIETNAMESE,
        password=password,
    )


def test_an_opened_account_can_sign_in_and_holds_no_role():
    user = opened("minh", PASSWORD)

    assert signs_in("minh", PASSWORD)
    assert roles_of(user, on=DAY) == frozenset()


@pytest.mark.parametrize(
    "password", ["", "short-one-1", "password1234", "202607010000", "nguyenvanminh1"]
)
def test_an_account_with_a_password_that_is_easily_guessed_is_not_opened(password):
    with pytest.raises(ValidationError):
        opened("nguyenvanminh", password)

    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["lan", "LAN", "with space", ""])
def test_an_account_whose_name_is_taken_or_no_name_is_not_opened(lan, name):
    with pytest.raises(ValidationError):
        opened(name, PASSWORD)


def test_the_command_asks_for_the_password_and_says_what_is_wrong_with_it(monkeypatch):
    answers = iter(["short", PASSWORD])
    monkeypatch.setattr(
        "accounts.management.commands.open_account.getpass", lambda _: next(answers)
    )

    with pytest.raises(CommandError, match="too short"):
        call_command("open_account", "minh", "Lê Minh")
    call_command("open_account", "minh", "Lê Minh")

    assert signs_in("minh", PASSWORD)


def test_a_role_given_twice_at_a_time_is_refused_with_a_message(lan, west):
    operations.assign_role(user=lan, role=Role.PLANNER, territory=west, valid_from=DAY)

    with pytest.raises(ValidationError, match="already on one of these days"):
        operations.assign_role(user=lan, role=Role.PLANNER, territory=west, valid_from=DAY + A_DAY)


def test_an_ended_role_holds_until_the_day_before(lan):
    operations.assign_role(user=lan, role=Role.PLANNER, territory=None, valid_from=DAY)

    operations.end_role(user=lan, role=Role.PLANNER, territory=None, on=DAY + A_DAY)

    assert roles_of(lan, on=DAY) == {Role.PLANNER}
    assert roles_of(lan, on=DAY + A_DAY) == frozenset()


def test_a_role_ended_before_it_begins_is_taken_back(lan):
    operations.assign_role(user=lan, role=Role.PLANNER, territory=None, valid_from=DAY)

    operations.end_role(user=lan, role=Role.PLANNER, territory=None, on=DAY)

    assert not RoleAssignment.objects.exists()


def test_ending_a_role_that_nobody_holds_changes_nothing(lan):
    assert operations.end_role(user=lan, role=Role.PLANNER, territory=None, on=DAY) is None


def test_the_command_gives_a_role_on_a_territory_and_ends_it(lan, west):
    call_command("assign_role", "LAN", "planner", "--territory=W", "--from=2026-07-01")
    assert RoleAssignment.objects.get().territory == west

    call_command("assign_role", "lan", "planner", "--territory=W", "--end=2026-08-01")
    assert RoleAssignment.objects.get().valid_to == dt.date(2026, 8, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nobody", "planner"], "No such user"),
        (["lan", "planner", "--territory=Q"], "No such territory"),
        (["lan", "planner", "--end=2026-08-01"], "not held"),
        (["lan", "planner", "--from=2026-07-02", "--to=2026-07-01"], "at least one day"),
    ],
)
def test_the_command_says_what_is_wrong(lan, arguments, message):
    with pytest.raises(CommandError, match=message):
        call_command("assign_role", *arguments)


def test_there_is_one_demo_account_per_role_and_its_password_works(var):
    call_command("make_demo_accounts")

    passwords = passwords_in(var)
    held = [roles_of(user, on=timezone.localdate()) for user in User.objects.filter(is_demo=True)]
    assert sorted(held, key=sorted) == [frozenset({role}) for role in sorted(Role)]
    assert len(passwords) == len(Role)
    assert signs_in("demo-planner", passwords["demo-planner"])


def test_only_the_owner_can_read_the_demo_passwords(var):
    call_command("make_demo_accounts")

    assert stat.S_IMODE((var / "demo-accounts.txt").stat().st_mode) == 0o600


def test_making_the_demo_accounts_twice_changes_nothing(var):
    call_command("make_demo_accounts")
    before = passwords_in(var)
    call_command("make_demo_accounts")

    assert passwords_in(var) == before
    assert RoleAssignment.objects.count() == len(Role)


def test_lost_demo_passwords_are_replaced_by_new_ones(var):
    call_command("make_demo_accounts")
    before = passwords_in(var)
    (var / "demo-accounts.txt").unlink()
    call_command("make_demo_accounts")

    assert not signs_in("demo-planner", before["demo-planner"])
    assert signs_in("demo-planner", passwords_in(var)["demo-planner"])


def test_a_real_account_with_a_demo_name_is_left_alone(var):
    User.objects.create_user("demo-planner", "hoa-sen-trong-dam-7", full_name="Người thật")

    with pytest.raises(PermissionError, match="demo-planner"):
        call_command("make_demo_accounts")

    assert signs_in("demo-planner", "hoa-sen-trong-dam-7")


def test_production_makes_no_demo_accounts(var, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="production"):
        call_command("make_demo_accounts")
    with pytest.raises(PermissionError):
        operations.make_demo_accounts(on=DAY)

    assert not User.objects.exists()


def test_in_production_a_demo_account_cannot_sign_in_and_its_session_ends(var, settings, client):
    call_command("make_demo_accounts")
    planner = User.objects.get(username="demo-planner")
    client.force_login(planner)
    settings.PRODUCTION = True

    assert not signs_in("demo-planner", passwords_in(var)["demo-planner"])
    request = RequestFactory().get("/")
    request.session = client.session
    assert get_user(request).is_anonymous


def test_an_open_demo_account_in_production_is_an_error_until_it_is_closed(var, settings):
    call_command("make_demo_accounts")
    assert checks.no_demo_account_in_production(databases=["default"]) == []
    settings.PRODUCTION = True

    found = checks.no_demo_account_in_production(databases=["default"])
    call_command("close_demo_accounts")

    assert [message.id for message in found] == ["accounts.E001"]
    assert checks.no_demo_account_in_production(databases=["default"]) == []
    assert not (var / "demo-accounts.txt").exists()
