"""Signing in, signing out, and what happens after too many wrong passwords."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client, RequestFactory

from accounts.models import User
from config.security import client_address

pytestmark = pytest.mark.django_db
PASSWORD = "hoa-sen-trong-dam-7"


@pytest.fixture
def lan() -> User:
    return User.objects.create_user("lan", PASSWORD, full_name="Trần Thị Lan", language="en")


def sign_in(client: Client, name: str = "lan", password: str = PASSWORD, **more) -> Any:
    remote = more.pop("remote", "203.0.113.5")
    data = {"username": name, "password": password, **more}
    return client.post("/sign-in/", data, REMOTE_ADDR=remote)


def is_signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session


@pytest.mark.parametrize("name", ["lan", "LAN"])
def test_the_right_password_signs_in_and_leads_to_the_map(client, lan, name):
    answer = sign_in(client, name)

    assert is_signed_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize(("name", "password"), [("lan", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_or_password_is_refused_alike(client, lan, name, password):
    answer = sign_in(client, name, password)

    assert not is_signed_in(client)
    assert answer.status_code == 200
    assert ("không đúng" in answer.content.decode()) is bool(name)


def test_a_closed_account_cannot_sign_in(client, lan):
    lan.is_active = False
    lan.save()

    sign_in(client)

    assert not is_signed_in(client)


def test_after_sign_in_the_way_leads_on_to_a_page_of_ours(client, lan):
    assert sign_in(client, next="/parcels/1/?as_of=x")["Location"] == "/parcels/1/?as_of=x"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "https:///evil.example",
        "javascript:alert(1)",
        "http:evil.example",
    ],
)
def test_after_sign_in_the_way_never_leads_to_another_server(client, lan, elsewhere):
    assert sign_in(client, next=elsewhere)["Location"] == "/"


def test_the_form_keeps_the_way_back_escaped(client):
    page = client.get("/sign-in/", {"next": '/x/"><script>'}).content.decode()

    assert "/x/&quot;&gt;&lt;script&gt;" in page


def test_sign_in_gives_the_session_a_new_key(client, lan):
    client.get("/sign-in/")
    client.session["before"] = 1
    before = client.session.session_key

    sign_in(client)

    assert client.session.session_key != before


def test_whoever_signs_in_is_spoken_to_in_the_own_language(client, lan):
    sign_in(client)

    assert client.get("/nothing-here/")["Content-Language"] == "en"


def test_signing_out_ends_the_session_and_only_a_post_does(client, lan):
    sign_in(client)

    assert client.get("/sign-out/").status_code == 405
    assert is_signed_in(client)
    assert client.post("/sign-out/")["Location"] == "/"
    assert not is_signed_in(client)


def test_the_session_cookie_is_out_of_reach_of_scripts_and_foreign_pages(client, lan):
    cookie = sign_in(client).cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_the_password_is_kept_as_an_argon2_hash(lan):
    assert lan.password.startswith("argon2$argon2id$")


def test_five_wrong_passwords_lock_even_the_right_one_out_for_a_quarter_of_an_hour(client, lan):
    answers = [sign_in(client, password="wrong").status_code for _ in range(5)]

    locked = sign_in(client)

    assert answers == [200, 200, 200, 200, 429]
    assert (locked.status_code, locked["Retry-After"]) == (429, "900")
    assert "15" in locked.content.decode()
    assert not is_signed_in(client)


def test_four_wrong_passwords_do_not_lock_out(client, lan):
    for _ in range(4):
        sign_in(client, password="wrong")

    sign_in(client)

    assert is_signed_in(client)


def test_writing_the_name_differently_gives_no_more_tries(client, lan):
    for name in ("lan", "Lan", "LAN", "lAn", "laN"):
        answer = sign_in(client, name, "wrong")

    assert answer.status_code == 429


def test_a_lock_holds_for_that_name_and_that_address_only(client, lan):
    User.objects.create_user("minh", PASSWORD, full_name="Lê Minh")
    for _ in range(5):
        sign_in(client, password="wrong")

    elsewhere, colleague = Client(), Client()
    sign_in(elsewhere, remote="203.0.113.77")
    sign_in(colleague, "minh")

    assert is_signed_in(elsewhere)
    assert is_signed_in(colleague)


def test_without_a_proxy_a_caller_cannot_claim_another_address(settings):
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.5", HTTP_X_FORWARDED_FOR="10.0.0.1")

    assert client_address(request) == "203.0.113.5"


def test_behind_our_proxy_only_its_own_entry_counts(settings):
    settings.BEHIND_PROXY = True
    request = RequestFactory().get(
        "/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="10.0.0.1, 203.0.113.5"
    )

    assert client_address(request) == "203.0.113.5"


def test_the_form_itself_carries_on_where_to_go_afterwards(client):
    page = lxml.html.fromstring(client.get("/sign-in/", {"next": "/admin/"}).content.decode())

    (form,) = (form for form in page.iter("form") if form.get("action") == "/sign-in/")
    (carried,) = (field for field in form.iter("input") if field.get("name") == "next")
    assert carried.get("value") == "/admin/"
