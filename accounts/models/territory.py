"""Territories: the ground on which a role may be exercised."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Territory(models.Model):
    """Named ground, in the storage system (metres, east and north).

    Without a boundary the territory is the whole city, whatever its limits become.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    boundary = models.MultiPolygonField(
        _("boundary"), srid=settings.STORAGE_SRID, null=True, blank=True
    )

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        constraints = [
            models.CheckConstraint(
                condition=Q(boundary=None) | Q(boundary__isvalid=True),
                name="role_territory_boundary_valid",
            ),
        ]

    def __str__(self) -> str:
        return self.name
