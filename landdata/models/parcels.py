"""Cadastral sheets and parcels (LADM: LA_SpatialUnit; INSPIRE: CadastralParcel)."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q

from landdata import crs
from landdata.models.revision import Revisioned, RevisionedQuerySet

#: A number that the register has not determined yet. Many parcels of a sheet may carry it, and none
#: of them disputes it with another.
UNDETERMINED = "KXD"


class CadastralSheet(models.Model):
    """A cadastral map sheet: the thing parcels are numbered in.

    The same number exists at two scales in one unit, so the scale is part of the key. The
    coordinate system belongs to the sheet, never to the province.
    """

    #: Code of the unit that numbered the sheet, as it was then.
    unit_code = models.CharField(max_length=5)
    number = models.CharField(max_length=20)
    scale = models.PositiveIntegerField()
    epsg = models.PositiveIntegerField()
    datum_operation = models.CharField(max_length=20, default=crs.OFFICIAL_DATUM)
    survey_date = models.DateField(null=True, blank=True)
    accuracy_m = models.FloatField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["unit_code", "number", "scale"], name="sheet_unique_in_unit_and_scale"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_code}/{self.number} (1:{self.scale})"


class Parcel(models.Model):
    """A parcel's lasting identity, whatever its numbers and boundary are from time to time."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.uuid)


class GeometryState(models.TextChoices):
    """Whether the received boundary can be measured."""

    VALID = "valid"
    INVALID = "invalid"
    MISSING = "missing"


class ParcelVersion(Revisioned):
    """What a register said of a parcel.

    `boundary` is null unless the received ring is valid: the received record stays reachable
    through file and row, and every answer on such a plot is "could not be checked". The importer
    proves validity in bulk; a check here would repeat it for each of half a million rows.
    """

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="versions")
    sheet = models.ForeignKey(CadastralSheet, on_delete=models.PROTECT, related_name="versions")
    #: The 12-character identifier that the land authority assigned; stored, never recomputed. Not
    #: unique: a register that hands one out twice must be shown, not refused.
    national_id = models.CharField(max_length=12, blank=True)
    #: As registered, blanks stripped: "45", "12a", "KXD" (undetermined).
    number = models.CharField(max_length=20)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID, null=True, blank=True)
    boundary_3857 = models.MultiPolygonField(srid=3857, null=True, blank=True)
    geometry_state = models.CharField(max_length=7, choices=GeometryState.choices)
    legal_area_m2 = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    address = models.CharField(max_length=255, blank=True)
    #: Code of the ward that the parcel lies in on these days.
    unit_code = models.CharField(max_length=5)
    #: Several rows claim the same number; all of them are shown and none is answered for.
    is_disputed = models.BooleanField(default=False)
    source_file = models.ForeignKey(
        "landdata.SourceFile", on_delete=models.PROTECT, related_name="+"
    )
    #: The sender's row, counted from 0.
    source_row = models.PositiveIntegerField()
    #: SHA-256 of the row's content, so that the same delivery twice changes nothing.
    fingerprint = models.BinaryField(max_length=32)

    objects = RevisionedQuerySet["ParcelVersion"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.UniqueConstraint(
                fields=["sheet", "number"],
                condition=Q(to_revision=None, valid_to=None, is_disputed=False)
                & ~Q(number=UNDETERMINED),
                name="parcel_number_unique_while_current",
            ),
            models.UniqueConstraint(
                fields=["parcel", "valid_from"],
                condition=Q(to_revision=None),
                name="parcel_version_known_once_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(geometry_state="valid", boundary__isnull=False)
                | (~Q(geometry_state="valid") & Q(boundary__isnull=True)),
                name="parcel_boundary_exactly_if_valid",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["unit_code", "number"], name="parcel_unit_number"),
            # A question without a ward: one number on the few hundred sheets of one name.
            models.Index(
                fields=["number", "sheet"],
                condition=Q(to_revision=None),
                name="parcel_number_sheet_known_now",
            ),
            models.Index(fields=["national_id"], name="parcel_national_id"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}"


class ParcelLandUse(models.Model):
    """One registered purpose of a parcel version; "ODT+CLN" in a flat export is two of them."""

    version = models.ForeignKey(ParcelVersion, on_delete=models.PROTECT, related_name="land_uses")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10)
    area_m2 = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    term = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["version", "position"], name="land_use_position_once")
        ]

    def __str__(self) -> str:
        return self.code


class ParcelAlias(Revisioned):
    """A number that a parcel had before, or has in another numbering.

    Old papers name plots by it. Several parcels may have come out of one old number, and one parcel
    may unite several, so nothing here is unique.
    """

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="aliases")
    #: Code of the unit that numbered it then; empty where the register does not say.
    unit_code = models.CharField(max_length=5, blank=True)
    sheet_number = models.CharField(max_length=20)
    number = models.CharField(max_length=20)
    source_file = models.ForeignKey(
        "landdata.SourceFile", on_delete=models.PROTECT, related_name="+"
    )
    source_row = models.PositiveIntegerField()

    objects = RevisionedQuerySet["ParcelAlias"].as_manager()

    class Meta(Revisioned.Meta):
        indexes: ClassVar[list[Any]] = [
            # The number first: papers that leave the sheet out are asked about too.
            models.Index(fields=["number", "sheet_number"], name="parcel_alias_numbers"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_code}/{self.sheet_number} {self.number}"
