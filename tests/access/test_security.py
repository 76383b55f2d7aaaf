"""What every answer forbids the browser, and what production insists on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

from config.security import content_security_policy

#: As published by the Content Security Policy standard; anything looser is a decision to discuss.
STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}


def policy_of(answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in parts if name}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/sign-in/", "/nothing-here/", "/api/docs"])
def test_every_page_forbids_what_does_not_come_from_us(client, path):
    assert policy_of(client.get(path)) == STRICT


def test_a_background_from_outside_may_give_pictures_and_nothing_else():
    directives = content_security_policy(outside_background="https://maps.example/{z}/{x}/{y}.png")[
        "DIRECTIVES"
    ]

    changed = {name for name, sources in directives.items() if " ".join(sources) != STRICT[name]}
    assert changed == {"img-src"}
    assert directives["img-src"] == ["'self'", "data:", "https://maps.example"]


@pytest.mark.parametrize("pattern", ["", "http://maps.example/{z}", "*", "https://"])
def test_a_background_that_is_no_https_address_opens_nothing(pattern):
    directives = content_security_policy(outside_background=pattern)["DIRECTIVES"]

    assert directives["img-src"] == ["'self'", "data:"]


@pytest.mark.django_db
def test_every_page_carries_the_other_headers(client):
    answer = client.get("/")

    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=(self)" in answer["Permissions-Policy"]
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/sign-in/", "/nothing-here/", "/api/docs"])
def test_no_page_holds_what_the_policy_would_stop(client, path):
    page = client.get(path).content.decode()

    assert "style=" not in page
    assert "<style" not in page
    assert " onclick=" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    for start in page.split("<script")[1:]:
        element = start.partition("</script>")[0]
        attributes, _, body = element.partition(">")
        assert not body.strip() or 'type="application/json"' in attributes


@pytest.mark.django_db
def test_a_foreign_host_name_is_refused(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so_in_both_languages():
    client = Client(raise_request_exception=False)

    assert client.get("/nothing-here/").status_code == 404
    assert b'<html lang="vi">' in client.get("/nothing-here/").content
    assert b'<html lang="en">' in client.get("/nothing-here/?lang=en").content


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_a_page_of_ours():
    answer = Client(enforce_csrf_checks=True).post("/sign-in/?lang=en", {"username": "x"})

    assert answer.status_code == 403
    assert "Form no longer valid" in answer.content.decode()


def test_the_page_for_a_fault_of_ours_depends_on_nothing():
    page = render_to_string("500.html")

    assert "Hệ thống gặp lỗi" in page
    assert "Something went wrong" in page
    assert "{%" not in page


def production(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of manage.py in production mode, with nothing else set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DIADO_")}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**kept, "DIADO_MODE": "production", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


COMPLETE = {
    "DIADO_SECRET_KEY": "kh0ng-ai-biet-chuoi-nay-va-no-dai-hon-nam-muoi-ky-tu-8d1f",
    "DIADO_ALLOWED_HOSTS": "diado.example",
}


def test_production_passes_djangos_deployment_check():
    checked = production("check", "--deploy", "--fail-level=WARNING", **COMPLETE)

    assert (checked.returncode, "no issues" in checked.stdout + checked.stderr) == (0, True)


@pytest.mark.parametrize("missing", sorted(COMPLETE))
def test_production_without_key_or_hosts_says_what_it_needs_in_both_languages(missing):
    rest = {name: value for name, value in COMPLETE.items() if name != missing}

    refused = production("check", **rest)

    assert refused.returncode != 0
    assert "Chế độ production cần" in refused.stderr
    assert "Production needs DIADO_SECRET_KEY and DIADO_ALLOWED_HOSTS" in refused.stderr


ASK = """
import json, sys
import django
django.setup()
from django.test import Client
secure = sys.argv[1] == "secure"
answer = Client().get("/sign-in/", secure=secure, headers={"host": "diado.example"})
print(json.dumps([answer.status_code, dict(answer.headers), answer.cookies.output()]))
"""


def ask_production(how: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DIADO_")}
    return subprocess.run(
        [sys.executable, "-c", ASK, how],
        cwd=settings.BASE_DIR,
        env={
            **kept,
            **COMPLETE,
            "DIADO_MODE": "production",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_speaks_https_only_and_says_so_for_a_year():
    plain, safe = ask_production("plain").stdout, ask_production("secure").stdout

    assert plain.startswith("[301")
    assert "https://diado.example/sign-in/" in plain
    assert safe.startswith("[200")
    assert "max-age=31536000; includeSubDomains" in safe
    assert "csrftoken" in safe
    assert "Secure" in safe
