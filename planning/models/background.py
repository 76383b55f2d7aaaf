"""Work that goes on in the background: asked for, carried out by a worker, called off."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class RunState(models.TextChoices):
    """How far a run has come. Only what is done is ever shown as a result."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class BackgroundRun(models.Model):
    """One piece of work, how far it has come, and when; its results are of its own kind."""

    #: 1, 2, 3 … of those of its scope that are done; null before.
    number = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=RunState.choices, default=RunState.QUEUED)
    #: Steps done and in all, and the word for what is being done.
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=30, blank=True)
    is_cancel_wanted = models.BooleanField(default=False)
    #: A digest of all that it rests on: with the same one nothing new would be found.
    fingerprint = models.BinaryField(max_length=32, default=bytes)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    #: What it counted.
    counts = models.JSONField(default=dict)

    class Meta:
        abstract = True
