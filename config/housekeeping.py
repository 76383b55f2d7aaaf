"""What is done once a day, in the background."""

from __future__ import annotations

import datetime as dt
import logging
import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from planning.operations.safety_corridors import refresh_corridors
from planning.operations.shares import refresh_shares

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)

#: When the city sleeps, in Asia/Ho_Chi_Minh.
HOUR = 2
#: A tile nobody asked to have drawn again for so long is drawn anew when it is wanted.
KEEP_TILES = dt.timedelta(days=30)
#: How long what became of a task can be looked up.
KEEP_RESULTS = dt.timedelta(days=14)


@task()
def keep_house() -> dict[str, int]:
    """Drop what is old, bring up to date what is worked out beforehand, come back tomorrow."""
    call_command("clearsessions")
    results, _ = (
        DBTaskResult.objects.finished()
        .filter(finished_at__lt=timezone.now() - KEEP_RESULTS)
        .delete()
    )
    tiles = drop_old_files(settings.TILE_CACHE, older_than=KEEP_TILES)
    plots = refresh_shares().plots
    corridors = refresh_corridors().opened
    plan_next()
    return {"results": results, "tiles": tiles, "plots": plots, "corridors": corridors}


def plan_next() -> None:
    """Put the next round in the queue unless it is there already."""
    waiting = DBTaskResult.objects.filter(status="READY", task_path=keep_house.module_path)
    if not waiting.exists():
        keep_house.using(run_after=next_round(timezone.localtime())).enqueue()


def next_round(now: dt.datetime) -> dt.datetime:
    """Return the next time it is HOUR o'clock where `now` is."""
    at = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return at if at > now else at + dt.timedelta(days=1)


def drop_old_files(folder: Path, *, older_than: dt.timedelta) -> int:
    """Delete the files below `folder` that were written before, and return how many."""
    limit = time.time() - older_than.total_seconds()
    dropped = 0
    for file in folder.rglob("*"):
        # Another worker may have dropped or replaced it meanwhile.
        try:
            if file.is_file() and file.stat().st_mtime < limit:
                file.unlink()
                dropped += 1
        except FileNotFoundError:
            continue
    return dropped
