"""Asking where facilities should stand, carrying the search out, and calling it off."""

from __future__ import annotations

import hashlib
import json
import logging
import math
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import task

from landdata.errors import Forbidden, Invalid, Missing
from planning import reach_siting
from planning.conflict_tables import Moment
from planning.conflict_touch import newest_revision
from planning.editing.reading import check_places
from planning.models import ChangeAction, PlanVersion, RunState, SitingCandidate, SitingRun
from planning.operations import background
from planning.operations.coverage_runs import fingerprint_of
from planning.operations.scenario_checks import Wanted
from planning.operations.scenarios import add_change, new_scenario, scenario_open_to
from planning.permissions import conflicts_open_to
from planning.reach.siting.question import question_of
from planning.reach_facts import dataset_of
from planning.reach_marks import marks
from planning.reach_queries import facility_kinds
from planning.reach_siting_room import need_of

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Callable

    from accounts.models import User
    from planning.models import Scenario
    from planning.reach.siting.question import Question
    from planning.reach_siting import Sited
    from planning.reach_siting_search import Choice

logger = logging.getLogger(__name__)

#: How far people look for room at most, in metres: every pair of a plot and a facility that is
#: there is held, and with a longer limit these are more than a process may hold.
MOST_ROOM_M: Final = 5_000.0
#: Locks of the scopes, beside the number of the version; the city has 0.
LOCK: Final = 7_305_938


def start_siting(
    *, question: Question, version_id: int | None, by: User, on: dt.date
) -> tuple[SitingRun, bool]:
    """Ask where the next facilities should stand; the worker carries it out.

    The same question while nothing that it rests on has changed gives the search that is there.
    Also returned is whether it is a new one. Raises Missing, Forbidden, and Invalid
    `siting_kind_unknown`, `siting_without_end`, `siting_need_unknown`, `siting_function_missing`,
    `siting_limit_too_long`, `drawing_place`, `no_network` and `network_ambiguous`.
    """
    if not conflicts_open_to(by, version_id, on=on):
        raise Missing("draft", id=version_id) if version_id else Forbidden("search_for_sites")
    _check(question, on)
    with connection.cursor() as cursor:
        dataset_of(cursor, Moment(on, newest_revision()))
    version = PlanVersion.objects.get(pk=version_id) if version_id else None
    digest = _fingerprint(question, version, on)
    runs = SitingRun.objects.filter(version_id=version_id, fingerprint=digest)
    return background.asked_for(
        runs,
        carry_out_siting_run,
        lock=(LOCK, version_id or 0),
        standing=lambda: runs.filter(state=RunState.DONE).order_by("-number").first(),
        version_id=version_id,
        fingerprint=digest,
        on=on,
        by=by,
        model=question.model,
        kind=question.kind,
        limit_m=question.limit_m,
        problem=question.values(),
    )


def _check(question: Question, on: dt.date) -> None:
    if question.kind not in {row["code"] for row in facility_kinds()}:
        raise Invalid("siting_kind_unknown", kind=question.kind)
    if question.model != "set_cover" and question.count is None and question.budget is None:
        raise Invalid("siting_without_end")
    if question.model == "capacitated":
        if question.limit_m > MOST_ROOM_M:
            raise Invalid("siting_limit_too_long", most=f"{MOST_ROOM_M:.0f}")
        need_of(question, on=on)
    for asked in question.candidates:
        check_places(point.place for point in asked.points)
        if asked.source == "plots" and not asked.function:
            raise Invalid("siting_function_missing")


def call_off_siting(*, run_id: int, by: User, on: dt.date) -> SitingRun:
    """Call a search off; nothing of it is kept. Raises Missing and Invalid `siting_run_over`."""
    run = SitingRun.objects.filter(pk=run_id).first()
    if run is None or not conflicts_open_to(by, run.version_id, on=on):
        raise Missing("siting_run", id=run_id)
    background.call_off(run)
    if run.state in (RunState.DONE, RunState.FAILED):
        raise Invalid("siting_run_over", state=run.state)
    return run


@task()
def carry_out_siting_run(run_id: int) -> dict[str, Any]:
    """Let the worker carry out a search."""
    run = carry_out_siting(run_id=run_id)
    return {"state": run.state, **run.counts}


def carry_out_siting(
    *, run_id: int, progress: Callable[[SitingRun], None] | None = None
) -> SitingRun:
    """Look for the best sites. `progress` hears of each step."""
    run = SitingRun.objects.select_related("version__plan").get(pk=run_id)
    if run.state not in (RunState.QUEUED, RunState.RUNNING):
        return run
    on = timezone.localdate()
    with (
        background.alone(LOCK, run.version_id or 0),
        background.without_collector(),
        background.carried_out(
            run, on=on, total=reach_siting.STEPS, first="read", progress=progress
        ) as step,
    ):
        moment = Moment(on, newest_revision())
        found = reach_siting.work_out(question_of(run.problem), moment, run.version, step=step)
        keep_siting(run, moment, found)
        logger.info("siting run %s: %s of %s sites", run.pk, run.status, run.counts["candidates"])
    return run


