"""Asking for a check for conflicts, carrying it out, and calling it off."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils import timezone
from django_tasks import task

from landdata.errors import Forbidden, Invalid, Missing
from planning.conflict_facts import gather
from planning.conflict_rules import conflict_rules
from planning.conflict_tables import Moment, Scope, parcels_near
from planning.conflict_touch import boxes_of, newest_revision, touched_by
from planning.conflicts.engine import judge
from planning.conflicts.records import Severity
from planning.models import ConflictFinding, ConflictRun, PlanVersion, RunKind, RunState
from planning.operations import background, conflict_store
from planning.permissions import conflicts_open_to

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from accounts.models import User
    from planning.conflict_judged import Judged
    from planning.conflict_touch import Found
    from planning.operations.conflict_store import Written

logger = logging.getLogger(__name__)

#: Locks of the scopes, beside the number of the version; the city has 0.
LOCK: Final = 7_305_917
WORKERS: Final = min(4, os.cpu_count() or 1)
#: Besides the rules: gathering, plots touched, writing.
_OTHER_STEPS: Final = 3


class ConflictsBusyError(Exception):
    """The whole scope is being checked just now, by `run`."""

    def __init__(self, run: ConflictRun) -> None:
        super().__init__(str(run))
        self.run = run


def start_run(*, version_id: int | None, by: User | None, on: dt.date) -> tuple[ConflictRun, bool]:
    """Ask for a check of a plan version, or of the whole city; the worker carries it out.

    One that is waiting or under way is given back, and so is the last one if nothing that it rests
    on has changed. Also returned is whether the run is a new one.
    """
    if by is not None and not conflicts_open_to(by, version_id, on=on):
        raise Missing("draft", id=version_id or 0) if version_id else Forbidden("check_conflicts")
    scope = scope_of(version_id)

    def standing() -> ConflictRun | None:
        last = last_run(version_id)
        is_same = last is not None and bytes(last.fingerprint) == fingerprint_of(scope, on)
        return last if is_same else None

    return background.asked_for(
        ConflictRun.objects.filter(version_id=version_id),
        carry_out_conflict_run,
        lock=(LOCK, version_id or 0),
        standing=standing,
        version_id=version_id,
        kind=RunKind.FULL,
        on=on,
        by=by,
    )


def call_off(*, run_id: int, by: User, on: dt.date) -> ConflictRun:
    """Call a run off. Raises Missing and Invalid `conflict_run_over`."""
    run = ConflictRun.objects.filter(pk=run_id).first()
    if run is None or not conflicts_open_to(by, run.version_id, on=on):
        raise Missing("conflict_run", id=run_id)
    background.call_off(run)
    if run.state in (RunState.DONE, RunState.FAILED):
        raise Invalid("conflict_run_over", state=run.state)
    return run


@task()
def carry_out_conflict_run(run_id: int) -> dict[str, Any]:
    """Let the worker carry out a run."""
    run = carry_out(run_id=run_id)
    return {"state": run.state, **run.counts}


def carry_out(
    *, run_id: int, workers: int = WORKERS, progress: Callable[[ConflictRun], None] | None = None
) -> ConflictRun:
    """Check everything in the scope of a run, and make what is found the results of the scope.

    `progress` hears of each step.
    """
    run = ConflictRun.objects.select_related("version__plan__parent").get(pk=run_id)
    if run.state not in (RunState.QUEUED, RunState.RUNNING):
        return run
    rules, on = conflict_rules(), timezone.localdate()
    total = len([rule for rule in rules if rule.holds_on(on)]) + _OTHER_STEPS
    with (
        background.alone(LOCK, run.version_id or 0),
        background.without_collector(),
        background.carried_out(run, on=on, total=total, first="gather", progress=progress) as step,
    ):
        _carry_out(run, workers, step)
    return run


def _carry_out(run: ConflictRun, workers: int, step: background.Step) -> None:
    rules = conflict_rules()
    scope = Scope(run.version)
    moment = Moment(run.on, newest_revision())
    gathered = gather(scope, moment)
    step(1, "judge")
    findings = judge(
        gathered.facts,
        rules,
        workers=workers,
        progress=lambda done, rule: step(1 + done, rule.code),
    )
    step(run.total - 2, "touch")
    parcels = gathered.facts.parcels or parcels_near(scope, moment, boxes_of(findings))
    found = touched_by(findings, parcels, on=moment.on, revision=moment.revision)
    step(run.total - 1, "write")
    edits = gathered.edits
    # A city of facts is not held while its results are written.
    del gathered, parcels, findings
    keep_results(run, moment, found, edits=edits)


@transaction.atomic
def keep_results(
    run: ConflictRun,
    moment: Moment,
    found: list[Found],
    *,
    edits: int,
    judged: Judged | None = None,
    edit_of: Mapping[str, int] | None = None,
) -> Written:
    """Write what was found, and with it that the run is done, all or nothing.

    `edits` is the draft's last edit that was looked at; see conflict_store.write for the others.
    """
    last = last_run(run.version_id)
    number = 1 if last is None or last.number is None else last.number + 1
    written = conflict_store.write(run, number, found, judged=judged, edit_of=edit_of or {})
    run.number, run.state, run.finished_at = number, RunState.DONE, timezone.now()
    run.on, run.revision, run.edits = moment.on, moment.revision, edits
    run.rules = {rule.code: rule.version for rule in conflict_rules()}
    run.fingerprint = _fingerprint(run.version_id, moment, edits, _head(run.version_id))
    run.done = run.total
    run.counts = {
        **_severities(run.version_id, last if judged else None, written),
        "new": written.new,
        "changed": written.changed,
        "solved": written.solved,
        "unchanged": written.unchanged,
    }
    run.save()
    if run.version_id is None:
        _tell_the_public(run, moment, edits)
    return written


def _tell_the_public(run: ConflictRun, moment: Moment, edits: int) -> None:
    """Let the public's layer follow in the same transaction, so that it is never behind."""
    # It reads these results, by this module.
    from planning.operations.conflict_publication import publish_conflicts

    revision = publish_conflicts().revision
    if revision is None or revision != moment.revision + 1:
        return
    # Nothing came in between but what the public is told, which no rule looks at.
    run.revision = revision
    run.fingerprint = _fingerprint(None, Moment(moment.on, revision), edits, "")
    run.save(update_fields=["revision", "fingerprint"])


