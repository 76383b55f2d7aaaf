"""Streets and water: what a person finds their way by."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models

from landdata.models.revision import Revisioned, RevisionedQuerySet


class RoadSegment(Revisioned):
    """A stretch of street between two junctions (INSPIRE TN: RoadLink)."""

    #: The sender's lasting identifier, unique within the data set.
    source_key = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    road_class = models.CharField(max_length=40)
    width_m = models.FloatField(null=True, blank=True)
    axis = models.MultiLineStringField(srid=settings.STORAGE_SRID)
    axis_3857 = models.MultiLineStringField(srid=3857)
    source_file = models.ForeignKey(
        "landdata.SourceFile", on_delete=models.PROTECT, related_name="+"
    )
    source_row = models.PositiveIntegerField()

    objects = RevisionedQuerySet["RoadSegment"].as_manager()

    class Meta(Revisioned.Meta):
        indexes: ClassVar[list[Any]] = [models.Index(fields=["source_key"], name="road_source_key")]

    def __str__(self) -> str:
        return self.name or self.source_key


class WaterBody(Revisioned):
    """A lake, river or canal drawn as a surface (INSPIRE HY: StandingWater, Watercourse)."""

    source_key = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=40)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    boundary_3857 = models.MultiPolygonField(srid=3857)
    source_file = models.ForeignKey(
        "landdata.SourceFile", on_delete=models.PROTECT, related_name="+"
    )
    source_row = models.PositiveIntegerField()

    objects = RevisionedQuerySet["WaterBody"].as_manager()

    class Meta(Revisioned.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["source_key"], name="water_source_key")
        ]

    def __str__(self) -> str:
        return self.name or self.source_key
