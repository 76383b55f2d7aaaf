"""Functions of planned land and their prescribed signs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from landdata.models import Revisioned, RevisionedQuerySet


class PlanFunction(Revisioned):
    """A function of land in a plan (INSPIRE PLU: land-use class), named by its CAD layer.

    The regulation fixes the AutoCAD colour index and the hatch. The colour shown is that index in
    AutoCAD's own palette.
    """

    code = models.CharField(max_length=60)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    group = models.CharField(max_length=60)
    aci = models.PositiveSmallIntegerField()
    colour = models.CharField(max_length=7)
    hatch_hint = models.CharField(max_length=120, blank=True)
    source = models.TextField()
    confidence = models.CharField(max_length=80)
    note = models.TextField(blank=True)

    objects = RevisionedQuerySet["PlanFunction"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                condition=Q(to_revision=None),
                name="plan_function_known_once",
            ),
        ]

    def __str__(self) -> str:
        return self.code
