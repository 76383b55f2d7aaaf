"""Runs of the check: what they keep, how it follows edits, and what ends them."""

from __future__ import annotations

from random import Random

import pytest
import shapely
from django.utils import timezone

from landdata.errors import Invalid
from landdata.geometry import to_shapely
from planning.editing.records import Change
from planning.models import (
    Conflict,
    ConflictFinding,
    ConflictRun,
    DraftEdit,
    PlanVersion,
    RunKind,
    RunState,
)
from planning.operations.conflict_runs import call_off, carry_out, start_run
from planning.operations.conflict_work import is_current, refresh
from tests.planning.city import Office, stored
from tests.planning.conflict_town import (
    GREEN,
    WORKS,
    PlannedTown,
    checked_whole,
    difference,
    kept,
)

pytestmark = pytest.mark.django_db


def check(version: PlanVersion | None) -> ConflictRun:
    """Ask for a run and carry it out, as the worker would."""
    run, _ = start_run(
        version_id=None if version is None else version.pk, by=None, on=timezone.localdate()
    )
    return carry_out(run_id=run.pk)


@pytest.fixture
def planned(request: pytest.FixtureRequest) -> PlannedTown:
    town = PlannedTown(Random(getattr(request, "param", 1)))
    town.found()
    return town


@pytest.mark.parametrize("planned", [1, 2, 3], indirect=True)
def test_what_is_kept_after_each_change_is_what_a_whole_check_finds(planned: PlannedTown) -> None:
    draft = planned.draft
    run = check(draft)
    assert run.state == RunState.DONE
    assert difference(kept(draft), checked_whole(draft)) == []
    for number in range(12):
        what = planned.step()
        run = refresh(version_id=draft.pk, by=planned.planner, on=timezone.localdate())
        if run.state == RunState.QUEUED:
            carry_out(run_id=run.pk)
        said = difference(kept(draft), checked_whole(draft))
        assert said == [], f"after step {number} ({what})\n" + "\n".join(said)


def test_the_same_inputs_give_the_same_run(planned: PlannedTown) -> None:
    draft, on = planned.draft, timezone.localdate()
    first, is_new = start_run(version_id=draft.pk, by=planned.planner, on=on)
    assert is_new
    assert start_run(version_id=draft.pk, by=planned.planner, on=on) == (first, False)
    done = carry_out(run_id=first.pk)
    assert is_current(done)
    assert start_run(version_id=draft.pk, by=planned.planner, on=on) == (first, False)
    assert refresh(version_id=draft.pk, by=planned.planner, on=on) == first


def test_a_conflict_keeps_its_name_through_runs_and_says_whose_edit_it_is(
    planned: PlannedTown,
) -> None:
    draft, on = planned.draft, timezone.localdate()
    zone = draft.drafts.filter(label="3.0").get()
    planned.save(Change(uid=zone.uid, based_on=zone.version, content={"function": GREEN}))
    check(draft)
    before = set(ConflictFinding.objects.filter(version=draft).values_list("conflict", flat=True))
    # Works on ground that the general plan keeps green contradict it.
    zone.refresh_from_db()
    planned.save(Change(uid=zone.uid, based_on=zone.version, content={"function": WORKS}))
    run = refresh(version_id=draft.pk, by=planned.planner, on=on)
    assert run.kind == RunKind.PARTIAL
    new = Conflict.objects.filter(version=draft, rule="P01").exclude(pk__in=before)
    (found,) = new.filter(keys__contains=[f"zone:{zone.uid}"])
    edit = DraftEdit.objects.get(version_of=draft, number=3)
    assert (found.by_edit, found.first_run) == (edit, run)
    assert found.findings.get().area_m2 == pytest.approx(900)

    zone.refresh_from_db()
    planned.save(Change(uid=zone.uid, based_on=zone.version, content={"function": GREEN}))
    refresh(version_id=draft.pk, by=planned.planner, on=on)
    assert not found.findings.filter(to_run=None).exists()

    zone.refresh_from_db()
    planned.save(Change(uid=zone.uid, based_on=zone.version, content={"function": WORKS}))
    refresh(version_id=draft.pk, by=planned.planner, on=on)
    again = Conflict.objects.get(version=draft, identity=found.identity)
    assert again.pk == found.pk
    assert again.findings.count() == 2


