"""What the public is told of reach: plots, the ground around services, the city's figures."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q

from landdata.models import Parcel, Revisioned, RevisionedQuerySet
from planning.models.reach import CoverageRun

#: Places of kinds in the arrays below: rows of facility_kinds.csv. New ones are only added behind.
KINDS: Final = (
    "kindergarten",
    "primary_school",
    "lower_secondary_school",
    "upper_secondary_school",
    "health_station",
    "hospital",
    "playground",
    "garden",
    "training_ground",
    "culture_sport_centre",
    "market",
    "park",
    "parking",
    "fire_station",
    "hydrant",
    "bus_stop",
)


class RealField(models.FloatField):  # type: ignore[type-arg] # not generic while the program runs
    """A number of single precision, which holds every rounded distance in half the bytes."""

    def db_type(self, connection: Any) -> str:
        """Return the name of the type in PostgreSQL."""
        return "real"


class ReachRing(models.TextChoices):
    """Which share of a limit a band of ground lies within."""

    HALF = "half"
    LIMIT = "limit"
    DOUBLE = "double"


def _by_kind() -> Any:
    return ArrayField(RealField(), size=len(KINDS))


class PublishedReach(Revisioned):
    """How far a plot is from each kind of service, as the last run of the city found it.

    Distances and minutes are rounded to a tenth after they were judged; infinite is what nothing
    leads to, NaN what could not be checked.
    """

    # Checking half a million references costs more than writing the rows.
    parcel = models.ForeignKey(
        Parcel, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    unit_code = models.CharField(max_length=5, blank=True)
    walk_m = _by_kind()
    straight_m = _by_kind()
    walk_minutes = _by_kind()
    motorbike_minutes = _by_kind()
    #: "<data set>/<sender's key>" of the facility, "" for none.
    nearest = ArrayField(models.CharField(max_length=160, blank=True), size=len(KINDS))
    #: A letter a kind: m met, n not met, u cannot be checked, - no norm of distance holds.
    states = models.CharField(max_length=len(KINDS))
    #: Of all that is told, so that a row stays where nothing changed.
    fingerprint = models.BinaryField(max_length=16)

    objects = RevisionedQuerySet["PublishedReach"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.UniqueConstraint(
                fields=["parcel"], condition=Q(to_revision=None), name="published_reach_known_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parcel_id} {self.states}"


class PublishedArea(Revisioned):
    """Ground from which a kind of service is reached within a band of distances along streets."""

    kind = models.CharField(max_length=40)
    mode = models.CharField(max_length=9)
    #: Farther than this, and at most `band_m`.
    from_m = models.FloatField()
    band_m = models.FloatField()
    ring = models.CharField(max_length=6, choices=ReachRing.choices)
    #: Row of service_radii.csv that the limit is from.
    norm = models.CharField(max_length=10, blank=True)
    people = models.FloatField(null=True, blank=True)
    fingerprint = models.CharField(max_length=32)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    boundary_3857 = models.MultiPolygonField(srid=3857)

    objects = RevisionedQuerySet["PublishedArea"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "mode", "ring"],
                condition=Q(to_revision=None),
                name="published_area_known_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mode} {self.band_m} m"


class ReachSummary(models.Model):
    """The city's figures that everybody reads. Written once, it stays; the newest one is shown."""

    run = models.ForeignKey(CoverageRun, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    revision = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    released_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"run {self.run_id}"
