"""Changing the zones of a draft: all of an edit or nothing, and every edit for ever."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from landdata.errors import Forbidden, Invalid, Missing, Stale
from planning.editing.chain import ORIGIN, digest_of
from planning.editing.conflicts import conflict_of
from planning.editing.records import WRITTEN_FIELDS, Change, Draft, Edit, Outcome
from planning.functions import functions_in
from planning.indicators import bounds_of
from planning.models import (
    CONTENT_FIELDS,
    DraftEdit,
    DraftZone,
    DraftZoneState,
    EditAction,
    PlanLevel,
    PlanVersion,
)
from planning.operations.draft_faults import Faults, fault_values, recheck_faults
from planning.permissions import drafts_open_to, may_draft

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from accounts.models import User

#: Zones of one edit: a bulk change of a whole plan fits.
MOST_CHANGES = 50_000


@transaction.atomic
def edit_draft(*, version_id: int, edit: Edit, by: User, on: dt.date) -> Outcome:
    """Carry out an edit of a draft's zones: all of it, or nothing and we say why.

    `based_on` of each change is the version the planner had on screen. If another planner saved
    that zone meanwhile we refuse (Stale `zones_changed`) and give back both drawings, and the
    merged one where they do not touch each other. An edit that opens a gap, an overlap or a sliver
    is refused (Invalid `edit_opens_faults`) unless it says why they shall be left. The same request
    under the same key is carried out once and answered alike.
    """
    version = _locked(version_id, by=by, on=on)
    done = _done_before(version, edit, by)
    if done is not None:
        return done
    _check_editable(version, edit, by=by, on=on)
    draft = changed_zones(version, edit.changes)
    faults = recheck_faults(version, draft)
    _check_faults(faults, edit.accept)
    return _write(version, edit, draft, faults, by=by)


def check_edit(*, version_id: int, edit: Edit) -> Faults:
    """Say which faults an edit would open and solve, without carrying it out."""
    version = PlanVersion.objects.filter(pk=version_id).select_related("plan").first()
    if version is None:
        raise Missing("draft", id=version_id)
    return recheck_faults(version, changed_zones(version, edit.changes))


@transaction.atomic
def undo_edit(*, version_id: int, number: int, edit: Edit, by: User, on: dt.date) -> Outcome:
    """Take back an edit by another one, which history shows as what it is.

    What others did to the same zones since then stays, where both do not touch each other; else we
    refuse (Stale `zones_changed`). To redo is to undo the undoing.
    """
    version = _locked(version_id, by=by, on=on)
    done = _done_before(version, edit, by)
    if done is not None:
        return done
    undone = DraftEdit.objects.filter(version_of=version, number=number).first()
    if undone is None:
        raise Missing("draft_edit", number=number)
    if undone.action == EditAction.BEGIN:
        raise Invalid("beginning_stays")
    if undone.undone_by.exists():
        raise Invalid("undone_already", number=number)
    _check_editable(version, edit, by=by, on=on)
    draft, is_exact = _taken_back(version, undone)
    faults = recheck_faults(version, draft)
    accept = edit.accept or (f"undo #{number}" if is_exact else "")
    _check_faults(faults, accept)
    again = Edit(
        action=EditAction.UNDO,
        changes=(),
        why=edit.why,
        accept=accept if faults.worsened else "",
        key=edit.key,
        digest=edit.digest,
    )
    return _write(version, again, draft, faults, by=by, undoes=undone)


def begin_history(version: PlanVersion, *, by: User) -> DraftEdit:
    """Write the zones with which a draft begins as its first edit, and check them."""
    zones = {zone.uid: zone for zone in version.drafts.all()}
    edit = Edit(action=EditAction.BEGIN, changes=(), key=uuid.uuid4())
    draft = Draft(before={}, after=zones, removed=frozenset())
    return _write(version, edit, draft, recheck_faults(version, draft), by=by).edit


def _locked(version_id: int, *, by: User, on: dt.date) -> PlanVersion:
    """Return the version of the plan, its row locked: edits of one draft come one after another.

    That is what lets two neighbours be redrawn at once without opening a sliver between them, and
    since nothing else is locked first, no two edits can wait for each other.
    """
    version = (
        PlanVersion.objects.select_for_update(of=("self",))
        .select_related("plan")
        .filter(pk=version_id)
        .first()
    )
    if version is None or version_id not in drafts_open_to(by, on=on):
        # Whoever may not see a draft is not told that there is one.
        raise Missing("draft", id=version_id)
    if version.edits == 0 and version.is_editable:
        # A draft from before edits were kept.
        begin_history(version, by=version.created_by)
    return version


def _done_before(version: PlanVersion, edit: Edit, by: User) -> Outcome | None:
    """Return what came of this very request when it was sent before."""
    done = DraftEdit.objects.filter(version_of=version, by=by, key=edit.key).first()
    if done is None:
        return None
    if bytes(done.request_digest) != edit.digest:
        raise Invalid("key_used_already", key=str(edit.key))
    return Outcome(done, list(done.states.order_by("uid")), list(done.opened.all()), [])


def _check_editable(version: PlanVersion, edit: Edit, *, by: User, on: dt.date) -> None:
    if not may_draft(by, on=on, at=version.extent):
        raise Forbidden("draft_plan", plan=version.plan.code)
    if not version.is_editable:
        raise Invalid("plan_not_draft", plan=version.plan.code)
    if edit.seen > version.edits:
        # A backup was put back: equal numbers of versions no longer mean the same drawing.
        raise Stale("draft_went_back", seen=edit.seen, now=version.edits)


def _check_faults(faults: Faults, accept: str) -> None:
    """Raise Invalid where an edit opens faults without a reason, or such that no reason allows."""
    opened = faults.refused or ([] if accept else faults.worsened)
    if opened:
        raise Invalid(
            "edit_opens_faults",
            count=len(opened),
            faults=[fault_values(fault) for fault in opened],
        )


def changed_zones(version: PlanVersion, changes: Sequence[Change]) -> Draft:
    """Return the zones that changes touch, as they are and as they would be left.

    Raises Invalid for what cannot be, Stale where a zone is not the one that was changed.
    """
    if not changes or len(changes) > MOST_CHANGES:
        raise Invalid("edit_of_nothing" if not changes else "edit_large", most=MOST_CHANGES)
    wanted = {change.uid: change for change in changes}
    if len(wanted) != len(changes):
        raise Invalid("zone_named_twice")
    before = {zone.uid: zone for zone in version.drafts.filter(uid__in=list(wanted))}
    _check_versions(version, wanted, before)
    _check_functions(version, wanted.values())
    after: dict[uuid.UUID, DraftZone] = {}
    for uid, change in wanted.items():
        if not change.is_removed:
            after[uid] = _redrawn(version, before.get(uid), change)
    _continue_versions(version, after, before)
    removed = frozenset(uid for uid, change in wanted.items() if change.is_removed)
    return Draft(before, after, removed)


def _check_versions(
    version: PlanVersion,
    wanted: dict[uuid.UUID, Change],
    before: dict[uuid.UUID, DraftZone],
) -> None:
    stale = [
        change
        for uid, change in wanted.items()
        if change.based_on != (before[uid].version if uid in before else None)
    ]
    if stale:
        zones = [conflict_of(version, one, before.get(one.uid)).values for one in stale]
        raise Stale("zones_changed", count=len(zones), zones=zones)
    new = [uid for uid, change in wanted.items() if change.based_on is None]
    if any(wanted[uid].is_removed or wanted[uid].boundary is None for uid in new):
        raise Invalid("new_zone_undrawn")
    if DraftZoneState.objects.filter(version_of=version, uid__in=new).exists():
        raise Invalid("zone_was_there")


def _check_functions(version: PlanVersion, changes: Iterable[Change]) -> None:
    named = {str(c.content["function"]) for c in changes if "function" in c.content}
    named |= {"" for c in changes if c.based_on is None and "function" not in c.content}
    if not named:
        return
    known = functions_in(version.plan.level, {version.valid_from, version.data_date})
    unknown = ", ".join(sorted(named - known)[:5])
    if (named - known) and version.plan.level == PlanLevel.LAND_USE:
        raise Invalid("land_use_codes_unknown", codes=unknown)
    if named - known:
        raise Invalid("plan_function_unknown", functions=unknown or "–")


def _redrawn(version: PlanVersion, zone: DraftZone | None, change: Change) -> DraftZone:
    """Return an unsaved zone as a change leaves it, beside the one that is there."""
    again = DraftZone(version_of=version, uid=change.uid, version=0)
    if zone is not None:
        again.pk = zone.pk
        again.based_on_id = zone.based_on_id
        again.source_row = zone.source_row
        again.version = zone.version
        again.boundary = zone.boundary
        for name in CONTENT_FIELDS:
            setattr(again, name, getattr(zone, name))
    if change.boundary is not None:
        again.boundary = change.boundary
    for name, value in change.content.items():
        setattr(again, name, value)
    for name, value in bounds_of(again.density, again.storeys, again.floor_area_ratio).items():
        setattr(again, name, value)
    return again


def _continue_versions(
    version: PlanVersion,
    after: dict[uuid.UUID, DraftZone],
    before: dict[uuid.UUID, DraftZone],
) -> None:
    """Give each zone its next version; one that comes back goes on where it ended."""
    returning = [uid for uid in after if uid not in before]
    last = {
        state.uid: state.version
        for state in DraftZoneState.objects.filter(version_of=version, uid__in=returning)
        .order_by("uid", "-version")
        .distinct("uid")
        .only("uid", "version")
    }
    for uid, zone in after.items():
        zone.version = (before[uid].version if uid in before else last.get(uid, 0)) + 1


def _taken_back(version: PlanVersion, undone: DraftEdit) -> tuple[Draft, bool]:
    """Return the zones without the effect of an edit, and whether nobody touched them since."""
    left = {state.uid: state for state in undone.states.all()}
    earlier = {
        state.uid: state
        for state in DraftZoneState.objects.filter(
            version_of=version, uid__in=list(left), edit__number__lt=undone.number
        )
        .order_by("uid", "-version")
        .distinct("uid")
    }
    before = {zone.uid: zone for zone in version.drafts.filter(uid__in=list(left))}
    changes, conflicts, is_exact = [], [], True
    for uid, state in left.items():
        current = before.get(uid)
        was = earlier.get(uid)
        change = _backward(uid, current, was)
        if _is_as_left(current, state):
            changes.append(change)
            continue
        is_exact = False
        stale = Change(
            uid=uid,
            based_on=state.version,
            boundary=change.boundary,
            content=change.content,
            is_removed=change.is_removed,
        )
        conflict = conflict_of(version, stale, current)
        if conflict.merged is None:
            conflicts.append(conflict.values)
        else:
            changes.append(conflict.merged)
    if conflicts:
        raise Stale("zones_changed", count=len(conflicts), zones=conflicts)
    after = {c.uid: _redrawn(version, before.get(c.uid), c) for c in changes if not c.is_removed}
    _continue_versions(version, after, before)
    removed = frozenset(c.uid for c in changes if c.is_removed and c.uid in before)
    return Draft(before, after, removed), is_exact


def _is_as_left(current: DraftZone | None, state: DraftZoneState) -> bool:
    if current is None:
        return state.boundary is None
    return current.version == state.version


def _backward(uid: uuid.UUID, current: DraftZone | None, was: DraftZoneState | None) -> Change:
    """Return the change that makes a zone again what it was; what was not there goes."""
    based_on = None if current is None else current.version
    if was is None or was.boundary is None:
        return Change(uid=uid, based_on=based_on, is_removed=True)
    content: dict[str, Any] = {name: getattr(was, name) for name in WRITTEN_FIELDS}
    return Change(uid=uid, based_on=based_on, boundary=was.boundary, content=content)


def _write(
    version: PlanVersion,
    edit: Edit,
    draft: Draft,
    faults: Faults,
    *,
    by: User,
    undoes: DraftEdit | None = None,
) -> Outcome:
    """Write an edit that was checked: zones, history, faults, and the end of the chain."""
    written = DraftEdit(
        version_of=version,
        number=version.edits + 1,
        action=edit.action,
        why=edit.why,
        by=by,
        at=timezone.now(),
        undoes=undoes,
        accepted=edit.accept if faults.worsened else "",
        key=edit.key,
        request_digest=edit.digest,
        previous_digest=bytes(version.edits_head) or ORIGIN,
    )
    states = [*_states(version, draft)]
    number = undoes.number if undoes else None
    written.digest = digest_of(written, states, undoes=number)
    written.save(force_insert=True)
    for state in states:
        state.edit = written
    DraftZoneState.objects.bulk_create(states, batch_size=500)
    if edit.action != EditAction.BEGIN:
        _write_zones(draft, written)
    opened = faults.write(version, written)
    version.edits = written.number
    version.edits_head = written.digest
    version.save(update_fields=["edits", "edits_head"])
    return Outcome(written, states, opened, [row.key for row in faults.gone])


def _states(version: PlanVersion, draft: Draft) -> Iterable[DraftZoneState]:
    for uid, zone in draft.after.items():
        content = {name: getattr(zone, name) for name in CONTENT_FIELDS}
        yield DraftZoneState(
            version_of=version,
            uid=uid,
            version=zone.version,
            boundary=zone.boundary,
            **content,
        )
    for uid in draft.removed:
        zone = draft.before[uid]
        content = {name: getattr(zone, name) for name in CONTENT_FIELDS}
        yield DraftZoneState(
            version_of=version, uid=uid, version=zone.version + 1, boundary=None, **content
        )


_FIELDS = ", ".join(CONTENT_FIELDS)
_OF_STATE = ", ".join(f"s.{name}" for name in CONTENT_FIELDS)
# From the states that were just written, in one statement: what is there is what history says.
_REDRAW = f"""
    UPDATE planning_draftzone z SET (version, boundary, {_FIELDS}) =
        (s.version, s.boundary, {_OF_STATE})
    FROM planning_draftzonestate s
    WHERE s.edit_id = %(edit)s AND s.boundary IS NOT NULL
        AND z.version_of_id = s.version_of_id AND z.uid = s.uid
"""  # noqa: S608 - names of our own columns


def _write_zones(draft: Draft, edit: DraftEdit) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REDRAW, {"edit": edit.pk})
    new = [zone for uid, zone in draft.after.items() if uid not in draft.before]
    DraftZone.objects.bulk_create(new, batch_size=500)
    if draft.removed:
        gone = [draft.before[uid].pk for uid in draft.removed]
        DraftZone.objects.filter(pk__in=gone).delete()
