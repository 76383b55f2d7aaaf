"""Networks: streets, water, power, pipes, dykes, railways (INSPIRE TN, HY, US)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models

from landdata.models.feature import AreaFeature, DeliveredFeature, LineFeature
from landdata.models.revision import RevisionedQuerySet


class OneWay(models.TextChoices):
    """In which direction of its axis a road may be driven."""

    BOTH = "both"
    FORWARD = "forward"
    BACKWARD = "backward"


class NetworkNode(DeliveredFeature):
    """A junction or an end of roads (INSPIRE TN: RoadNode). Crossing without a node is a bridge."""

    position = models.PointField(srid=settings.STORAGE_SRID)
    #: What stands in the way there, in the words of OpenStreetMap's `barrier`; empty: nothing.
    barrier = models.CharField(max_length=20, blank=True)

    objects = RevisionedQuerySet["NetworkNode"].as_manager()


class RoadSegment(LineFeature):
    """A stretch of street between two junctions (INSPIRE TN: RoadLink)."""

    map_layer = "roads"

    #: Class of use, in the words of OpenStreetMap's `highway`.
    road_class = models.CharField(max_length=40)
    #: Technical class that safety corridors go by: expressway, I to VI, lane; empty: not known.
    technical_class = models.CharField(max_length=12, blank=True)
    #: Between house fronts.
    width_m = models.FloatField(null=True, blank=True)
    #: Keys of the nodes at its two ends; empty where the delivery has no network.
    from_node = models.CharField(max_length=60, blank=True)
    to_node = models.CharField(max_length=60, blank=True)
    #: Above (bridge) or below (tunnel) the ground level 0.
    level = models.SmallIntegerField(default=0)
    one_way = models.CharField(max_length=8, choices=OneWay.choices, default=OneWay.BOTH)
    #: Who may not use it: words of no_walk, no_cycle, no_motorbike, no_car, and private; parted by
    #: blanks, empty: nobody says.
    access = models.CharField(max_length=60, blank=True)
    max_speed_kmh = models.FloatField(null=True, blank=True)
    #: Whether this stretch runs through an urban area; null: not known.
    is_urban = models.BooleanField(null=True, blank=True)
    #: From the axis to the outer edge of the strip that protects and maintains the road.
    strip_m = models.FloatField(null=True, blank=True)
    #: From the axis to the planned red line.
    red_line_m = models.FloatField(null=True, blank=True)
    #: Code of the plan that a road not yet built stands in; empty: it exists.
    planned_by = models.CharField(max_length=40, blank=True)

    objects = RevisionedQuerySet["RoadSegment"].as_manager()


class WaterBody(AreaFeature):
    """A lake, river or canal drawn as a surface (INSPIRE HY: StandingWater, Watercourse)."""

    map_layer = "water"

    kind = models.CharField(max_length=40)
    #: What its protection corridor is for, as the provincial list says; empty: not listed.
    function = models.CharField(max_length=20, blank=True)
    is_urban = models.BooleanField(null=True, blank=True)
    #: "flat" or "steep"; empty: not known.
    bank = models.CharField(max_length=8, blank=True)

    objects = RevisionedQuerySet["WaterBody"].as_manager()


class PowerLine(LineFeature):
    """An electricity line or cable (INSPIRE US: ElectricityCable)."""

    map_layer = "power_lines"

    voltage_kv = models.FloatField()
    #: "bare" or "covered"; empty: not known.
    conductor = models.CharField(max_length=8, blank=True)
    #: "overhead", "duct", "buried" or "underwater".
    placement = models.CharField(max_length=12)
    #: From the axis to the outermost conductor at rest: corridors are measured from there.
    outer_conductor_m = models.FloatField(null=True, blank=True)

    objects = RevisionedQuerySet["PowerLine"].as_manager()


class Pipeline(LineFeature):
    """A main for water, gas or sewage (INSPIRE US: Pipe)."""

    map_layer = "pipelines"

    kind = models.CharField(max_length=12)
    diameter_mm = models.FloatField(null=True, blank=True)
    pressure_bar = models.FloatField(null=True, blank=True)
    #: From the axis to the outer face.
    outer_m = models.FloatField(null=True, blank=True)

    objects = RevisionedQuerySet["Pipeline"].as_manager()


class Dyke(LineFeature):
    """A dyke by its crest (INSPIRE HY: Embankment). Sides are seen along the axis."""

    map_layer = "dykes"

    kind = models.CharField(max_length=12)
    #: "special", "I" to "V" (Law on Dykes); empty: not known.
    grade = models.CharField(max_length=8, blank=True)
    #: The side that it protects, "left" or "right"; empty: not known.
    protected_side = models.CharField(max_length=5, blank=True)
    #: From the axis to the dyke foot: corridors are measured from there.
    foot_left_m = models.FloatField(null=True, blank=True)
    foot_right_m = models.FloatField(null=True, blank=True)
    is_urban = models.BooleanField(null=True, blank=True)

    objects = RevisionedQuerySet["Dyke"].as_manager()


class Railway(LineFeature):
    """A railway by the axis of its outer track (INSPIRE TN: RailwayLink)."""

    map_layer = "railways"

    kind = models.CharField(max_length=12)
    #: From the axis to the outer edge of the strip that protects the track.
    strip_m = models.FloatField(null=True, blank=True)
    is_urban = models.BooleanField(null=True, blank=True)

    objects = RevisionedQuerySet["Railway"].as_manager()
