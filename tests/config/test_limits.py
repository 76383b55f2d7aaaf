"""How much one caller may ask, whoever answers."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
from pathlib import Path
from wsgiref.util import setup_testing_defaults

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from accounts import keys
from accounts.models import AccessKey, Language, User
from config import counters as counters_module
from config.counters import Counters, whole_seconds
from config.limits import Limited, address_group, key_of

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2026, 9, 1)


def echo(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"answered"]


class Caller:
    """Asks a limited application and remembers the last answer."""

    def __init__(self, application) -> None:
        self.application = application

    def ask(self, path="/", query="", **environ) -> int:
        values = {"PATH_INFO": path, "QUERY_STRING": query, "REMOTE_ADDR": "10.0.0.1", **environ}
        setup_testing_defaults(values)
        values["wsgi.input"] = io.BytesIO()

        def start(status, headers):
            self.status, self.headers = int(status[:3]), dict(headers)

        self.body = b"".join(self.application(values, start))
        return self.status


@pytest.fixture
def limited(tmp_path, monkeypatch):
    monkeypatch.setattr("config.limits.time.time", lambda: 6000.0)
    counters = Counters(tmp_path / "requests.bin", slots=1024)
    yield Caller(Limited(echo, counters, units_per_minute=16, is_behind_proxy=False))
    counters.close()


def test_what_is_within_the_limit_is_answered_and_the_rest_told_when_to_come_again(limited):
    assert [limited.ask("/wms") for _ in range(5)] == [200, 200, 200, 200, 429]
    # The minute began just now: all four pictures stay in sight until it is over, and a quarter of
    # the next one has to pass before one of them is out of sight.
    assert limited.headers["Retry-After"] == "75"
    assert limited.headers["Cache-Control"] == "no-store"


def test_each_address_has_a_limit_of_its_own(limited):
    while limited.ask("/tiles/zones/1/0/0.pbf") == 200:
        pass

    assert limited.ask("/tiles/zones/1/0/0.pbf", REMOTE_ADDR="10.0.0.2") == 200


def test_a_network_of_ipv6_is_one_caller():
    assert address_group("2001:db8:1:2:a::1") == address_group("2001:db8:1:2:b::9")
    assert address_group("2001:db8:1:2::1") != address_group("2001:db8:1:3::1")
    assert address_group("::ffff:10.0.0.7") == "10.0.0.7"


def test_a_forwarded_address_counts_only_behind_our_own_proxy(limited):
    while limited.ask("/") == 200:
        pass

    assert limited.ask("/", HTTP_X_FORWARDED_FOR="203.0.113.9") == 429


def test_the_health_of_the_server_can_always_be_asked(limited):
    while limited.ask("/") == 200:
        pass

    assert limited.ask("/health/") == 200


@pytest.mark.parametrize(
    ("path", "root"),
    [
        ("/wms", "{http://www.opengis.net/ogc}ServiceExceptionReport"),
        ("/wfs", "{http://www.opengis.net/ows/1.1}ExceptionReport"),
        ("/wmts/1.0.0/zones/x.png", "{http://www.opengis.net/ows/1.1}ExceptionReport"),
    ],
)
def test_a_service_refuses_in_its_own_format_and_both_languages(limited, path, root):
    while limited.ask(path) == 200:
        pass

    report = etree.fromstring(limited.body)
    assert report.tag == root
    words = "".join(map(str, report.itertext()))
    assert "Quá nhiều yêu cầu" in words
    assert "Too many requests" in words


def test_other_programs_get_problem_details(limited):
    while limited.ask("/api/map") == 200:
        pass

    problem = json.loads(limited.body)
    assert (problem["status"], problem["code"]) == (429, "too_many_requests")


def open_account(name: str) -> User:
    return User.objects.create(username=name, full_name=name, language=Language.VIETNAMESE)


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr("config.limits.timezone.localdate", lambda: TODAY)


@pytest.mark.django_db
def test_a_key_has_a_quota_of_its_own_wherever_it_is_used(limited, today):
    key = keys.issue_key(
        user=open_account("lan"), label="QGIS", valid_from=TODAY, units_per_minute=8
    )
    while limited.ask("/wms") == 200:
        pass

    assert limited.ask("/wms", HTTP_X_API_KEY=key) == 200
    assert limited.ask("/wms", f"a=b&key={key}", REMOTE_ADDR="10.0.0.2") == 200
    assert limited.ask("/wms", HTTP_X_API_KEY=key, REMOTE_ADDR="10.0.0.3") == 429


@pytest.mark.django_db
def test_a_key_that_opens_nothing_is_refused_and_counted_by_address(limited, today):
    user = open_account("lan")
    ended = keys.issue_key(user=user, label="old", valid_from=dt.date(2026, 1, 1))
    keys.end_key(user=user, beginning=ended[:12], on=dt.date(2026, 8, 1))

    answers = [limited.ask("/wms", HTTP_X_API_KEY=key) for key in (ended, "diado_guess")]

    assert answers == [401, 401]
    assert limited.ask("/wms") == 200
    assert limited.ask("/wms") == 200
    assert limited.ask("/wms") == 429


@pytest.mark.django_db
def test_a_key_of_a_closed_account_opens_nothing():
    user = open_account("lan")
    key = keys.issue_key(user=user, label="QGIS", valid_from=TODAY)
    assert keys.holder_of(key, on=TODAY) == user
    assert keys.holder_of(key, on=TODAY - dt.timedelta(days=1)) is None

    user.is_active = False
    user.save()

    assert keys.holder_of(key, on=TODAY) is None
    assert keys.quotas(on=TODAY) == {}


@pytest.mark.django_db
def test_a_stored_key_cannot_be_read_back():
    key = keys.issue_key(user=open_account("lan"), label="QGIS", valid_from=TODAY)

    row = AccessKey.objects.values().get()

    assert key not in str(row)
    assert str(row["beginning"]) == key[:12]


@pytest.mark.django_db
def test_a_key_signs_in_for_one_request_and_a_wrong_one_is_not_ignored(client):
    key = keys.issue_key(user=open_account("lan"), label="QGIS", valid_from=dt.date(2020, 1, 1))

    assert client.get("/api/map", headers={"X-Api-Key": key}).status_code == 200
    assert client.get("/api/map", headers={"X-Api-Key": key[:-1]}).status_code == 401
    assert client.get(f"/api/map?key={key[:-1]}").status_code == 401
    assert client.get("/api/map").status_code == 200


def test_a_query_without_a_key_carries_none():
    assert key_of({"QUERY_STRING": "monkey=1&keys=2"}) == ""
    assert key_of({"QUERY_STRING": "&".join(["a=1"] * 300) + "&key=x"}) == ""


_SPEND_OFTEN = """
import sys
from pathlib import Path
from config.counters import Counters
counters = Counters(Path(sys.argv[1]), slots=64)
for _ in range(2000):
    counters.spend(b"10.0.0.1", 1, limit=10**6, now=6000.0)
