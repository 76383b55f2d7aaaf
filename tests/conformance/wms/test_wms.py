"""Every assertion of the table, and the proof that each checker can fail."""

from __future__ import annotations

import pytest

from tests.conformance import trial
from tests.conformance.assertions import read_table
from tests.conformance.wms import (
    BOOK,
    basic,
    boxes,
    capabilities,
    days,
    info,
    layers,
    maps,
    older,
    refusals,
)

#: Reading them enters their assertions.
CHAPTERS = (basic, boxes, capabilities, days, info, layers, maps, older, refusals)
TABLE = read_table("wms")


@pytest.mark.parametrize("assertion", trial.cases(BOOK, TABLE))
def test_assertion(wms, assertion):
    assertion.check(*assertion.answers(wms))


@pytest.mark.parametrize(("assertion", "damage"), trial.damaged_cases(BOOK, TABLE))
def test_a_damaged_answer_fails(wms, assertion, damage):
    trial.assert_fails(assertion, damage, wms)


def test_table_and_tests_name_the_same_assertions():
    trial.assert_table_fits(BOOK, TABLE)


def test_each_assertion_has_a_damage():
    trial.assert_each_can_fail(BOOK)
