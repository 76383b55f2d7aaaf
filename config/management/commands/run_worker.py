"""The worker for background tasks."""

from __future__ import annotations

import logging
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from config.housekeeping import plan_next
from tileserver.expiry import Expiry

logger = logging.getLogger(__name__)

#: Held for the worker's lifetime: with a second one, "still running" would say nothing.
WORKER_LOCK = 7_305_902
#: A task that ended three workers is not given to a fourth.
MOST_WORKERS = 3


class LostWithWorkerError(RuntimeError):
    """The task was running when its worker ended, too often to try again."""


class Command(BaseCommand):
    """Take up what an ended worker left, plan the daily round, then work until told to stop.

    Beside it changes of the data are followed up among the kept tiles.
    """

    help = "Run background tasks until TERM or INT."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [WORKER_LOCK])
            (is_only,) = cursor.fetchone()
        if not is_only:
            raise CommandError("Đã có một worker đang chạy. A worker is running already.")
        give_back_lost_tasks()
        plan_next()
        expiry = Expiry()
        expiry.start()
        try:
            call_command("db_worker", interval=1, startup_delay=False)
        finally:
            expiry.stop()


@transaction.atomic
def give_back_lost_tasks() -> None:
    """Return tasks that are marked as running to the queue: their worker is gone."""
    for lost in DBTaskResult.objects.running().select_for_update():
        if len(lost.worker_ids) >= MOST_WORKERS:
            lost.set_failed(LostWithWorkerError(f"{len(lost.worker_ids)} workers ended"))
            logger.error("task %s ended %d workers, given up", lost.pk, len(lost.worker_ids))
        else:
            lost.status = "READY"
            lost.save(update_fields=["status"])
            logger.warning("task %s given back to the queue", lost.pk)
