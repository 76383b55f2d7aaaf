"""What planning leaves to the worker."""

from __future__ import annotations

from django_tasks import task
from django_tasks_db.models import DBTaskResult

from planning.operations.shares import refresh_shares


@task()
def refresh_plot_shares() -> dict[str, int]:
    """Work out what zones share of plots that are new or near new zones."""
    refreshed = refresh_shares()
    return {"plots": refreshed.plots, "shares": refreshed.shares}


def plan_refresh() -> None:
    """Put a round in the queue unless one is waiting there; one that runs may have begun before."""
    waiting = DBTaskResult.objects.filter(status="READY", task_path=refresh_plot_shares.module_path)
    if not waiting.exists():
        refresh_plot_shares.enqueue()
