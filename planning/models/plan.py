"""Plans, their versions, and the ground on which each is in force."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import F, Q

from landdata.models import Revisioned, RevisionedQuerySet, Theme


class PlanLevel(models.TextChoices):
    """Levels of urban and rural plans (Law 47/2024/QH15), and the land-use plan beside them.

    The land-use plan is another legal regime (Land Law 31/2024/QH15): shown beside, never merged.
    """

    GENERAL = "general"
    ZONING = "zoning"
    DETAILED = "detailed"
    LAND_USE = "land_use"


#: The theme of an extract that plans of a level answer.
THEME_OF_LEVEL = {
    PlanLevel.GENERAL: Theme.GENERAL_PLAN,
    PlanLevel.ZONING: Theme.ZONING_PLAN,
    PlanLevel.DETAILED: Theme.DETAILED_PLAN,
    PlanLevel.LAND_USE: Theme.LAND_USE_PLAN,
}


class Plan(models.Model):
    """A plan's lasting identity over all its adjustments (INSPIRE PLU: SpatialPlan)."""

    code = models.CharField(max_length=40, unique=True)
    level = models.CharField(max_length=8, choices=PlanLevel.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )

    def __str__(self) -> str:
        return self.code


class PlanStatus(models.TextChoices):
    """How far a version has come. Only a published one binds anybody."""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"


class Adjustment(models.TextChoices):
    """What a version does to the plan (Law 47/2024/QH15 art. 45-46)."""

    FIRST = "first"
    GENERAL = "general"
    LOCAL = "local"


class PlanVersion(models.Model):
    """One decision on a plan: the first, or an adjustment. Frozen once it is published."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    sequence = models.PositiveSmallIntegerField()
    adjustment = models.CharField(max_length=10, choices=Adjustment.choices)
    status = models.CharField(max_length=10, choices=PlanStatus.choices, default=PlanStatus.DRAFT)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    #: Denominator of the plan's scale.
    scale = models.PositiveIntegerField()
    #: Twelve digits issued by the national system (NĐ 111/2024, TT 24/2025/TT-BXD).
    information_code = models.CharField(max_length=12, blank=True)
    #: Text, because the body that decided may no longer exist.
    authority = models.CharField(max_length=200)
    decision_number = models.CharField(max_length=60)
    decision_date = models.DateField()
    #: The ground this version decides on; what was in force there before is replaced.
    extent = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    data_date = models.DateField()
    accuracy_m = models.FloatField(null=True, blank=True)
    #: The version in force when drafting began.
    base = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source_file = models.ForeignKey(
        "landdata.SourceFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: Number of the last edit of its draft, and the digest that the chain of edits ends in.
    edits = models.PositiveIntegerField(default=0)
    edits_head = models.BinaryField(max_length=32, default=bytes)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    published_in = models.ForeignKey(
        "landdata.Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["plan", "sequence"], name="plan_version_sequence_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="plan_version_validity_not_empty",
            ),
            models.CheckConstraint(
                condition=Q(extent__isvalid=True), name="plan_version_extent_valid"
            ),
            models.CheckConstraint(
                condition=Q(status="published", published_in__isnull=False)
                | (~Q(status="published") & Q(published_in__isnull=True)),
                name="plan_version_published_in_a_revision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} v{self.sequence} ({self.status})"

    @property
    def is_editable(self) -> bool:
        """Whether its draft zones may still change."""
        return self.status == PlanStatus.DRAFT


class PlanTerritory(Revisioned):
    """The ground on which a plan is in force, and by which version.

    Inside it, ground without a zone is not clear: the plan is silent there.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="territories")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="territories")
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    boundary_3857 = models.MultiPolygonField(srid=3857)

    objects = RevisionedQuerySet["PlanTerritory"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(boundary__isvalid=True), name="territory_boundary_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} from {self.valid_from}"
