"""What the public may read: one unmanaged model over each `public_…` view.

The database router reads these through the restricted alias and nothing writes them.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models

from landdata.models.revision import Revisioned, RevisionedQuerySet


class PublicRevision(models.Model):
    """When each revision was made, without who and why."""

    number = models.PositiveIntegerField(primary_key=True)
    made_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "public_revisions"

    def __str__(self) -> str:
        return str(self.number)


class PublicUnit(Revisioned):
    """Administrative units."""

    code = models.CharField(max_length=5)
    level = models.CharField(max_length=8)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    full_name = models.CharField(max_length=160)
    full_name_en = models.CharField(max_length=160)
    folded = models.CharField(max_length=160)
    tone_folded = models.CharField(max_length=160)
    parent_code = models.CharField(max_length=5)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID, null=True)
    boundary_3857 = models.MultiPolygonField(srid=3857, null=True)
    point = models.PointField(srid=settings.STORAGE_SRID, null=True)
    source = models.TextField()
    confidence = models.CharField(max_length=20)

    objects = RevisionedQuerySet["PublicUnit"].as_manager()

    class Meta:
        managed = False
        db_table = "public_units"

    def __str__(self) -> str:
        return self.full_name


class PublicLandUseCode(Revisioned):
    """Codes of land use."""

    code = models.CharField(max_length=10)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    group = models.CharField(max_length=10)
    status = models.CharField(max_length=20)
    colour = models.CharField(max_length=7)

    objects = RevisionedQuerySet["PublicLandUseCode"].as_manager()

    class Meta:
        managed = False
        db_table = "public_land_use_codes"

    def __str__(self) -> str:
        return self.code


class PublicParcel(Revisioned):
    """Parcels with their sheet and source; nothing about people."""

    uuid = models.UUIDField()
    national_id = models.CharField(max_length=12)
    sheet_id = models.BigIntegerField()
    sheet_unit_code = models.CharField(max_length=5)
    sheet_number = models.CharField(max_length=20)
    sheet_scale = models.PositiveIntegerField()
    sheet_epsg = models.PositiveIntegerField()
    datum_operation = models.CharField(max_length=20)
    number = models.CharField(max_length=20)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID, null=True)
    boundary_3857 = models.MultiPolygonField(srid=3857, null=True)
    geometry_state = models.CharField(max_length=7)
    legal_area_m2 = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    address = models.CharField(max_length=255)
    unit_code = models.CharField(max_length=5)
    is_disputed = models.BooleanField()
    source_name = models.CharField(max_length=255)
    source_sha256 = models.CharField(max_length=64)
    source_row = models.PositiveIntegerField()
    data_date = models.DateField()
    accuracy_m = models.FloatField(null=True)

    objects = RevisionedQuerySet["PublicParcel"].as_manager()

    class Meta:
        managed = False
        db_table = "public_parcels"

    def __str__(self) -> str:
        return f"{self.sheet_number}/{self.number}"


class PublicParcelLandUse(models.Model):
    """Registered purposes of a parcel version."""

    version_id = models.BigIntegerField()
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10)
    area_m2 = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    term = models.CharField(max_length=40)

    class Meta:
        managed = False
        db_table = "public_parcel_land_uses"

    def __str__(self) -> str:
        return self.code


class PublicParcelAlias(Revisioned):
    """Numbers that parcels had before."""

    uuid = models.UUIDField()
    unit_code = models.CharField(max_length=5)
    sheet_number = models.CharField(max_length=20)
    number = models.CharField(max_length=20)

    objects = RevisionedQuerySet["PublicParcelAlias"].as_manager()

    class Meta:
        managed = False
        db_table = "public_parcel_aliases"

    def __str__(self) -> str:
        return f"{self.unit_code}/{self.sheet_number} {self.number}"


class PublicThemeCoverage(Revisioned):
    """How far the register of each theme is declared to reach."""

    theme = models.CharField(max_length=20)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    is_complete = models.BooleanField()
    data_date = models.DateField()
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)

    objects = RevisionedQuerySet["PublicThemeCoverage"].as_manager()

    class Meta:
        managed = False
        db_table = "public_theme_coverage"

    def __str__(self) -> str:
        return self.theme


class PublicSourceHealth(Revisioned):
    """Known troubles of what a theme rests on."""

    theme = models.CharField(max_length=20)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    trouble = models.CharField(max_length=60)

    objects = RevisionedQuerySet["PublicSourceHealth"].as_manager()

    class Meta:
        managed = False
        db_table = "public_source_health"

    def __str__(self) -> str:
        return self.trouble
