"""The proof against wild requests, small; `make prove JOB=fuzz` runs it at full size."""

from __future__ import annotations

import logging
import os
import urllib.request

import pytest

from tests.fuzzing.canaries import CANARY
from tests.fuzzing.statements import all_logged, statements, words_of_callers
from tests.proofs.fuzz import SEED, SIZE, SMALL_SIZE, prove, warm
from tests.servers import own_name
from tests.small_city.serving import running_small_city

PROGRAMS = ("tests.fuzzing.received", "tests.small_city.ground", "tests.fuzzing.canaries")
logger = logging.getLogger(__name__)
#: How much a server may grow once it is warm. Fewer requests than this do not warm one.
GROWTH, WARMED_BY = 0.10, 5_000


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzzed")
    with running_small_city(folder, own_name("fuzzed"), programs=PROGRAMS) as it:
        yield it


def test_the_pages_are_whole_before_anything_is_sent(city):
    with urllib.request.urlopen(city.url) as answer:
        assert answer.status == 200


def test_no_request_breaks_a_service_or_makes_it_talk(city):
    size, seed = int(os.environ.get(SIZE, SMALL_SIZE)), int(os.environ.get(SEED, "1"))

    with all_logged(city.database_url.rpartition("/")[2]) as log:
        if size >= WARMED_BY:
            warm(city)
        seen = prove(city, log, size, seed)

    logger.info("%d requests, statuses %s", seen.sent, dict(sorted(seen.statuses.items())))
    logger.info("%d statements read, growth %s", log.count, seen.growth())
    for what, request in seen.faults.items():
        logger.error("%s\n    %s", what, request)
    assert seen.sent == size
    assert seen.statuses[200] > size / 20, "hardly a request got through"
    assert log.count > size / 4, "hardly a statement was seen"
    assert seen.faults == {}
    if size >= WARMED_BY:
        assert all(grown <= GROWTH for grown in seen.growth().values()), seen.growth()


def test_the_planted_names_are_there_and_would_be_found(city):
    rows = city.rows("SELECT full_name FROM accounts_user WHERE username LIKE %s", f"{CANARY}%")
    assert rows[0][0].startswith(CANARY)

    with urllib.request.urlopen(f"{city.url}/layers/") as answer:
        assert CANARY.encode() not in answer.read()


_PREFIX = "2026-01-01 00:00:00.000 UTC [12] diado_public@city LOG:  "


@pytest.mark.parametrize(
    ("statement", "is_found"),
    [
        ("statement: SELECT 1 WHERE name = 'zq0123456789'", False),
        ("statement: SELECT 1 WHERE name = 'it''s zq0123456789' OR E'\\'zq0123456789' = ''", False),
        ("execute <unnamed>: SELECT $$zq0123456789$$, $a$zq0123456789 $$ $a$", False),
        ("statement: SELECT zq0123456789", True),
        ('statement: SELECT 1 AS "zq0123456789"', True),
        ("statement: SELECT 'a' -- zq0123456789", True),
        ("statement: SELECT 'a'' ' || zq0123456789 || ''", True),
        ("statement: SELECT E'a\\\\' || ZQ0123456789 || ''", True),
        ("execute s1: SELECT 'a\\' || zq0123456789 || '\\'", True),
        ("statement: SELECT\n\t'a' AS\n\tzq0123456789", True),
    ],
)
def test_a_word_outside_a_quoted_value_is_found(statement, is_found):
    log = f"{_PREFIX}{statement}\n{_PREFIX}statement: SELECT 2\n"

    assert len(list(statements(log, "city"))) == 2
    assert bool(words_of_callers(log, "city")) is is_found
    assert words_of_callers(log, "another") == []
