"""Facilities that serve people, sites that need distance, sites under protection, buildings."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q

from landdata.models.feature import AreaFeature, NamedFeature
from landdata.models.revision import RevisionedQuerySet


class Facility(NamedFeature):
    """A place of service with its capacity (INSPIRE US: GovernmentalService)."""

    map_layer = "facilities"

    kind = models.CharField(max_length=40)
    #: In `capacity_unit`: places, pupils, beds, m²; null: not known.
    capacity = models.FloatField(null=True, blank=True)
    capacity_unit = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=255, blank=True)
    #: Invented for a demonstration; shown wherever the facility is.
    is_synthetic = models.BooleanField()
    source = models.CharField(max_length=200, blank=True)
    position = models.PointField(srid=settings.STORAGE_SRID)
    position_3857 = models.PointField(srid=3857)

    objects = RevisionedQuerySet["Facility"].as_manager()

    class Meta(NamedFeature.Meta):
        constraints: ClassVar[list[Any]] = [
            *NamedFeature.Meta.constraints,
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=0),
                name="facility_capacity_not_negative",
            ),
        ]


class HazardSite(AreaFeature):
    """Works or a burial ground that others keep a distance from (INSPIRE PF, NZ, UGS)."""

    map_layer = "hazard_sites"

    kind = models.CharField(max_length=40)
    #: How it works, where distances depend on that: "open", "closed", "pond" …
    technology = models.CharField(max_length=40, blank=True)
    capacity = models.FloatField(null=True, blank=True)
    capacity_unit = models.CharField(max_length=20, blank=True)
    #: Azimuth in which the water flows, for intakes.
    flow_deg = models.FloatField(null=True, blank=True)
    is_synthetic = models.BooleanField()
    source = models.CharField(max_length=200, blank=True)

    objects = RevisionedQuerySet["HazardSite"].as_manager()


class ProtectedSite(AreaFeature):
    """Ground under protection by a decision of its own (INSPIRE PS: ProtectedSite)."""

    map_layer = "protected_sites"

    kind = models.CharField(max_length=40)
    #: "I" or "II" of a relic; empty where there is one zone only.
    protection_zone = models.CharField(max_length=8, blank=True)
    #: Height above the sea of a runway's lower end: obstacle limitation surfaces rise from there.
    elevation_m = models.FloatField(null=True, blank=True)
    decision_number = models.CharField(max_length=60, blank=True)
    decision_date = models.DateField(null=True, blank=True)
    authority = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)

    objects = RevisionedQuerySet["ProtectedSite"].as_manager()


class Building(AreaFeature):
    """A building by its footprint (INSPIRE BU: Building)."""

    map_layer = "buildings"

    use = models.CharField(max_length=40, blank=True)
    storeys = models.PositiveSmallIntegerField(null=True, blank=True)
    height_m = models.FloatField(null=True, blank=True)

    objects = RevisionedQuerySet["Building"].as_manager()
