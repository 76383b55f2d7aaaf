"""What carries "clear": how far the register of a theme reaches, and whether it is healthy."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q

from landdata.models.revision import Revisioned, RevisionedQuerySet


class Theme(models.TextChoices):
    """What an extract speaks about, in the order in which it speaks."""

    GENERAL_PLAN = "general_plan"
    ZONING_PLAN = "zoning_plan"
    DETAILED_PLAN = "detailed_plan"
    LAND_USE_PLAN = "land_use_plan"
    ANNUAL_PLAN = "annual_plan"
    CONTROL_LINES = "control_lines"
    POWER_LINES = "power_lines"
    PIPELINES = "pipelines"
    ROADS = "roads"
    RAILWAYS = "railways"
    DYKES = "dykes"
    WATER = "water"
    HAZARD_SITES = "hazard_sites"
    PROTECTED_SITES = "protected_sites"


#: Plans of these themes divide the ground of their territory into zones: ground without a zone is
#: never clear there, the plan is silent.
PARTITION_THEMES = (
    Theme.GENERAL_PLAN,
    Theme.ZONING_PLAN,
    Theme.DETAILED_PLAN,
    Theme.LAND_USE_PLAN,
)
#: Objects of these themes restrict the ground around them; elsewhere it is clear, provided that
#: the objects and the rules are all there.
RESTRICTION_THEMES = tuple(theme for theme in Theme if theme not in PARTITION_THEMES)


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