def test_what_was_accepted_is_open_again_when_it_grows(planned: PlannedTown) -> None:
    draft, on = planned.draft, timezone.localdate()
    zone = draft.drafts.filter(label="3.0").get()
    planned.save(Change(uid=zone.uid, based_on=zone.version, content={"function": WORKS}))
    check(draft)
    conflict = Conflict.objects.get(version=draft, rule="P01", keys__contains=[f"zone:{zone.uid}"])
    Conflict.objects.filter(pk=conflict.pk).update(state="accepted")
    zone.refresh_from_db()
    shape = to_shapely(zone.boundary).buffer(1, join_style="mitre")
    planned.save(Change(uid=zone.uid, based_on=zone.version, boundary=stored(shape)))
    refresh(version_id=draft.pk, by=planned.planner, on=on)
    conflict.refresh_from_db()
    assert conflict.state == "open"
    assert [event.kind for event in conflict.events.all()] == ["reopen"]


def test_a_run_called_off_leaves_the_results_of_the_last_one(planned: PlannedTown) -> None:
    draft, on = planned.draft, timezone.localdate()
    check(draft)
    before = kept(draft)
    zone = draft.drafts.filter(label="3.0").get()
    planned.save(Change(uid=zone.uid, based_on=zone.version, content={"function": WORKS}))
    run, _ = start_run(version_id=draft.pk, by=planned.planner, on=on)

    def call_it_off(going: ConflictRun) -> None:
        if going.step == "write":
            call_off(run_id=run.pk, by=planned.planner, on=on)

    done = carry_out(run_id=run.pk, progress=call_it_off)
    assert done.state == RunState.CANCELLED
    assert kept(draft) == before


def test_before_the_first_run_there_is_nothing_to_bring_up_to_date(planned: PlannedTown) -> None:
    with pytest.raises(Invalid) as refused:
        refresh(version_id=planned.draft.pk, by=planned.planner, on=timezone.localdate())
    assert refused.value.code == "conflicts_never_run"


def test_the_city_is_checked_as_drafts_are(planned: PlannedTown) -> None:
    office = Office.at_work()
    office.publish(office.approve(planned.draft))
    check(None)
    assert kept(None)
    for _ in range(4):
        planned.town.edit()
        run = refresh(version_id=None, by=planned.planner, on=timezone.localdate())
        if run.state == RunState.QUEUED:
            carry_out(run_id=run.pk)
        assert difference(kept(None), checked_whole(None)) == []


def test_faults_in_force_stand_when_something_else_changes_there(planned: PlannedTown) -> None:
    """Plans in force may have gaps; a plot that changes beside one closes nothing."""
    draft, on = planned.draft, timezone.localdate()
    gone = draft.drafts.filter(label="1.1").get()
    planned.save(Change(uid=gone.uid, based_on=gone.version, is_removed=True))
    office = Office.at_work()
    office.publish(office.approve(draft))
    check(None)
    gaps = Conflict.objects.filter(version=None, rule="I02")
    before = set(gaps.filter(findings__to_run=None).values_list("key", flat=True))
    assert before
    kinds = set()
    for _ in range(6):
        planned.town.edit()
        run = refresh(version_id=None, by=planned.planner, on=on)
        if run.state == RunState.QUEUED:
            carry_out(run_id=run.pk)
        kinds.add(run.kind)

        assert set(gaps.filter(findings__to_run=None).values_list("key", flat=True)) == before
    assert RunKind.PARTIAL in kinds


def test_a_gap_that_a_zone_grows_into_gives_way_to_the_gap_that_is_left(
    planned: PlannedTown,
) -> None:
    """The zones around the old gap were not drawn: it is known by its place."""
    draft, on = planned.draft, timezone.localdate()
    for label in ("1.0", "1.1"):
        gone = draft.drafts.filter(label=label).get()
        planned.save(Change(uid=gone.uid, based_on=gone.version, is_removed=True))
    far = draft.drafts.filter(label="3.3").get()
    check(draft)
    west, south, *_ = to_shapely(draft.drafts.filter(label="1.2").get().boundary).bounds
    middle = shapely.box(west + 10, south - 40, west + 20, south - 20)
    planned.save(Change(uid=far.uid, based_on=far.version, boundary=stored(middle)))
    refresh(version_id=draft.pk, by=planned.planner, on=on)

    assert difference(kept(draft), checked_whole(draft)) == []
