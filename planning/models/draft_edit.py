"""What was done to drafts: every edit for ever, and what follows from it now."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q

from planning.models.plan import PlanVersion
from planning.models.zone import ZoneContent


class EditAction(models.TextChoices):
    """What a planner did, in the words of the tools."""

    BEGIN = "begin"
    DRAW = "draw"
    REDRAW = "redraw"
    MOVE = "move"
    ROTATE = "rotate"
    HOLE = "hole"
    RESHAPE = "reshape"
    SPLIT = "split"
    MERGE = "merge"
    CUT = "cut"
    BUFFER = "buffer"
    OFFSET = "offset"
    COPY = "copy"
    VERTEX = "vertex"
    NUMERIC = "numeric"
    ATTRIBUTES = "attributes"
    BULK = "bulk"
    PASTE = "paste"
    REMOVE = "remove"
    REPAIR = "repair"
    RESOLVE = "resolve"
    UNDO = "undo"


class DraftEdit(models.Model):
    """One edit of a draft, of one zone or of several at once. It is written once and stays.

    Edits form a chain: each carries the digest of the one before, so that none can be changed,
    taken out or put in between without the chain telling (see `planning.editing.chain`).
    """

    version_of = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="history")
    #: 1, 2, 3 … without holes, in the order in which edits were committed.
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=10, choices=EditAction.choices)
    why = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="draft_edits"
    )
    at = models.DateTimeField()
    #: The edit whose effect this one takes back.
    undoes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    #: Why faults that this edit opened were left as they are.
    accepted = models.TextField(blank=True)
    #: What the sender named the request, so that a repeated one is not carried out twice.
    key = models.UUIDField(default=uuid.uuid4)
    #: SHA-256 of the request under that name.
    request_digest = models.BinaryField(max_length=32)
    previous_digest = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["version_of", "number"], name="draft_edit_number_once"),
            models.UniqueConstraint(fields=["version_of", "by", "key"], name="draft_edit_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_of} #{self.number} {self.action}"


class DraftZoneState(ZoneContent):
    """What a draft zone was after an edit. Its state before is the one a version earlier."""

    edit = models.ForeignKey(DraftEdit, on_delete=models.PROTECT, related_name="states")
    version_of = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    uid = models.UUIDField()
    version = models.PositiveIntegerField()
    #: None: the edit removed the zone.
    boundary = models.MultiPolygonField(
        srid=settings.STORAGE_SRID, null=True, blank=True, spatial_index=False
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["version_of", "uid", "version"], name="draft_zone_state_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uid} v{self.version}"


class FaultKind(models.TextChoices):
    """What is wrong with the zones of a plan as a picture of the ground."""

    OVERLAP = "overlap"
    GAP = "gap"
    SLIVER = "sliver"
    OUTSIDE = "outside"
    INVALID = "invalid"


class DraftFault(models.Model):
    """A fault that the zones of a draft have now. Kept up to date with every edit."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version_of = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="faults")
    kind = models.CharField(max_length=8, choices=FaultKind.choices)
    #: The zones that have part in it; of a gap those around it.
    zones = ArrayField(models.UUIDField())
    area_m2 = models.FloatField()
    #: Mean width of the ground: twice its area by its perimeter.
    width_m = models.FloatField()
    place = models.PointField(srid=settings.STORAGE_SRID, spatial_index=False)
    ground = models.MultiPolygonField(srid=settings.STORAGE_SRID, null=True, blank=True)
    #: The edit that opened it; its `accepted` says why the fault was left.
    opened_by = models.ForeignKey(DraftEdit, on_delete=models.PROTECT, related_name="opened")

    def __str__(self) -> str:
        return f"{self.version_of} {self.kind} {self.area_m2:.2f} m²"


class DraftVariant(ZoneContent):
    """A drawing of a zone that is kept beside the one in the plan, to be decided on later."""

    version_of = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="variants")
    uid = models.UUIDField()
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID, spatial_index=False)
    why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    #: Taken back; a drawing is never thrown away.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(boundary__isvalid=True), name="draft_variant_boundary_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_of} {self.uid} by {self.by_id}"


class DraftPresence(models.Model):
    """Who works on a draft just now, and where. Worth nothing after half a minute."""

    version_of = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.PointField(
        srid=settings.STORAGE_SRID, null=True, blank=True, spatial_index=False
    )
    zone = models.UUIDField(null=True, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["version_of", "user"], name="draft_presence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.version_of_id}"
