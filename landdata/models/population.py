"""How many people live where. A census and an estimate are two statements, never mixed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from landdata.models.feature import DeliveredFeature
from landdata.models.revision import RevisionedQuerySet


class CountMethod(models.TextChoices):
    """How people were counted."""

    CENSUS = "census"
    ESTIMATE = "estimate"


class Population(DeliveredFeature):
    """People of a unit or of a parcel on a day (INSPIRE PD: StatisticalValue)."""

    unit_code = models.CharField(max_length=5, blank=True)
    parcel = models.ForeignKey(
        "landdata.Parcel", null=True, blank=True, on_delete=models.PROTECT, related_name="people"
    )
    people = models.FloatField()
    counted_on = models.DateField()
    method = models.CharField(max_length=8, choices=CountMethod.choices)
    source = models.CharField(max_length=200)

    objects = RevisionedQuerySet["Population"].as_manager()

    class Meta(DeliveredFeature.Meta):
        constraints: ClassVar[list[Any]] = [
            *DeliveredFeature.Meta.constraints,
            models.CheckConstraint(
                condition=(Q(unit_code="") & Q(parcel__isnull=False))
                | (~Q(unit_code="") & Q(parcel__isnull=True)),
                name="population_of_a_unit_or_a_parcel",
            ),
            models.CheckConstraint(condition=Q(people__gte=0), name="population_not_negative"),
        ]
