"""Zones: published ones never change, drafts do and live in a table of their own."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q

from landdata.models import Revisioned, RevisionedQuerySet
from planning.models.plan import Plan, PlanVersion


class ZoneContent(models.Model):
    """What a plan says of a zone (INSPIRE PLU: ZoningElement).

    Indicators are texts in the dossier ("40-60", "<= 12", "3-5"): the text is the record, and the
    bounds are what we read in it, null where we could not.
    """

    #: Symbol of the block or lot as drawn on the plan.
    label = models.CharField(max_length=60, blank=True)
    function = models.CharField(max_length=60)
    land_use_code = models.CharField(max_length=10, blank=True)
    density = models.CharField(max_length=60, blank=True)
    density_min = models.FloatField(null=True, blank=True)
    density_max = models.FloatField(null=True, blank=True)
    storeys = models.CharField(max_length=60, blank=True)
    storeys_min = models.FloatField(null=True, blank=True)
    storeys_max = models.FloatField(null=True, blank=True)
    floor_area_ratio = models.CharField(max_length=60, blank=True)
    floor_area_ratio_min = models.FloatField(null=True, blank=True)
    floor_area_ratio_max = models.FloatField(null=True, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True


#: The fields of ZoneContent, by which a draft becomes a zone.
CONTENT_FIELDS: tuple[str, ...] = tuple(f.name for f in ZoneContent._meta.local_fields)


class Zone(ZoneContent, Revisioned):
    """A zone of a published plan."""

    #: Stays the same while an adjustment elsewhere cuts a piece off.
    uid = models.UUIDField()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="zones")
    introduced_by = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="zones")
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    boundary_3857 = models.MultiPolygonField(srid=3857)

    objects = RevisionedQuerySet["Zone"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.CheckConstraint(condition=Q(boundary__isvalid=True), name="zone_boundary_valid"),
            models.UniqueConstraint(
                # A zone that an adjustment continues also goes on outside the extent.
                fields=["uid", "introduced_by", "valid_from"],
                condition=Q(to_revision=None),
                name="zone_known_once_from_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.label or self.uid}"


class DraftZone(ZoneContent):
    """A zone somebody is still drawing. No public view reads this table."""

    uid = models.UUIDField(default=uuid.uuid4)
    version_of = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="drafts")
    #: The published row it continues, for an adjustment.
    based_on = models.ForeignKey(
        Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    source_row = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(boundary__isvalid=True), name="draft_zone_boundary_valid"
            ),
            models.UniqueConstraint(fields=["version_of", "uid"], name="draft_zone_uid_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_of} {self.label or self.uid}"
