"""Corridors worked out beforehand, so that maps can show them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField

from landdata.models import Revisioned, RevisionedQuerySet
from planning.corridors import words
from planning.models.corridor_rule import CorridorRule


class CorridorPart(models.TextChoices):
    """Whether ground is inside in any case, or depending on what is not recorded."""

    CERTAIN = "certain"
    UNCERTAIN = "uncertain"


class SafetyCorridor(Revisioned):
    """One part of the corridor that one rule draws around one object, from one day to another.

    It follows from a row of the object and a row of the rule, neither of which ever changes. What
    a plot is told does not rest on it: that is measured when asked.
    """

    object = models.CharField(max_length=16, choices=[(str(k), str(k)) for k in words.ObjectKind])
    #: Row of the object's own table.
    object_row = models.BigIntegerField()
    #: Data set and the sender's key: the object over all its rows.
    dataset = models.CharField(max_length=60)
    source_key = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    rule_row = models.ForeignKey(
        CorridorRule, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    part = models.CharField(max_length=9, choices=CorridorPart.choices)
    #: Metres from the object's own line or edge to the outer end, left and right of it.
    reach_left_m = models.FloatField()
    reach_right_m = models.FloatField()
    #: Why ground is only possibly inside.
    doubts = ArrayField(models.CharField(max_length=40), default=list)
    #: Of all that the shape follows from, so that it is drawn once.
    fingerprint = models.CharField(max_length=32)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    boundary_3857 = models.MultiPolygonField(srid=3857)

    objects = RevisionedQuerySet["SafetyCorridor"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [*Revisioned.Meta.constraints]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["object", "object_row"], name="safety_corridor_object"),
        ]

    def __str__(self) -> str:
        return f"{self.object} {self.source_key} {self.part}"
