"""Vietnamese, unless somebody chose otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User

pytestmark = pytest.mark.django_db


def language(client, path: str = "/sign-in/", **headers: str) -> Any:
    return client.get(path, **headers)["Content-Language"]


def test_the_first_page_is_vietnamese_whatever_the_browser_prefers(client):
    answer = client.get("/sign-in/", headers={"accept-language": "en-GB,en;q=0.9"})

    assert answer["Content-Language"] == "vi"
    assert '<html lang="vi">' in answer.content.decode()
    assert "Accept-Language" not in answer["Vary"]


def test_a_choice_by_form_is_kept_without_script_and_leads_back(client):
    answer = client.post("/language/", {"language": "en", "next": "/sign-in/"})

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert language(client) == "en"


def test_a_choice_leads_to_no_other_server(client):
    answer = client.post("/language/", {"language": "en", "next": "https://evil.example/"})

    assert answer["Location"] == "/"


def test_an_address_may_ask_for_a_language_once(client):
    assert language(client, "/sign-in/?lang=en") == "en"
    assert language(client) == "vi"


@pytest.mark.parametrize("unknown", ["fr", "", "../en", "EN"])
def test_a_language_that_we_do_not_speak_is_answered_in_vietnamese(client, unknown):
    client.cookies["django_language"] = unknown

    assert language(client, f"/sign-in/?lang={unknown}") == "vi"


def test_the_choice_of_whoever_is_signed_in_is_kept_with_the_account(client):
    lan = User.objects.create_user("lan", full_name="Lan")
    client.force_login(lan, backend="accounts.backends.OpenAccounts")

    client.post("/language/", {"language": "en"})
    lan.refresh_from_db()
    assert lan.language == "en"

    client.post("/language/", {"language": "fr"})
    lan.refresh_from_db()
    assert lan.language == "en"
