"""Editing a draft: all or nothing, nothing lost, faults kept true.

    0        100       200
100 +---------+---------+
    |    A    |    B    |
  0 +---------+---------+
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from landdata.errors import Forbidden, Invalid, Missing, Stale
from planning.editing.records import Change, Edit
from planning.models import Adjustment, DraftEdit, DraftZone, DraftZoneState, PlanVersion
from planning.operations.adjustments import AdjustmentPlan, begin_adjustment
from planning.operations.conflict_runs import carry_out, start_run
from planning.operations.draft_chain import verify_history
from planning.operations.draft_edits import check_edit, edit_draft, undo_edit
from planning.operations.drafts import Decision, approve_plan_version
from tests.planning.city import TODAY, Office, box, functions, person, ring, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    functions()
    return Office()


@pytest.fixture
def draft(office: Office) -> PlanVersion:
    return office.draft(
        "P1",
        box(0, 0, 200, 100),
        {"A": ("HOUSES", box(0, 0, 100, 100)), "B": ("GREEN", box(100, 0, 200, 100))},
    )


def zone(draft: PlanVersion, label: str) -> DraftZone:
    return DraftZone.objects.get(version_of=draft, label=label)


def redrawn(of: DraftZone, shape: Any, **content: Any) -> Change:
    boundary = None if shape is None else stored(shape)
    return Change(uid=of.uid, based_on=of.version, boundary=boundary, content=content)


def an_edit(*changes: Change, accept: str = "", key: uuid.UUID | None = None) -> Edit:
    return Edit(
        action="redraw", changes=changes, accept=accept, key=key or uuid.uuid4(), digest=b"1" * 32
    )


def save(draft: PlanVersion, office: Office, *changes: Change, **options: Any) -> Any:
    return edit_draft(
        version_id=draft.pk, edit=an_edit(*changes, **options), by=office.planner, on=TODAY
    )


def undo(draft: PlanVersion, office: Office, number: int, accept: str = "") -> Any:
    edit = Edit(action="undo", changes=(), accept=accept, key=uuid.uuid4())
    return undo_edit(version_id=draft.pk, number=number, edit=edit, by=office.planner, on=TODAY)


def common_line_at(draft: PlanVersion, east: float) -> tuple[Change, Change]:
    return (
        redrawn(zone(draft, "A"), box(0, 0, east, 100)),
        redrawn(zone(draft, "B"), box(east, 0, 200, 100)),
    )


def areas(draft: PlanVersion) -> dict[str, float]:
    return {z.label: round(z.boundary.area, 6) for z in draft.drafts.all()}


def faults(draft: PlanVersion) -> list[tuple[str, float]]:
    return sorted((fault.kind, round(fault.area_m2, 3)) for fault in draft.faults.all())


def test_a_draft_begins_with_its_zones_in_history(draft):
    (edit,) = draft.history.all()

    assert (edit.number, edit.action) == (1, "begin")
    assert {(s.label, s.version) for s in edit.states.all()} == {("A", 1), ("B", 1)}


def test_two_neighbours_move_their_common_line_in_one_edit(office, draft):
    outcome = save(draft, office, *common_line_at(draft, 120))

    assert outcome.edit.number == 2
    assert areas(draft) == {"A": 12_000, "B": 8_000}
    assert {z.version for z in draft.drafts.all()} == {2}
    assert faults(draft) == []


def test_what_another_saved_meanwhile_is_not_overwritten(office, draft):
    mine = redrawn(zone(draft, "A"), box(0, 0, 100, 90))
    save(draft, office, *common_line_at(draft, 120))

    with pytest.raises(Stale) as refused:
        save(draft, office, mine, accept="test")

    (conflict,) = refused.value.values["zones"]
    assert conflict["uid"] == str(mine.uid)
    assert conflict["now"]["area_m2"] == 12_000
    assert conflict["base"]["version"] == 1
    assert areas(draft) == {"A": 12_000, "B": 8_000}


def test_two_planners_at_different_corners_are_merged(office, draft):
    """One moves the south-west corner, the other the words: both stay."""
    shape = ring((10, 0), (100, 0), (100, 100), (0, 100))
    mine = redrawn(zone(draft, "A"), shape)
    save(draft, office, redrawn(zone(draft, "A"), None, note="Nhà trẻ"))

    with pytest.raises(Stale) as refused:
        save(draft, office, mine)

    merged = refused.value.values["zones"][0]["merged"]
    assert merged["note"] == "Nhà trẻ"
    assert merged["version"] == 2
    assert {tuple(c) for c in merged["boundary"]["coordinates"][0][0]} == {
        tuple(c) for c in shape.exterior.coords
    }


def test_an_edit_that_opens_a_gap_needs_a_reason(office, draft):
    narrower = redrawn(zone(draft, "A"), box(0, 0, 90, 100))

    with pytest.raises(Invalid) as refused:
        save(draft, office, narrower)
    assert refused.value.code == "edit_opens_faults"
    assert [f["kind"] for f in refused.value.values["faults"]] == ["gap"]
    assert areas(draft) == {"A": 10_000, "B": 10_000}

    outcome = save(draft, office, narrower, accept="đường sẽ vẽ sau")

    assert faults(draft) == [("gap", 1_000)]
    assert outcome.edit.accepted == "đường sẽ vẽ sau"


def test_an_edit_that_overlaps_a_neighbour_needs_a_reason(office, draft):
    with pytest.raises(Invalid, match="edit_opens_faults"):
        save(draft, office, redrawn(zone(draft, "A"), box(0, 0, 110, 100)))

    save(draft, office, redrawn(zone(draft, "A"), box(0, 0, 110, 100)), accept="tranh chấp")

    assert faults(draft) == [("overlap", 1_000)]


def test_a_fault_that_is_there_already_does_not_stop_other_edits(office, draft):
    save(draft, office, redrawn(zone(draft, "A"), box(0, 0, 90, 100)), accept="sau")

    outcome = save(draft, office, redrawn(zone(draft, "B"), box(95, 0, 200, 100)))

    assert faults(draft) == [("gap", 500)]
    assert outcome.opened == []
    assert draft.faults.get().opened_by.accepted == "sau"


def test_the_same_request_again_changes_nothing_more(office, draft):
    key = uuid.uuid4()
    changes = common_line_at(draft, 120)

    first = save(draft, office, *changes, key=key)
    second = save(draft, office, *changes, key=key)

    assert second.edit == first.edit
    assert draft.history.count() == 2


def test_another_request_under_the_same_key_is_refused(office, draft):
    key = uuid.uuid4()
    save(draft, office, *common_line_at(draft, 120), key=key)
    other = Edit(action="redraw", changes=common_line_at(draft, 130), key=key, digest=b"2" * 32)

    with pytest.raises(Invalid, match="key_used_already"):
        edit_draft(version_id=draft.pk, edit=other, by=office.planner, on=TODAY)


def test_undo_and_redo_are_edits_of_their_own(office, draft):
    save(draft, office, *common_line_at(draft, 120))

    undone = undo(draft, office, 2)
    assert areas(draft) == {"A": 10_000, "B": 10_000}
    assert (undone.edit.number, undone.edit.undoes.number) == (3, 2)

    undo(draft, office, 3)
    assert areas(draft) == {"A": 12_000, "B": 8_000}
    assert [e.action for e in draft.history.order_by("number")] == [
        "begin",
        "redraw",
        "undo",
        "undo",
    ]


def test_an_edit_is_undone_once(office, draft):
    save(draft, office, *common_line_at(draft, 120))
    undo(draft, office, 2)

    with pytest.raises(Invalid, match="undone_already"):
        undo(draft, office, 2)
    with pytest.raises(Invalid, match="beginning_stays"):
        undo(draft, office, 1)


def test_a_removed_zone_comes_back_with_its_identity(office, draft):
    gone = zone(draft, "B")
    removal = Change(uid=gone.uid, based_on=1, is_removed=True)
    save(draft, office, removal, accept="thử")
    assert areas(draft) == {"A": 10_000}

    undo(draft, office, 2)

    back = zone(draft, "B")
    assert (back.uid, back.version, back.function) == (gone.uid, 3, "GREEN")
    assert faults(draft) == []


def test_undo_keeps_what_others_did_elsewhere_in_the_zone(office, draft):
    save(draft, office, redrawn(zone(draft, "A"), None, label="A1"))
    save(draft, office, redrawn(zone(draft, "A1"), None, note="Nhà trẻ"))

    undo(draft, office, 2)

    assert zone(draft, "A").note == "Nhà trẻ"


def test_undo_of_what_others_changed_since_shows_both(office, draft):
    save(draft, office, redrawn(zone(draft, "A"), None, label="A1"))
    save(draft, office, redrawn(zone(draft, "A1"), None, label="A2"))

    with pytest.raises(Stale, match="zones_changed"):
        undo(draft, office, 2)


def test_indicators_are_read_as_bounds(office, draft):
    save(draft, office, redrawn(zone(draft, "A"), None, density="40-60", storeys="<= 12"))

    saved = zone(draft, "A")
    assert (saved.density, saved.density_min, saved.density_max) == ("40-60", 40, 60)
    assert (saved.storeys_min, saved.storeys_max) == (None, 12)


def test_an_unknown_function_is_refused(office, draft):
    with pytest.raises(Invalid, match="plan_function_unknown"):
        save(draft, office, redrawn(zone(draft, "A"), None, function="CASTLE"))


def test_a_new_zone_needs_function_boundary_and_a_fresh_identity(office, draft):
    fresh = uuid.uuid4()
    with pytest.raises(Invalid, match="plan_function_unknown"):
        save(draft, office, Change(uid=fresh, based_on=None, boundary=stored(box(0, 0, 9, 9))))
    with pytest.raises(Invalid, match="new_zone_undrawn"):
        save(draft, office, Change(uid=fresh, based_on=None, content={"function": "ROAD"}))
    with pytest.raises(Stale):
        save(draft, office, Change(uid=zone(draft, "A").uid, based_on=None))


def test_checking_changes_nothing(office, draft):
    found = check_edit(
        version_id=draft.pk,
        edit=an_edit(redrawn(zone(draft, "A"), box(0, 0, 90, 100))),
    )

    assert [(f.kind, round(f.area_m2)) for f in found.worsened] == [("gap", 1_000)]
    assert draft.history.count() == 1
    assert faults(draft) == []


def test_only_who_may_edits_and_others_learn_nothing(office, draft):
    change = redrawn(zone(draft, "A"), None, note="x")
    stranger = person("stranger")

    with pytest.raises(Missing):
        edit_draft(version_id=draft.pk, edit=an_edit(change), by=stranger, on=TODAY)
    with pytest.raises(Forbidden):
        edit_draft(version_id=draft.pk, edit=an_edit(change), by=office.approver, on=TODAY)


def test_an_approved_plan_is_not_edited(office, draft):
    office.approve(draft)

    with pytest.raises(Invalid, match="plan_not_draft"):
        save(draft, office, redrawn(zone(draft, "A"), None, note="x"))


def test_history_cannot_be_changed_or_deleted(office, draft):
    save(draft, office, *common_line_at(draft, 120))

    for touch in (
        lambda: DraftEdit.objects.filter(number=2).update(why="khác"),
        lambda: DraftZoneState.objects.filter(version=2).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            touch()


def verdict(draft: PlanVersion) -> tuple[bool, int | None, str]:
    draft.refresh_from_db()
    found = verify_history(draft)
    return found.is_intact, found.first_fault, found.trouble


def test_a_changed_history_is_found_out(office, draft):
    """Somebody with the rights of the database's owner switches the guard off."""
    save(draft, office, *common_line_at(draft, 120))
    save(draft, office, *common_line_at(draft, 130))
    assert verdict(draft) == (True, None, "")

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE planning_draftzonestate DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE planning_draftedit DISABLE TRIGGER USER")
        for change, expected in (
            ("UPDATE planning_draftedit SET why = 'khác' WHERE number = 2", (2, "changed")),
            ("UPDATE planning_draftedit SET at = at + '1 s' WHERE number = 3", (3, "changed")),
            (
                "UPDATE planning_draftzonestate SET boundary = ST_Translate(boundary, 1e-9, 0)"
                " WHERE version = 3",
                (3, "changed"),
            ),
            ("DELETE FROM planning_draftzonestate WHERE version = 2", (2, "changed")),
            (
                "DELETE FROM planning_draftzonestate WHERE version = 3;"
                "DELETE FROM planning_draftfault;"
                "DELETE FROM planning_draftedit WHERE number = 3",
                (3, "missing"),
            ),
            (
                "UPDATE planning_draftzone SET boundary = ST_Translate(boundary, 1, 0)",
                (None, "zones_differ"),
            ),
        ):
            kept = transaction.savepoint()
            cursor.execute(change)
            assert verdict(draft) == (False, *expected), change
            transaction.savepoint_rollback(kept)
    assert verdict(draft) == (True, None, "")


def test_a_draft_that_began_here_is_approved_with_its_decision(office):
    office.in_force("P7", box(0, 0, 100, 100), {"A": ("HOUSES", box(0, 0, 100, 100))})
    began = begin_adjustment(
        plan_code="P7",
        adjustment=AdjustmentPlan(
            kind=Adjustment.GENERAL,
            name_vi="Điều chỉnh tổng thể",
            name_en="General adjustment",
            valid_from=dt.date(2027, 1, 1),
        ),
        by=office.planner,
        on=TODAY,
    )
    with pytest.raises(Invalid, match="decision_missing"):
        office.approve(began)

    decision = Decision("12/QĐ-UBND", dt.date(2026, 12, 1))

    def approve() -> None:
        approve_plan_version(version_id=began.pk, by=office.approver, on=TODAY, decision=decision)

    with pytest.raises(Invalid, match="conflicts_not_checked"):
        approve()
    run, _ = start_run(version_id=began.pk, by=office.planner, on=TODAY)
    carry_out(run_id=run.pk)
    approve()
    revision = office.publish(began)

    began.refresh_from_db()
    assert began.decision_number == "12/QĐ-UBND"
    assert revision.why.endswith(bytes(began.edits_head).hex())