"""


def test_processes_count_together(tmp_path):
    path = tmp_path / "requests.bin"
    command = [sys.executable, "-c", _SPEND_OFTEN, str(path)]
    workers = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [worker.wait() for worker in workers] == [0, 0, 0]

    counters = Counters(path, slots=64)
    assert counters.spend(b"10.0.0.1", 1, limit=6001, now=6000.0) == 0
    assert counters.spend(b"10.0.0.1", 1, limit=6001, now=6000.0) > 0
    counters.close()


def test_whoever_waits_as_long_as_told_is_not_refused_for_a_rounding_error(tmp_path):
    """15 in the minute: at its 52nd second one waits 28 s, when 10 of 15 are still in sight."""
    counters = Counters(tmp_path / "requests.bin", slots=8)
    for _ in range(3):
        assert counters.spend(b"caller", 5, limit=15, now=6052.0) == 0

    assert whole_seconds(counters.spend(b"caller", 5, limit=15, now=6052.0)) == 28
    assert counters.spend(b"caller", 5, limit=15, now=6080.0) == 0
    counters.close()


@settings(max_examples=200)
@given(st.lists(st.tuples(st.floats(0, 20), st.integers(1, 9)), max_size=60), st.integers(9, 40))
def test_no_minute_of_the_clock_ever_holds_more_than_the_limit(tmp_path_factory, steps, limit):
    """And whoever waits as long as told is let in."""
    counters = Counters(tmp_path_factory.mktemp("counters") / "requests.bin", slots=8)
    now = 6000.0
    spent: dict[int, int] = {}
    for pause, cost in steps:
        now += pause
        wait = counters.spend(b"caller", cost, limit=limit, now=now)
        if wait:
            now += whole_seconds(wait)
            assert counters.spend(b"caller", cost, limit=limit, now=now) == 0
        minute = int(now // counters_module.WINDOW_S)
        spent[minute] = spent.get(minute, 0) + cost
    counters.close()
    assert all(total <= limit for total in spent.values())