@transaction.atomic
def keep_siting(run: SitingRun, moment: Moment, found: Sited) -> None:
    """Write what was found, and with it that the run is done, all or nothing."""
    done = SitingRun.objects.filter(version_id=run.version_id, state=RunState.DONE)
    last = done.order_by("-number").values_list("number", flat=True).first()
    run.number = (last or 0) + 1
    run.state, run.finished_at, run.done = RunState.DONE, timezone.now(), run.total
    run.revision = moment.revision
    run.edits = 0 if run.version is None else run.version.edits
    best = found.choices[0]
    run.status = found.status
    if found.status != "none":
        run.objective, run.bound, run.gap = best.objective, found.bound, _finite(found.gap)
    run.counts = {
        "candidates": len(found.candidates),
        "chosen": len(best.chosen),
        "newly_people": best.newly_people,
    }
    run.result = _result(found)
    run.save()
    chosen = set(best.chosen.tolist())
    SitingCandidate.objects.bulk_create(
        SitingCandidate(
            run=run,
            number=number,
            key=one.key,
            source=one.source,
            name=one.name,
            position=Point(*one.xy, srid=settings.STORAGE_SRID),
            cost=one.cost,
            capacity=one.capacity,
            function=one.function,
            is_permitted=one.is_permitted,
            is_chosen=number in chosen,
            newly_people=_finite(float(found.alone[number])),
        )
        for number, one in enumerate(found.candidates)
    )


def _result(found: Sited) -> dict[str, Any]:
    best, *others = [_choice(one, found) for one in found.choices]
    return {
        **best,
        "seconds": found.seconds,
        "people_total": found.people,
        "served_before": found.served,
        "out_of_reach_people": found.out_of_reach,
        "loosened_m": found.loosened_m,
        "alternatives": others,
        "wards": found.wards,
        "left_out": [{"reason": one.reason, "many": one.many} for one in found.left_out],
        "need": None if found.need is None else found.need._asdict(),
    }


def _choice(one: Choice, found: Sited) -> dict[str, Any]:
    return {
        "chosen": [found.candidates[row].key for row in one.chosen.tolist()],
        "newly_people": one.newly_people,
        "objective": _finite(one.objective),
        "behind": one.behind,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


@transaction.atomic
def take_sites(
    *, run_id: int, choice: int, scenario: uuid.UUID | None, title: str, by: User, on: dt.date
) -> Scenario:
    """Put the sites of a choice into a scenario, or into a new one: facilities that are added.

    `choice` 0 is the best, others are its alternatives. Raises Missing `siting_run` and
    `siting_choice`; Invalid `siting_run_not_done`, `siting_nothing_chosen` and
    `siting_other_scope`; and what scenarios refuse.
    """
    run = SitingRun.objects.filter(pk=run_id).first()
    if run is None or not conflicts_open_to(by, run.version_id, on=on):
        raise Missing("siting_run", id=run_id)
    if run.state != RunState.DONE:
        raise Invalid("siting_run_not_done", state=run.state)
    choices = [run.result, *run.result["alternatives"]]
    if choice >= len(choices):
        raise Missing("siting_choice", choice=choice)
    keys = choices[choice]["chosen"]
    if not keys:
        raise Invalid("siting_nothing_chosen")
    if scenario is None:
        kept = new_scenario(title=title, version_id=run.version_id, by=by, on=on)
    else:
        kept = scenario_open_to(by, scenario, on=on)
        if kept.version_id != run.version_id:
            raise Invalid("siting_other_scope")
    sites = run.candidates.filter(key__in=keys).order_by("number")
    for site in sites:
        kept = add_change(
            key=kept.pk,
            edits=kept.edits,
            by=by,
            on=on,
            change=Wanted(
                action=ChangeAction.ADD,
                kind=run.kind,
                place=(site.position.x, site.position.y),
                capacity=site.capacity,
                why=f"{site.key} {site.name}".strip(),
            ),
        )
    return kept


def _fingerprint(question: Question, version: PlanVersion | None, on: dt.date) -> bytes:
    """Return a digest of a question and of all that its answer rests on."""
    with connection.cursor() as cursor:
        sites = marks(cursor, Moment(on, newest_revision()), _SITES)
    asked = {
        "question": question.values(),
        "version": reach_siting.VERSION,
        "day": on.isoformat(),
        "rests_on": fingerprint_of(version, on).hex(),
        "sites": sites,
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).digest()


#: What candidates come from.
_SITES: Final = ("planning_zone", "planning_availablesite", "planning_availablesiteuse")
