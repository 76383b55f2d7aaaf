"""Conflicts: what runs of the check found, and what people decided about it."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db.models import Q

from planning.conflicts import records
from planning.models.background import BackgroundRun
from planning.models.draft_edit import DraftEdit
from planning.models.plan import PlanVersion


def _choices(kinds: Any) -> list[tuple[str, str]]:
    return [(str(kind), str(kind)) for kind in kinds]


class RunKind(models.TextChoices):
    """Whether everything was judged, or what changed since the run before could touch."""

    FULL = "full"
    PARTIAL = "partial"


class ConflictRun(BackgroundRun):
    """One check of a plan version, or of the whole city where there is none.

    Results belong to runs by number: a finding is there from the run `from_run` up to, without it,
    the run `to_run`. A run's results appear in one transaction, with its state.
    """

    version = models.ForeignKey(
        PlanVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="conflict_runs"
    )
    kind = models.CharField(max_length=7, choices=RunKind.choices)
    #: What it rests on: legal day, revision of the record, last edit of the draft, versions of the
    #: rules by code, and a digest of all that.
    on = models.DateField()
    revision = models.PositiveIntegerField(default=0)
    edits = models.PositiveIntegerField(default=0)
    rules = models.JSONField(default=dict)
    #: The edit after which it looked again.
    edit = models.ForeignKey(
        DraftEdit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["version", "number"],
                name="conflict_run_number_once",
                nulls_distinct=False,
                condition=Q(state="done"),
            ),
            models.CheckConstraint(
                condition=Q(state="done", number__isnull=False)
                | (~Q(state="done") & Q(number__isnull=True)),
                name="conflict_run_numbered_when_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version or 'city'} run {self.number or self.state}"


class ConflictState(models.TextChoices):
    """What people decided. A conflict is solved where no run finds it any more, which none says."""

    OPEN = "open"
    ACCEPTED = "accepted"
    FALSE_ALARM = "false_alarm"


class Conflict(models.Model):
    """A contradiction over all runs that found it, of a plan version or of the whole city."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(
        PlanVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="conflicts"
    )
    #: The same in every run: follows from the rule and the parties.
    identity = models.UUIDField()
    rule = models.CharField(max_length=8)
    family = models.CharField(max_length=10, choices=_choices(records.Family))
    #: [[kind, key], …], the one to be changed first.
    parties = models.JSONField()
    #: "<kind>:<key>" of all whose change may change it.
    #: Compared as bytes: asked for by the hundred after every edit.
    keys = ArrayField(models.TextField(db_collation="C"))
    first_run = models.ForeignKey(ConflictRun, on_delete=models.PROTECT, related_name="+")
    #: The edit after which it was first found; null where the first run found it.
    by_edit = models.ForeignKey(
        DraftEdit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        max_length=11, choices=ConflictState.choices, default=ConflictState.OPEN
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.ForeignKey(
        "planning.PrecedenceDecision",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="conflicts",
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["version", "identity"], name="conflict_once", nulls_distinct=False
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            # What waits to be put into the index is read by every question.
            GinIndex(fields=["keys"], name="conflict_keys", fastupdate=False)
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.key}"


class ConflictFinding(models.Model):
    """What runs found of a conflict, from one run on until another found something else."""

    conflict = models.ForeignKey(Conflict, on_delete=models.PROTECT, related_name="findings")
    #: Scope of the conflict, once more: results are asked for by it.
    version = models.ForeignKey(
        PlanVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    from_run = models.PositiveIntegerField()
    #: The first run that did not find it any more; null: found by the last one.
    to_run = models.PositiveIntegerField(null=True, blank=True)
    severity = models.CharField(max_length=6, choices=_choices(records.Severity))
    ground = models.MultiPolygonField(srid=settings.STORAGE_SRID, null=True, blank=True)
    place = models.PointField(srid=settings.STORAGE_SRID)
    area_m2 = models.FloatField()
    #: Plots that share ground with it, and the people there; null: none to be asked, not counted.
    parcels = models.PositiveIntegerField(null=True, blank=True)
    people = models.FloatField(null=True, blank=True)
    #: Codes of the wards of these plots, or of the ward in which it lies.
    wards = ArrayField(models.CharField(max_length=5), default=list)
    values = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["version", "severity", "-area_m2"],
                condition=Q(to_run=None),
                name="conflict_finding_now",
            ),
            # What began or ended between two runs.
            models.Index(fields=["version", "from_run"], name="conflict_finding_from"),
            models.Index(
                fields=["version", "to_run"],
                condition=Q(to_run__isnull=False),
                name="conflict_finding_to",
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["conflict"], condition=Q(to_run=None), name="conflict_found_once_now"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conflict_id} {self.severity} {self.area_m2:.2f} m²"


class ConflictEventKind(models.TextChoices):
    """What somebody did about a conflict; the check itself reopens one that grew."""

    COMMENT = "comment"
    ACCEPT = "accept"
    FALSE_ALARM = "false_alarm"
    REOPEN = "reopen"
    ASSIGN = "assign"
    DECIDE = "decide"


class ConflictEvent(models.Model):
    """What was said and decided about a conflict. Written once, it stays."""

    conflict = models.ForeignKey(Conflict, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    #: None: the check itself.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=11, choices=ConflictEventKind.choices)
    text = models.TextField(blank=True)
    #: Number and date of a document that says so.
    document = models.CharField(max_length=200, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.conflict_id} {self.kind}"


class PrecedenceDecision(models.Model):
    """The written decision of an authority which of two plans holds on some ground.

    NĐ 178/2025 art. 6: of plans of one level the authority, or the higher of two, decides in
    writing, and its document goes into the dossier. Written once, it stays.
    """

    number = models.CharField(max_length=60)
    date = models.DateField()
    #: Text, because the body that decided may no longer exist.
    authority = models.CharField(max_length=200)
    text = models.TextField()
    #: Codes of the plans.
    prevails = models.CharField(max_length=40)
    gives_way = models.CharField(max_length=40)
    ground = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["number", "date", "authority", "prevails", "gives_way"],
                name="precedence_decision_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.prevails}"