def scope_of(version_id: int | None) -> Scope:
    """Return what is checked. Raises Missing."""
    if version_id is None:
        return Scope(None)
    version = PlanVersion.objects.select_related("plan__parent").filter(pk=version_id).first()
    if version is None:
        raise Missing("draft", id=version_id)
    return Scope(version)


def last_run(version_id: int | None) -> ConflictRun | None:
    """Return the run whose results are the ones of the scope; None before the first."""
    done = ConflictRun.objects.filter(version_id=version_id, state=RunState.DONE)
    return done.order_by("-number").first()


def fingerprint_of(scope: Scope, on: dt.date) -> bytes:
    """Return a digest of all that results rest on, as it stands now."""
    version = scope.version
    edits = version.edits if version is not None and scope.draft is not None else 0
    pk = None if version is None else version.pk
    return _fingerprint(pk, Moment(on, newest_revision()), edits, _head(pk))


def _fingerprint(version_id: int | None, moment: Moment, edits: int, head: str) -> bytes:
    rests_on = {
        "version": version_id,
        "on": str(moment.on),
        "revision": moment.revision,
        "edits": edits,
        "head": head,
        "rules": {rule.code: rule.version for rule in conflict_rules()},
        "decisions": _decisions(),
    }
    return hashlib.sha256(json.dumps(rests_on, sort_keys=True).encode()).digest()


def _head(version_id: int | None) -> str:
    if version_id is None:
        return ""
    head = PlanVersion.objects.filter(pk=version_id).values_list("edits_head", flat=True).first()
    return bytes(head or b"").hex()


def _decisions() -> int:
    from planning.models import PrecedenceDecision

    return PrecedenceDecision.objects.aggregate(last=Max("pk"))["last"] or 0


def _severities(
    version_id: int | None, last: ConflictRun | None, written: Written
) -> dict[str, int]:
    """Return how many conflicts of each severity there are: so many more than after the last run.

    Without a last run they are counted.
    """
    if last is None:
        now = ConflictFinding.objects.filter(version_id=version_id, to_run=None)
        many = now.values_list("severity").annotate(many=Count("pk"))
        return {**dict.fromkeys(map(str, Severity), 0), **dict(many)}
    return {name: last.counts[name] + written.more[name] for name in map(str, Severity)}


def wait_alone(version_id: int | None) -> None:
    """Take the lock of a scope to the end of the transaction.

    Waits for looks at parts, which are short. Raises ConflictsBusyError while all is checked.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, version_id or 0])
        if cursor.fetchone()[0]:
            return
        whole = ConflictRun.objects.filter(version_id=version_id, state=RunState.RUNNING).first()
        if whole is not None:
            raise ConflictsBusyError(whole)
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, version_id or 0])
