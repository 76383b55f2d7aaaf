"""Codes of land use, as law numbers them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from landdata.models.revision import Revisioned, RevisionedQuerySet


class LandUseCode(Revisioned):
    """A code such as ODT (urban residential land) on the days on which law knows it."""

    code = models.CharField(max_length=10)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    group = models.CharField(max_length=10)
    parent = models.CharField(max_length=10, blank=True)
    status = models.CharField(max_length=20)
    replaced_by = models.CharField(max_length=60, blank=True)
    colour = models.CharField(max_length=7, blank=True)
    source = models.TextField()
    confidence = models.CharField(max_length=20)
    confidence_colour = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)

    objects = RevisionedQuerySet["LandUseCode"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                condition=Q(to_revision=None),
                name="land_use_code_known_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_vi}"
