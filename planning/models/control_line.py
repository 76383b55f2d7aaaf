"""Red lines and building lines: the ground that a line keeps free."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.gis.db import models
from django.db.models import Q

from landdata.models import AreaFeature, RevisionedQuerySet


class ControlLineKind(models.TextChoices):
    """Which line (Law 47/2024/QH15 art. 2)."""

    RED_LINE = "red_line"
    BUILDING_LINE = "building_line"


class ControlLine(AreaFeature):
    """Ground kept free by a line: between the red lines of a street, or before a building line.

    Lines are often decided street by street, in dossiers of their own, so they carry a decision
    and validity of their own beside the plan that they belong to.
    """

    map_layer = "control_lines"

    kind = models.CharField(max_length=14, choices=ControlLineKind.choices)
    plan_code = models.CharField(max_length=40, blank=True)
    decision_number = models.CharField(max_length=60)
    decision_date = models.DateField()
    #: Text, because the body that decided may no longer exist.
    authority = models.CharField(max_length=200)

    objects = RevisionedQuerySet["ControlLine"].as_manager()

    class Meta(AreaFeature.Meta):
        constraints: ClassVar[list[Any]] = [
            *AreaFeature.Meta.constraints,
            models.CheckConstraint(
                condition=Q(boundary__isvalid=True), name="control_line_boundary_valid"
            ),
        ]
