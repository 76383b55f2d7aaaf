"""Annual land-use plans and the projects they list (Land Law 31/2024/QH15 art. 67, 76)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q

from landdata.models import Revisioned, RevisionedQuerySet


class AnnualLandUsePlan(Revisioned):
    """One year's land-use plan of a unit, valid in that calendar year."""

    code = models.CharField(max_length=40)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    year = models.PositiveSmallIntegerField()
    #: Text, because the body that decided may no longer exist.
    authority = models.CharField(max_length=200)
    decision_number = models.CharField(max_length=60)
    decision_date = models.DateField()
    data_date = models.DateField()
    #: The ground for which the plan lists everything there is to list.
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    source_file = models.ForeignKey(
        "landdata.SourceFile", on_delete=models.PROTECT, related_name="+"
    )

    objects = RevisionedQuerySet["AnnualLandUsePlan"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(boundary__isvalid=True), name="annual_plan_boundary_valid"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(to_revision=None), name="annual_plan_known_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ItemKind(models.TextChoices):
    """What the project does to the land."""

    RECOVERY = "recovery"
    CONVERSION = "conversion"


class ItemStatus(models.TextChoices):
    """How far the project has come."""

    LISTED = "listed"
    RECOVERY_DECIDED = "recovery_decided"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


class LandUsePlanItem(Revisioned):
    """A project as one year's plan lists it; `item_key` is its identity across the years."""

    annual_plan_code = models.CharField(max_length=40)
    item_key = models.CharField(max_length=40)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=10, choices=ItemKind.choices)
    #: Code of the land use that it is meant for.
    purpose = models.CharField(max_length=10)
    area_m2 = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    #: The year whose plan listed it first: what the two-year rule counts from.
    first_listed_year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=16, choices=ItemStatus.choices)
    #: Of the recovery, cancellation or completion.
    decision_number = models.CharField(max_length=60, blank=True)
    decision_date = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    #: Null where the plan names the plots only.
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID, null=True, blank=True)
    #: What maps show: the boundary, else the plots named, as they were when the list came in. Null
    #: where none of them was found.
    ground = models.MultiPolygonField(srid=settings.STORAGE_SRID, null=True, blank=True)
    ground_3857 = models.MultiPolygonField(srid=3857, null=True, blank=True)
    source_file = models.ForeignKey(
        "landdata.SourceFile", on_delete=models.PROTECT, related_name="+"
    )
    source_row = models.PositiveIntegerField()

    objects = RevisionedQuerySet["LandUsePlanItem"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(boundary__isnull=True) | Q(boundary__isvalid=True),
                name="land_use_item_boundary_valid",
            ),
            models.UniqueConstraint(
                fields=["annual_plan_code", "item_key"],
                condition=Q(to_revision=None),
                name="land_use_item_known_once",
            ),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["item_key"], name="land_use_item_key")]

    def __str__(self) -> str:
        return f"{self.annual_plan_code} {self.item_key}"


class LandUsePlanItemParcel(models.Model):
    """A plot that an item names, in the words of the plan.

    `parcel` is null where no current plot has these numbers: the plan then still says it, and the
    importer's report too.
    """

    item = models.ForeignKey(LandUsePlanItem, on_delete=models.PROTECT, related_name="parcels")
    unit_code = models.CharField(max_length=5)
    sheet_number = models.CharField(max_length=20)
    scale = models.PositiveIntegerField(null=True, blank=True)
    number = models.CharField(max_length=20)
    parcel = models.ForeignKey(
        "landdata.Parcel", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["item", "unit_code", "sheet_number", "scale", "number"],
                name="land_use_item_parcel_once",
            )
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["unit_code", "sheet_number", "number"],
                condition=Q(parcel=None),
                name="land_use_item_plot_not_found",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_code}/{self.sheet_number} {self.number}"
