"""Rasters: terrain, pictures, floods. The cells stay in the received file."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models

from landdata.models.feature import NamedFeature
from landdata.models.revision import RevisionedQuerySet


class RasterKind(models.TextChoices):
    """What the cells say."""

    TERRAIN = "terrain"
    SURFACE = "surface"
    FLOOD_DEPTH = "flood_depth"
    PICTURE = "picture"


class Raster(NamedFeature):
    """A grid of measured values (INSPIRE EL: ElevationGridCoverage, OI: OrthoimageCoverage)."""

    kind = models.CharField(max_length=20, choices=RasterKind.choices)
    #: Of the file; the cells are never resampled for storing.
    epsg = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bands = models.PositiveSmallIntegerField()
    data_type = models.CharField(max_length=12)
    #: Size of a cell in the units of `epsg`.
    cell_width = models.FloatField()
    cell_height = models.FloatField()
    no_data = models.FloatField(null=True, blank=True)
    minimum = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)
    #: Unit of the values: "m"; empty for pictures.
    unit = models.CharField(max_length=12, blank=True)
    extent = models.PolygonField(srid=settings.STORAGE_SRID)

    objects = RevisionedQuerySet["Raster"].as_manager()
