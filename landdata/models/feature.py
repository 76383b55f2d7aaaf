"""What every delivered object of the ground carries, whatever it is."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models

from landdata.models.revision import Revisioned


class DeliveredFeature(Revisioned):
    """A row of a delivery: known by the sender's key, traceable to file and row.

    A delivery replaces what the same data set said before, so the key is unique within the data
    set. Geometry is in the storage system in metres; `…_3857` is the copy that maps draw from.
    """

    #: Under which name a change of these rows is noted for the maps; empty: they are not drawn.
    map_layer: ClassVar[str] = ""

    #: The sender's lasting identifier, unique within the data set.
    source_key = models.CharField(max_length=40)
    source_file = models.ForeignKey(
        "landdata.SourceFile", on_delete=models.PROTECT, related_name="+"
    )
    source_row = models.PositiveIntegerField()

    class Meta(Revisioned.Meta):
        abstract = True
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["source_key"], name="%(class)s_source_key")
        ]

    def __str__(self) -> str:
        return str(getattr(self, "name", "") or self.source_key)


class NamedFeature(DeliveredFeature):
    """A delivered object that people call by a name."""

    name = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)

    class Meta(DeliveredFeature.Meta):
        abstract = True


class LineFeature(NamedFeature):
    """An object drawn as a line."""

    axis = models.MultiLineStringField(srid=settings.STORAGE_SRID)
    axis_3857 = models.MultiLineStringField(srid=3857)

    class Meta(NamedFeature.Meta):
        abstract = True


class AreaFeature(NamedFeature):
    """An object drawn as a surface."""

    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    boundary_3857 = models.MultiPolygonField(srid=3857)

    class Meta(NamedFeature.Meta):
        abstract = True
