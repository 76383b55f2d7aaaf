"""The table of addresses is complete, current and obeyed: address by address, caller by caller."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from config.access import RULES, TABLE, Callers, Who
from config.addresses import addresses
from config.management.commands.list_access import as_markdown
from tests.access.conftest import ANONYMOUS, CALLERS, CLOSED

if TYPE_CHECKING:
    from django.test import Client

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
SAMPLES = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uuidstr": "00000000-0000-4000-8000-000000000000",
    "int": "1",
    "str": "x",
    "slug": "x",
    "path": "x",
}


def path_of(route: str) -> str:
    """Return an address that the route matches, its parameters filled with samples."""

    def sample(match: re.Match[str]) -> str:
        converter, _, _name = match.group(1).rpartition(":")
        return SAMPLES[converter or "str"]

    return "/" + re.sub(r"<([^>]+)>", sample, route)


def allowed(who: Who, caller: str) -> bool:
    """Say by the table's words alone whether this caller belongs to `who`."""
    if who is Callers.PUBLIC:
        return True
    if caller in (ANONYMOUS, CLOSED):
        return False
    return who is Callers.SIGNED_IN or (caller in Role.values and Role(caller) in who)


def call(client: Client, method: str, route: str) -> Any:
    return client.generic(method, path_of(route))


def is_refusal(answer: Any) -> bool:
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next=")
    return answer.status_code in (401, 403) or to_sign_in


def test_every_address_stands_in_the_table_and_nothing_else_does():
    there = [address.route for address in addresses()]

    assert sorted(set(there)) == sorted(TABLE)


def answering(view: Any) -> object:
    """Return what answers: ninja wraps one and the same thing anew for each method."""
    is_wrapped = view.__module__ == "ninja.operation"
    return id(view.__closure__[0].cell_contents) if is_wrapped else id(view)


def test_no_address_hides_another_of_the_same_route():
    there = [route for route, _ in {(a.route, answering(a.view)) for a in addresses()}]

    assert sorted(there) == sorted(set(there))


def test_the_printed_table_is_current():
    page = Path(settings.BASE_DIR / "docs" / "access.md").read_text(encoding="utf-8")

    assert page == as_markdown(), "run: manage.py list_access --out docs/access.md"


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize(
    ("route", "method", "who"),
    [(rule.route, method, rule.who) for rule in RULES for method in rule.methods],
)
def test_who_may_is_let_in_and_who_may_not_is_refused(client_of, route, method, who, caller):
    answer = call(client_of(caller), method, route)

    assert is_refusal(answer) is not allowed(who, caller)


@pytest.mark.parametrize("caller", [ANONYMOUS, Role.ADMINISTRATOR.value])
@pytest.mark.parametrize("route", sorted(TABLE))
def test_methods_outside_the_table_are_refused(client_of, route, caller):
    client = client_of(caller)

    refused = {m for m in METHODS if call(client, m, route).status_code == 405}

    assert refused == set(METHODS) - set(TABLE[route])


@pytest.mark.parametrize(
    "route",
    [r.route for r in RULES if set(r.methods) - {"GET", "HEAD"} and not r.only_asks],
)
def test_what_changes_something_asks_for_a_csrf_token(client_of, route):
    client = client_of(Role.ADMINISTRATOR)
    client.handler.enforce_csrf_checks = True

    for method in set(TABLE[route]) - {"GET", "HEAD"}:
        assert call(client, method, route).status_code == 403


@pytest.mark.parametrize("route", [rule.route for rule in RULES if rule.only_asks])
def test_what_only_asks_may_be_asked_without_a_token_and_writes_nothing(client_of, route):
    client = client_of(Role.ADMINISTRATOR)
    client.handler.enforce_csrf_checks = True

    with CaptureQueriesContext(connection) as asked:
        for method in set(TABLE[route]) - {"GET", "HEAD"}:
            assert call(client, method, route).status_code != 403

    written = ("INSERT", "UPDATE", "DELETE")
    assert not [q["sql"] for q in asked if q["sql"].lstrip().upper().startswith(written)]
