"""The rules in the record: loaded once, changed by decision, read by the public."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from landdata.models import Revision
from planning.models import CorridorRule, PublicCorridorRule
from planning.operations.reference import load_corridor_rules
from tests.planning.things import RULES, TABLES

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    return load_corridor_rules(TABLES, by=None)


def test_the_rules_come_in_whole_and_a_second_time_changes_nothing(loaded):
    revisions = Revision.objects.count()
    again = load_corridor_rules(TABLES, by=None)

    assert (loaded.read, loaded.new) == (127, 127)
    assert (again.new, again.changed, again.gone, again.unchanged) == (0, 0, 0, 127)
    assert Revision.objects.count() == revisions
    assert CorridorRule.objects.values("rule").distinct().count() == 100


def test_a_rule_comes_out_of_the_record_as_it_went_in(loaded):
    rows = CorridorRule.objects.known_now().order_by("pk")

    assert [row.as_rule() for row in rows] == RULES


def test_the_public_reads_the_same_rules(loaded):
    rows = PublicCorridorRule.objects.known_now().order_by("pk")

    assert [row.as_rule() for row in rows] == RULES


def test_a_rule_in_the_record_is_not_changed_in_place(loaded):
    with pytest.raises(DatabaseError), transaction.atomic():
        CorridorRule.objects.filter(rule="power_110_kv").update(figure_m=1.0)


def test_a_reach_below_the_figure_is_refused(loaded):
    row = CorridorRule.of(RULES[0])
    row.valid_from = dt.date(2030, 1, 1)
    row.at_most_m = row.figure_m / 2

    with pytest.raises(IntegrityError, match="at_most"), Revision.open(by=None, why="x") as now:
        row.from_revision = now.number
        row.save()
