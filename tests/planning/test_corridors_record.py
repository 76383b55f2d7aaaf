"""The rules in the record: loaded once, changed by decision, read by the public."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import Role, RoleAssignment, User
from landdata.errors import Forbidden, Invalid, Missing
from landdata.models import Revision
from planning.corridors import in_force
from planning.models import CorridorRule, PublicCorridorRule
from planning.operations.corridor_rules import Decided, change_corridor_rule
from planning.operations.reference import load_corridor_rules
from tests.planning.things import RULES, TABLES, TODAY

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
    row.figure_m, row.at_most_m = 2.0, 1.9

    with pytest.raises(IntegrityError, match="at_most"), Revision.open(by=None, why="x") as now:
        row.from_revision = now.number
        row.save()


def decided(**values):
    given = {
        "rule": "power_110_kv",
        "measure": 1,
        "decision": "12/2026/QĐ-UBND",
        "valid_from": dt.date(2026, 12, 1),
        **values,
    }
    return Decided(**given)


def figures_m(day, rule="power_110_kv"):
    rules = [row.as_rule() for row in CorridorRule.objects.known_now().filter(rule=rule)]
    return [rule.figure_m for rule in in_force(rules, on=day)]


def test_an_office_changes_a_figure_from_a_day_on_and_the_tables_leave_it_alone(loaded):
    change_corridor_rule(decided(figure_m=5.5), on=TODAY, by=None)

    again = load_corridor_rules(TABLES, by=None)

    assert (again.new, again.changed, again.gone) == (0, 0, 0)
    assert figures_m(dt.date(2026, 11, 30)) == [4.0]
    assert figures_m(dt.date(2026, 12, 1)) == [5.5]
    row = CorridorRule.objects.known_now().get(office_decision="12/2026/QĐ-UBND")
    assert (row.legal_source, row.object) == ("12/2026/QĐ-UBND", "power_line")


def test_a_decision_for_the_first_day_of_a_row_takes_its_place(loaded):
    change_corridor_rule(decided(figure_m=3.0, valid_from=dt.date(2014, 4, 15)), on=TODAY, by=None)
    load_corridor_rules(TABLES, by=None)

    assert figures_m(dt.date(2020, 1, 1)) == [3.0]
    assert CorridorRule.objects.filter(rule="power_110_kv").count() == 2


def test_a_decided_figure_leaves_nothing_open(loaded):
    row = change_corridor_rule(decided(rule="rail_corridor", figure_m=18.0), on=TODAY, by=None)

    assert (row.figure_m, row.at_most_m, row.is_certain) == (18.0, None, True)


@pytest.mark.parametrize(
    ("values", "kind", "code"),
    [
        ({"rule": "power_111_kv"}, Missing, "corridor_rule"),
        ({"decision": "  "}, Invalid, "corridor_rule_without_decision"),
        ({"figure_m": -1.0}, Invalid, "corridor_rule_figure"),
        ({"figure_m": float("nan")}, Invalid, "corridor_rule_figure"),
        ({"valid_to": dt.date(2026, 12, 1)}, Invalid, "corridor_rule_days"),
    ],
)
def test_a_change_that_says_nothing_is_refused(loaded, values, kind, code):
    with pytest.raises(kind) as refused:
        change_corridor_rule(decided(**values), on=TODAY, by=None)

    assert refused.value.code == code


def test_only_an_administrator_changes_a_rule(loaded):
    planner = User.objects.create_user(username="lan")
    chief = User.objects.create_user(username="hoa")
    for user, role in ((planner, Role.PLANNER), (chief, Role.ADMINISTRATOR)):
        RoleAssignment.objects.create(user=user, role=role, valid_from=dt.date(2020, 1, 1))

    with pytest.raises(Forbidden):
        change_corridor_rule(decided(figure_m=5.0), on=TODAY, by=planner)
    assert change_corridor_rule(decided(figure_m=5.0), on=TODAY, by=chief).figure_m == 5.0


def test_the_command_changes_a_rule_or_says_why_not(loaded, capsys):
    arguments = ["--from", "2026-12-01", "--decision", "12/2026/QĐ-UBND", "--figure", "5"]

    call_command("change_corridor_rule", "power_110_kv", *arguments)
    assert figures_m(dt.date(2026, 12, 1)) == [5.0]

    with pytest.raises(SystemExit) as left:
        call_command("change_corridor_rule", "power_111_kv", *arguments)
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert "Không có quy tắc hành lang power_111_kv" in said
    assert "There is no corridor rule power_111_kv" in said
