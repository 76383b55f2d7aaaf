"""Working out reach at once, in the process at hand, instead of by the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from landdata.errors import Invalid
from planning.models import RunState
from planning.operations.coverage_runs import (
    carry_out_coverage,
    carry_out_coverage_run,
    start_coverage,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from accounts.models import User
    from planning.models import CoverageRun


def cover_here(
    *,
    version_id: int | None,
    by: User | None,
    on: dt.date,
    progress: Callable[[CoverageRun], None] | None = None,
) -> CoverageRun:
    """Work out the reach of a plan version, or of the city, and return the run with its figures.

    If nothing that it rests on has changed, the last run is given back at once. Raises Invalid
    `coverage_run_under_way` while the worker is at the same.
    """
    with transaction.atomic():
        run, is_new = start_coverage(version_id=version_id, by=by, on=on)
        if not is_new and run.state != RunState.DONE:
            raise Invalid("coverage_run_under_way", done=run.done, total=run.total)
        if is_new:
            # Taken out of the queue before anybody sees it there: this process does it.
            path = carry_out_coverage_run.module_path
            DBTaskResult.objects.filter(task_path=path, args_kwargs__args=[run.pk]).delete()
    if is_new:
        run = carry_out_coverage(run_id=run.pk, progress=progress)
    return run
