"""What carries "clear": how far the register of a theme reaches, and whether it is healthy."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q

from landdata.models.revision import Revisioned, RevisionedQuerySet


class Theme(models.TextChoices):
    """What an extract speaks about. These three partition the ground of their plans."""

    GENERAL_PLAN = "general_plan"
    ZONING_PLAN = "zoning_plan"
    DETAILED_PLAN = "detailed_plan"


class ThemeCoverage(Revisioned):
    """Somebody answers for it that within `boundary` the register of a theme is complete, or not.

    Ground outside every coverage, and inside one that is not complete, has no data.
    """

    theme = models.CharField(max_length=20, choices=Theme.choices)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    is_complete = models.BooleanField()
    data_date = models.DateField()
    dataset = models.ForeignKey("landdata.Dataset", on_delete=models.PROTECT, related_name="+")

    objects = RevisionedQuerySet["ThemeCoverage"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(boundary__isvalid=True), name="coverage_boundary_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme} {'complete' if self.is_complete else 'incomplete'}"


class SourceHealth(Revisioned):
    """A known trouble with what a theme's answers rest on, within `boundary`.

    While such a row holds, that ground "could not be checked". No row means no known trouble.
    """

    theme = models.CharField(max_length=20, choices=Theme.choices)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    #: Code of the trouble; its sentence stands in the catalogue under `trouble.<code>`.
    trouble = models.SlugField(max_length=60)
    detail = models.TextField(blank=True)

    objects = RevisionedQuerySet["SourceHealth"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(boundary__isvalid=True), name="trouble_boundary_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme}: {self.trouble}"
