"""Checking for conflicts in this process, where somebody waits for it, instead of by the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from landdata.errors import Invalid
from planning.models import RunState
from planning.operations.conflict_runs import carry_out, carry_out_conflict_run, start_run

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from accounts.models import User
    from planning.models import ConflictRun


def check_here(
    *,
    version_id: int | None,
    by: User | None,
    on: dt.date,
    workers: int,
    progress: Callable[[ConflictRun], None] | None = None,
) -> ConflictRun:
    """Check a plan version, or the whole city, and return the run with its results.

    If nothing that it rests on has changed, the last run is given back at once. Raises Invalid
    `conflict_run_under_way` while the worker is checking the same.
    """
    with transaction.atomic():
        run, is_new = start_run(version_id=version_id, by=by, on=on)
        if not is_new and run.state != RunState.DONE:
            raise Invalid("conflict_run_under_way", done=run.done, total=run.total)
        if is_new:
            # Taken out of the queue before anybody sees it there: this process does it.
            path = carry_out_conflict_run.module_path
            DBTaskResult.objects.filter(task_path=path, args_kwargs__args=[run.pk]).delete()
    if is_new:
        run = carry_out(run_id=run.pk, workers=workers, progress=progress)
    return run
