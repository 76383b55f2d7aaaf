"""Asking for reach to be worked out, carrying it out, and calling it off."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django_tasks import task

from landdata.errors import Forbidden, Invalid, Missing
from planning import reach_work
from planning.conflict_tables import Moment
from planning.conflict_touch import newest_revision
from planning.models import (
    CoverageFigure,
    CoverageRun,
    PlanVersion,
    RunState,
    Scenario,
    ZoneCircumstance,
)
from planning.operations import background
from planning.operations.coverage_publication import publish_reach
from planning.operations.scenarios import changes_in_force
from planning.permissions import conflicts_open_to
from planning.reach_changed import change_of, changed_city, outcome_of
from planning.reach_facts import dataset_of
from planning.reach_planned import city_of
from planning.reach_told import grounds_told, plots_told, values_told
from planning.reach_town import town_of
from planning.reach_ways import normed_kinds

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from accounts.models import User
    from planning.reach.records import Figure
    from planning.reach_city import City

logger = logging.getLogger(__name__)

#: Locks of the scopes, beside the number of the version; the city has 0.
LOCK: Final = 7_305_937


def start_coverage(
    *, version_id: int | None, by: User | None, on: dt.date
) -> tuple[CoverageRun, bool]:
    """Ask for the reach of a plan version, or of the city as it is; the worker carries it out.

    One that is waiting or under way is given back, and so is the last one if nothing that it rests
    on has changed. Also returned is whether the run is a new one. Raises Missing, Forbidden, and
    Invalid `no_network` and `network_ambiguous`.
    """
    if by is not None and not conflicts_open_to(by, version_id, on=on):
        raise Missing("draft", id=version_id or 0) if version_id else Forbidden("work_out_reach")
    with connection.cursor() as cursor:
        dataset_of(cursor, Moment(on, newest_revision()))

    def standing() -> CoverageRun | None:
        last = last_coverage(version_id)
        return last if last is not None and is_current(last) else None

    return background.asked_for(
        CoverageRun.objects.filter(version_id=version_id, scenario=None),
        carry_out_coverage_run,
        lock=(LOCK, version_id or 0),
        standing=standing,
        version_id=version_id,
        on=on,
        by=by,
    )


def call_off_coverage(*, run_id: int, by: User, on: dt.date) -> CoverageRun:
    """Call a run off. Raises Missing and Invalid `coverage_run_over`."""
    run = CoverageRun.objects.filter(pk=run_id).first()
    if run is None or not conflicts_open_to(by, run.version_id, on=on):
        raise Missing("coverage_run", id=run_id)
    background.call_off(run)
    if run.state in (RunState.DONE, RunState.FAILED):
        raise Invalid("coverage_run_over", state=run.state)
    return run


@task()
def carry_out_coverage_run(run_id: int) -> dict[str, Any]:
    """Let the worker carry out a run."""
    run = carry_out_coverage(run_id=run_id)
    return {"state": run.state, **run.counts}


def carry_out_coverage(
    *, run_id: int, progress: Callable[[CoverageRun], None] | None = None
) -> CoverageRun:
    """Work out who reaches what in the scope of a run. `progress` hears of each step."""
    run = CoverageRun.objects.select_related("version__plan").get(pk=run_id)
    if run.state not in (RunState.QUEUED, RunState.RUNNING):
        return run
    on = timezone.localdate()
    with (
        background.alone(LOCK, run.version_id or 0),
        background.without_collector(),
        background.carried_out(
            run, on=on, total=reach_work.steps(), first="read", progress=progress
        ) as step,
    ):
        moment = Moment(on, newest_revision())
        city = city_of_run(run, moment, step=step)
        found = reach_work.work_out(city, step=step)
        is_city = run.version_id is None and run.scenario_id is None
        told = _told(found, on) if is_city else None
        with transaction.atomic():
            keep_figures(run, moment, found)
            # In the same step: nobody reads of a run whose results are not there.
            if told is not None:
                publish_reach(run=run, **told)
    return run


def city_of_run(run: CoverageRun, moment: Moment, *, step: Callable[[int, str], None]) -> City:
    """Return the city that a run is about: as its version foresees it, with its scenarios."""
    return _with_scenarios(city_of(moment, run.version, step=step), run.version)


@transaction.atomic
def keep_figures(run: CoverageRun, moment: Moment, found: reach_work.Found) -> None:
    """Write what was found, and with it that the run is done, all or nothing."""
    last = last_coverage(run.version_id)
    run.number = 1 if last is None or last.number is None else last.number + 1
    run.state, run.finished_at = RunState.DONE, timezone.now()
    run.revision, run.parameters, run.counts = moment.revision, found.parameters, found.counts
    run.edits = 0 if run.version is None else run.version.edits
    run.fingerprint = _run_fingerprint(run.version, moment.on)
    run.scenario_edits = sum(scenario.edits for scenario in reviewed(run.version))
    run.table_sha256, run.done = found.table_sha256, run.total
    run.save()
    CoverageFigure.objects.bulk_create(_rows(run, found.figures), batch_size=2_000)


def _told(found: reach_work.Found, on: dt.date) -> dict[str, Any]:
    """Return what the public is told of a run of the city."""
    normed = normed_kinds(on)
    return {
        "plots": plots_told(found.ways, found.reached, found.asked, normed),
        "grounds": grounds_told(found.ways, found.reached, found.asked),
        "values": values_told(found.figures, normed),
    }


def _rows(run: CoverageRun, figures: Sequence[Figure]) -> list[CoverageFigure]:
    return [
        CoverageFigure(
            run=run,
            kind=one.kind,
            norm=one.norm,
            mode=one.mode,
            metric=one.metric,
            measure=one.measure,
            unit_code=one.unit,
            value=one.value,
            low=one.low,
            high=one.high,
            people=one.people,
            state=one.state or "",
            reason=one.reason,
            values=dict(one.values),
        )
        for one in figures
    ]


def last_coverage(version_id: int | None) -> CoverageRun | None:
    """Return the run whose figures are those of the scope; None before the first."""
    done = CoverageRun.objects.filter(version_id=version_id, scenario=None, state=RunState.DONE)
    return done.order_by("-number").first()


def is_current(run: CoverageRun) -> bool:
    """Whether nothing that a done run rests on has changed since."""
    return bytes(run.fingerprint) == _run_fingerprint(run.version, timezone.localdate())


def reviewed(version: PlanVersion | None) -> list[Scenario]:
    """Return the scenarios that a draft is reviewed with, the first one first."""
    if version is None:
        return []
    part = Scenario.objects.filter(version=version, is_part_of_draft=True, withdrawn_at=None)
    return list(part.order_by("at", "pk"))


def _with_scenarios(city: City, version: PlanVersion | None) -> City:
    """Return a city with the changes of the scenarios that its draft is reviewed with."""
    scenarios = reviewed(version)
    changes = [change_of(row) for one in scenarios for row in changes_in_force(one)]
    if not changes:
        return city
    outcome = outcome_of(town_of(city, version), changes)
    told = [{"key": str(one.pk), "title": one.title, "edits": one.edits} for one in scenarios]
    of_plan = {**city.of_plan, "scenarios": told, "left_out": len(outcome.left_out)}
    return replace(changed_city(city, outcome), of_plan=of_plan)


def _run_fingerprint(version: PlanVersion | None, on: dt.date) -> bytes:
    """Return a digest of all that a run rests on: the city, and scenarios that are part of it."""
    found = hashlib.sha256(fingerprint_of(version, on))
    for scenario in reviewed(version):
        found.update(f"{scenario.pk} {scenario.edits}".encode())
    return found.digest()


def fingerprint_of(version: PlanVersion | None, on: dt.date) -> bytes:
    """Return a digest of all that figures of a day rest on.

    Not of the newest revision: most of what comes in changes nobody's ways.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MARKS, {"on": on})
        marks = [list(row) for row in cursor.fetchall()]
        said = ZoneCircumstance.objects.aggregate(last=Max("pk"))["last"]
        if version is not None or said is not None:
            # Zones in force tell of people and of what kind of area they lie in.
            cursor.execute(_of_table("planning_zone"), {"on": on})
            marks += [list(row) for row in cursor.fetchall()]
    rests_on = {
        "version": None if version is None else version.pk,
        "edits": 0 if version is None else version.edits,
        "head": "" if version is None else bytes(version.edits_head or b"").hex(),
        "marks": marks,
        "said": said,
        "tables": reach_work.digests(),
    }
    return hashlib.sha256(json.dumps(rests_on, sort_keys=True).encode()).digest()


_READ: Final = (
    *("landdata_roadsegment", "landdata_networknode", "landdata_parcelversion"),
    *("landdata_population", "landdata_facility", "landdata_waterbody", "landdata_railway"),
    *("landdata_raster", "landdata_administrativeunit"),
)


def _of_table(table: str) -> str:
    """Return the question for the newest revisions that began and ended rows of a table.

    With the instants at which they were made, which tell a record put back from a backup, and how
    many days there were on which rows came or went by the calendar.
    """
    made = "SELECT made_at::text FROM landdata_revision WHERE number ="
    began = f"(SELECT max(from_revision) FROM {table})"  # noqa: S608 - our own words
    ended = f"(SELECT max(to_revision) FROM {table})"  # noqa: S608 - our own words
    return f"""
        SELECT '{table}', {began}, ({made} {began}), {ended}, ({made} {ended}),
            (SELECT count(*) FROM landdata_awaitedday WHERE day <= %(on)s)
    """  # noqa: S608 - our own words


_MARKS: Final = " UNION ALL ".join(_of_table(table) for table in _READ)
