"""Where data comes from: data sets and the files that came in."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from landdata import crs


class Dataset(models.Model):
    """A body of data with one publisher and one licence, delivered in files over time."""

    code = models.SlugField(max_length=60, unique=True)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    publisher = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.title_vi


class SourceFile(models.Model):
    """A file as it was received, kept byte for byte: its coordinates are the record.

    The datum operation is a property of the data, not of ours: files made with EPSG:5194 exist.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    #: Path below settings.RECEIVED.
    stored_as = models.CharField(max_length=255)
    epsg = models.PositiveIntegerField(null=True, blank=True)
    datum_operation = models.CharField(max_length=20, default=crs.OFFICIAL_DATUM)
    accuracy_m = models.FloatField(null=True, blank=True)
    data_date = models.DateField()
    #: Text encoding that was found or chosen, by column.
    encodings = models.JSONField(default=dict, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.name} ({self.sha256[:12]})"
