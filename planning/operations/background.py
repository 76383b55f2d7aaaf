"""Carrying out work in the background: one at a time in its scope, step by step, to be called off.

Nothing of a run is visible before all of it is. Whatever ends the process ends the run without
results; its task is then taken up again and begins anew.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from planning.models import RunState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet

    from planning.models.background import BackgroundRun

    Run = TypeVar("Run", bound=BackgroundRun)


class CalledOffError(Exception):
    """Somebody called the run off."""


class Step(Protocol):
    """Says that steps are done and what is done next. Raises CalledOffError."""

    def __call__(self, done: int, name: str) -> None:
        """Tell of it."""


def under_way(runs: QuerySet[Run], task: Any) -> Run | None:
    """Return the run that waits or goes on; one that no worker will take up any more has failed."""
    run = runs.filter(state__in=(RunState.QUEUED, RunState.RUNNING)).first()
    if run is None:
        return None
    tasks = DBTaskResult.objects.filter(
        task_path=task.module_path,
        status__in=("READY", "RUNNING"),
        args_kwargs__args=[run.pk],
    )
    if tasks.exists():
        return run
    runs.filter(pk=run.pk).update(state=RunState.FAILED, finished_at=timezone.now())
    return None


@transaction.atomic
def asked_for(
    runs: QuerySet[Run],
    task: Any,
    *,
    lock: tuple[int, int],
    standing: Callable[[], Run | None],
    **values: Any,
) -> tuple[Run, bool]:
    """Return the run of a scope that is asked for, and whether it is a new one.

    One that is waiting or under way is given back, and so is the one that `standing` says to be
    still right. A new one has `values`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [lock[0], -lock[1] - 1])
    known = under_way(runs, task) or standing()
    if known is not None:
        return known, False
    run = runs.model._default_manager.create(**values)
    # In the same transaction: a run without its task would wait for ever.
    task.enqueue(run.pk)
    return run, True


def told(run: BackgroundRun) -> dict[str, Any]:
    """Return what every answer says of a run."""
    by = run.by
    return {
        "id": run.pk,
        "state": run.state,
        "done": run.done,
        "total": run.total,
        "step": run.step,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "by": "" if by is None else by.full_name or by.username,
    }


def call_off(run: BackgroundRun) -> None:
    """Call a run off. One that is waiting ends at once, one under way after the step at hand."""
    runs = type(run)._base_manager.filter(pk=run.pk)
    waiting = runs.filter(state=RunState.QUEUED)
    waiting.update(state=RunState.CANCELLED, finished_at=timezone.now())
    runs.filter(state=RunState.RUNNING).update(is_cancel_wanted=True)
    run.refresh_from_db()


@contextmanager
def carried_out(
    run: Run, *, on: dt.date, total: int, first: str, progress: Callable[[Run], None] | None
) -> Iterator[Step]:
    """Begin a run, and end it as cancelled or failed if what is done within does not end it.

    What is no Exception of ours is a bug and must look like one; the run says so too.
    """
    runs = type(run)._base_manager.filter(pk=run.pk)

    def step(done: int, name: str) -> None:
        run.done, run.step = done, name
        runs.update(done=done, step=name)
        if progress is not None:
            progress(run)
        if runs.filter(is_cancel_wanted=True).exists():
            raise CalledOffError

    begun: dict[str, Any] = {"state": RunState.RUNNING, "started_at": timezone.now(), "on": on}
    begun |= {"total": total, "done": 0, "step": first}
    runs.update(**begun)
    for name, value in begun.items():
        setattr(run, name, value)
    try:
        yield step
    except CalledOffError:
        run.state, run.finished_at = RunState.CANCELLED, timezone.now()
        run.save(update_fields=["state", "finished_at"])
    except BaseException:
        runs.update(state=RunState.FAILED, finished_at=timezone.now())
        raise


@contextmanager
def without_collector() -> Iterator[None]:
    """Look for no cycles of objects: millions of shapes and strings hold none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def alone(lock: int, scope: int) -> Iterator[None]:
    """Hold the lock of a scope: whoever works on it is the only one. Waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [lock, scope])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [lock, scope])
