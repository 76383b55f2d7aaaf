"""What zones share of plots, worked out beforehand.

A plot's version and a zone's row never change, so their common ground never does either. What can
be missing are zones that came later: each plot says up to which revision it was looked at, and a
reader works out the newer ones himself.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from landdata.models import ParcelVersion
from planning.models.zone import Zone


class PlotShareState(models.Model):
    """Up to which revision all zones that were open then are in the shares of a plot."""

    parcel_version = models.OneToOneField(
        ParcelVersion,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
    )
    through_revision = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.parcel_version_id} through {self.through_revision}"


class PlotShare(models.Model):
    """The common ground of one plot and one zone; none is kept where they only touch."""

    parcel_version = models.ForeignKey(
        ParcelVersion,
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    zone = models.ForeignKey(
        Zone, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    #: WKB in metres of the zone in which the plot's sheet was drawn; null: the whole plot.
    piece = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["parcel_version", "zone"], name="plot_share_once")
        ]

    def __str__(self) -> str:
        return f"{self.parcel_version_id} in {self.zone_id}"
