"""What the public may read of plans: unmanaged models over the `public_…` views."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models

from landdata.models import Revisioned, RevisionedQuerySet
from planning.models.corridor_rule import CorridorRuleFields


class PublicPlanFunction(Revisioned):
    """Functions of planned land and their colours."""

    code = models.CharField(max_length=60)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    group = models.CharField(max_length=60)
    aci = models.PositiveSmallIntegerField()
    colour = models.CharField(max_length=7)
    hatch_hint = models.CharField(max_length=120)
    confidence = models.CharField(max_length=80)

    objects = RevisionedQuerySet["PublicPlanFunction"].as_manager()

    class Meta:
        managed = False
        db_table = "public_plan_functions"

    def __str__(self) -> str:
        return self.code


class PublicPlanVersion(models.Model):
    """Published decisions on plans."""

    plan_code = models.CharField(max_length=40)
    level = models.CharField(max_length=8)
    sequence = models.PositiveSmallIntegerField()
    adjustment = models.CharField(max_length=10)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    scale = models.PositiveIntegerField()
    information_code = models.CharField(max_length=12)
    authority = models.CharField(max_length=200)
    decision_number = models.CharField(max_length=60)
    decision_date = models.DateField()
    data_date = models.DateField()
    accuracy_m = models.FloatField(null=True)
    published_in = models.PositiveIntegerField()

    class Meta:
        managed = False
        db_table = "public_plan_versions"

    def __str__(self) -> str:
        return f"{self.plan_code} v{self.sequence}"


class PublicPlanTerritory(Revisioned):
    """Where each plan is in force."""

    version = models.ForeignKey(
        PublicPlanVersion, on_delete=models.DO_NOTHING, related_name="territories"
    )
    plan_code = models.CharField(max_length=40)
    level = models.CharField(max_length=8)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)

    objects = RevisionedQuerySet["PublicPlanTerritory"].as_manager()

    class Meta:
        managed = False
        db_table = "public_plan_territories"

    def __str__(self) -> str:
        return self.plan_code


class PublicZone(Revisioned):
    """Zones of published plans."""

    uid = models.UUIDField()
    plan_code = models.CharField(max_length=40)
    level = models.CharField(max_length=8)
    introduced_by = models.ForeignKey(
        PublicPlanVersion, on_delete=models.DO_NOTHING, related_name="zones"
    )
    label = models.CharField(max_length=60)
    function = models.CharField(max_length=60)
    land_use_code = models.CharField(max_length=10)
    density = models.CharField(max_length=60)
    storeys = models.CharField(max_length=60)
    floor_area_ratio = models.CharField(max_length=60)
    population = models.PositiveIntegerField(null=True)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    boundary_3857 = models.MultiPolygonField(srid=3857)

    objects = RevisionedQuerySet["PublicZone"].as_manager()

    class Meta:
        managed = False
        db_table = "public_zones"

    def __str__(self) -> str:
        return self.label or str(self.uid)


class PublicCorridorRule(CorridorRuleFields):
    """Rules by which corridors are measured."""

    objects = RevisionedQuerySet["PublicCorridorRule"].as_manager()

    class Meta:
        managed = False
        db_table = "public_corridor_rules"
