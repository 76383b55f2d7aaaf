"""Every assertion of the table, and the proof that each checker can fail."""

from __future__ import annotations

import pytest

from tests.conformance import trial
from tests.conformance.assertions import read_table
from tests.conformance.wmts import (
    BOOK,
    capabilities,
    contents,
    refusals,
    tiles,
)

#: Reading them enters their assertions.
CHAPTERS = (capabilities, contents, refusals, tiles)
TABLE = read_table("wmts")


@pytest.mark.parametrize("assertion", trial.cases(BOOK, TABLE))
def test_assertion(wmts, assertion):
    assertion.check(*assertion.answers(wmts))


@pytest.mark.parametrize(("assertion", "damage"), trial.damaged_cases(BOOK, TABLE))
def test_a_damaged_answer_fails(wmts, assertion, damage):
    trial.assert_fails(assertion, damage, wmts)


def test_table_and_tests_name_the_same_assertions():
    trial.assert_table_fits(BOOK, TABLE)


def test_each_assertion_has_a_damage():
    trial.assert_each_can_fail(BOOK)
