"""Administrative units and how the units of 2025-07-01 came out of those before.

A code without a date is ambiguous: 3,316 of the 3,321 codes of 2025 were somebody else's before.
Boundaries at hand are simplified to 50 m and never decide whose a parcel is: its sheet does.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q

from landdata.models.revision import Revisioned, RevisionedQuerySet


class UnitLevel(models.TextChoices):
    """Levels of administration; districts ended on 2025-06-30."""

    PROVINCE = "province"
    DISTRICT = "district"
    WARD = "ward"


class AdministrativeUnit(Revisioned):
    """A province, district or ward on the days on which it existed (LADM: LA_SpatialUnitGroup)."""

    code = models.CharField(max_length=5)
    level = models.CharField(max_length=8, choices=UnitLevel.choices)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    full_name = models.CharField(max_length=160)
    full_name_en = models.CharField(max_length=160)
    #: Full name without diacritics, lower case: what a hasty search types.
    folded = models.CharField(max_length=160)
    #: Full name with the tone mark where today's spelling puts it, lower case: what joins compare.
    tone_folded = models.CharField(max_length=160)
    parent_code = models.CharField(max_length=5, blank=True)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID, null=True, blank=True)
    boundary_3857 = models.MultiPolygonField(srid=3857, null=True, blank=True)
    point = models.PointField(srid=settings.STORAGE_SRID, null=True, blank=True)
    point_3857 = models.PointField(srid=3857, null=True, blank=True)
    source = models.TextField()
    confidence = models.CharField(max_length=20)

    objects = RevisionedQuerySet["AdministrativeUnit"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.UniqueConstraint(
                fields=["level", "code", "valid_from"],
                condition=Q(to_revision=None),
                name="unit_known_once_from_a_day",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["folded"], name="unit_folded"),
            models.Index(fields=["tone_folded"], name="unit_tone_folded"),
            models.Index(fields=["code"], name="unit_code"),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.code})"


class SuccessionKind(models.TextChoices):
    """Whether all of the old unit went to the new one."""

    WHOLE = "whole"
    PART = "part"


class UnitSuccession(Revisioned):
    """That an old ward, or a part of it, became part of a new ward on `valid_from`."""

    old_code = models.CharField(max_length=5)
    new_code = models.CharField(max_length=5)
    kind = models.CharField(max_length=5, choices=SuccessionKind.choices)
    #: The new ward to propose when nothing more is known about which part is meant.
    is_default = models.BooleanField()
    #: Share of the old unit's area that went over, where somebody measured it.
    share = models.FloatField(null=True, blank=True)
    source = models.TextField()
    confidence = models.CharField(max_length=20)

    objects = RevisionedQuerySet["UnitSuccession"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.UniqueConstraint(
                fields=["old_code", "new_code", "valid_from"],
                condition=Q(to_revision=None),
                name="succession_known_once",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["new_code"], name="succession_new"),
            models.Index(fields=["old_code"], name="succession_old"),
        ]

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_code}"
