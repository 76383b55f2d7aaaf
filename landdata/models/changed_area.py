"""Where and when the map changes: what every cache of pictures is held against.

Triggers write both (`landdata.changed_areas`).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.gis.db import models


class ChangedArea(models.Model):
    """That rows of a layer changed within `extent_3857` at a revision.

    A picture that was drawn at an older revision and touches the extent is out of date.
    """

    layer = models.CharField(max_length=40)
    revision = models.ForeignKey("landdata.Revision", on_delete=models.PROTECT, related_name="+")
    extent_3857 = models.PolygonField(srid=3857)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["layer", "revision"], name="changed_area_layer_revision")
        ]

    def __str__(self) -> str:
        return f"{self.layer} @{self.revision_id}"


class AwaitedDay(models.Model):
    """A day on which rows of a layer begin or cease, that was still to come when they were entered.

    On that day the map changes without an edit.
    """

    layer = models.CharField(max_length=40)
    day = models.DateField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["layer", "day"], name="awaited_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.layer} {self.day}"
