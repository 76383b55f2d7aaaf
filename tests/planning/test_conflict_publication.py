"""What the public is told of conflicts: of plans in force where, of drafts how many."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Role
from landdata.errors import Forbidden, Invalid, Missing
from landdata.models import ChangedArea, Revision
from planning.models import (
    Conflict,
    ConflictFinding,
    ConflictState,
    ConflictSummary,
    Plan,
    PlanLevel,
    PublishedConflict,
)
from planning.operations.conflict_publication import publish_conflicts, release_summary
from planning.operations.conflict_runs import carry_out, last_run, start_run
from planning.operations.conflict_work import is_current
from tests.planning.city import box, person
from tests.planning.test_conflict_ways import GREEN, HOUSES, below, check, draft, office

__all__ = ["draft", "office"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def contradicting(office):
    """Two plans in force: housing of 10 m by 100 m where the plan above wants green."""
    office.in_force(
        "QHC",
        box(0, 0, 100, 100),
        {"C1": (HOUSES, box(0, 0, 50, 100)), "C2": (GREEN, box(50, 0, 100, 100))},
        level=PlanLevel.GENERAL,
    )
    below("QHC")
    zones = {"Ô 1": (HOUSES, box(0, 0, 60, 100)), "Ô 2": (GREEN, box(60, 0, 100, 100))}
    office.in_force("QHPK", box(0, 0, 100, 100), zones)


def check_city():
    run, _ = start_run(version_id=None, by=None, on=timezone.localdate())
    return carry_out(run_id=run.pk)


def told():
    """What the public reads, through the view."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rule, severity, plans, area_m2, text_vi, ST_Area(boundary)"
            " FROM public_conflicts WHERE to_revision IS NULL ORDER BY rule, area_m2 DESC"
        )
        return cursor.fetchall()


def test_conflicts_of_plans_in_force_are_told_with_rule_law_and_ground(contradicting):
    before = Revision.objects.count()

    check_city()

    # In the same step: nobody reads of a check whose results are not there.
    (row,) = [row for row in told() if row[0] == "P01"]
    assert row[1:4] == ("blocks", "QHC, QHPK", 1000.0)
    assert "1.000 m²" in row[4]
    assert row[5] == pytest.approx(1000)
    assert Revision.objects.count() == before + 1
    newest = Revision.objects.latest("number")
    assert ChangedArea.objects.filter(layer="conflicts", revision_id=newest.number).exists()


def test_the_same_results_open_nothing_and_need_no_check(contradicting):
    run = check_city()
    revisions = Revision.objects.count()

    again = publish_conflicts()

    assert (again.opened, again.closed, again.kept) == (0, 0, len(told()))
    assert again.revision is None
    assert Revision.objects.count() == revisions
    # That it was told does not make the check old, and the same inputs are the same run.
    last = last_run(None)
    assert last is not None
    assert is_current(last)
    assert check_city().pk == run.pk


def test_what_is_solved_or_a_false_alarm_is_told_no_more_and_stays_in_the_record(contradicting):
    check_city()
    publish_conflicts()
    conflict = Conflict.objects.get(version=None, rule="P01")
    Conflict.objects.filter(pk=conflict.pk).update(state=ConflictState.FALSE_ALARM)

    assert publish_conflicts().closed == 1
    assert "P01" not in [row[0] for row in told()]
    old = PublishedConflict.objects.get(rule="P01")
    assert old.to_revision is not None


def test_of_plots_and_buildings_nothing_is_told(contradicting):
    check_city()
    finding = ConflictFinding.objects.get(version=None, conflict__rule="P01", to_run=None)
    parties = [*finding.conflict.parties, ["parcel", "00000000-0000-4000-8000-000000000000"]]
    Conflict.objects.filter(pk=finding.conflict_id).update(parties=parties)

    publish_conflicts()

    assert "P01" not in [row[0] for row in told()]


def test_rules_that_are_not_public_are_not_told(contradicting):
    check_city()
    Conflict.objects.filter(version=None, rule="P01").update(rule="G01")

    publish_conflicts()

    assert not {"G01", "P01"} & {row[0] for row in told()}


def test_a_draft_is_told_nowhere(office, draft):
    check(draft)
    check_city()

    publish_conflicts()

    assert not [row for row in told() if "QHPK" in row[2]]


def test_before_the_first_check_of_the_city_nothing_can_be_told(office):
    with pytest.raises(Invalid, match="conflicts_never_run"):
        publish_conflicts()


def test_an_approver_releases_the_numbers_of_a_draft(office, draft):
    check(draft)

    summary = release_summary(version_id=draft.pk, by=office.approver, on=timezone.localdate())

    (of_p01,) = [row for row in summary.counts if row["rule"] == "P01"]
    assert of_p01 == {"rule": "P01", "severity": "blocks", "count": 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM public_conflict_summaries")
        (row,) = cursor.fetchall()
        assert "approver" not in str(row)
        assert "released_on" in [column.name for column in cursor.description]


def test_only_an_approver_releases_and_only_what_is_up_to_date(office, draft):
    with pytest.raises(Invalid, match="conflicts_never_run"):
        release_summary(version_id=draft.pk, by=office.approver, on=timezone.localdate())
    check(draft)
    with pytest.raises(Forbidden):
        release_summary(version_id=draft.pk, by=office.planner, on=timezone.localdate())
    with pytest.raises(Missing):
        nobody = person("nobody", Role.ADMINISTRATOR)
        release_summary(version_id=draft.pk, by=nobody, on=timezone.localdate())
    assert not ConflictSummary.objects.exists()
    assert Plan.objects.filter(code="QHPK").exists()
