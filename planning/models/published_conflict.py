"""What the public is told of conflicts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q

from landdata.models import Revisioned, RevisionedQuerySet
from planning.conflicts import records
from planning.models.conflict import ConflictRun
from planning.models.plan import PlanVersion


class PublishedConflict(Revisioned):
    """A conflict of plans in force as a check of the whole city found it.

    Of rules only whose findings may be told to everybody, and in the words of the catalogue of that
    day: a sentence that was told stays as it was told.
    """

    identity = models.UUIDField()
    rule = models.CharField(max_length=8)
    severity = models.CharField(max_length=6, choices=[(str(s), str(s)) for s in records.Severity])
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    text_vi = models.TextField()
    text_en = models.TextField()
    legal_source = models.TextField()
    #: Codes of the plans whose zones or grounds take part.
    plans = ArrayField(models.CharField(max_length=40), default=list)
    area_m2 = models.FloatField()
    #: Of all that is told, so that a row stays where nothing changed.
    fingerprint = models.CharField(max_length=32)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    boundary_3857 = models.MultiPolygonField(srid=3857)

    objects = RevisionedQuerySet["PublishedConflict"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.UniqueConstraint(
                fields=["identity"],
                condition=Q(to_revision=None),
                name="published_conflict_known_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.identity}"


class ConflictSummary(models.Model):
    """How many conflicts of each rule a draft in consultation has, released by an approver.

    Numbers only: no places, no names. Written once, it stays; the newest one is shown.
    """

    version = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, related_name="conflict_summaries"
    )
    run = models.ForeignKey(ConflictRun, on_delete=models.PROTECT, related_name="+")
    #: What the run rests on.
    on = models.DateField()
    revision = models.PositiveIntegerField()
    edits = models.PositiveIntegerField()
    #: [{"rule", "severity", "count"}, …] and the rules that could not be checked everywhere.
    counts = models.JSONField(default=list)
    unchecked = ArrayField(models.CharField(max_length=8), default=list)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.version} run {self.run_id}"
